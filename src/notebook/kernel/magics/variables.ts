import { inspect } from "node:util";
import { tableHtml, tableText } from "../../table";

/** The names of the session's variables, sorted. */
export function who(variables: Readonly<Record<string, unknown>>): string {
  const names = namesOf(variables);
  return names.length === 0 ? "no variables\n" : `${names.join("  ")}\n`;
}

/** The session's variables with their kinds and values, as a table. */
export function whos(variables: Readonly<Record<string, unknown>>): Record<string, string> {
  const names = namesOf(variables);
  const view = {
    title: names.length === 1 ? "1 variable" : `${names.length} variables`,
    columns: ["name", "kind", "value"],
    words: [0, 1, 2],
    rows: names.map((name) => [name, kindOf(variables[name]), shortly(variables[name])]),
  };
  return { "text/html": tableHtml(view), "text/plain": tableText(view) };
}

function namesOf(variables: Readonly<Record<string, unknown>>): string[] {
  // The converter keeps the value of a cell's last expression under such a name.
  return Object.keys(variables)
    .filter((name) => !/^tsLastExpr\d*$/.test(name))
    .sort();
}

function kindOf(value: unknown): string {
  if (value === null) return "null";
  if (typeof value === "function")
    return /^class\b/.test(Function.prototype.toString.call(value)) ? "class" : "function";
  if (typeof value !== "object") return typeof value;
  const { length } = value as { length?: unknown };
  const name = Object.getPrototypeOf(value)?.constructor?.name ?? "object";
  return typeof length === "number" ? `${name}(${length})` : String(name);
}

function shortly(value: unknown): string {
  if (typeof value === "function") return value.name;
  const text = inspect(value, {
    depth: 0,
    maxArrayLength: 5,
    maxStringLength: 50,
    breakLength: Number.POSITIVE_INFINITY,
  });
  return text.replace(/\s+/g, " ");
}
