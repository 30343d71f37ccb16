import { fail } from "./errors";
import { translated, translatedValue } from "./foreign";
import { nearest } from "./nearest";
import { isPlain } from "./shape";

/**
 * Rejects options that are not named in `known`, so that a misspelt one is never silently ignored.
 * @param remedies what to do instead, by names that other libraries have
 */
export function checkKeys(
  options: object,
  known: readonly string[],
  of: string,
  remedies: Readonly<Record<string, string>> = {},
): void {
  checkPlain(options, known, of);
  for (const key of Object.keys(options)) {
    if (known.includes(key)) continue;
    // A result of the library in the place of options is named itself: its fields are no options misspelt.
    if (!isPlain(options)) notOptions(options, known, of);
    fail("unknown-option", {
      thing: `option of ${of}`,
      value: key,
      expected: `one of ${known.join(", ")}`,
      ...remedyFor(key, known, remedies),
    });
  }
}

function checkPlain(options: unknown, known: readonly string[], of: string): void {
  if (options === undefined || options === null) {
    fail("missing-option", { thing: `options of ${of}`, expected: `an object of ${known.join(", ")}` });
  }
  const other = Array.isArray(options) || ArrayBuffer.isView(options) || options instanceof Promise;
  if (typeof options !== "object" || other) notOptions(options, known, of);
}

function notOptions(value: unknown, known: readonly string[], of: string): never {
  return fail("invalid-option", {
    thing: `options of ${of}`,
    value,
    expected: `an object of ${known.join(", ")}`,
    ...(value instanceof Promise ? { remedy: "Await it." } : {}),
  });
}

function remedyFor(
  key: string,
  known: readonly string[],
  remedies: Readonly<Record<string, string>>,
): { readonly remedy?: string } {
  if (Object.hasOwn(remedies, key)) return { remedy: remedies[key] };
  if (key === "onProgress" || key === "signal") {
    return { remedy: `Give it in an object of its own, after the options: { ${key} }.` };
  }
  const own = translated(key, known);
  return own === undefined ? meant(key, known) : { remedy: `It is called "${own}" here.` };
}

/** The bounds of a number: `min <= x <= max`, or strictly above or below where `above` or `below` is given. */
interface Bounds {
  readonly min?: number;
  readonly max?: number;
  readonly above?: number;
  readonly below?: number;
  readonly integer?: boolean;
}

/** Returns `value` when it is a finite number within `bounds`, else throws `invalid-option` naming `thing`. */
export function checkNumber(value: unknown, thing: string, bounds: Bounds = {}): number {
  const { min, max, above, below, integer } = bounds;
  const right =
    typeof value === "number" &&
    Number.isFinite(value) &&
    (!integer || Number.isInteger(value)) &&
    (min === undefined || value >= min) &&
    (max === undefined || value <= max) &&
    (above === undefined || value > above) &&
    (below === undefined || value < below);
  if (!right) fail("invalid-option", { thing, value, expected: interval(bounds) });
  return value as number;
}

/** Returns `value` when it is one of `choices`, else throws `invalid-option` listing them. */
export function checkChoice<T extends string>(value: unknown, thing: string, choices: readonly T[]): T {
  if (!choices.includes(value as T)) {
    fail("invalid-option", {
      thing,
      value,
      expected: `one of ${choices.map((c) => `"${c}"`).join(", ")}`,
      ...choiceRemedy(value, choices),
    });
  }
  return value as T;
}

function choiceRemedy(value: unknown, choices: readonly string[]): { readonly remedy?: string } {
  const own = typeof value === "string" ? translatedValue(value, choices) : undefined;
  if (own !== undefined) return { remedy: `It is called "${own}" here.` };
  const { remedy } = meant(value, choices);
  if (remedy !== undefined) return { remedy };
  return choices.includes("auto") ? { remedy: 'Leave it out: "auto" chooses.' } : {};
}

/** Returns `value` when it is true or false, else throws `invalid-option` naming `thing`. */
export function checkBoolean(value: unknown, thing: string): boolean {
  if (typeof value !== "boolean") fail("invalid-option", { thing, value, expected: "true or false" });
  return value as boolean;
}

/** Throws `length-mismatch` unless `length` is `expected`. */
export function checkLength(length: number, expected: number, thing: string): void {
  if (length !== expected) {
    fail("length-mismatch", { thing: `length of ${thing}`, value: length, expected: String(expected) });
  }
}

/** The remedy for a misspelt name: the one that it is like, where there is one. */
export function meant(name: unknown, names: readonly string[]): { readonly remedy?: string } {
  if (typeof name !== "string") return {};
  const like = nearest(name, names);
  return like === undefined ? {} : { remedy: `Did you mean "${like}"?` };
}

function interval({ min, max, above, below, integer }: Bounds): string {
  const kind = integer ? "an integer" : "a finite number";
  const left = above !== undefined ? `(${above}` : min !== undefined ? `[${min}` : "";
  const right = below !== undefined ? `${below})` : max !== undefined ? `${max}]` : "";
  if (left === "" && right === "") return kind;
  return `${kind} in ${left === "" ? "(-inf" : left}, ${right === "" ? "inf)" : right}`;
}
