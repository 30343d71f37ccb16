import assert from "node:assert/strict";
import { planExport } from "../../src/export/options";
import { portable } from "../../src/export/portable";
import type { Case } from "./cases";

/** A column of a table that a query reads. */
export interface Column {
  readonly name: string;
  readonly type: "number" | "text";
  readonly values: readonly (string | number | null)[];
}

/** The columns of a case that its export reads. */
export function columnsOf(c: Case): Column[] {
  const p = portable(c.model, planExport(c.encoder === undefined ? {} : { encoder: c.encoder }, "test"));
  const { features, frame } = c;
  if (frame === undefined) {
    assert.ok(features.kind === "dense");
    return p.matrix!.names.map((name, i) => ({
      name,
      type: "number",
      values: Array.from({ length: features.rows }, (_, row) => {
        return features.values[row * features.columns + p.matrix!.columns[i]];
      }),
    }));
  }
  return [
    ...p.numeric.map(({ name }): Column => {
      const number = (x: unknown) => (x === null || x === undefined || Number.isNaN(x) ? null : Number(x));
      return { name, type: "number", values: Array.from(frame[name], number) };
    }),
    ...p.categorical.map(({ name }): Column => {
      const text = (x: unknown) => (x === null || x === undefined ? null : String(x));
      return { name, type: "text", values: Array.from(frame[name], text) };
    }),
  ];
}

/** Asserts that the rows of a query, in their order, say what the model says. @param shares the names of the probabilities */
export function sameRows(
  c: Case,
  found: readonly Readonly<Record<string, unknown>>[],
  shares: readonly string[],
): void {
  assert.equal(found.length, c.features.rows);
  const { values, columns } = c.model.predictProba(c.features);
  const predicted = c.model.predict(c.features);
  found.forEach((row, i) => {
    assert.equal(row.prediction, predicted[i], `${c.name}: label of row ${i}`);
    shares.forEach((share, k) => {
      const off = Math.abs(Number(row[share]) - values[i * columns + k]);
      assert.ok(row[share] !== null && off <= 1e-6, `${c.name}: row ${i}, ${share} differs by ${off}`);
    });
  });
}
