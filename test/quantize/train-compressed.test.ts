import assert from "node:assert/strict";
import { test } from "node:test";
import { LogitpressError } from "../../src/base/errors";
import { probabilities } from "../../src/model/scorer";
import { prune } from "../../src/prune/prune";
import { quantize } from "../../src/quantize/quantize";
import { trainCompressed } from "../../src/quantize/train-compressed";
import { LogisticRegression } from "../../src/train/logistic-regression";
import { randomData } from "../train/data";

for (const quantization of ["straightThrough", "projection", "proximal"] as const) {
  for (const [classes, multiclass] of [
    [2, "softmax"],
    [3, "softmax"],
    [3, "ovr"],
  ] as const) {
    test(`trains a quantized model: ${quantization}, ${classes} classes, ${multiclass}`, async () => {
      const data = randomData("csr", 200, 15, classes, 3);
      const { model, best, history } = await trainCompressed(data, { quantization, multiclass, numBits: 5 });
      assert.equal(best.objective, Math.min(...history.map(({ objective }) => objective)));
      assert.ok(best.loss < 0.95 * history[0].loss);
      assert.ok(model.codes.every((code) => code < 32));
      assert.equal(model.nonzeros, best.nonzeros);
      if (multiclass === "ovr") return;
      const { values, columns } = probabilities(model.margins(data.features), model.link, classes);
      const loss = data.labels.reduce((sum, label, i) => sum - Math.log(values[i * columns + label]), 0);
      assert.ok(Math.abs(loss / data.rows - best.loss) < 1e-9, "the loss is that of the quantized model");
    });
  }
}

test("sixteen bits without pruning come near the regression itself", async () => {
  const data = randomData("dense", 200, 6, 2, 3);
  const plain = await new LogisticRegression({ lambda: 0.01 }).fit(data);
  const options = { numBits: 16, pruning: false, lambda: 0.01, epochs: 2000 };
  const { model } = await trainCompressed(data, options);
  model.weights.forEach((w, j) => {
    assert.ok(Math.abs(w - plain.weights[j]) < 1e-2);
  });
});

test("a greater alpha leaves fewer weights", async () => {
  const data = randomData("dense", 200, 15, 2, 3);
  const { history: weak } = await trainCompressed(data, { alpha: 1e-3 });
  const { history: strong } = await trainCompressed(data, { alpha: 0.1 });
  assert.ok(strong[strong.length - 1].nonzeros < weak[weak.length - 1].nonzeros);
});

test("options out of range are refused", async () => {
  const data = randomData("dense", 20, 2, 2, 3);
  for (const options of [{ numBits: 0 }, { epochs: 0 }, { alpha: -1 }, { pruning: 3 }, { rate: 1 }]) {
    await assert.rejects(trainCompressed(data, options as never), LogitpressError);
  }
});

test("a learning rate that lets the weights run away is named", async () => {
  const data = randomData("dense", 20, 2, 2, 3);
  await assert.rejects(trainCompressed(data, { learningRate: 1e300 }), {
    code: "invalid-option",
    message: /learningRate: 1e\+300; expected a rate at which the weights stay finite\. Leave it out/,
  });
});

for (const kind of ["dense", "csr"] as const) {
  test(`batches of ${kind} rows learn, by the seed`, async () => {
    const data = randomData(kind, 203, 12, 3, 3);
    const options = { batchSize: 20, epochs: 30, numBits: 6, lambda: 0.01 };
    const first = await trainCompressed(data, options);
    assert.ok(first.best.loss < 0.9 * first.history[0].loss);
    const again = await trainCompressed(data, options);
    assert.deepEqual(again.history, first.history);
    assert.deepEqual(again.model.codes, first.model.codes);
    const other = await trainCompressed(data, { ...options, seed: 1 });
    assert.notDeepEqual(other.history, first.history);
  });
}

test("batches come near the same optimum as all rows at once", async () => {
  const data = randomData("dense", 200, 6, 2, 3);
  const options = { numBits: 16, pruning: false, lambda: 0.01, epochs: 600 } as const;
  const whole = await trainCompressed(data, options);
  const batches = await trainCompressed(data, { ...options, batchSize: 32 });
  assert.ok(Math.abs(whole.best.objective - batches.best.objective) < 1e-3 * whole.best.objective);
});

test("bits fall one by one, and the model is one of the last number", async () => {
  const data = randomData("dense", 200, 15, 2, 3);
  const { model, best, history } = await trainCompressed(data, { numBits: 2, startBits: 6, epochs: 40 });
  const bits = history.map((line) => line.bits);
  assert.deepEqual([...new Set(bits)], [6, 5, 4, 3, 2]);
  assert.ok(bits.slice(20).every((count) => count === 2));
  assert.equal(best.bits, 2);
  assert.equal(model.scheme.bits, 2);
});

test("schedules fall as they say", async () => {
  const data = randomData("dense", 50, 3, 2, 3);
  const rates = async (schedule: "constant" | "cosine" | "step" | "inverse") => {
    const { history } = await trainCompressed(data, { schedule, epochs: 30, learningRate: 0.1 });
    return [1, 11, 16, 30].map((epoch) => Number((10 * history[epoch].learningRate).toFixed(3)));
  };
  assert.deepEqual(await rates("constant"), [1, 1, 1, 1]);
  assert.deepEqual(await rates("cosine"), [1, 0.75, 0.5, 0.003]);
  assert.deepEqual(await rates("step"), [1, 0.1, 0.1, 0.01]);
  assert.deepEqual(await rates("inverse"), [1, 0.25, 0.182, 0.103]);
});

test("what a pruned model has removed stays zero, and codes are not trained on", async () => {
  const data = randomData("dense", 200, 15, 3, 3);
  const model = await new LogisticRegression({ lambda: 0.01 }).fit(data);
  const pruned = await prune(model, { strategy: "magnitude", keep: 12 });
  const { model: trained, history } = await trainCompressed(data, { warmStart: pruned, pruning: false });
  assert.ok(history[0].loss < 1);
  assert.ok(trained.nonzeros > 0);
  for (const at of trained.positions) assert.equal(pruned.mask[at], 1);
  const quantized = await quantize(pruned, { bits: 3 });
  // @ts-expect-error codes are not trained on
  const start: Parameters<typeof trainCompressed>[1] = { warmStart: quantized };
  await assert.rejects(trainCompressed(data, start), { code: "invalid-model", message: /quantized/ });
  const narrow = randomData("dense", 50, 4, 3, 3);
  await assert.rejects(trainCompressed(narrow, { warmStart: pruned }), { code: "invalid-model" });
});

test("tells how far it is, and ends when it is cancelled", async () => {
  const data = randomData("dense", 3000, 40, 3, 3);
  const stop = new AbortController();
  const seen: number[] = [];
  const onProgress = ({ done }: { done: number }) => {
    seen.push(done);
    stop.abort();
  };
  const endless = trainCompressed(data, { epochs: 1e7 }, { onProgress, signal: stop.signal });
  await assert.rejects(endless, { code: "cancelled" });
  assert.ok(seen.length > 0);
});

test("the report says what the codes cost beside the float weights", async () => {
  const data = randomData("dense", 200, 15, 3, 3);
  const { model, best } = await trainCompressed(data, { numBits: 3 });
  const { quantization } = model;
  assert.equal(quantization?.nonzeros, best.nonzeros);
  assert.ok(Math.abs(quantization!.loss!.after - best.loss) < 1e-9);
  assert.ok(quantization!.entropyBits <= 3 && quantization!.squaredError > 0);
});
