import { readFileSync } from "node:fs";
import { fail } from "../../base/errors";

/** A value that a parameter may have. */
export type Value = null | boolean | number | string | readonly Value[] | { readonly [name: string]: Value };

/** The parameters of a command line: those of the file first, then each `name=value`, the last of a name wins. */
export function readParameters(texts: readonly string[], file: string | undefined): Map<string, Value> {
  const parameters = new Map<string, Value>(file === undefined ? [] : Object.entries(readFile(file)));
  for (const text of texts) {
    const at = text.indexOf("=");
    if (at < 1) fail("invalid-option", { thing: "--param", value: text, expected: "name=value" });
    parameters.set(text.slice(0, at), parseValue(text.slice(0, at), text.slice(at + 1)));
  }
  return parameters;
}

/** A number, boolean, null, array or object where the text is one as JSON, else the text itself. */
export function parseValue(name: string, text: string): Value {
  let value: Value;
  try {
    value = JSON.parse(text) as Value;
  } catch {
    return text;
  }
  const changed = typeof value === "number" && (!Number.isFinite(value) || lost(text, value));
  if (changed) {
    const expected = "a number that JavaScript can hold";
    const remedy = `As a text: --param '${name}="${text.trim()}"'.`;
    fail("invalid-option", { thing: `parameter ${name}`, value: text, expected, remedy });
  }
  return value;
}

/** A value as an expression of TypeScript. */
export function literal(value: Value): string {
  if (Array.isArray(value)) return `[${value.map(literal).join(", ")}]`;
  if (typeof value !== "object" || value === null) {
    return typeof value === "number" ? String(value) : JSON.stringify(value);
  }
  const members = Object.entries(value).map(([name, member]) => `${key(name)}: ${literal(member)}`);
  return members.length === 0 ? "{}" : `{ ${members.join(", ")} }`;
}

/** The type of a value where one word says it. */
export function typeOfValue(value: Value): string | undefined {
  return typeof value === "object" ? undefined : typeof value;
}

function readFile(path: string): Record<string, Value> {
  const wrong = (value: unknown, cause?: unknown): never =>
    fail("invalid-file", { thing: "--params-file", value, expected: "a file with a JSON object" }, { cause });
  let content: unknown;
  try {
    content = JSON.parse(readFileSync(path, "utf8"));
  } catch (cause) {
    return wrong(path, cause);
  }
  if (typeof content !== "object" || content === null || Array.isArray(content)) return wrong(path);
  return content as Record<string, Value>;
}

function lost(text: string, value: number): boolean {
  return /^\s*-?\d+\s*$/.test(text) && BigInt(text.trim()) !== BigInt(value);
}

// In brackets, since as a bare name it would set the prototype.
function key(name: string): string {
  const word = JSON.stringify(name);
  return name === "__proto__" ? `[${word}]` : word;
}
