import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { LinearScorer } from "../../src/model/linear";
import { meanLogLoss } from "../../src/model/log-loss";
import { prune } from "../../src/prune/prune";
import { targetsOf } from "../../src/prune/schedule";
import { fitted, problem } from "./problems";

test("schedules end at the target and never keep more than the round before", () => {
  const kinds = ["constant", "cubic", "iterative"] as const;
  fc.assert(
    fc.property(
      fc.constantFrom(...kinds),
      fc.integer({ min: 1, max: 9 }),
      fc.integer({ min: 1, max: 5000 }),
      fc.integer({ min: 1, max: 5000 }),
      (kind, rounds, alive, keep) => {
        const last = { keeps: Float64Array.of(keep) };
        const keeps = targetsOf({ kind, rounds }, [alive], last).map((t) => ("keeps" in t ? t.keeps[0] : -1));
        assert.equal(keeps.length, rounds);
        assert.equal(keeps.at(-1), keep);
        if (keep > alive) return;
        keeps.forEach((k, r) => {
          assert.ok(k >= keep && k <= (keeps[r - 1] ?? alive));
        });
      },
    ),
    { seed: 1, numRuns: 500 },
  );
  const at = (kind: (typeof kinds)[number]) =>
    targetsOf({ kind, rounds: 4 }, [1000], { keeps: Float64Array.of(200) }).map((t) =>
      "keeps" in t ? t.keeps[0] : -1,
    );
  assert.deepEqual(at("constant"), [800, 600, 400, 200]);
  assert.deepEqual(at("cubic"), [538, 300, 213, 200]);
  assert.deepEqual(at("iterative"), [669, 447, 299, 200]);
});

test("rounds tell the loss after each, and refits go on from round to round", async () => {
  const data = problem("dense", 300, 24, 2, 9);
  const validation = problem("dense", 300, 24, 2, 9).take(Array.from({ length: 100 }, (_, i) => i));
  const model = await fitted(data);
  for (const schedule of ["constant", "cubic", "iterative"] as const) {
    const seen: number[] = [];
    const pruned = await prune(
      model,
      { strategy: "taylor", keep: 5, data, validation, schedule, rounds: 4, refit: true },
      { onProgress: ({ done }) => seen.push(done) },
    );
    const { rounds } = pruned.pruning;
    assert.equal(rounds!.length, 5);
    assert.equal(rounds![0].kept, 24);
    assert.equal(rounds![4].kept, 5);
    assert.ok(Math.abs(rounds![4].logLoss - meanLogLoss(pruned, data)) < 1e-12);
    assert.ok(Math.abs(rounds![4].validationLogLoss - meanLogLoss(pruned, validation)) < 1e-12);
    assert.ok(rounds![4].logLoss > rounds![0].logLoss);
    assert.deepEqual(seen, [1, 2, 3]);
    assert.equal(pruned.pruning.removed, 19);
    const { ranking } = pruned;
    assert.equal(ranking.call(pruned, 99, "removed").length, 19);
    assert.ok(ranking.call(pruned, 99, "kept").every(({ kept, weight }) => kept && weight !== 0));
    const all = pruned.ranking(99);
    assert.ok(all.every(({ feature, column }) => feature === `x${column}`));
  }
});

test("a budget of bytes is filled, and one of loss is kept", async () => {
  const data = problem("dense", 300, 24, 2, 10);
  const model = await fitted(data);
  const bytesOf = async (m: LinearScorer) => 10 + 8 * m.nonzeros;
  for (const strategy of ["magnitude", "obs", "l1"] as const) {
    const common = { strategy, data, ...(strategy === "l1" ? { l1: "path" as const } : {}) };
    for (const refit of [false, true]) {
      const pruned = await prune(model, { ...common, maxBytes: 99, bytesOf, refit });
      assert.equal(pruned.nonzeros, 11);
      const direct = await prune(model, { ...common, keep: 11, refit });
      if (strategy !== "l1") assert.deepEqual([...pruned.mask], [...direct.mask]);
    }
    const loose = await prune(model, { ...common, maxLogLossIncrease: 0.05, refit: true });
    const most = 1.05 * meanLogLoss(model, data);
    assert.ok(meanLogLoss(loose, data) <= most);
    assert.ok(loose.nonzeros < 24);
    if (strategy === "l1") continue;
    const fewer = await prune(model, { ...common, keep: loose.nonzeros - 1, refit: true });
    assert.ok(meanLogLoss(fewer, data) > most);
    assert.equal(loose.pruning.rounds!.length, 2);
  }
  const whole = await prune(model, { maxBytes: 1000, bytesOf });
  assert.equal(whole.nonzeros, 24);
  await assert.rejects(prune(model, { maxBytes: 17, bytesOf }), { code: "invalid-option" });
  await assert.rejects(prune(model, { maxBytes: 99 }), { code: "missing-option" });
  await assert.rejects(prune(model, { keep: 3, bytesOf }), { code: "invalid-option" });
  await assert.rejects(prune(model, { maxLogLossIncrease: 0.1 }), { code: "missing-option" });
  const strong = { maxLogLossIncrease: 0, data, refit: { lambda: 10 } };
  await assert.rejects(prune(model, strong), { code: "invalid-option" });
  const scheduled = { maxLogLossIncrease: 0.1, data, schedule: "cubic" } as const;
  await assert.rejects(prune(model, scheduled), { code: "invalid-option" });
});
