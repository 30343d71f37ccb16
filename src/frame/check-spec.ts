import { fail } from "../base/errors";
import type { CompleteSpec } from "./encoder-spec";

/** One value or several as a list. */
export function list<T>(value: T | readonly T[] | undefined): readonly T[] {
  if (value === undefined) return [];
  return Array.isArray(value) ? value : [value as T];
}

/** The name of a column. @throws `missing-option` where it is none */
export function nameOf(column: unknown, of: string): string {
  if (typeof column === "string") return column;
  return fail("missing-option", { thing: `column of ${of}`, expected: "the name of a column" });
}

/** Checks a list of different texts. @throws `invalid-option` where there are too few or one comes twice */
export function checkTexts(texts: readonly string[], thing: string, min: number): void {
  if (texts.length >= min && new Set(texts).size === texts.length) return;
  const expected = `${min} or more, each once`;
  fail("invalid-option", { thing, value: texts.join(", "), expected });
}

/** Checks that each column is a feature in one way, crosses aside. @throws `missing-option`, `invalid-option` */
export function checkColumns({ label, numeric, categorical, text, blocks }: CompleteSpec): void {
  const single = blocks.flatMap((block) => ("name" in block ? [block.name] : []));
  const hashed = blocks.flatMap((b) => ("names" in b && b.names.length === 1 ? b.names : []));
  const crossed = blocks.flatMap((b) => ("names" in b && b.names.length > 1 ? b.names : []));
  const own = [...numeric, ...categorical, ...text.map(({ state }) => state)].map(({ name }) => name);
  const names = [...own, ...single, ...hashed];
  if (names.length + crossed.length === 0) {
    fail("missing-option", { thing: "columns of features", expected: "numeric, categorical or text, say" });
  }
  const seen = new Set<string>([label]);
  for (const name of names) {
    if (seen.has(name)) refuse(name, label);
    seen.add(name);
  }
  if (crossed.includes(label)) refuse(label, label);
}

function refuse(name: string, label: string): never {
  return fail("invalid-option", {
    thing: "column of features",
    value: name,
    expected: name === label ? "another column than the label" : "each column once",
  });
}
