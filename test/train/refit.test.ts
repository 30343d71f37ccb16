import assert from "node:assert/strict";
import { test } from "node:test";
import { LogitpressError } from "../../src/base/errors";
import { DenseMatrix } from "../../src/matrix/dense";
import { type Matrix, SparseMatrix } from "../../src/matrix/sparse";
import type { LinearModel } from "../../src/model/linear";
import type { StoredLinear } from "../../src/pack/packed";
import { unpack } from "../../src/pack/read";
import { pack } from "../../src/pack/write";
import { prune } from "../../src/prune/prune";
import { quantize } from "../../src/quantize/quantize";
import { fitLevels } from "../../src/train/levels";
import { LogisticRegression } from "../../src/train/logistic-regression";
import { regularizationPath } from "../../src/train/path";
import { fitOnSupport } from "../../src/train/support";
import { randomData } from "./data";

const cases = [
  ["csr", 2, "softmax"],
  ["ones", 3, "softmax"],
  ["dense", 3, "ovr"],
] as const;

function without(features: Matrix, column: number): Matrix {
  const dense = features instanceof SparseMatrix ? features.toDense() : features;
  const { rows, columns, values } = dense;
  return new DenseMatrix(
    rows,
    columns,
    values.map((x, at) => (at % columns === column ? 0 : x)),
  );
}

for (const [kind, classes, multiclass] of cases) {
  test(`a refit on a support is a fit without the other columns: ${kind}, ${classes}, ${multiclass}`, async () => {
    const data = randomData(kind, 120, 6, classes, 3);
    const estimator = new LogisticRegression({ lambda: 0.01, multiclass, tolerance: 1e-13 });
    const model = await estimator.fit(data);
    const mask = new Uint8Array(model.weights.length).fill(1);
    mask.fill(0, 2 * model.outputs, 3 * model.outputs);
    const expected = await estimator.fit(data.withFeatures(without(data.features, 2)));
    const { weights, intercepts, fit } = await fitOnSupport(data, model, mask, {
      lambda: 0.01,
      tolerance: 1e-13,
    });
    assert.ok(fit.converged && fit.objective >= model.fit.objective);
    weights.forEach((w, j) => {
      assert.ok(Math.abs(w - expected.weights[j]) < 1e-6);
    });
    intercepts.forEach((b, k) => {
      assert.ok(Math.abs(b - expected.intercepts[k]) < 1e-6);
    });
    mask[0] = 0;
    const ragged = await fitOnSupport(data, model, mask, { lambda: 0.01 });
    assert.ok(ragged.fit.converged && ragged.weights.every((w, j) => mask[j] === 1 || w === 0));
    const none = await fitOnSupport(data, model, mask.fill(0), { lambda: 0.01 });
    assert.ok(none.weights.every((w) => w === 0));
  });

  test(`levels of one weight each are the weights themselves: ${kind}, ${classes}, ${multiclass}`, async () => {
    const data = randomData(kind, 120, 4, classes, 3);
    const model = await new LogisticRegression({ lambda: 0.01, multiclass, tolerance: 1e-13 }).fit(data);
    const count = model.weights.length;
    const parts = {
      ...{ link: model.link, classes: model.classes, scale: null, factors: null },
      positions: Uint32Array.from(Array(count).keys()),
      parameters: Uint32Array.from(Array(count).keys()),
      levels: new Float64Array(count),
      intercepts: new Float64Array(model.outputs),
    };
    const { levels, fit } = await fitLevels(data, parts, { lambda: 0.01 });
    assert.ok(fit.converged && Math.abs(fit.objective - model.fit.objective) < 1e-9);
    levels.forEach((level, l) => {
      assert.ok(Math.abs(level - model.weights[l]) < 1e-4);
    });
    const { levels: tied, fit: tiedFit } = await fitLevels(
      data,
      {
        ...parts,
        parameters: new Uint32Array(count),
        factors: model.weights,
        levels: Float64Array.of(3),
      },
      { lambda: 0.01 },
    );
    assert.ok(Math.abs(tiedFit.objective - model.fit.objective) < 1e-9);
    assert.ok(Math.abs(tied[0] - 1) < 1e-4);
    const { levels: held, intercepts } = await fitLevels(
      data,
      { ...parts, levels: model.weights, held: true },
      { lambda: 0.01 },
    );
    assert.deepEqual(held, model.weights);
    intercepts.forEach((b, k) => {
      const shift = model.link === "softmax" ? intercepts[0] - model.intercepts[0] : 0;
      assert.ok(Math.abs(b - shift - model.intercepts[k]) < 1e-4);
    });
  });
}

test("refits refuse what does not fit the model", async () => {
  const data = randomData("dense", 30, 3, 2, 3);
  const model = await new LogisticRegression().fit(data);
  await assert.rejects(fitOnSupport(data, model, new Uint8Array(2), { lambda: 1 }), LogitpressError);
  await assert.rejects(fitOnSupport(data, model, new Uint8Array(3), { lambda: -1 }), LogitpressError);
});

test("a trained model is a start for every solver, what has lost weights is refused", async () => {
  for (const classes of [2, 3]) {
    const data = randomData("csr", 120, 6, classes, 6);
    const options = { lambda: 0.01, tolerance: 1e-10 } as const;
    const model = await new LogisticRegression(options).fit(data);
    for (const solver of ["auto", "newton", "prox-newton", "lbfgs", "newton-cholesky"] as const) {
      const again = await new LogisticRegression({ ...options, warmStart: model, solver }).fit(data);
      assert.ok(again.fit.converged);
      again.weights.forEach((w, j) => {
        assert.ok(Math.abs(w - model.weights[j]) < 1e-3, solver);
      });
    }
    const pruned = await prune(model, { sparsity: 0.5 });
    const coded = await quantize(pruned, { bits: 3 });
    for (const warmStart of [pruned, coded, unpack(pack(coded))] as unknown as LinearModel[]) {
      assert.throws(
        () => new LogisticRegression({ warmStart }),
        (error) => error instanceof LogitpressError && /pruned|quantized|packed.*refit/.test(error.message),
      );
    }
  }
});

test("a model without an intercept has none after a refit, neither of weights nor of levels", async () => {
  for (const [classes, multiclass] of [
    [2, "softmax"],
    [3, "softmax"],
    [3, "ovr"],
  ] as const) {
    const data = randomData("dense", 120, 5, classes, 6);
    const fitted = { lambda: 0.01, multiclass, tolerance: 1e-12 } as const;
    const model = await new LogisticRegression({ ...fitted, fitIntercept: false }).fit(data);
    assert.equal(model.fitIntercept, false);
    const pruned = await prune(model, {
      strategy: "magnitude",
      sparsity: 0.4,
      data,
      refit: { lambda: 0.01 },
    });
    assert.ok(pruned.fitIntercept === false && pruned.intercepts.every((b) => b === 0));
    assert.ok(pruned.weights.some((w, j) => w !== 0 && w !== model.weights[j]));
    const coded = await quantize(pruned, { method: "kmeans", bits: 3, data, refit: { lambda: 0.01 } });
    assert.ok(coded.intercepts.every((b) => b === 0));
    const { model: read } = unpack(pack(pruned));
    assert.equal((read as StoredLinear).fitIntercept, false);
    const { steps } = await regularizationPath(data, { fitIntercept: false, multiclass, lambdas: 3 });
    assert.ok(steps.every(({ model: of }) => !of.fitIntercept && of.intercepts.every((b) => b === 0)));
  }
});

test("refits of a bounded model stay within its bounds, at the minimum there, whatever chose the weights", async () => {
  for (const [classes, multiclass] of [
    [2, "softmax"],
    [3, "softmax"],
    [3, "ovr"],
  ] as const) {
    const data = randomData("dense", 150, 8, classes, 6);
    const free = await new LogisticRegression({ lambda: 0.002, multiclass }).fit(data);
    // A free refit would leave these bounds: half the size of the largest weight of each feature, or one sign alone.
    const most = (j: number) =>
      Math.max(...free.weights.subarray(j * free.outputs, (j + 1) * free.outputs).map(Math.abs)) / 2;
    const bounds = {
      lower: Array.from({ length: 8 }, (_, j) => (j % 2 === 0 ? 0 : -most(j))),
      upper: Array.from({ length: 8 }, (_, j) => most(j)),
    };
    const options = { penalty: "l2", lambda: 0.002, multiclass, bounds, tolerance: 1e-12 } as const;
    const model = await new LogisticRegression(options).fit(data);
    const within = (weights: ArrayLike<number>, slack: number) =>
      Array.from(weights).every((w, at) => {
        const j = Math.floor(at / model.outputs);
        return w >= bounds.lower[j] - slack && w <= bounds.upper[j] + slack;
      });
    const whole = new Uint8Array(model.weights.length).fill(1);
    const again = await fitOnSupport(data, { ...model, weights: free.weights }, whole, {
      lambda: 0.002,
      tolerance: 1e-12,
    });
    assert.ok(Math.abs(again.fit.objective - model.fit.objective) < 1e-9);
    assert.ok(within(again.weights, 0));
    for (const strategy of ["magnitude", "l1", "obs", "bestSubset"] as const) {
      const how = strategy === "l1" ? ({ strategy, l1: "path" } as const) : { strategy };
      const rough = await prune(model, { ...how, keep: 4, data });
      assert.ok(within(rough.weights, 0), strategy);
      const pruned = await prune(model, { ...how, keep: 4, data, refit: { lambda: 1e-4 } });
      assert.ok(within(pruned.weights, 0), strategy);
      assert.equal(pruned.pruning.kept, pruned.nonzeros);
      const coded = await quantize(pruned, { method: "kmeans", bits: 2, data, refit: { lambda: 1e-4 } });
      assert.ok(within(coded.weights, 1e-3), strategy);
    }
    const positions = Uint32Array.from(whole.keys());
    const apart = { ...model, positions, parameters: positions, factors: null, levels: free.weights };
    const levels = await fitLevels(data, apart, { lambda: 0.002 });
    assert.ok(levels.fit.converged && within(levels.levels, 0));
    assert.ok(Math.abs(levels.fit.objective - model.fit.objective) < 1e-9);
  }
});
