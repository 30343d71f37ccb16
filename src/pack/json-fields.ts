import { fail } from "../base/errors";

/** An object of a JSON text. */
export type Fields = Readonly<Record<string, unknown>>;

/** @throws `invalid-file` naming the place in the text */
export function wrongJson(where: string, value: unknown, expected: string, options?: ErrorOptions): never {
  return fail("invalid-file", { thing: `${where} in the JSON`, value, expected }, options);
}

/** An object. @throws `invalid-file` */
export function fieldsOf(value: unknown, where: string): Fields {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Fields;
  return wrongJson(where, value, "an object");
}

/** A list. @throws `invalid-file` */
export function itemsOf(value: unknown, where: string): readonly unknown[] {
  return Array.isArray(value) ? value : wrongJson(where, value, "a list");
}

/** A text. @throws `invalid-file` */
export function textOf(value: unknown, where: string): string {
  return typeof value === "string" ? value : wrongJson(where, value, "a text");
}

/** A number within bounds. @throws `invalid-file` */
export function numberIn(value: unknown, min: number, max: number, where: string, whole = true): number {
  const right =
    typeof value === "number" &&
    Number.isFinite(value) &&
    value >= min &&
    value <= max &&
    (!whole || Number.isInteger(value));
  if (right) return value;
  return wrongJson(where, value, whole ? `an integer from ${min} to ${Math.floor(max)}` : "a finite number");
}

/** One of some words. @throws `invalid-file` */
export function oneOf<T extends string>(value: unknown, words: readonly T[], where: string): T {
  if (words.includes(value as T)) return value as T;
  return wrongJson(where, value, `one of ${words.map((word) => `"${word}"`).join(", ")}`);
}
