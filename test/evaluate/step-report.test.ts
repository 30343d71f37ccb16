import assert from "node:assert/strict";
import { test } from "node:test";
import { evaluate } from "../../src/evaluate/evaluate";
import { stepReport } from "../../src/evaluate/step-report";
import { prune } from "../../src/prune/prune";
import { quantize } from "../../src/quantize/quantize";
import { LogisticRegression } from "../../src/train/logistic-regression";
import { randomData } from "../train/data";

test("every step is counted by the same measures", async () => {
  const data = randomData("dense", 200, 15, 3, 3);
  const model = await new LogisticRegression({ lambda: 0.01 }).fit(data);
  const pruned = await prune(model, { strategy: "magnitude", keep: 12 });
  const quantized = await quantize(pruned, { bits: 2 });
  const step = stepReport(model, pruned, data);
  assert.equal(step.removed, 45 - 12);
  assert.equal(step.after.nonzeros, 12);
  assert.equal(step.before.operations, 45);
  const gone = model.weights.filter((_, at) => pruned.weights[at] === 0);
  assert.ok(Math.abs(step.squaredError - gone.reduce((sum, w) => sum + w * w, 0)) < 1e-12);
  assert.equal(step.largestError, Math.max(...gone.map(Math.abs)));
  const options = { latencyRows: 0 };
  assert.ok(Math.abs(step.loss!.after - evaluate(pruned, data, options).logLoss) < 1e-12);
  const next = stepReport(pruned, quantized);
  assert.ok(next.after.entropyBits <= 2);
  assert.equal(next.removed, 0);
  assert.equal(next.loss, null);
  const none = stepReport(model, model, data);
  assert.deepEqual([none.squaredError, none.removed, none.loss!.changed], [0, 0, 0]);
});

test("models of other features are refused", async () => {
  const [wide, narrow] = [randomData("dense", 50, 5, 2, 3), randomData("dense", 50, 4, 2, 3)];
  const models = await Promise.all([wide, narrow].map((data) => new LogisticRegression().fit(data)));
  assert.throws(() => stepReport(models[0], models[1]), { code: "length-mismatch" });
  assert.throws(() => stepReport(models[0], models[1], wide), { code: "width-mismatch" });
});
