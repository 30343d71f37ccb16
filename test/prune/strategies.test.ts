import assert from "node:assert/strict";
import { test } from "node:test";
import type { Dataset } from "../../src/matrix/dataset";
import type { LinearModel, LinearScorer } from "../../src/model/linear";
import { meanLogLoss } from "../../src/model/log-loss";
import { subsetOf } from "../../src/prune/best-subset";
import { partsOf } from "../../src/prune/cut";
import { lossGradient } from "../../src/prune/gradient";
import { prune } from "../../src/prune/prune";
import { Candidate } from "../../src/prune/repair";
import { memoryRows } from "../../src/prune/rows";
import { LogisticRegression } from "../../src/train/logistic-regression";
import { fitted, problem } from "./problems";

/** The model without one of its weights. */
function without(model: LinearModel, at: number): Candidate {
  const weights = model.weights.slice();
  weights[at] = 0;
  return new Candidate({ ...partsOf(model), weights });
}

/** Mean log-loss plus penalty. */
function objective(model: LinearScorer, data: Dataset, lambda: number): number {
  const { weights, outputs, scale } = model;
  const norm = weights.reduce((sum, w, at) => sum + (w / (scale?.[Math.floor(at / outputs)] ?? 1)) ** 2, 0);
  return meanLogLoss(model, data) + (lambda / 2) * norm;
}

for (const classes of [2, 3]) {
  test(`taylor of second order is the change of the loss for small weights: ${classes} classes`, async () => {
    const data = problem("csr", 200, 12, classes, 3);
    const full = await fitted(data);
    // With weights this small the series is the loss.
    const small = full.weights.map((w) => w / 100);
    const model = Object.assign(Object.create(Object.getPrototypeOf(full)), full, { weights: small });
    const { importances } = await prune(model, { strategy: "taylor", sparsity: 0, data });
    const before = meanLogLoss(model, data);
    for (let at = 0; at < small.length; at++) {
      const change = meanLogLoss(without(model, at), data) - before;
      if (change > 0) assert.ok(Math.abs(importances[at] - change) < 1e-3 * change, `${at}`);
      else assert.ok(importances[at] < 1e-9);
    }
    const first = await prune(model, { strategy: "taylor", order: 1, sparsity: 0, data });
    const gradient = await prune(model, { strategy: "gradient", sparsity: 0, data });
    assert.ok(first.importances.every((worth, at) => worth >= gradient.importances[at] - 1e-15));
    // Row by row: without the signs, by which the sum over rows is next to nothing at an optimum.
    const mass = data.weights?.reduce((sum, w) => sum + w, 0) ?? data.rows;
    const perRow = new Float64Array(small.length);
    for (let i = 0; i < data.rows; i++) {
      lossGradient(model, data.take([i])).forEach((slope, at) => {
        perRow[at] += ((data.weights?.[i] ?? 1) / mass) * Math.abs(slope * small[at]);
      });
    }
    first.importances.forEach((worth, at) => {
      assert.ok(Math.abs(worth - perRow[at]) <= 1e-9 * worth, `${worth} and ${perRow[at]}`);
    });
  });
}

test("a threshold leaves what is worth more, and every strategy gives the same bits again", async () => {
  const data = problem("dense", 120, 10, 3, 14);
  const model = await fitted(data);
  for (const strategy of ["magnitude", "gradient", "taylor", "random"] as const) {
    const { importances } = await prune(model, { strategy, sparsity: 0, data });
    const threshold = importances.slice().sort()[12];
    const { mask } = await prune(model, { strategy, threshold, data });
    assert.deepEqual(
      [...mask],
      Array.from(importances, (worth) => Number(worth > threshold)),
      strategy,
    );
  }
  for (const strategy of [
    "magnitude",
    "l1",
    "l2",
    "gradient",
    "taylor",
    "obs",
    "bestSubset",
    "random",
  ] as const) {
    const options = { strategy, scope: "global", keep: 9, data, refit: true, seed: 5 } as const;
    const [once, twice] = [await prune(model, options), await prune(model, options)];
    assert.deepEqual([twice.weights, twice.intercepts], [once.weights, once.intercepts], strategy);
    assert.deepEqual([twice.mask, twice.importances], [once.mask, once.importances], strategy);
  }
});

test("random pruning is of its seed alone, and keeps what it would keep of more", async () => {
  const model = await fitted(problem("dense", 100, 30, 2, 4));
  const kept = async (keep: number, seed: number) =>
    [...(await prune(model, { strategy: "random", keep, seed })).mask].flatMap((on, at) => (on ? [at] : []));
  assert.deepEqual(await kept(10, 1), await kept(10, 1));
  assert.notDeepEqual(await kept(10, 1), await kept(10, 2));
  const ten = new Set(await kept(10, 1));
  assert.ok((await kept(4, 1)).every((at) => ten.has(at)));
});

test("l1 by its path keeps as many as asked, those of an L1 fit, shrunk as there", async () => {
  for (const classes of [2, 3]) {
    const data = problem("dense", 150, 20, classes, 5);
    const model = await fitted(data);
    for (const keep of [1, 5, 12]) {
      const pruned = await prune(model, { strategy: "l1", l1: "path", keep, data });
      assert.equal(pruned.nonzeros, keep);
      const exact = await prune(model, { strategy: "l1", l1: "path", keep, data, refit: true });
      assert.deepEqual([...exact.mask], [...pruned.mask]);
      assert.ok(meanLogLoss(exact, data) < meanLogLoss(pruned, data));
    }
    // Some strength between gives just these weights, where as many enter at once.
    const lambdas = Array.from({ length: 200 }, (_, i) => 0.3 * 0.98 ** i);
    const fits = await Promise.all(
      lambdas.map((lambda) => new LogisticRegression({ penalty: "l1", lambda, tolerance: 1e-8 }).fit(data)),
    );
    const five = fits.find((fit) => fit.nonzeros === 5);
    if (five === undefined) continue;
    const pruned = await prune(model, { strategy: "l1", l1: "path", keep: 5, data });
    const same = pruned.mask.filter((on, at) => on === 1 && five.weights[at] !== 0).length;
    assert.ok(same >= 4, `${same} of 5`);
  }
});

test("decay judges by the weights of a stronger penalty", async () => {
  const data = problem("dense", 150, 10, 3, 6);
  const model = await fitted(data);
  const strong = await fitted(data, "softmax", 1);
  const decayed = await prune(model, { strategy: "l2", decay: 1, keep: 4, data });
  const direct = await prune(strong, { strategy: "l2", keep: 4 });
  assert.deepEqual([...decayed.mask], [...direct.mask]);
  const single = await prune(model, { strategy: "l2", decay: 1, keep: 7, scope: "global", data });
  assert.deepEqual([...single.mask], [...(await prune(strong, { keep: 7 })).mask]);
  assert.equal(single.weights[single.mask.indexOf(1)], model.weights[single.mask.indexOf(1)]);
});

/** All sets of `count` of `n` things. */
function* subsets(n: number, count: number, from = 0): Generator<number[]> {
  if (count === 0) yield [];
  for (let i = from; count > 0 && i <= n - count; i++) {
    for (const rest of subsets(n, count - 1, i + 1)) yield [i, ...rest];
  }
}

test("bestSubset is never worse than another strategy and mostly the best of all sets", async () => {
  const lambda = 0.01;
  let best = 0;
  const seeds = [1, 2, 3, 4, 5, 6];
  for (const seed of seeds) {
    const data = problem("dense", 60, 9, 2, seed);
    const model = await fitted(data, "softmax", lambda);
    const found = await prune(model, { strategy: "bestSubset", keep: 3, data });
    const ours = objective(found, data, lambda);
    for (const strategy of ["magnitude", "taylor", "obs", "gradient", "random"] as const) {
      const other = await prune(model, { strategy, keep: 3, data, refit: true });
      assert.ok(ours <= objective(other, data, lambda) + 1e-9, `${strategy}, seed ${seed}`);
    }
    let least = Number.POSITIVE_INFINITY;
    for (const set of subsets(9, 3)) {
      const mask = Uint8Array.from({ length: 9 }, (_, at) => Number(set.includes(at)));
      least = Math.min(least, (await subsetOf(memoryRows(data), partsOf(model), mask, lambda, {})).objective);
    }
    assert.ok(ours >= least - 1e-9);
    best += Number(ours < least + 1e-8);
  }
  assert.ok(best >= seeds.length - 1, `${best} of ${seeds.length} sets are the best of all`);
});

test("options of another strategy, and rows that are missing or of another width, are refused", async () => {
  const data = problem("dense", 60, 6, 2, 12);
  const model = await fitted(data);
  const wrong = [
    { l1: "path" },
    { decay: 1 },
    { order: 1 },
    { obs: {} },
    { rounds: 3 },
    { strategy: "taylor", order: 3 },
    { strategy: "obs", obs: { block: 0 } },
    { strategy: "obs", obs: { dense: 1e6 } },
    { strategy: "obs", obs: { exchanges: -1 } },
    { strategy: "obs", obs: { leastGain: -1 } },
    { strategy: "bestSubset", scope: "class" },
    { strategy: "bestSubset", protect: [0] },
    { schedule: "linear" },
    { schedule: "cubic", rounds: 0 },
    { seed: 0.5 },
    { lambda: -1 },
  ];
  for (const options of wrong) {
    await assert.rejects(prune(model, { keep: 2, data, ...options } as never), { code: "invalid-option" });
  }
  await assert.rejects(prune(model, { keep: 2, data, strategy: "obs", obs: { depth: 1 } } as never), {
    code: "unknown-option",
  });
  for (const strategy of ["taylor", "obs", "bestSubset"] as const) {
    await assert.rejects(prune(model, { keep: 2, strategy }), { code: "missing-option" });
    const other = problem("dense", 60, 5, 2, 12);
    await assert.rejects(prune(model, { keep: 2, strategy, data: other }), { code: "width-mismatch" });
  }
  const unknown = new Candidate(partsOf(model));
  await assert.rejects(prune(unknown, { keep: 2, strategy: "obs", data }), { code: "missing-option" });
  const told = await prune(unknown, { keep: 2, strategy: "obs", data, lambda: 0.01 });
  assert.deepEqual([...told.weights], [...(await prune(model, { keep: 2, strategy: "obs", data })).weights]);
  const stopped = { signal: AbortSignal.abort() };
  await assert.rejects(prune(model, { keep: 2, strategy: "obs", data }, stopped), { code: "cancelled" });
});

test("pruning stops while it computes", async () => {
  const data = problem("dense", 400, 300, 2, 13);
  const model = await fitted(data);
  const stop = new AbortController();
  const onProgress = () => stop.abort();
  for (const obs of [{}, { dense: 40 }]) {
    const running = prune(
      model,
      { keep: 2, strategy: "obs", data, obs },
      { signal: stop.signal, onProgress },
    );
    await assert.rejects(running, { code: "cancelled" });
  }
});
