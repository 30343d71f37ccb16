import type { Dataset } from "../../matrix/dataset";
import type { Scorer } from "../../model/scorer";
import type { PageExample, PageField } from "./page/payload";
import { rowEntries } from "./row-entries";

/** The most fields that a page asks for. */
export const mostFields = 30;
const examplesAClass = 2;
const mostExamples = 6;

/** A field a kept feature, those of the largest weights to be filled in, the others as in the first row. */
export function featureFields(
  columns: Uint32Array,
  names: readonly string[],
  { weights, outputs }: Scorer,
  data: Dataset,
): PageField[] {
  const size = (column: number) =>
    weights
      .subarray(column * outputs, (column + 1) * outputs)
      .reduce((most, w) => Math.max(most, Math.abs(w)), 0);
  const order = Array.from(columns).sort((a, b) => size(b) - size(a) || a - b);
  const shown = new Set(order.slice(0, mostFields));
  const values = valuesOf(columns, data, 0);
  return names.map((name, i) => ({ name, kind: "number", value: values[i], shown: shown.has(columns[i]) }));
}

/** The first rows of each class. */
export function featureExamples(columns: Uint32Array, data: Dataset): PageExample[] {
  const rows = data.classes.flatMap((_, k) => {
    const own: number[] = [];
    for (let i = 0; i < data.rows && own.length < examplesAClass; i++) if (data.labels[i] === k) own.push(i);
    return own;
  });
  return rows.slice(0, mostExamples).map((row) => ({
    name: `row ${row + 1}, ${String(data.classes[data.labels[row]])}`,
    values: valuesOf(columns, data, row),
  }));
}

function valuesOf(columns: Uint32Array, data: Dataset, row: number): string[] {
  const found = new Map(rowEntries(data.features, row));
  // The shortest text that is this 32-bit float again.
  const short = (x: number) => {
    for (let digits = 1; digits < 9; digits++) {
      const text = String(Number(x.toPrecision(digits)));
      if (Math.fround(Number(text)) === x) return text;
    }
    return String(x);
  };
  return Array.from(columns, (column) => short(found.get(column) ?? 0));
}
