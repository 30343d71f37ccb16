import assert from "node:assert/strict";
import { test } from "node:test";
import { Dataset, LogisticRegression, type LogisticRegressionOptions } from "../../src";
import { Random } from "../../src/base/random";
import { DenseMatrix } from "../../src/matrix/dense";
import { SparseMatrix } from "../../src/matrix/sparse";
import { centre, centreSlopes, farMeans, uncentreStep } from "../../src/train/solvers/centring";

interface Shape {
  readonly rows: number;
  readonly columns: number;
  readonly classes: number;
}

/** Sixty-fourths of about normal size, so that 32 bits hold them exactly a thousand away from zero, too. */
function drawn({ rows, columns, classes }: Shape) {
  const random = new Random(7);
  const values = Float32Array.from({ length: rows * columns }, () => Math.round(64 * random.normal()) / 64);
  const truth = Float64Array.from({ length: columns * classes }, () =>
    random.uniform() < 0.3 ? random.normal() : 0,
  );
  const labels = Array.from({ length: rows }, (_, i) => {
    const scores = Array.from({ length: classes }, (_, k) => {
      let score = 2 * random.normal();
      for (let j = 0; j < columns; j++) score += values[i * columns + j] * truth[j * classes + k];
      return score;
    });
    return i < classes ? i : scores.indexOf(Math.max(...scores));
  });
  return { values, labels };
}

function datasetOf(
  { rows, columns }: Shape,
  kind: "dense" | "csr",
  values: Float32Array,
  labels: number[],
): Dataset {
  if (kind === "dense") return Dataset.from({ features: new DenseMatrix(rows, columns, values), labels });
  const pointers = Uint32Array.from({ length: rows + 1 }, (_, i) => i * columns);
  const indices = Uint32Array.from({ length: rows * columns }, (_, e) => e % columns);
  return Dataset.from({ features: new SparseMatrix(rows, columns, pointers, indices, values), labels });
}

const penalties: readonly LogisticRegressionOptions[] = [
  { penalty: "l1", lambda: 5e-3 },
  { penalty: "elasticnet", lambda: 5e-3, l1Ratio: 0.5 },
  { penalty: "elasticnet", lambda: 5e-3, l1Ratio: 0.2, bounds: { lower: -0.2, upper: 0.4 } },
  { penalty: "group", lambda: 5e-3 },
  {
    penalty: "group",
    lambda: 3e-3,
    groups: [
      [0, 1, 2],
      [3, 4],
    ],
  },
  { penalty: "l2", lambda: 5e-3, multiclass: "ovr" },
];
const shapes: readonly Shape[] = [
  { rows: 300, columns: 8, classes: 2 },
  { rows: 300, columns: 8, classes: 3 },
  { rows: 400, columns: 50, classes: 3 },
  { rows: 40, columns: 150, classes: 3 },
];

for (const shape of shapes) {
  for (const options of penalties) {
    const { rows, columns, classes } = shape;
    const bounds = options.bounds === undefined ? "" : " within bounds";
    const groups = options.groups === undefined ? "" : " of several columns";
    test(`columns a thousand away from zero have the fit of those about it: ${rows} x ${columns}, ${classes} classes, ${options.penalty}${bounds}${groups}`, async () => {
      const { values, labels } = drawn(shape);
      const away = values.map((x, e) => x + [1000, -1000, 60, 0][(e % columns) % 4]);
      const fit = (table: Float32Array, kind: "dense" | "csr") =>
        new LogisticRegression({ ...options, tolerance: 1e-7 }).fit(datasetOf(shape, kind, table, labels));
      const near = await fit(values, "dense");
      assert.ok(near.fit.converged);
      for (const kind of ["dense", "csr"] as const) {
        const far = await fit(away, kind);
        assert.ok(far.fit.converged, `${kind}: ${far.fit.dualityGap / far.fit.objective}`);
        assert.ok(far.fit.dualityGap <= 1e-7 * far.fit.objective);
        const apart = Math.abs(far.fit.objective - near.fit.objective);
        assert.ok(apart <= 2e-7 * near.fit.objective, `${kind}: ${apart}`);
        const [own, other] = [near, far].map((model, at) =>
          model.predictProba(datasetOf(shape, "dense", at === 0 ? values : away, labels).features),
        );
        own.values.forEach((p, i) => {
          assert.ok(Math.abs(p - other.values[i]) < 5e-3, `${kind}: ${p}, ${other.values[i]}`);
        });
      }
    });
  }
}

test("slopes, curvature and steps are the same beside columns less their means", () => {
  const random = new Random(3);
  const [rows, own, K] = [50, 6, 2];
  const size = own + K;
  const classOf = (a: number) => (a < own ? a % K : a - own);
  const intercepts = Uint32Array.from({ length: size }, (_, a) => own + classOf(a));
  const columns = Array.from({ length: size }, (_, a) =>
    Float64Array.from({ length: rows }, () => (a >= own ? 1 : [0, 300, 0.1][a % 3] + random.normal())),
  );
  const p = Array.from({ length: rows }, () => 0.2 + 0.6 * random.uniform());
  const H = new Float64Array(size * size);
  for (let a = 0; a < size; a++) {
    for (let b = 0; b < size; b++) {
      for (let i = 0; i < rows; i++) {
        const curvature = classOf(a) === classOf(b) ? p[i] * (1 - p[i]) : -0.1 * p[i];
        H[a * size + b] += curvature * columns[a][i] * columns[b][i];
      }
    }
  }
  const before = H.slice();
  const g = Float64Array.from({ length: size }, () => random.normal());
  const slopes = g.slice();
  const means = new Float64Array(size);
  const d = Float64Array.from({ length: size }, (_, a) => H[a * size + a]);
  assert.equal(farMeans(H, intercepts, means), true);
  means.forEach((mean, a) => {
    if (a >= own || a % 3 !== 1) assert.equal(mean, 0);
    else assert.ok(Math.abs(mean - 300) < 1);
  });
  centre(H, intercepts, means, d);
  centreSlopes(slopes, intercepts, means);
  const dot = (x: ArrayLike<number>, y: ArrayLike<number>) =>
    Array.from(x).reduce((sum, value, a) => sum + value * y[a], 0);
  const quadratic = (M: Float64Array, s: Float64Array) =>
    dot(
      s,
      Array.from({ length: size }, (_, a) => dot(M.subarray(a * size, (a + 1) * size), s)),
    );
  for (let draw = 0; draw < 20; draw++) {
    const step = Float64Array.from({ length: size }, () => random.normal());
    const real = step.slice();
    uncentreStep(real, intercepts, means);
    const curved = quadratic(H, step);
    assert.ok(Math.abs(curved - quadratic(before, real)) < 1e-6 * Math.abs(curved) + 1e-7);
    assert.ok(Math.abs(dot(slopes, step) - dot(g, real)) < 1e-9);
  }
  for (let a = 0; a < size; a++) assert.equal(d[a], H[a * size + a]);
  const flat = Float64Array.from([4, 2, 2, 1]);
  assert.equal(farMeans(flat, Uint32Array.from([1, 1]), new Float64Array(2)), false, "a constant column");
});
