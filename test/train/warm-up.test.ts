import assert from "node:assert/strict";
import { test } from "node:test";
import { Dataset } from "../../src/matrix/dataset";
import { DenseMatrix } from "../../src/matrix/dense";
import { LogisticRegression } from "../../src/train/logistic-regression";
import type { LogisticRegressionOptions } from "../../src/train/options";
import { warmUp } from "../../src/train/warm-up";
import { randomData } from "./data";

const kinds = ["dense", "csr"] as const;

for (const penalty of ["l2", "l1"] as const) {
  test(`a fit after a warm-up has the bits of one before: ${penalty}`, async () => {
    for (const kind of kinds) {
      const { features, labels } = randomData(kind, 60, 15, 2, 5);
      const data = Dataset.from({ features, labels: Array.from(labels) });
      const options = { penalty, lambda: 0.01 };
      const before = await new LogisticRegression(options).fit(data);
      for (const rows of [60, 50_000]) {
        await warmUp(options, { kind, rows, columns: 15, stored: 5, classes: 2 });
        const after = await new LogisticRegression(options).fit(data);
        assert.deepEqual(after.weights, before.weights);
        assert.deepEqual(after.intercepts, before.intercepts);
      }
    }
  });
}

test("a warm-up leaves what is wrong with options to the fit", async () => {
  const data = Dataset.from({ features: new DenseMatrix(3, 1, Float32Array.of(1, 2, 4)), labels: [0, 1, 1] });
  const wrong: LogisticRegressionOptions[] = [
    { lambda: -1 },
    { solver: "dual", penalty: "l1" },
    { classWeight: { none: 2 } },
    { penalty: "group", groups: [["a"]] },
  ];
  for (const options of wrong) {
    for (const kind of kinds) await warmUp(options, { kind, rows: 60, columns: 15, stored: 5, classes: 3 });
    await assert.rejects(async () => await new LogisticRegression(options).fit(data), {
      name: "LogitpressError",
    });
  }
});
