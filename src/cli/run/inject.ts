import { readFileSync } from "node:fs";
import { fail } from "../../base/errors";
import { nearest } from "../../base/nearest";
import { type Declaration, declarationsOf, isVariableName } from "./declarations";
import { literal, typeOfValue, type Value } from "./values";

/** A cell that sets parameters: what it says, and the place among the notebook's cells where it goes. */
export interface Injection {
  readonly source: string;
  readonly at: number;
  /** Whether it takes the place of an earlier one. */
  readonly replaces: boolean;
}

interface Cell {
  readonly source: string | readonly string[];
  readonly metadata?: { readonly tags?: readonly string[] };
}

/**
 * The cell that sets parameters, by papermill's convention: after the cell tagged `parameters`, else at the top, in
 * place of one injected before. Each is declared again with the type that the parameters cell gives it.
 *
 * @throws {LogitpressError} `unknown-option` for a name that the parameters cell doesn't declare
 */
export function injectionFor(notebook: string, parameters: ReadonlyMap<string, Value>): Injection {
  const cells = cellsOf(notebook);
  const tagged = (tag: string) => cells.findIndex(({ metadata }) => metadata?.tags?.includes(tag));
  const declared = tagged("parameters");
  const injected = tagged("injected-parameters");
  const known = declared < 0 ? undefined : declarationsOf([cells[declared].source].flat().join(""));
  const lines = [...parameters].map(([name, value]) => {
    if (!isVariableName(name)) {
      fail("invalid-option", { thing: "name of a parameter", value: name, expected: "that of a variable" });
    }
    return lineOf(declarationFor(name, value, known), value);
  });
  const at = injected >= 0 ? injected : declared + 1;
  return { source: ["// Parameters", ...lines].join("\n"), at, replaces: injected >= 0 };
}

function declarationFor(name: string, value: Value, known: readonly Declaration[] | undefined): Declaration {
  if (known === undefined) return { name, keyword: "const", type: typeOfValue(value) };
  const found = known.find((each) => each.name === name);
  if (found !== undefined) return found;
  const names = known.map((each) => each.name);
  const near = nearest(name, names);
  return fail("unknown-option", {
    thing: "parameter",
    value: name,
    expected: names.length === 0 ? "none, since the parameters cell declares none" : names.join(", "),
    remedy: near === undefined ? undefined : `Did you mean ${near}?`,
  });
}

function lineOf({ name, keyword, type }: Declaration, value: Value): string {
  return `${keyword} ${name}${type === undefined ? "" : `: ${type}`} = ${literal(value)};`;
}

function cellsOf(path: string): readonly Cell[] {
  const expected = "a notebook of format 4";
  let content: { nbformat?: number; cells?: Cell[] };
  try {
    content = JSON.parse(readFileSync(path, "utf8"));
  } catch (cause) {
    return fail("invalid-file", { thing: "notebook", value: path, expected }, { cause });
  }
  if (content.nbformat === 4 && Array.isArray(content.cells)) return content.cells;
  return fail("invalid-file", { thing: "notebook", value: path, expected });
}
