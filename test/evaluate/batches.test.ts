import assert from "node:assert/strict";
import { test } from "node:test";
import { Random } from "../../src/base/random";
import { evaluate } from "../../src/evaluate/evaluate";
import { evaluateBatches } from "../../src/evaluate/evaluate-batches";
import { RocStream } from "../../src/evaluate/roc-stream";
import { Dataset } from "../../src/matrix/dataset";
import { modelOf } from "./models";

async function* inBatches(data: Dataset, size: number): AsyncGenerator<Dataset> {
  for (let from = 0; from < data.rows; from += size) {
    const rows = Array.from({ length: Math.min(size, data.rows - from) }, (_, i) => from + i);
    yield data.take(rows);
  }
}

for (const [link, classes] of [
  ["binary", 2],
  ["softmax", 3],
  ["ovr", 4],
] as const) {
  test(`${link}: batches of any size are judged as all rows together`, async () => {
    const random = new Random(classes);
    const outputs = classes === 2 ? 1 : classes;
    const names = Array.from({ length: classes }, (_, k) => `c${k}`);
    const weights = Array.from({ length: 3 * outputs }, () => random.normal());
    const model = modelOf(names, link, weights, new Array(outputs).fill(0.1));
    const features = Array.from({ length: 500 }, () =>
      Array.from({ length: 3 }, () => Math.round(3 * random.normal())),
    );
    const labels = features.map(() => names[random.integer(classes)]);
    const data = Dataset.from({ features, labels, classes: names });
    const whole = evaluate(model, data);
    for (const size of [1, 37, 500]) {
      const parts = await evaluateBatches(model, inBatches(data, size));
      assert.deepEqual(parts.confusion, whole.confusion);
      assert.equal(parts.rows, 500);
      assert.equal(parts.aucBound, 0);
      for (const name of ["accuracy", "balancedAccuracy", "logLoss", "auc", "f1", "brier", "ece"] as const) {
        assert.ok(
          Math.abs(parts[name] - whole[name]) < 1e-12,
          `${name}: ${parts[name]}, all rows ${whole[name]}`,
        );
      }
    }
  });
}

test("scores in bins give the area within its bound, whatever their size and sign", () => {
  const random = new Random(9);
  for (const scale of [1e-6, 1, 1e4]) {
    const exact = new RocStream();
    const rough = new RocStream(1, 100);
    const coarse = new RocStream(200, 200);
    for (let i = 0; i < 20_000; i++) {
      const positive = random.integer(3) === 0;
      const score = scale * (random.normal() + Number(positive));
      for (const stream of [exact, rough, coarse]) stream.add(score, positive);
    }
    const { area, bound } = exact.area();
    assert.equal(bound, 0);
    assert.ok(area > 0.7 && area < 0.8, String(area));
    for (const [stream, most] of [
      [rough, 3e-4],
      [coarse, 2e-2],
    ] as const) {
      const found = stream.area();
      assert.ok(found.bound > 0 && found.bound < most, String(found.bound));
      assert.ok(Math.abs(found.area - area) <= found.bound);
    }
  }
  assert.ok(Number.isNaN(new RocStream().area().area));
});
