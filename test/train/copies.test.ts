import assert from "node:assert/strict";
import { test } from "node:test";
import { Dataset, LogisticRegression } from "../../src";
import { Random } from "../../src/base/random";

const copies = 20;
const columns = 10;

/** Rows of some columns, ones or normal numbers, and classes that follow the first two. */
function rowsOf(kind: "normal" | "ones", classes: number) {
  const random = new Random(5);
  const features = Array.from({ length: 300 }, () =>
    Float32Array.from({ length: columns }, () =>
      kind === "ones" ? Number(random.uniform() < 0.3) : random.normal(),
    ),
  );
  const labels = features.map(([a, b], i) => {
    const score = Math.round(a + b + random.normal() + classes / 2 - 0.5);
    return i < classes ? i : Math.min(classes - 1, Math.max(0, score));
  });
  return { features, labels };
}

for (const classes of [2, 3]) {
  for (const kind of ["normal", "ones"] as const) {
    test(`each of ${copies} copies of a column gets its share of the column's weight: ${kind}, ${classes} classes`, async () => {
      const { features, labels } = rowsOf(kind, classes);
      const wide = features.map((row) =>
        Float32Array.from({ length: columns * copies }, (_, j) => row[j % columns]),
      );
      const [l1, l2] = [1e-4, 1e-4];
      const fit = (rows: Float32Array[], square: number) =>
        new LogisticRegression({
          penalty: "elasticnet",
          lambda: l1 + square,
          l1Ratio: l1 / (l1 + square),
          tolerance: 1e-9,
        }).fit(Dataset.from({ features: rows, labels }));
      const many = await fit(wide, l2);
      // m copies of w / m have the sizes of w and a part of m of its square.
      const one = await fit(features, l2 / copies);
      assert.ok(many.fit.converged && one.fit.converged);
      assert.ok(Math.abs(many.fit.objective - one.fit.objective) <= 2e-9 * one.fit.objective);
      const K = many.intercepts.length;
      many.weights.forEach((w, at) => {
        const expected = one.weights[at % (columns * K)] / copies;
        assert.ok(Math.abs(w - expected) < 1e-4, `${w} for ${expected}`);
      });
    });
  }
}
