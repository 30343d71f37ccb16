import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { Dataset } from "../../src/matrix/dataset";
import { numberedNames } from "../../src/matrix/names";
import { LinearModel } from "../../src/model/linear";
import { meanLogLoss } from "../../src/model/log-loss";
import type { Link } from "../../src/model/scorer";
import { lossGradient } from "../../src/prune/gradient";
import { prune } from "../../src/prune/prune";
import { QuantizedModel } from "../../src/quantize/quantized";
import { evidence } from "../model/evidence";

function modelOf(
  weights: readonly number[],
  link: Link = "binary",
  scale: number[] | null = null,
): LinearModel {
  const outputs = link === "binary" ? 1 : 3;
  return new LinearModel(
    {
      classes: link === "binary" ? [0, 1] : [0, 1, 2],
      link,
      featureNames: numberedNames(weights.length / outputs),
      weights: Float64Array.from(weights),
      intercepts: new Float64Array(outputs),
      scale: scale === null ? null : Float32Array.from(scale),
    },
    evidence,
    0.01,
  );
}

const weight = fc.oneof(fc.double({ min: -8, max: 8, noNaN: true }), fc.integer({ min: -2, max: 2 }));
const weights = fc.array(weight, { minLength: 2, maxLength: 60 }).filter((all) => all.some((w) => w !== 0));

test("the largest weights stay, as many as asked, the first of equals", async () => {
  await fc.assert(
    fc.asyncProperty(weights, fc.integer({ min: 1, max: 60 }), async (all, keep) => {
      const pruned = await prune(modelOf(all), { keep });
      const order = [...all.keys()].filter((at) => all[at] !== 0);
      order.sort((a, b) => Math.abs(all[b]) - Math.abs(all[a]) || a - b);
      const stays = new Set(order.slice(0, keep));
      pruned.weights.forEach((w, at) => {
        assert.equal(w, stays.has(at) ? all[at] : 0);
      });
      assert.equal(pruned.pruning.kept, stays.size);
      assert.equal(pruned.nonzeros, stays.size);
      assert.equal(pruned.pruning.threshold, Math.abs(all[order[stays.size - 1]]));
    }),
    { numRuns: 300, seed: 1 },
  );
});

test("pruning twice never brings a weight back", async () => {
  const share = fc.double({ min: 0, max: 0.9, noNaN: true });
  await fc.assert(
    fc.asyncProperty(weights, share, share, async (all, first, second) => {
      const keepable = (s: number) => Math.round((1 - s) * all.length) > 0;
      fc.pre(keepable(first) && keepable(second));
      const once = await prune(modelOf(all), { sparsity: first });
      const twice = await prune(once, { sparsity: second });
      once.weights.forEach((w, at) => {
        if (w === 0) assert.equal(twice.weights[at], 0);
      });
      assert.ok(twice.pruning.sparsity >= second - 0.5 / all.length - 1e-12);
    }),
    { numRuns: 200, seed: 2 },
  );
});

test("the l1 strategy shrinks survivors by the threshold, in the scale of each feature", async () => {
  const pruned = await prune(modelOf([3, -2, 0.5, 10], "binary", [1, 0.5, 1, 4]), {
    strategy: "l1",
    threshold: 2,
  });
  assert.deepEqual([...pruned.weights], [1, -1, 0, 2]);
  const byCount = await prune(modelOf([3, -2, 0.5, 1]), { strategy: "l1", keep: 2 });
  assert.deepEqual([...byCount.weights], [2, -1, 0, 0]);
  assert.deepEqual([...byCount.mask], [1, 1, 0, 0]);
  const byClass = await prune(modelOf([3, 10, 1, 2, 30, 5], "ovr"), {
    strategy: "l1",
    scope: "class",
    keep: 1,
  });
  assert.deepEqual([...byClass.weights], [1, 0, 0, 0, 20, 4]);
});

test("scale ranks weights as they were penalised", async () => {
  const pruned = await prune(modelOf([3, -2, 0.5], "binary", [1, 1, 0.125]), { keep: 1 });
  assert.deepEqual([...pruned.weights], [0, 0, 0.5]);
});

test("scopes: all weights, each class alone, whole features", async () => {
  const table = [9, 1, 0.1, 8, 2, 0.2, 0, 3, 0.3];
  const kept = async (options: Parameters<typeof prune>[1]) => [
    ...(await prune(modelOf(table, "softmax"), options)).weights,
  ];
  assert.deepEqual(await kept({ keep: 3 }), [9, 0, 0, 8, 0, 0, 0, 3, 0]);
  assert.deepEqual(await kept({ keep: 1, scope: "class" }), [9, 0, 0, 0, 0, 0, 0, 3, 0.3]);
  assert.deepEqual(await kept({ keep: 1, scope: "feature" }), [9, 1, 0.1, 0, 0, 0, 0, 0, 0]);
  assert.deepEqual(await kept({ keep: 2, strategy: "l2" }), [9, 1, 0.1, 8, 2, 0.2, 0, 0, 0]);
  const norms = (await prune(modelOf(table, "softmax"), { keep: 3, strategy: "l2" })).importances;
  assert.ok(Math.abs(norms[3] - Math.hypot(8, 2, 0.2)) < 1e-12);
  assert.equal(norms[6], 0);
});

function dataFor(link: Link): Dataset {
  const classes = link === "binary" ? [0, 1] : [0, 1, 2];
  return Dataset.from({
    features: Array.from({ length: 12 }, (_, i) => [Math.sin(i), Math.cos(3 * i), i / 12, 1]),
    labels: Array.from({ length: 12 }, (_, i) => (i * 7) % classes.length),
    classes,
    weights: Array.from({ length: 12 }, (_, i) => 1 + (i % 3)),
  });
}

for (const link of ["binary", "softmax"] as const) {
  test(`the gradient of the ${link} loss agrees with differences`, async () => {
    const outputs = link === "binary" ? 1 : 3;
    const all = Array.from({ length: 4 * outputs }, (_, at) => Math.sin(at + 1));
    const data = dataFor(link);
    const gradient = lossGradient(modelOf(all, link), data);
    all.forEach((w, at) => {
      const lossAt = (value: number) =>
        meanLogLoss(
          modelOf(
            all.map((v, i) => (i === at ? value : v)),
            link,
          ),
          data,
        );
      const difference = (lossAt(w + 1e-5) - lossAt(w - 1e-5)) / 2e-5;
      assert.ok(Math.abs(gradient[at] - difference) < 1e-8, `${gradient[at]} against ${difference}`);
    });
    const worth = (await prune(modelOf(all, link), { strategy: "gradient", sparsity: 0, data })).importances;
    worth.forEach((v, at) => {
      assert.equal(v, Math.abs(gradient[at] * all[at]));
    });
  });
}

test("options out of range and amounts that leave nothing are refused", async () => {
  const model = modelOf([1, 2, 3, 0]);
  for (const sparsity of [-0.1, 1, 1.5, Number.NaN]) {
    await assert.rejects(prune(model, { sparsity }), { code: "invalid-option" });
  }
  await assert.rejects(prune(model, { sparsity: 0.99 }), { code: "invalid-option" });
  await assert.rejects(prune(model, { threshold: 3 }), { code: "invalid-option" });
  await assert.rejects(prune(model, { keep: 0 }), { code: "invalid-option" });
  await assert.rejects(prune(model, {}), { code: "missing-option" });
  await assert.rejects(prune(model, { keep: 1, threshold: 1 }), { code: "invalid-option" });
  await assert.rejects(prune(model, { keep: 1, strategy: "gradient" }), { code: "missing-option" });
  await assert.rejects(prune(model, { keep: 1, refit: true }), { code: "missing-option" });
  await assert.rejects(prune(model, { kept: 1 } as never), { code: "unknown-option" });
  await assert.rejects(prune(model, { keep: 1, strategy: "l1", scope: "feature" }), {
    code: "invalid-option",
  });
  await assert.rejects(prune(modelOf([2, 2]), { keep: 1, strategy: "l1" }), { code: "invalid-option" });
  await assert.rejects(prune(modelOf([0, 0]), { keep: 1 }), { code: "invalid-model" });
  await assert.rejects(prune(modelOf([1, Number.NaN]), { keep: 1 }), { code: "invalid-model" });
  const data = dataFor("binary");
  await assert.rejects(prune(modelOf([1, 2]), { keep: 1, strategy: "gradient", data }), {
    code: "width-mismatch",
  });
  const stopped = { signal: AbortSignal.abort() };
  await assert.rejects(prune(model, { keep: 1 }, stopped), { code: "cancelled" });
});

test("codes can't be pruned", async () => {
  const quantized = new QuantizedModel({
    ...modelOf([1]),
    link: "binary",
    positions: Uint32Array.of(0),
    codes: Uint16Array.of(0),
    scheme: { kind: "codebook", bits: 1, levels: Float64Array.of(1) },
    classes: [0, 1],
    featureNames: numberedNames(1),
    intercepts: Float64Array.of(0),
  });
  // @ts-expect-error a quantized model has no floating-point weights to prune
  await assert.rejects(prune(quantized, { keep: 1 }), { code: "invalid-model" });
});
