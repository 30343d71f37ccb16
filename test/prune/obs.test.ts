import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { test } from "node:test";
import { Random } from "../../src/base/random";
import { Dataset } from "../../src/matrix/dataset";
import { DenseMatrix } from "../../src/matrix/dense";
import type { LinearModel, LinearScorer } from "../../src/model/linear";
import { meanLogLoss } from "../../src/model/log-loss";
import { warningText } from "../../src/model/warning";
import { invert } from "../../src/prune/obs/invert";
import type { PruneOptions } from "../../src/prune/options";
import { prune } from "../../src/prune/prune";
import { loadKernels } from "../../src/simd/load";
import { Arena } from "../../src/simd/memory";
import { Pace } from "../../src/train/pace";
import { sharesOf } from "../../src/train/shares";
import { python, root } from "../python";
import { fitted, problem } from "./problems";

interface Reference {
  /** Weights, then intercepts. */
  readonly weights: number[];
  readonly total: number;
  readonly order: number[];
}

function numpy(model: LinearModel, data: Dataset, units: number[][], remove: number): Reference {
  const { features } = data;
  const input = JSON.stringify({
    rows: data.rows,
    columns: data.columns,
    outputs: model.outputs,
    link: model.link,
    lambda: model.lambda,
    x: Array.from(features.kind === "dense" ? features.values : features.toDense().values),
    weights: Array.from(model.weights),
    intercepts: Array.from(model.intercepts),
    shares: Array.from(sharesOf(data, null)),
    scale: Array.from(data.scale ?? new Float32Array(data.columns).fill(1)),
    units,
    remove,
  });
  const script = join(root, "test", "prune", "obs.py");
  const { status, stdout, stderr, error } = spawnSync(python, [script], { input, encoding: "utf8" });
  assert.equal(status, 0, `numpy did not run: ${stderr || error?.message}`);
  return JSON.parse(stdout) as Reference;
}

function close(ours: ArrayLike<number>, theirs: ArrayLike<number>, tolerance: number): void {
  assert.equal(ours.length, theirs.length);
  for (let i = 0; i < theirs.length; i++) {
    assert.ok(Math.abs(ours[i] - theirs[i]) <= tolerance, `at ${i}: ours ${ours[i]}, theirs ${theirs[i]}`);
  }
}

/** Mean log-loss plus penalty; of sigmoids the sum over the classes. */
function objective(model: LinearScorer, data: Dataset, lambda: number): number {
  const { weights, outputs, scale } = model;
  const penalty = weights.reduce(
    (sum, w, at) => sum + (w / (scale?.[Math.floor(at / outputs)] ?? 1)) ** 2,
    0,
  );
  return meanLogLoss(model, data) + (lambda / 2) * penalty;
}

for (const [kind, classes, multiclass, columns] of [
  ["dense", 2, "softmax", 24],
  ["csr", 2, "softmax", 30],
  ["ones", 3, "softmax", 12],
  ["dense", 4, "softmax", 8],
  ["dense", 3, "ovr", 10],
] as const) {
  test(`obs agrees with numpy, step by step: ${classes} classes, ${multiclass}, ${kind}`, async () => {
    const data = problem(kind, 150, columns, classes, columns);
    const model = await fitted(data, multiclass);
    const all = model.weights.length;
    const units = Array.from({ length: all }, (_, at) => [at]);
    for (const keep of [all - 1, Math.ceil(all / 2), 3]) {
      const theirs = numpy(model, data, units, all - keep);
      const ours = await prune(model, { strategy: "obs", keep, data, obs: { block: 1 } });
      close([...ours.weights, ...ours.intercepts], theirs.weights, 1e-5);
      assert.ok(Math.abs(ours.pruning.predicted! - theirs.total) <= 1e-6 * (1 + theirs.total));
      const order = theirs.order.map((at) => ours.importances[at]);
      assert.deepEqual(
        order,
        [...order].sort((a, b) => a - b),
      );
      assert.equal(ours.nonzeros, keep);
    }
  });
}

for (const [classes, multiclass] of [
  [4, "softmax"],
  [3, "ovr"],
] as const) {
  test(`obs takes out whole features as numpy does: ${multiclass}`, async () => {
    const data = problem("dense", 150, 9, classes, 4);
    const model = await fitted(data, multiclass);
    const K = model.outputs;
    const units = Array.from({ length: 9 }, (_, j) => Array.from({ length: K }, (_, k) => j * K + k));
    const theirs = numpy(model, data, units, 6);
    const ours = await prune(model, { strategy: "obs", keep: 3, scope: "feature", data, obs: { block: 1 } });
    close([...ours.weights, ...ours.intercepts], theirs.weights, 1e-5);
    assert.equal(ours.removedFeatures().length, 6);
  });
}

test("a block's update is that of one after another", async () => {
  const data = problem("dense", 400, 150, 2, 7);
  const model = await fitted(data);
  for (const block of [5, 64]) {
    const together = await prune(model, { strategy: "obs", keep: 40, data, obs: { block } });
    const units = Array.from(model.weights.keys()).filter((at) => together.mask[at] === 0);
    const rest = numpy(model, data, [units], 1);
    close([...together.weights, ...together.intercepts], rest.weights, 1e-6);
    assert.ok(Math.abs(together.pruning.predicted! - rest.total) < 1e-8);
    const single = await prune(model, { strategy: "obs", keep: 40, data, obs: { block: 1 } });
    assert.ok(together.pruning.predicted! <= 1.1 * single.pruning.predicted!);
  }
});

test("what obs predicts of one weight is what a fit without it finds", async () => {
  const data = problem("dense", 300, 12, 2, 3);
  const model = await fitted(data);
  const before = objective(model, data, 0.01);
  const pruned = await prune(model, { strategy: "obs", keep: 11, data });
  const refitted = await prune(model, { strategy: "obs", keep: 11, data, refit: true });
  const rise = objective(refitted, data, 0.01) - before;
  assert.ok(Math.abs(pruned.pruning.predicted! - rise) < 0.1 * rise, `${pruned.pruning.predicted} ${rise}`);
  const moved = objective(pruned, data, 0.01) - before;
  const bare = await prune(model, { keep: 11, data });
  assert.ok(moved >= rise - 1e-9 && moved < objective(bare, data, 0.01) - before);
});

for (const [classes, multiclass] of [
  [2, "softmax"],
  [3, "softmax"],
  [3, "ovr"],
] as const) {
  test(`beyond what an inverse can hold, weights go in rounds: ${classes} classes, ${multiclass}`, async () => {
    const data = problem("csr", 300, 60, classes, 11);
    const model = await fitted(data, multiclass);
    const all = model.weights.length;
    // One round of all that goes: survivors stand where numpy puts them for the same set.
    const keep = Math.ceil(0.8 * all);
    const round = await prune(model, { strategy: "obs", keep, data, obs: { dense: 16 } });
    const gone = Array.from(model.weights.keys()).filter((at) => round.mask[at] === 0);
    const theirs = numpy(model, data, [gone], 1);
    close([...round.weights, ...round.intercepts], theirs.weights, 1e-5);
    assert.ok(Math.abs(round.pruning.predicted! - theirs.total) < 1e-6);
    const few = Math.ceil(all / 10);
    const refit = { data, refit: true, strategy: "obs" } as const;
    const rounds = await prune(model, { ...refit, keep: few, obs: { dense: 40 } });
    const dense = await prune(model, { ...refit, keep: few });
    const random = await prune(model, { keep: few, data, refit: true, strategy: "random" });
    const [a, b, c] = [rounds, dense, random].map((m) => meanLogLoss(m, data));
    assert.equal(rounds.nonzeros, few);
    assert.ok(a < b + 0.3 * (c - b), `rounds ${a}, dense ${b}, random ${c}`);
  });
}

test("a singular Hessian gets a ridge: of two equal columns one takes the weight of both, and a warning says so", async () => {
  const base = problem("dense", 120, 3, 2, 5);
  const values = (base.features as DenseMatrix).values;
  const twice = new Float32Array(120 * 4);
  for (let i = 0; i < 120; i++) twice.set([...values.subarray(3 * i, 3 * i + 3), values[3 * i]], 4 * i);
  const labels = Array.from(base.labels);
  const data = Dataset.from({ features: new DenseMatrix(120, 4, twice), labels });
  const model = await fitted(data, "softmax", 1e-9);
  const pruned = await prune(model, { strategy: "obs", keep: 3, data, lambda: 0 });
  const gone = pruned.mask.indexOf(0);
  assert.ok(gone === 0 || gone === 3);
  const sum = model.weights[0] + model.weights[3];
  assert.ok(Math.abs(pruned.weights[3 - gone] - sum) < 1e-3 * Math.abs(sum));
  assert.match(pruned.pruning.warnings!.map(warningText).join(), /Hessian is singular.*Raise lambda/);
});

test("obs keeps to classes, patterns, thresholds and protected features", async () => {
  const data = problem("dense", 200, 12, 3, 8);
  const model = await fitted(data);
  const count = (m: { mask: Uint8Array }, k: number) =>
    m.mask.filter((on, at) => on === 1 && at % 3 === k).length;
  const byClass = await prune(model, { strategy: "obs", keep: 4, scope: "class", data });
  assert.deepEqual(
    [0, 1, 2].map((k) => count(byClass, k)),
    [4, 4, 4],
  );
  const pattern = await prune(model, { strategy: "obs", pattern: [1, 4], data });
  for (let k = 0; k < 3; k++) {
    for (let from = 0; from < 12; from += 4) {
      const own = [0, 1, 2, 3].reduce((sum, j) => sum + pattern.mask[(from + j) * 3 + k], 0);
      assert.equal(own, 1);
    }
  }
  const limit = await prune(model, { strategy: "obs", threshold: 0.01, data });
  assert.ok(limit.pruning.predicted! <= 0.01 && limit.pruning.removed > 0);
  const guarded = await prune(model, { strategy: "obs", keep: 6, data, protect: ["x11"] });
  assert.deepEqual([...guarded.mask.subarray(33, 36)], [1, 1, 1]);
  assert.equal(guarded.nonzeros, 6);
});

test("where nothing is to go, obs judges what stays; margins that are not finite are refused", async () => {
  const data = problem("dense", 120, 6, 2, 5);
  const model = await fitted(data);
  const whole = await prune(model, { strategy: "obs", sparsity: 0, data });
  assert.deepEqual([...whole.weights], [...model.weights]);
  for (let at = 0; at < 6; at++) {
    const { total } = numpy(model, data, [[at]], 1);
    assert.ok(Math.abs(whole.importances[at] - total) < 1e-8 + 1e-4 * total);
  }
  const weights = Float64Array.of(1e308, -1e308, 1e308, -1e308, 1e308, -1e308);
  const broken = Object.assign(Object.create(Object.getPrototypeOf(model)), model, { weights });
  await assert.rejects(prune(broken, { strategy: "obs", keep: 2, data }), { code: "invalid-model" });
});

test("obs gives the same bits again", async () => {
  const data = problem("dense", 300, 80, 2, 9);
  const model = await fitted(data);
  const options: PruneOptions = { strategy: "obs", keep: 9, data, obs: { dense: 40 } };
  const [a, b] = [await prune(model, options), await prune(model, options)];
  assert.deepEqual([...a.weights], [...b.weights]);
  assert.deepEqual([...a.importances], [...b.importances]);
});

test("the sweep inverts, whatever the number of blocks, and says where it can't", async () => {
  for (const n of [1, 2, 63, 64, 65, 150]) {
    const arena = new Arena();
    const kernels = loadKernels(arena.memory);
    const random = new Random(n);
    const B = Float64Array.from({ length: n * n }, () => random.normal());
    const H = new Float64Array(n * n);
    for (let i = 0; i < n; i++) {
      for (let j = 0; j < n; j++) {
        for (let k = 0; k < n; k++) H[i * n + j] += (B[i * n + k] * B[j * n + k]) / n;
      }
      H[i * n + i] += 1;
    }
    const A = arena.floats(n * n);
    A.set(H);
    assert.equal(await invert(A, n, 1e-12, kernels, arena, new Pace({}, "test")), n);
    for (let i = 0; i < n; i++) {
      for (let j = 0; j < n; j++) {
        let sum = 0;
        for (let k = 0; k < n; k++) sum += H[i * n + k] * (k >= j ? A[k * n + j] : A[j * n + k]);
        assert.ok(Math.abs(sum - Number(i === j)) < 1e-10, `${n}: ${i}, ${j}: ${sum}`);
      }
    }
    A.fill(1);
    const failed = await invert(A, n, 1e-12, kernels, arena, new Pace({}, "test"));
    assert.equal(failed, 1);
  }
});
