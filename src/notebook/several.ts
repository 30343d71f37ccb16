import { isDisplayable, type MimeBundle } from "../base/display";
import { isPlain } from "../base/shape";
import { escapeHtml } from "../chart/escape";
import { isFrame } from "./frame";

/** Of more values the display would be a page of its own. */
const most = 12;

/** True for an array, or a plain object, in which values show themselves or are frames, such as `[model, pruned]` and folds. */
export function isSeveral(value: object, depth = 1): boolean {
  let looked = 0;
  for (const inner of valuesOf(value)) {
    if (
      isDisplayable(inner) ||
      (isObject(inner) && (isFrame(inner) || (depth > 0 && isSeveral(inner, depth - 1))))
    )
      return true;
    if (++looked === most) return false;
  }
  return false;
}

/**
 * Shows values one below the other, the first twelve of them; those of an object each below its name. At once where
 * `bundleOf` does so for all.
 * @param bundleOf shows one, and does not throw
 */
export function severalBundle(
  value: object,
  bundleOf: (value: unknown) => MimeBundle | Promise<MimeBundle>,
): MimeBundle | Promise<MimeBundle> {
  const all = Object.entries(value);
  const names = all.slice(0, most).map(([name]) => (Array.isArray(value) ? undefined : name));
  const bundles = all.slice(0, most).map(([, inner]) => bundleOf(inner));
  const left = all.length - bundles.length;
  const more = left > 0 ? `… ${left} more; display(...values) shows all` : undefined;
  return bundles.some((bundle) => bundle instanceof Promise)
    ? Promise.all(bundles).then((ready) => together(names, ready, more))
    : together(names, bundles as MimeBundle[], more);
}

function together(
  names: readonly (string | undefined)[],
  bundles: readonly MimeBundle[],
  more: string | undefined,
): MimeBundle {
  const plain = bundles.map(
    (bundle, i) => `${names[i] === undefined ? "" : `${names[i]}:\n`}${plainOf(bundle)}`,
  );
  const html = bundles.map((bundle, i) => {
    const title = names[i] === undefined ? "" : `<p><b>${escapeHtml(names[i])}</b></p>`;
    return `<div style="margin-bottom:1em">${title}${htmlOf(bundle)}</div>`;
  });
  if (more === undefined) return { "text/html": html.join(""), "text/plain": plain.join("\n\n") };
  return {
    "text/html": `${html.join("")}<p style="opacity:0.7">${escapeHtml(more)}</p>`,
    "text/plain": [...plain, more].join("\n\n"),
  };
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}

function* valuesOf(value: object): Generator<unknown, void, undefined> {
  if (Array.isArray(value)) return yield* value;
  if (!isPlain(value)) return;
  for (const name of Object.keys(value)) yield Object.getOwnPropertyDescriptor(value, name)?.value;
}

function plainOf(bundle: MimeBundle): string {
  return String(bundle["text/plain"] ?? Object.keys(bundle).join(", "));
}

function htmlOf(bundle: MimeBundle): string {
  if (typeof bundle["text/html"] === "string") return bundle["text/html"];
  const plain = escapeHtml(plainOf(bundle));
  const picture = ["image/png", "image/jpeg"].find((type) => typeof bundle[type] === "string");
  return picture === undefined
    ? `<pre style="white-space:pre-wrap;margin:0">${plain}</pre>`
    : `<img alt="${plain}" src="data:${picture};base64,${bundle[picture]}">`;
}
