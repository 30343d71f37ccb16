import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { PruneOptions } from "../../src/prune/options";
import { prune } from "../../src/prune/prune";
import type { PrunedModel } from "../../src/prune/pruned";
import { LogisticRegression } from "../../src/train/logistic-regression";
import { type BeyondMemory, beyondMemory } from "./beyond";

let cases: readonly BeyondMemory[];

before(async () => {
  cases = await beyondMemory();
});
after(() => {
  for (const one of cases) one.close();
});

function same(ours: PrunedModel, theirs: PrunedModel, most: number, what: string): void {
  assert.deepEqual(ours.mask, theirs.mask, what);
  for (const [a, b] of [
    [ours.weights, theirs.weights],
    [ours.intercepts, theirs.intercepts],
  ]) {
    a.forEach((w, at) => {
      assert.ok(Math.abs(w - b[at]) <= most, `${what}, ${at}: ${w}, ${b[at]}`);
    });
  }
  ours.importances.forEach((worth, at) => {
    const other = theirs.importances[at];
    assert.ok(Math.abs(worth - other) <= 1e-8 * Math.max(1e-3, other), `${what}: ${worth}, ${other}`);
  });
  assert.ok(!ours.pruning.warnings!.some(({ code }) => code === "sampled"), what);
  const losses = [ours, theirs].map(({ pruning }) => pruning.rounds!.map(({ logLoss }) => logLoss));
  losses[0].forEach((loss, r) => {
    assert.ok(Math.abs(loss - losses[1][r]) <= 1e-8, `${what}, round ${r}: ${loss}, ${losses[1][r]}`);
  });
}

/** Refits end at a gap of 1e-8 of the objective, which the ridge turns into a distance. */
function refitted(ours: PrunedModel, theirs: PrunedModel, what: string): void {
  assert.deepEqual(ours.mask, theirs.mask, what);
  const apart = Math.hypot(...ours.weights.map((w, at) => w - theirs.weights[at]));
  assert.ok(apart <= Math.sqrt((4 * 1e-8) / 1e-3), `${what}: ${apart}`);
}

const judged: readonly Omit<PruneOptions, "data">[] = [
  { strategy: "magnitude", keep: 6 },
  { strategy: "gradient", keep: 6 },
  { strategy: "taylor", keep: 6 },
  { strategy: "taylor", order: 1, keep: 6 },
  { strategy: "obs", keep: 6 },
  { strategy: "obs", scope: "feature", keep: 4 },
];

test("beyond memory every strategy that sums over rows leaves what it leaves in memory, by all rows", async () => {
  for (const { name, table, data, model } of cases) {
    for (const options of judged) {
      const what = `${name}: ${JSON.stringify(options)}`;
      same(await table.prune(model, options), await prune(model, { ...options, data }), 1e-8, what);
    }
  }
});

test("beyond memory refits, rounds, exchanges and budgets of loss are by all rows", async () => {
  for (const { name, table, data, model } of cases) {
    for (const options of [
      { strategy: "obs", keep: 5, refit: true },
      { strategy: "taylor", keep: 6, schedule: "cubic", rounds: 3, refit: true },
      { strategy: "magnitude", maxLogLossIncrease: 0.02, refit: true },
      { strategy: "l2", keep: 4, decay: 0.1 },
    ] as const) {
      const what = `${name}: ${JSON.stringify(options)}`;
      const [ours, theirs] = [await table.prune(model, options), await prune(model, { ...options, data })];
      refitted(ours, theirs, what);
      const [a, b] = [ours, theirs].map(({ pruning }) => pruning.rounds!.at(-1)!.logLoss);
      assert.ok(Math.abs(a - b) <= 1e-6, `${what}: ${a}, ${b}`);
    }
  }
});

test("beyond memory the best subset is that of all rows", async () => {
  for (const { name, table, data, model } of cases) {
    for (const options of [
      { strategy: "bestSubset", keep: 5 },
      { strategy: "bestSubset", sparsity: 0.7, refit: true },
    ] as const) {
      const what = `${name}: ${JSON.stringify(options)}`;
      const [ours, theirs] = [await table.prune(model, options), await prune(model, { ...options, data })];
      refitted(ours, theirs, what);
      assert.ok(!ours.pruning.warnings!.some(({ code }) => code === "sampled"), what);
    }
  }
});

test("beyond memory the path of l1 is by all rows, to the tolerance of its fits", async () => {
  for (const { name, table, data, model } of cases) {
    const options = { strategy: "l1", l1: "path", keep: 5 } as const;
    const [ours, theirs] = [await table.prune(model, options), await prune(model, { ...options, data })];
    assert.deepEqual(ours.mask, theirs.mask, name);
    assert.ok(!ours.pruning.warnings!.some(({ code }) => code === "sampled"), name);
    // Fits end at 1e-4 of the objective, so that the strength at which the last weight is in is another one next to it.
    ours.weights.forEach((w, at) => {
      assert.ok(Math.abs(w - theirs.weights[at]) < 0.02, `${name}, ${at}: ${w}, ${theirs.weights[at]}`);
    });
    const multiclass = model.link === "ovr" ? "ovr" : "softmax";
    for (const [at, on] of ours.mask.entries()) {
      if (on === 0) continue;
      // Strengths of the path lie a tenth apart.
      for (const [share, enters] of [
        [1.15, false],
        [0.85, true],
      ] as const) {
        const lambda = share * ours.importances[at];
        const fit = { penalty: "l1", lambda, tolerance: 1e-12, multiclass } as const;
        const { weights } = await new LogisticRegression(fit).fit(data);
        assert.equal(weights[at] !== 0, enters, `${name}, ${at} at ${share} of ${ours.importances[at]}`);
      }
    }
    for (const own of [
      { keep: 6, refit: true },
      { maxLogLossIncrease: 0.02, refit: true },
    ]) {
      const pruned = { ...options, keep: undefined, ...own };
      const [a, b] = [await table.prune(model, pruned), await prune(model, { ...pruned, data })];
      assert.equal(a.nonzeros, b.nonzeros, name);
      const losses = [a, b].map(({ pruning }) => pruning.rounds!.at(-1)!.logLoss);
      assert.ok(Math.abs(losses[0] - losses[1]) < 1e-3, `${name}: ${losses}`);
    }
  }
});

test("beyond memory a path stays within the bounds of the model", async () => {
  for (const { name, table, data } of cases) {
    const multiclass = name.includes("ovr") ? "ovr" : "softmax";
    const bounds = { lower: 0, upper: 0.4 };
    const bounded = await new LogisticRegression({ lambda: 1e-3, bounds, multiclass }).fit(data);
    const options = { strategy: "l1", l1: "path", keep: 4 } as const;
    const [ours, theirs] = [await table.prune(bounded, options), await prune(bounded, { ...options, data })];
    assert.deepEqual(ours.mask, theirs.mask, name);
    assert.ok(
      ours.weights.every((w) => w >= 0 && w <= 0.4),
      name,
    );
    assert.ok(!ours.pruning.warnings!.some(({ code }) => code === "sampled"), name);
  }
});

test("beyond memory a refit's strength is chosen by rows that are held out, and all rows are fitted", async () => {
  const [{ table, data, model }] = cases;
  const lambdas = [1e-4, 1e-2, 1];
  for (const refit of [{ lambda: lambdas }, { lambda: lambdas, folds: 3 }]) {
    const { pruning, mask, weights } = await table.prune(model, { keep: 6, refit, seed: 2 });
    const { tried = [], refitLambda } = pruning;
    assert.deepEqual(
      tried.map(({ lambda }) => lambda),
      lambdas,
    );
    const least = tried.reduce((best, one) => (one.logLoss < best.logLoss ? one : best));
    assert.equal(refitLambda, least.lambda);
    assert.ok(tried[2].logLoss > 1.05 * least.logLoss);
    const again = await prune(model, { keep: 6, data, refit: { lambda: refitLambda! } });
    assert.deepEqual(mask, again.mask);
    weights.forEach((w, at) => {
      assert.ok(Math.abs(w - again.weights[at]) < 1e-3);
    });
  }
});
