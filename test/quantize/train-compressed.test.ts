import assert from "node:assert/strict";
import { test } from "node:test";
import { LogitpressError } from "../../src/base/errors";
import { probabilities } from "../../src/model/scorer";
import { trainCompressed } from "../../src/quantize/train-compressed";
import { LogisticRegression } from "../../src/train/logistic-regression";
import { randomData } from "../train/data";

for (const quantization of ["straightThrough", "projection"] as const) {
  for (const [classes, multiclass] of [
    [2, "softmax"],
    [3, "softmax"],
    [3, "ovr"],
  ] as const) {
    test(`trains a quantized model: ${quantization}, ${classes} classes, ${multiclass}`, async () => {
      const data = randomData("csr", 200, 15, classes, 3);
      const { model, best, history } = await trainCompressed(data, { quantization, multiclass, numBits: 5 });
      assert.equal(best.loss, Math.min(...history.map(({ loss }) => loss)));
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
