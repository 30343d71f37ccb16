import assert from "node:assert/strict";
import { test } from "node:test";
import { Random } from "../../src/base/random";
import { Dataset } from "../../src/matrix/dataset";
import { numberedNames } from "../../src/matrix/names";
import { LinearModel } from "../../src/model/linear";
import { meanLogLoss } from "../../src/model/log-loss";
import { warningText } from "../../src/model/warning";
import { lossGradient } from "../../src/prune/gradient";
import { prune } from "../../src/prune/prune";
import { quantize } from "../../src/quantize/quantize";
import { evidence } from "../model/evidence";
import { fitted, problem } from "./problems";

const truth = [2, -1.5, 1, 0.2, -0.1, 0.05];

function draw(rows: number, seed: number): Dataset {
  const random = new Random(seed);
  const features = Array.from({ length: rows }, () => truth.map(() => random.normal()));
  const margin = (x: number[]) => x.reduce((sum, v, j) => sum + v * truth[j], 0.3);
  return Dataset.from({
    features,
    labels: features.map((x) => (random.uniform() < 1 / (1 + Math.exp(-margin(x))) ? 1 : 0)),
    classes: [0, 1],
  });
}

const model = new LinearModel(
  {
    classes: [0, 1],
    link: "binary",
    featureNames: numberedNames(6),
    weights: Float64Array.from(truth, (w) => w / 2),
    intercepts: Float64Array.of(0),
    scale: null,
  },
  evidence,
  0.01,
);

test("a refit reaches the optimum on the support and leaves zeros zero", async () => {
  const data = draw(400, 1);
  for (const strategy of ["magnitude", "l1", "l2", "gradient"] as const) {
    const before = await prune(model, { strategy, keep: 3, data });
    const after = await prune(model, { strategy, keep: 3, data, refit: true });
    assert.deepEqual([...after.mask], [...before.mask]);
    assert.equal(after.pruning.refitLambda, 0.01);
    assert.ok(meanLogLoss(after, data) < meanLogLoss(before, data));
    const gradient = lossGradient(after, data);
    after.weights.forEach((w, at) => {
      if (after.mask[at] === 0) assert.equal(w, 0);
      else assert.ok(Math.abs(gradient[at] + 0.01 * w) < 1e-6, `${gradient[at]} + 0.01 x ${w}`);
    });
  }
});

test("of several strengths the one that suits the validation rows is taken", async () => {
  const data = draw(200, 2);
  const validation = draw(2000, 3);
  const lambda = [10, 1, 0.1, 0.01, 0.001];
  const seen: number[] = [];
  const options = { keep: 3, data, refit: { lambda, validation } };
  const pruned = await prune(model, options, { onProgress: ({ done }) => seen.push(done) });
  const { tried, refitLambda } = pruned.pruning;
  assert.deepEqual(seen, [1, 2, 3, 4, 5]);
  assert.deepEqual(
    tried!.map((t) => t.lambda),
    lambda,
  );
  for (const { lambda: one, logLoss } of tried!) {
    const alone = await prune(model, { keep: 3, data, refit: { lambda: one } });
    assert.ok(Math.abs(meanLogLoss(alone, validation) - logLoss) < 1e-6);
  }
  const least = tried!.reduce((a, b) => (b.logLoss < a.logLoss ? b : a));
  assert.equal(refitLambda, least.lambda);
  assert.ok(Math.abs(meanLogLoss(pruned, validation) - least.logLoss) < 1e-12);
});

test("without validation rows a quarter of the data chooses and all are fitted", async () => {
  const data = draw(300, 4);
  const pruned = await prune(model, { keep: 3, data, refit: { lambda: [1, 0.01] } });
  const alone = await prune(model, { keep: 3, data, refit: { lambda: pruned.pruning.refitLambda! } });
  pruned.weights.forEach((w, at) => {
    assert.ok(Math.abs(w - alone.weights[at]) < 1e-9);
  });
  assert.equal(pruned.pruning.tried!.length, 2);
});

test("a refit without an optimum says so in the report, one that converged says nothing", async () => {
  const features = Array.from({ length: 20 }, (_, i) =>
    truth.map((_, j) => (j === 0 ? i - 9.5 : Math.sin(i * j))),
  );
  const data = Dataset.from({ features, labels: features.map(([x]) => (x > 0 ? 1 : 0)) });
  const separated = await prune(model, { keep: 2, data, refit: { lambda: 0 } });
  assert.deepEqual(
    separated.pruning.warnings!.map(({ code }) => code),
    ["separable"],
  );
  const penalised = await prune(model, { keep: 2, data, refit: true });
  assert.deepEqual(penalised.pruning.warnings, []);
  const levels = await quantize(penalised, { bits: 1, data, refit: { lambda: 0 } });
  assert.match(
    levels.quantization!.warnings!.map(warningText).join(),
    /Not converged after \d+ iterations.*Raise lambda/,
  );
  const settled = await quantize(penalised, { bits: 1, data });
  assert.deepEqual(settled.quantization!.warnings, []);
});

test("a refit tunes its strength in folds, around the model's own", async () => {
  const data = problem("dense", 120, 12, 2, 11);
  const model = await fitted(data);
  const { pruning, ...pruned } = await prune(model, { keep: 4, data, refit: { folds: 4 } });
  assert.equal(pruning.tried!.length, 9);
  assert.ok(
    Math.abs(pruning.tried![0].lambda - 1e-4) < 1e-12 && Math.abs(pruning.tried![8].lambda - 1) < 1e-9,
  );
  const least = pruning.tried!.reduce((a, b) => (b.logLoss < a.logLoss ? b : a));
  assert.equal(pruning.refitLambda, least.lambda);
  let loss = 0;
  let mass = 0;
  for (const { train, test } of data.folds(4)) {
    const own = await prune(model, { keep: 4, data: train, refit: { lambda: least.lambda } });
    const weight = test.weights!.reduce((sum, w) => sum + w, 0);
    loss += weight * meanLogLoss(own, test);
    mass += weight;
  }
  assert.ok(Math.abs(loss / mass - least.logLoss) < 1e-6);
  assert.ok(pruned.mask.length === 12);
  await assert.rejects(prune(model, { keep: 4, data, refit: { folds: 1 } }), { code: "invalid-option" });
  await assert.rejects(prune(model, { keep: 4, data, refit: { folds: 3, validation: data } }), {
    code: "invalid-option",
  });
  await assert.rejects(prune(model, { keep: 4, data, refit: { lambda: [] } }), { code: "missing-option" });
});
