import assert from "node:assert/strict";
import { test } from "node:test";
import { pruningChart } from "../../src/chart/pruning";
import { meanLogLoss } from "../../src/model/log-loss";
import "../../src/notebook/display";
import { bundleOf } from "../../src/notebook/render";
import { pruningCurve } from "../../src/prune/curve";
import { prune } from "../../src/prune/prune";
import { fitted, problem } from "./problems";

const rows = problem("dense", 400, 24, 3, 21);
const { train, test: validation } = rows.split({ test: 0.4, seed: 1 });
const sparsities = [0.9, 0.5, 0.75];

for (const refit of [true, false, { lambda: [0.1, 0.001] }]) {
  test(`each point of a curve is what prune gives: refit ${JSON.stringify(refit)}`, async () => {
    const model = await fitted(train);
    const strategies = ["magnitude", "l2", "taylor", "obs", "random"] as const;
    const seen: number[] = [];
    const curve = await pruningCurve(
      model,
      { strategies, sparsities, data: train, validation, refit, seed: 3, obs: { block: 1 } },
      { onProgress: ({ done }) => seen.push(done) },
    );
    assert.deepEqual(curve.strategies, [...strategies]);
    assert.deepEqual(
      seen,
      Array.from({ length: 15 }, (_, i) => i + 1),
    );
    for (const point of curve.points) {
      const { strategy, sparsity } = point;
      const obs = strategy === "obs" ? { obs: { block: 1 } } : {};
      const common = { data: train, validation, scope: "global", seed: 3 } as const;
      const alone = await prune(model, { ...common, ...obs, strategy, sparsity, refit });
      assert.deepEqual([...point.model.mask], [...alone.mask], `${strategy} ${sparsity}`);
      // One elimination serves all sizes of obs, so its refits start elsewhere and end elsewhere within their gap.
      const bound = strategy === "obs" ? 1e-5 : 1e-9;
      assert.ok(Math.abs(point.logLoss - meanLogLoss(alone, validation)) < bound, `${strategy} ${sparsity}`);
      assert.equal(point.kept, Math.round((1 - sparsity) * 72));
    }
    const best = curve.best(0.9);
    assert.ok(curve.points.every((p) => p.sparsity !== 0.9 || p.logLoss >= best.logLoss));
    assert.throws(() => curve.best(0.3), { code: "invalid-option" });
  });
}

test("a curve takes the usual strategies, halves again and again, and shows a table and a chart", async () => {
  const model = await fitted(train);
  const curve = await pruningCurve(model, { data: train });
  assert.deepEqual(curve.strategies, ["magnitude", "l1", "taylor", "obs", "random"]);
  assert.deepEqual([...new Set(curve.points.map((p) => p.sparsity))], [0.5, 0.75, 0.875, 0.9375]);
  assert.equal(curve.heldOut, false);
  const losses = (strategy: string) =>
    curve.points.filter((p) => p.strategy === strategy).map((p) => p.trainLogLoss);
  losses("obs").forEach((loss, i) => {
    assert.ok(loss < losses("random")[i]);
  });
  const bundle = await bundleOf(curve);
  const text = String(bundle["text/plain"]);
  assert.match(text, /Log-loss on 240 rows by sparsity and strategy/);
  assert.match(text, /sparsity +kept at most +magnitude +l1 +taylor +obs +random/);
  assert.match(text, / \*/);
  assert.match(text, /240 rows that were fitted/);
  const figure = pruningChart(curve);
  assert.equal(figure.data.filter((trace) => trace.mode === "lines+markers").length, 10);
  const control = figure.data.find(({ name }) => name === "random");
  assert.equal(control?.line?.dash, "dot");
});

test("a pruned model shows what was kept and what went by name, and its losses by round", async () => {
  const model = await fitted(train);
  const pruned = await prune(model, {
    ...{ strategy: "obs", keep: 10, data: train, validation, refit: true },
    ...{ schedule: "iterative", rounds: 2 },
  } as const);
  const bundle = await bundleOf(pruned);
  assert.match(String(bundle["text/plain"]), /log-loss by round +0\.\d+ → 0\.\d+ → 0\.\d+/);
  assert.match(String(bundle["text/html"]), /What was kept and what went, by importance/);
  assert.match(String(bundle["text/html"]), /<td[^>]*>removed<\/td>/);
});

test("options of a curve that make no sense are refused", async () => {
  const model = await fitted(train);
  const wrong = [{ strategies: [] }, { sparsities: [] }];
  for (const options of wrong) {
    await assert.rejects(pruningCurve(model, { data: train, ...options }), { code: "missing-option" });
  }
  await assert.rejects(pruningCurve(model, { data: train, sparsities: [1] }), { code: "invalid-option" });
  await assert.rejects(pruningCurve(model, { data: train, sparsities: [0.999] }), { code: "invalid-option" });
  await assert.rejects(pruningCurve(model, { data: train, strategies: ["best" as never] }), {
    code: "invalid-option",
  });
  await assert.rejects(pruningCurve(model, { data: train, keep: 3 } as never), { code: "unknown-option" });
  const signal = AbortSignal.abort();
  await assert.rejects(pruningCurve(model, { data: train }, { signal }), { code: "cancelled" });
});
