import assert from "node:assert/strict";
import { test } from "node:test";
import { Random } from "../../src/base/random";
import type { Dataset } from "../../src/matrix/dataset";
import { DenseMatrix } from "../../src/matrix/dense";
import type { Matrix } from "../../src/matrix/sparse";
import type { LinearModel } from "../../src/model/linear";
import { meanLogLoss } from "../../src/model/log-loss";
import { lossMoments } from "../../src/prune/gradient";
import { compensated } from "../../src/quantize/compensate";
import { curvatureOf, hessianDiagonal } from "../../src/quantize/curvature";
import { gridOf } from "../../src/quantize/grid";
import { quantize } from "../../src/quantize/quantize";
import { memoryCodingRows } from "../../src/quantize/rows";
import type { UniformScheme } from "../../src/quantize/schemes";
import { LogisticRegression } from "../../src/train/logistic-regression";
import { Pace } from "../../src/train/pace";
import { type Kind, randomData } from "../train/data";

const scheme: UniformScheme = { kind: "uniform", bits: 3, scale: 0.4, zeroPoint: 3.5 };
const grid = gridOf(scheme, false);
const lambda = 0.01;

interface Case {
  readonly model: LinearModel;
  readonly data: Dataset;
}

async function caseOf(
  kind: Kind,
  classes: number,
  multiclass: "ovr" | "softmax",
  seed: number,
  correlated = false,
): Promise<Case> {
  const given = randomData(kind, 150, 9, classes, seed);
  const data = correlated ? given.withFeatures(correlatedColumns(given.features)) : given;
  return { data, model: await new LogisticRegression({ lambda, multiclass }).fit(data) };
}

/** Each column with twice their sum added, as in images or counts of words, where one weight can make up for another. */
function correlatedColumns(features: Matrix): DenseMatrix {
  const { rows, columns, values } = features.kind === "dense" ? features : features.toDense();
  const sums = Float64Array.from({ length: rows }, (_, i) =>
    values.subarray(i * columns, (i + 1) * columns).reduce((sum, x) => sum + x, 0),
  );
  return new DenseMatrix(
    rows,
    columns,
    values.map((x, at) => x / 2 + sums[Math.floor(at / columns)]),
  );
}

async function roundedAt({ model, data }: Case, most?: number) {
  const positions = Uint32Array.from(model.weights.keys());
  const task = {
    model,
    rows: memoryCodingRows(data),
    positions,
    values: model.weights,
    gridOf: () => grid,
    lambda,
  };
  return await compensated(most === undefined ? task : { ...task, most }, new Pace({}, "test"));
}

/** The quadratic model of the objective at other parameters, all outputs together, less its value at the model. */
function quadratic({ model, data }: Case, weights: Float64Array, intercepts: Float64Array): number {
  const { shares, fitted } = curvatureOf(model, data);
  const { outputs: K } = model;
  const x = data.features.kind === "dense" ? data.features : data.features.toDense();
  let sum = 0;
  for (let i = 0; i < data.rows; i++) {
    const d = Array.from({ length: K }, (_, k) => {
      let change = intercepts[k] - model.intercepts[k];
      for (let j = 0; j < x.columns; j++) {
        change += x.values[i * x.columns + j] * (weights[j * K + k] - model.weights[j * K + k]);
      }
      return change;
    });
    const p = fitted.subarray(i * K, (i + 1) * K);
    if (model.link === "softmax") {
      const mean = d.reduce((s, v, k) => s + p[k] * v, 0);
      sum += shares[i] * (d.reduce((s, v, k) => s + p[k] * v * v, 0) - mean * mean);
    } else sum += shares[i] * d.reduce((s, v, k) => s + p[k] * (1 - p[k]) * v * v, 0);
  }
  const ridge = weights.reduce((s, w, at) => s + lambda * (w - model.weights[at]) ** 2, 0);
  return (sum + ridge) / 2;
}

const cases = [
  ["dense", 2, "softmax", true],
  ["csr", 2, "softmax", false],
  ["ones", 3, "ovr", false],
  ["dense", 3, "softmax", true],
] as const;

for (const [kind, classes, multiclass, correlated] of cases) {
  test(`errors that are made up for cost less than errors that are not: ${kind}, ${classes}, ${multiclass}`, async () => {
    let plain = 0;
    let better = 0;
    let worse = 0;
    for (let seed = 1; seed <= 8; seed++) {
      const one = await caseOf(kind, classes, multiclass, seed, correlated);
      const { codes, intercepts } = await roundedAt(one);
      const value = quadratic(
        one,
        Float64Array.from(codes, (code) => grid.valueAt(code)),
        intercepts,
      );
      const nearest = one.model.weights.map((w) => grid.valueAt(grid.nearest(w)));
      const other = quadratic(one, nearest, one.model.intercepts);
      plain += other;
      better += value;
      worse += Number(value > other);
    }
    assert.ok(better < (correlated ? 0.5 : 1) * plain, `${better} against ${plain}`);
    assert.ok(worse <= 2);
  });

  test(`blocks of few weights see the errors of those before: ${kind}, ${classes}, ${multiclass}`, async () => {
    let plain = 0;
    let blocks = 0;
    for (let seed = 1; seed <= 8; seed++) {
      const one = await caseOf(kind, classes, multiclass, seed, correlated);
      const { codes, intercepts } = await roundedAt(one, 3);
      blocks += quadratic(
        one,
        Float64Array.from(codes, (code) => grid.valueAt(code)),
        intercepts,
      );
      const nearest = one.model.weights.map((w) => grid.valueAt(grid.nearest(w)));
      plain += quadratic(one, nearest, one.model.intercepts);
    }
    assert.ok(blocks < plain, `${blocks} against ${plain}`);
  });
}

test("the diagonal of the Hessian is the second difference of the objective", async () => {
  for (const [kind, classes, multiclass] of cases) {
    const { model, data } = await caseOf(kind, classes, multiclass, 3);
    const positions = Uint32Array.of(0, 4, model.weights.length - 1);
    const diagonal = hessianDiagonal(model, lossMoments(model, data).curvature, positions, lambda);
    const objective = (at: number, by: number) => {
      const weights = model.weights.slice();
      weights[at] += by;
      const moved = Object.assign(Object.create(Object.getPrototypeOf(model)), model, { weights });
      let loss = meanLogLoss(moved, data);
      if (model.link === "ovr") loss = sigmoidLoss(moved, data);
      return loss + (lambda / 2) * weights.reduce((sum, w) => sum + w * w, 0);
    };
    positions.forEach((at, i) => {
      const h = 1e-3;
      const second = (objective(at, h) - 2 * objective(at, 0) + objective(at, -h)) / h ** 2;
      assert.ok(Math.abs(second - diagonal[i]) < 1e-4 * (1 + second), `${second} ${diagonal[i]}`);
    });
  }
});

function sigmoidLoss(model: LinearModel, data: Dataset): number {
  const { values } = model.margins(data.features);
  let sum = 0;
  values.forEach((margin, at) => {
    const own = data.labels[Math.floor(at / model.outputs)] === at % model.outputs;
    sum += Math.log1p(Math.exp(own ? -margin : margin));
  });
  return sum / data.rows;
}

test("a singular Hessian gets as much added as makes it regular", async () => {
  const random = new Random(1);
  const one = Array.from({ length: 60 }, () => random.normal());
  const features = DenseMatrix.fromRows(one.map((x) => [x, x, 0, 2 * x]));
  const data = randomData("dense", 60, 4, 2, 1).withFeatures(features);
  const model = await new LogisticRegression({ lambda: 0.01 }).fit(data);
  const weights = Float64Array.of(0.8, -0.3, 0.5, 0.2);
  const same = Object.assign(Object.create(Object.getPrototypeOf(model)), model, { weights, lambda: 0 });
  const quantized = await quantize(same, { bits: 1, rounding: "compensated", data, refit: false });
  assert.ok(quantized.weights.every(Number.isFinite) && quantized.intercepts.every(Number.isFinite));
  assert.equal(quantized.nonzeros, 4);
});

test("compensation takes the bias of rounding out of the loss", async () => {
  const one = await caseOf("dense", 2, "softmax", 5, true);
  const loss = async (rounding: "nearest" | "compensated") =>
    meanLogLoss(
      await quantize(one.model, { method: "uniform", bits: 2, rounding, data: one.data, refit: false }),
      one.data,
    );
  assert.ok((await loss("compensated")) < (await loss("nearest")));
});
