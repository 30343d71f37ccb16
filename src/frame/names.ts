import { meant } from "../base/check";
import { fail } from "../base/errors";
import { distinctLabels, type Label } from "../matrix/dataset";

/** Checks the names of a file's columns. @throws `invalid-file` where one comes twice */
export function checkNames(path: string, names: readonly string[]): void {
  const seen = new Set<string>();
  for (const name of names) {
    if (seen.has(name)) {
      fail("invalid-file", { thing: `column name in ${path}`, value: name, expected: "each name once" });
    }
    seen.add(name);
  }
}

/** Checks that a file holds a table. @throws `empty-data` for no row or no column */
export function checkTable(path: string, rows: number, columns: number): void {
  if (rows > 0 && columns > 0) return;
  fail("empty-data", { thing: "table in the file", value: path, expected: "at least one row" });
}

/** Checks that a table has a column. @throws `missing-column` with the names that it has, and the nearest or `remedy` */
export function checkColumn(name: string, names: readonly string[], remedy?: string): void {
  if (names.includes(name)) return;
  fail("missing-column", {
    thing: "column",
    value: name,
    expected: `one of ${names.slice(0, 20).join(", ")}`,
    ...(remedy === undefined ? meant(name, names) : { remedy }),
  });
}

/** The classes of a label column, in their order. @throws `invalid-label` for fewer than two */
export function classesOf(label: string, values: ArrayLike<Label>): Label[] {
  const classes = distinctLabels(values);
  if (classes.length >= 2) return classes;
  return fail("invalid-label", {
    thing: `label column "${label}"`,
    value: `only the class ${String(classes[0])}`,
    expected: "two classes or more",
  });
}
