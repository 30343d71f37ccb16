import assert from "node:assert/strict";
import { test } from "node:test";
import { Random } from "../../src/base/random";
import { compare } from "../../src/evaluate/compare";
import { evaluate } from "../../src/evaluate/evaluate";
import { Dataset, type Label } from "../../src/matrix/dataset";
import type { LinearModel } from "../../src/model/linear";
import { meanLogLoss } from "../../src/model/log-loss";
import { prune } from "../../src/prune/prune";
import { quantize } from "../../src/quantize/quantize";
import { LogisticRegression } from "../../src/train/logistic-regression";

const quick = { latencyRows: 0 };

function rowsOf(names: readonly string[], seed: number): { features: number[][]; labels: string[] } {
  const random = new Random(seed);
  const labels = Array.from({ length: 240 }, (_, i) => names[i % names.length]);
  const features = labels.map((label) =>
    Array.from({ length: 6 }, (_, j) => random.normal() + Number(names.indexOf(label) === j % names.length)),
  );
  return { features, labels };
}

/** The same rows, once with the classes in the model's order and once in the order given. */
function twice(names: readonly string[], order: readonly string[]): { same: Dataset; turned: Dataset } {
  const rows = rowsOf(names, 5);
  return {
    same: Dataset.from({ ...rows, classes: names }),
    turned: Dataset.from({ ...rows, classes: order }),
  };
}

function close(ours: Float64Array, theirs: Float64Array): void {
  assert.equal(ours.length, theirs.length);
  ours.forEach((w, at) => {
    assert.ok(Math.abs(w - theirs[at]) < 1e-9, `${w} and ${theirs[at]} at ${at}`);
  });
}

const cases = [
  { names: ["ham", "spam"], order: ["spam", "ham"], multiclass: "softmax" },
  { names: ["a", "b", "c"], order: ["c", "a", "unused", "b"], multiclass: "softmax" },
  { names: ["a", "b", "c"], order: ["b", "c", "a"], multiclass: "ovr" },
] as const;

for (const { names, order, multiclass } of cases) {
  const { same, turned } = twice(names, order);
  const fitted = (): Promise<LinearModel> => new LogisticRegression({ multiclass, lambda: 0.01 }).fit(same);

  test(`${names.length} classes, ${multiclass}: another order of classes judges alike`, async () => {
    const model = await fitted();
    const { latency: _, ...first } = evaluate(model, same, quick);
    const { latency: __, ...second } = evaluate(model, turned, quick);
    assert.deepEqual(second, first);
    assert.ok(first.accuracy > 0.5);
    assert.equal(model.score(turned), first.accuracy);
    assert.equal(meanLogLoss(model, turned), meanLogLoss(model, same));
    const pruned = await prune(model, { keep: 4 });
    const differenceOn = (data: Dataset) => compare({ model, pruned }, data, quick).row("pruned").difference;
    assert.deepEqual(differenceOn(turned), differenceOn(same));
  });

  test(`${names.length} classes, ${multiclass}: another order of classes prunes and refits alike`, async () => {
    const model = await fitted();
    const gradients = async (data: Dataset) => prune(model, { strategy: "gradient", keep: 4, data });
    assert.deepEqual((await gradients(turned)).importances, (await gradients(same)).importances);
    const refit = async (data: Dataset, validation: Dataset) =>
      prune(model, { keep: 5, data, refit: { lambda: [0.1, 0.001], validation } });
    const [ours, theirs] = [await refit(turned, turned), await refit(same, same)];
    assert.deepEqual(ours.pruning.tried, theirs.pruning.tried);
    close(ours.weights, theirs.weights);
    close(ours.intercepts, theirs.intercepts);
  });

  test(`${names.length} classes, ${multiclass}: another order of classes refits levels alike`, async () => {
    const model = await fitted();
    const [ours, theirs] = [
      await quantize(model, { bits: 2, data: turned }),
      await quantize(model, { bits: 2, data: same }),
    ];
    assert.deepEqual(ours.codes, theirs.codes);
    close(ours.weights, theirs.weights);
    close(ours.intercepts, theirs.intercepts);
  });

  test(`${names.length} classes, ${multiclass}: no warm start from another order of classes`, async () => {
    const warmStart = await fitted();
    const reordered = turned.withClasses([...names].reverse());
    await assert.rejects(new LogisticRegression({ multiclass, warmStart }).fit(reordered), {
      code: "invalid-model",
      message: new RegExp(`classes "${names[0]}".*expected.*classes "${names[names.length - 1]}"`),
    });
  });
}

test("a class that the model doesn't know is refused in every step", async () => {
  const { same } = twice(["a", "b"], ["b", "a"]);
  const model = await new LogisticRegression({ lambda: 0.01 }).fit(same);
  const strange = Dataset.from({ ...rowsOf(["a", "x"], 3) });
  const refused = { code: "invalid-label", message: /label of row 1: "x"; expected one of "a", "b"/ };
  assert.throws(() => evaluate(model, strange), refused);
  assert.throws(() => compare({ model }, strange), refused);
  assert.throws(() => meanLogLoss(model, strange), refused);
  await assert.rejects(prune(model, { keep: 2, strategy: "gradient", data: strange }), refused);
  await assert.rejects(prune(model, { keep: 2, data: strange, refit: true }), refused);
  const refit = { lambda: [1, 2], validation: strange };
  await assert.rejects(prune(model, { keep: 2, data: same, refit }), refused);
  await assert.rejects(quantize(model, { data: strange }), refused);
});

test('labels of another type are another class: 1 is not "1"', async () => {
  const { features, labels } = rowsOf(["0", "1"], 8);
  const model = await new LogisticRegression({ lambda: 0.01 }).fit(Dataset.from({ features, labels }));
  const numbers: Label[] = labels.map(Number);
  assert.throws(() => evaluate(model, Dataset.from({ features, labels: numbers })), {
    code: "invalid-label",
    message: /label of row 0: 0; expected one of "0", "1"/,
  });
});
