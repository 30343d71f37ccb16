import assert from "node:assert/strict";
import { test } from "node:test";
import { Random } from "../../../src/base/random";
import { Dataset } from "../../../src/matrix/dataset";
import { SparseMatrix } from "../../../src/matrix/sparse";
import { LogisticRegression } from "../../../src/train/logistic-regression";

const rows = 400;
const columns = 40_000;
const each = 200;

/** Long rows of which a share of the columns is that of all, and the others by chance. */
function longRows(common: number, seed = 1): Dataset {
  const random = new Random(seed);
  const pointers = Uint32Array.from({ length: rows + 1 }, (_, i) => i * each);
  const indices = new Uint32Array(rows * each);
  const values = new Float32Array(rows * each);
  const labels = Uint32Array.from({ length: rows }, () => random.integer(2));
  for (let i = 0; i < rows; i++) {
    const own = new Set<number>();
    while (own.size < each) own.add(own.size < common * each ? 50 * own.size : random.integer(columns));
    Array.from(own)
      .sort((a, b) => a - b)
      .forEach((j, k) => {
        indices[i * each + k] = j;
        values[i * each + k] = 1 + 0.3 * random.normal() + (j % 7 === 0 ? 0.2 * labels[i] : 0);
      });
  }
  const features = new SparseMatrix(rows, columns, pointers, indices, values);
  return Dataset.from({ features, labels, classes: [0, 1] });
}

for (const common of [0.05, 0.5, 0.95]) {
  test(`one thread and two find the same bits, and Newton's minimum: ${common} of each row in all rows' columns`, async () => {
    const data = longRows(common);
    for (const lambda of [1e-1, 1e-3]) {
      const options = { lambda, solver: "dual", tolerance: 1e-8, maxIterations: 1000 } as const;
      const [one, ...two] = await Promise.all(
        [1, 2, 2].map((threads) => new LogisticRegression({ ...options, threads }).fit(data)),
      );
      assert.ok(one.fit.converged, `gap ${one.fit.dualityGap}`);
      for (const other of two) {
        assert.deepEqual(other.weights, one.weights);
        assert.deepEqual(other.intercepts, one.intercepts);
      }
      const newton = await new LogisticRegression({ ...options, solver: "newton" }).fit(data);
      const far = Math.abs(one.fit.objective - newton.fit.objective);
      assert.ok(far <= 1e-8 * newton.fit.objective, `${one.fit.objective}, not ${newton.fit.objective}`);
    }
  });
}
