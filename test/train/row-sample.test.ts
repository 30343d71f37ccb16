import assert from "node:assert/strict";
import { test } from "node:test";
import { Random } from "../../src/base/random";
import { Dataset } from "../../src/matrix/dataset";
import { DenseMatrix } from "../../src/matrix/dense";
import { LogisticRegression } from "../../src/train/logistic-regression";
import type { LogisticRegressionOptions } from "../../src/train/options";
import { sampleRows, sampleStride } from "../../src/train/row-sample";

test("a sample stands for all rows, and is as large as a Hessian needs", () => {
  for (const rows of [1, 3, 4, 5, 31, 32, 33, 1000, 4001]) {
    for (const stride of [2, 3, 8]) {
      const out = new Float64Array(rows).fill(7);
      sampleRows(new Float64Array(rows).fill(0.5), stride, out);
      const sum = out.reduce((total, x) => total + x, 0);
      assert.ok(Math.abs(sum - rows / 2) < 1e-9 * rows, `${rows}, ${stride}: ${sum}`);
      const taken = out.filter((x) => x > 0).length;
      assert.ok(taken >= rows / stride && taken <= rows / stride + 4, `${rows}, ${stride}: ${taken}`);
    }
  }
  assert.equal(sampleStride(100, 30), 1);
  assert.equal(sampleStride(1_000_000, 30), 8);
  for (const [rows, columns] of [
    [1000, 20],
    [3000, 40],
    [900, 8],
  ]) {
    const stride = sampleStride(rows, columns);
    assert.ok(stride > 1 && rows / stride >= 7 * (columns + 1), `${rows} x ${columns}: ${stride}`);
  }
});

test("a sample has its share, to a third, of rows that come back with any period", () => {
  const rows = 20_000;
  for (let period = 2; period <= 64; period++) {
    for (const stride of [3, 4, 5, 6, 7, 8]) {
      const marked = Float64Array.from({ length: rows }, (_, i) => (i % period === 0 ? 1 : 0));
      const out = new Float64Array(rows);
      sampleRows(marked, stride, out);
      const share = out.reduce((sum, x) => sum + x, 0) / rows;
      assert.ok(
        Math.abs(share * period - 1) < 1 / 3,
        `period ${period}, stride ${stride}: ${share * period}`,
      );
    }
  }
});

/** Tables with what a sample may miss. */
const tables: Readonly<Record<string, (random: Random, i: number, rows: number) => number>> = {
  plain: (random) => random.normal(),
  "heavy tails": (random) => Math.exp(1.5 * random.normal()) - 2,
  "a column of rare ones": (random) => (random.uniform() < 0.002 ? 10 : 0.1 * random.normal()),
  "rows that drift": (random, i, rows) => random.normal() + (6 * i) / rows - 3,
};

function tableOf(draw: (typeof tables)[string], order: "sorted by label" | "mixed", rare: number): Dataset {
  const random = new Random(5);
  const [rows, columns] = [6000, 12];
  const w = Array.from({ length: columns }, () => random.normal());
  const lines = Array.from({ length: rows }, (_, i) => {
    const line = w.map(() => draw(random, i, rows));
    const margin = line.reduce((sum, x, j) => sum + x * w[j], 0);
    return { line, label: random.uniform() < 1 / (1 + Math.exp(rare - margin)) ? 1 : 0 };
  });
  lines[0].label = 0;
  lines[1].label = 1;
  if (order === "sorted by label") lines.sort((a, b) => a.label - b.label);
  const values = Float32Array.from(lines.flatMap(({ line }) => line));
  return Dataset.from({
    features: new DenseMatrix(rows, columns, values),
    labels: lines.map(({ label }) => label),
  });
}

const fits: Readonly<Record<string, LogisticRegressionOptions>> = {
  l2: { penalty: "l2", lambda: 1e-4 },
  "no penalty": { penalty: "none" },
  l1: { penalty: "l1", lambda: 1e-3 },
  "elastic net within bounds": { penalty: "elasticnet", lambda: 1e-3, l1Ratio: 0.5, bounds: { lower: -0.5 } },
};

for (const [name, draw] of Object.entries(tables)) {
  for (const order of ["mixed", "sorted by label"] as const) {
    test(`tall tables, whose first Hessians are of a sample, have the fit of all rows: ${name}, ${order}`, async () => {
      for (const rare of [0, 4]) {
        const data = tableOf(draw, order, rare);
        assert.ok(sampleStride(data.rows, data.columns) > 1);
        for (const [what, options] of Object.entries(fits)) {
          const { fit } = await new LogisticRegression({ ...options, tolerance: 1e-7 }).fit(data);
          assert.ok(fit.converged, `${what}, ${rare}`);
          const most = what === "no penalty" ? 1e-6 : 1e-7;
          const slow = options.penalty === "l2" || options.penalty === "none" ? "newton" : "prox-newton";
          const shuffled = data.take(
            Uint32Array.from({ length: data.rows }, (_, i) => (i * 7919) % data.rows),
          );
          const other = await new LogisticRegression({ ...options, tolerance: 1e-9, solver: slow }).fit(
            shuffled,
          );
          const apart = Math.abs(fit.objective - other.fit.objective);
          assert.ok(apart <= most * other.fit.objective, `${what}, ${rare}: ${apart}`);
        }
      }
    });
  }
}

test("a tall table has the same fit on one thread and on two", async () => {
  const data = tableOf(tables.plain, "mixed", 1);
  const more = data.take(Uint32Array.from({ length: 4 * data.rows }, (_, i) => (i * 7919) % data.rows));
  for (const options of Object.values(fits)) {
    const [one, two] = await Promise.all(
      [1, 2].map((threads) => new LogisticRegression({ ...options, threads }).fit(more)),
    );
    assert.deepEqual(one.weights, two.weights);
    assert.deepEqual(one.intercepts, two.intercepts);
    assert.equal(one.fit.dualityGap, two.fit.dualityGap);
  }
});
