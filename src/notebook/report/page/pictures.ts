import { element, type Inner, signed, signedBar, tableOf, whole } from "./dom";
import type { PageModel } from "./model";

const mostClasses = 12;
const mostOfASign = 8;

/** Truth by row, prediction by column, each cell as dark as its share of its row. */
export function confusionTable(confusion: Float64Array, classes: readonly string[]): HTMLElement {
  const K = classes.length;
  if (K > mostClasses) {
    return element("p", {}, `The confusion of ${K} classes has no room here.`);
  }
  const cell = (t: number, p: number): HTMLElement => {
    const count = confusion[t * K + p];
    const all = confusion.subarray(t * K, (t + 1) * K).reduce((a, b) => a + b, 0);
    const shown = element("span", { class: t === p ? "cell right" : "cell" }, whole(count));
    shown.style.setProperty("--share", all > 0 ? String(count / all) : "0");
    return shown;
  };
  const rows = classes.map((name, t): Inner[] => [name, ...classes.map((_, p) => cell(t, p))]);
  return tableOf("Rows by true class (down) and predicted class (across)", ["true class", ...classes], rows);
}

/** The weights that say most for a class and against it, by name. */
export function keptTable(
  { positions, values, outputs }: PageModel,
  nameOf: ReadonlyMap<number, string>,
  classes: readonly string[],
): HTMLElement {
  const order = Array.from(positions.keys()).sort((a, b) => values[b] - values[a] || a - b);
  const shown =
    order.length <= 2 * mostOfASign ? order : [...order.slice(0, mostOfASign), ...order.slice(-mostOfASign)];
  const largest = values.reduce((most, w) => Math.max(most, Math.abs(w)), 0);
  const rows = shown.map((i): Inner[] => {
    const column = Math.floor(positions[i] / outputs);
    const name = nameOf.get(column) ?? `feature ${column}`;
    return [
      name,
      ...(outputs === 1 ? [] : [classes[positions[i] % outputs]]),
      signed(values[i]),
      signedBar(values[i], largest),
    ];
  });
  const left = order.length - shown.length;
  const features = new Set(Array.from(positions, (at) => Math.floor(at / outputs))).size;
  const more =
    left > 0
      ? `; the ${mostOfASign} largest and the ${mostOfASign} smallest of ${whole(order.length)} weights`
      : "";
  const towards = outputs === 1 ? `weight, + towards ${classes[1]}, − towards ${classes[0]}` : "weight";
  return tableOf(
    `${whole(features)} ${features === 1 ? "feature is" : "features are"} kept${more}`,
    ["feature", ...(outputs === 1 ? [] : ["class"]), towards, ""],
    rows,
  );
}
