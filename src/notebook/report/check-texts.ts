import { fail } from "../../base/errors";

/** A text that is not empty. @throws `missing-option` where there is none; `invalid-option` */
export function checkText(value: unknown, thing: string): string {
  if (typeof value === "string" && value.trim() !== "") return value;
  if (value === undefined) fail("missing-option", { thing, expected: "a text" });
  return fail("invalid-option", { thing, value, expected: "a text" });
}

/** A text or a list of them, as a list. @throws as {@link checkText} */
export function checkTexts(value: unknown, thing: string): readonly string[] {
  const all: unknown[] = Array.isArray(value) ? value : [value];
  return all.map((text) => checkText(text, thing));
}
