import assert from "node:assert/strict";
import type { Portable } from "../../src/export/portable";
import { DenseMatrix } from "../../src/matrix/dense";
import type { Case } from "./cases";

/** The features of the rows with numbers as their 8-bit inputs stand for. */
export function roundedFeatures(
  c: Case,
  p: Portable,
  inputs: readonly { zero: number; step: number }[],
  quantized: (x: number, column: number) => number | undefined,
): Case["features"] {
  if (p.matrix !== null) {
    const m = c.features;
    assert.ok(m.kind === "dense");
    const at = new Map(Array.from(p.matrix.columns, (j, i) => [j, i]));
    const values = m.values.map((x, i) => {
      const column = i % m.columns;
      const input = inputs[at.get(column) ?? -1];
      return input === undefined ? 0 : quantized(x, column)! * input.step;
    });
    return new DenseMatrix(m.rows, m.columns, values);
  }
  const frame: Record<string, ArrayLike<unknown>> = { ...c.frame! };
  p.numeric.forEach(({ name }, j) => {
    frame[name] = Array.from(frame[name], (x) => {
      if (x === null || x === undefined || Number.isNaN(x)) return null;
      const input = quantized(x as number, j);
      return input === undefined ? x : inputs[j].zero + inputs[j].step * input;
    });
  });
  return c.encoder!.features(frame);
}
