import { fail } from "../../base/errors";

/** A text that is not empty. @throws `invalid-option` */
export function checkText(value: unknown, thing: string): string {
  if (typeof value === "string" && value.trim() !== "") return value;
  return fail("invalid-option", { thing, value, expected: "a text" });
}

/** A text or a list of them, as a list. @throws `invalid-option` */
export function checkTexts(value: unknown, thing: string): readonly string[] {
  const all: unknown[] = Array.isArray(value) ? value : [value];
  return all.map((text) => checkText(text, thing));
}
