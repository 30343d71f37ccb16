import assert from "node:assert/strict";
import { before, test } from "node:test";
import {
  Dataset,
  DenseMatrix,
  type LinearModel,
  LogisticRegression,
  prune,
  pruningCurve,
  quantize,
  quantizeInputs,
  SparseMatrix,
  trainCompressed,
} from "../../src/index";

const rows = Array.from({ length: 60 }, (_, i) => [Math.sin(i), Math.cos(3 * i), i % 5, Math.sin(7 * i)]);
const labels = rows.map(([a, b, , d]) => (a + b + d > 0.2 ? "yes" : "no"));
const data: Dataset = Dataset.from({ features: rows, labels });
const narrow: Dataset = Dataset.from({ features: rows.map((row) => row.slice(0, 2)), labels });
let model: LinearModel;

before(async () => {
  model = await new LogisticRegression({ lambda: 0.01 }).fit(data);
});

test("pruning refuses amounts that leave nothing, in the amount's own words", async () => {
  for (const options of [{ sparsity: 0.99 }, { threshold: 1e9 }, { keep: 0 }] as const) {
    const [name] = Object.keys(options);
    await assert.rejects(prune(model, options), { code: "invalid-option", message: new RegExp(name) });
  }
  await assert.rejects(prune(model, { strategy: "obs", data, threshold: 1e9 }), { code: "invalid-option" });
});

test("a least gain that no weight earns is refused, and says what keeps all weights", async () => {
  await assert.rejects(quantize(model, { bits: 2, data, leastGain: 1e6 }), {
    code: "invalid-option",
    message: /leastGain: 1000000.*"nearest"/,
  });
});

test("N:M that can't be is refused: more than the row has, none, or a row longer than the model", async () => {
  for (const pattern of [[5, 4], [0, 4], [2, 5], [1.5, 4], [2]] as [number, number][]) {
    await assert.rejects(
      prune(model, { pattern }),
      { code: "invalid-option", message: /pattern/ },
      `${pattern}`,
    );
  }
});

test("a model whose weights are all zero is neither pruned nor quantized", async () => {
  const empty = await new LogisticRegression({ penalty: "l1", lambda: 10 }).fit(data);
  assert.equal(empty.nonzeros, 0);
  await assert.rejects(prune(empty, { keep: 1 }), { code: "invalid-model", message: /all weights zero/ });
  await assert.rejects(quantize(empty, { bits: 2 }), { code: "invalid-model", message: /all weights zero/ });
});

test("bits 0 and 17 are refused, also in training", async () => {
  for (const bits of [0, 17]) {
    await assert.rejects(quantize(model, { bits }), { code: "invalid-option", message: /bits/ });
    await assert.rejects(trainCompressed(data, { numBits: bits }), {
      code: "invalid-option",
      message: /numBits/,
    });
  }
});

test("there are never more levels than distinct weights", async () => {
  for (const method of ["kmeans", "quantile"] as const) {
    const { quantization } = await quantize(model, { method, bits: 16 });
    assert.equal(quantization!.levels, 4);
  }
});

test("shapes that differ are refused: importances, groups, rows of another width", async () => {
  await assert.rejects(quantize(model, { importances: [1, 2] }), { code: "length-mismatch" });
  await assert.rejects(quantize(model, { granularity: "group", groups: [0] as never }), {
    code: "invalid-option",
  });
  await assert.rejects(quantize(model, { rounding: "compensated", data: narrow }), {
    code: "width-mismatch",
  });
  await assert.rejects(quantize(model, { bits: 2, data: narrow }), { code: "width-mismatch" });
  await assert.rejects(prune(model, { strategy: "obs", keep: 2, data: narrow }), { code: "width-mismatch" });
});

test("calibration rows of another width are refused, and no dataset holds a number that is none", async () => {
  const quantized = await quantize(model, { bits: 4 });
  assert.throws(() => quantizeInputs(quantized, { data: narrow }), { code: "width-mismatch" });
  const values = Float32Array.from({ length: 8 }, (_, i) => (i === 5 ? Number.NaN : i));
  assert.throws(() => new DenseMatrix(2, 4, values), { code: "not-finite" });
});

test("a singular Hessian is made regular: two equal columns without a penalty", async () => {
  const twins = Dataset.from({ features: rows.map(([a, b]) => [a, a, b]), labels });
  const float = await new LogisticRegression({ lambda: 1e-3 }).fit(twins);
  const pruned = await prune(float, { strategy: "obs", keep: 2, data: twins, lambda: 0 });
  assert.ok(pruned.weights.every(Number.isFinite));
  assert.deepEqual(
    pruned.pruning.warnings!.map(({ code }) => code),
    ["singular-information"],
  );
  for (const rounding of ["compensated", "descent"] as const) {
    const quantized = await quantize(pruned, { bits: 2, rounding, data: twins, refit: { lambda: 0 } });
    assert.ok(quantized.weights.every(Number.isFinite));
  }
});

test("features that became NaN after their matrix was made are refused by every step, with row and column", async () => {
  const quantized = await quantize(model, { bits: 4 });
  const spoilt = [
    new DenseMatrix(60, 4, Float32Array.from(rows.flat())),
    SparseMatrix.fromRows(
      rows.map((row) => row.map((x, j) => [j, x] as const)),
      4,
    ),
  ].map((features) => {
    const first = features.kind === "csr" ? features.pointers[7] : 4 * 7;
    features.values![first + 2] = Number.NaN;
    return data.withFeatures(features);
  });
  const named = { code: "not-finite", message: /feature at row 7, column 2: NaN; expected a finite number/ };
  for (const bad of spoilt) {
    assert.throws(() => quantizeInputs(quantized, { data: bad }), named);
    assert.throws(() => quantizeInputs(quantized, { data, validation: bad }), named);
    await assert.rejects(quantize(model, { bits: 2, data: bad }), named);
    await assert.rejects(quantize(model, { bits: 2, data, validation: bad }), named);
    await assert.rejects(trainCompressed(bad, { numBits: 2 }), named);
    await assert.rejects(new LogisticRegression().fit(bad), named);
    for (const strategy of ["magnitude", "gradient", "taylor", "obs", "bestSubset"] as const) {
      await assert.rejects(prune(model, { strategy, keep: 2, data: bad }), named, strategy);
    }
    await assert.rejects(prune(model, { keep: 2, data, validation: bad, refit: {} }), named);
    await assert.rejects(pruningCurve(model, { data, validation: bad }), named);
  }
});
