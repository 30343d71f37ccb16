import { fail } from "./errors";

/** What a part of an argument must be at least: a list has a length. */
type Kind = "list" | "object" | "number" | "text" | "function";

const words: Readonly<Record<Kind, string>> = {
  list: "a list",
  object: "an object",
  number: "a number",
  text: "a string",
  function: "a function",
};

/**
 * Throws unless `value` is an object that has these parts, since plain JavaScript and cells that run in spite of their types may
 * give anything. What is in lists is not looked at.
 * @param thing what the argument is, e.g. `comparison`
 * @param expected what gives one, e.g. `what compare returns`
 * @throws `missing-option` for none, `invalid-option` for anything else
 */
export function checkShape(
  value: unknown,
  thing: string,
  expected: string,
  parts: Readonly<Record<string, Kind>>,
): void {
  if (value === undefined || value === null) fail("missing-option", { thing, expected });
  if (typeof value !== "object") fail("invalid-option", { thing, value, expected });
  if (value instanceof Promise) fail("invalid-option", { thing, value, expected, remedy: "Await it." });
  for (const name of Object.keys(parts)) {
    const kind = parts[name];
    const part = (value as Readonly<Record<string, unknown>>)[name];
    if (isOf(part, kind)) continue;
    if (part === undefined) fail("invalid-option", { thing, value, expected, remedy: `It has no ${name}.` });
    fail("invalid-option", {
      thing: `${name} of ${thing}`,
      value: part,
      expected: `${words[kind]}, as in ${expected}`,
    });
  }
}

/** Throws `invalid-option` unless `value` is an array or a typed array. */
export function checkList(value: unknown, thing: string): void {
  if (!isOf(value, "list")) fail("invalid-option", { thing, value: value ?? "nothing", expected: "a list" });
}

/** Throws `invalid-option` unless `value` is text, an empty one too. */
export function checkText(value: unknown, thing: string, expected: string = "a string"): void {
  if (typeof value !== "string") fail("invalid-option", { thing, value: value ?? "nothing", expected });
}

/** Throws `invalid-option` unless `value` is bytes. */
export function checkBytes(value: unknown, thing: string): void {
  if (value instanceof Uint8Array) return;
  fail("invalid-option", { thing, value: value ?? "nothing", expected: "bytes, in a Uint8Array" });
}

/** True for `{ ... }`: an object that no class has made. */
export function isPlain(value: object): boolean {
  const prototype = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

function isOf(value: unknown, kind: Kind): boolean {
  if (kind === "text") return typeof value === "string";
  if (kind === "number" || kind === "function") return typeof value === kind;
  if (typeof value !== "object" || value === null) return false;
  return kind === "object" || typeof (value as { readonly length?: unknown }).length === "number";
}
