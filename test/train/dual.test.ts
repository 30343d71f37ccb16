import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { test } from "node:test";
import fc from "fast-check";
import { LogitpressError } from "../../src/base/errors";
import { Random } from "../../src/base/random";
import { DenseMatrix } from "../../src/matrix/dense";
import { type Matrix, SparseMatrix } from "../../src/matrix/sparse";
import { scalarKernels } from "../../src/simd/registry";
import { Design } from "../../src/train/design";
import { LogisticLoss } from "../../src/train/losses/logistic";
import { monitorOf } from "../../src/train/monitor";
import { L2Penalty } from "../../src/train/penalties/l2";
import { Problem } from "../../src/train/problem";
import { type DualOutcome, dualDescent } from "../../src/train/solvers/dual";
import type { DualTask } from "../../src/train/solvers/dual-task";
import { newton } from "../../src/train/solvers/newton";
import { python, root } from "../python";
import { kinds, randomData, randomMatrix } from "./data";

interface Case {
  readonly features: Matrix;
  readonly labels: Uint32Array;
  readonly shares: Float64Array;
  readonly strengths: Float64Array;
}

interface Fit extends DualOutcome {
  readonly w: Float64Array;
}

const idle = { check() {}, report() {} };

function even(rows: number): Float64Array {
  return new Float64Array(rows).fill(1 / rows);
}

function drawn(
  kind: "dense" | "csr" | "ones",
  rows: number,
  columns: number,
  lambda: number,
  seed = 3,
): Case {
  const { features, labels } = randomData(kind, rows, columns, 2, seed);
  return { features, labels, shares: even(rows), strengths: new Float64Array(columns).fill(lambda) };
}

function fit(
  data: Case,
  {
    tolerance = 1e-10,
    maxIterations = 2000,
    start,
    ...task
  }: Partial<DualTask> & {
    tolerance?: number;
    maxIterations?: number;
    start?: Float64Array;
  } = {},
): Fit {
  const design = Design.of(data.features, data.labels, data.shares);
  const w = design.parameters(1);
  if (start !== undefined) w.set(start);
  const whole = { positive: 1, strengths: data.strengths, fitIntercept: true, seed: 0, ...task };
  const outcome = dualDescent(design, whole, w, { tolerance, maxIterations }, idle);
  return { ...outcome, w: w.slice() };
}

/**
 * The same objective and gap from the parts that Newton's method uses, and Newton's own minimum. The strengths differ
 * by powers of 4, so that scales of 32 bits hold their roots.
 */
async function reference(
  data: Case,
  w?: Float64Array,
  fixed = false,
): Promise<{ objective: number; gap: number }> {
  const design = Design.of(data.features, data.labels, data.shares);
  const frozen = fixed ? new Uint8Array(design.columns + 1).fill(1, design.columns) : null;
  const [first] = data.strengths;
  const scale = Float32Array.from(data.strengths, (strength) => Math.sqrt(first / strength));
  const penalty = new L2Penalty(first, design.columns, 1, scale);
  const problem = new Problem(design, new LogisticLoss(design, 1), penalty, frozen);
  const point = problem.vector();
  if (w === undefined) {
    return await newton.minimise(
      problem,
      point,
      { tolerance: 1e-12, maxIterations: 500 },
      monitorOf({}, "test"),
    );
  }
  point.set(w);
  const g = problem.vector();
  const objective = problem.gradient(point, g);
  return { objective, gap: problem.gap(point, g) };
}

function close(ours: number, theirs: number, tolerance: number, what: string): void {
  const far = Math.abs(ours - theirs);
  assert.ok(far <= tolerance * (1 + Math.abs(theirs)), `${what}: ${ours}, not ${theirs}`);
}

for (const kind of kinds) {
  for (const [rows, columns, lambda] of [
    [40, 300, 0.05],
    [60, 20, 1e-3],
    [30, 500, 1e-5],
  ]) {
    test(`the gap is below the tolerance and Newton agrees: ${kind}, ${rows} x ${columns}, lambda ${lambda}`, async () => {
      const data = drawn(kind, rows, columns, lambda);
      const best = await reference(data);
      for (const tolerance of [1e-3, 1e-6, 1e-10]) {
        const ours = fit(data, { tolerance });
        assert.ok(ours.converged);
        assert.ok(ours.gap <= tolerance * ours.objective, `gap ${ours.gap}`);
        assert.ok(ours.objective - best.objective <= ours.gap + 1e-13, "the gap is no bound");
        assert.ok(ours.objective - best.objective >= -1e-11, "below the minimum");
        close((await reference(data, ours.w)).objective, ours.objective, 1e-7, "objective");
      }
      close(fit(data).objective, best.objective, 1e-8, "minimum");
    });
  }
}

test("WebAssembly and the scalar twin find the same", () => {
  const data = drawn("csr", 30, 80, 0.01);
  const design = Design.of(data.features, data.labels, data.shares, scalarKernels);
  const w = design.parameters(1);
  const task = { positive: 1, strengths: data.strengths, fitIntercept: true, seed: 0 };
  dualDescent(design, task, w, { tolerance: 1e-12, maxIterations: 500 }, idle);
  fit(data, { tolerance: 1e-12 }).w.forEach((x, j) => {
    close(x, w[j], 1e-6, `weight ${j}`);
  });
});

test("weights and intercept are scikit-learn's", () => {
  const lambda = 0.01;
  const data = drawn("dense", 50, 120, lambda);
  const input = JSON.stringify({
    rows: 50,
    columns: 120,
    x: Array.from(data.features.values!),
    y: Array.from(data.labels),
    weights: null,
    lambda,
    multiclass: "softmax",
  });
  const script = join(root, "test", "train", "reference.py");
  const { status, stdout, stderr } = spawnSync(python, [script], { input, encoding: "utf8" });
  assert.equal(status, 0, stderr);
  const theirs = JSON.parse(stdout) as { weights: number[]; intercepts: number[] };
  const { w } = fit(data, { tolerance: 1e-12 });
  [...theirs.weights, ...theirs.intercepts].forEach((x, j) => {
    close(w[j], x, 1e-6, `parameter ${j}`);
  });
});

test("the proven gap holds after any number of epochs, for any shares and strengths", async () => {
  const cases = fc.record({
    kind: fc.constantFrom(...kinds),
    rows: fc.integer({ min: 2, max: 25 }),
    columns: fc.integer({ min: 1, max: 40 }),
    epochs: fc.integer({ min: 0, max: 6 }),
    spread: fc.integer({ min: 0, max: 6 }),
    seed: fc.integer({ min: 0, max: 1000 }),
  });
  await fc.assert(
    fc.asyncProperty(cases, async ({ kind, rows, columns, epochs, spread, seed }) => {
      const random = new Random(seed);
      const { features, labels } = randomData(kind, rows, columns, 2, seed);
      const weights = Float64Array.from({ length: rows }, () => 10 ** (spread * (random.uniform() - 0.5)));
      const total = weights.reduce((sum, x) => sum + x, 0);
      const strengths = Float64Array.from(
        { length: columns },
        () => 10 ** (spread * (random.uniform() - 0.8)),
      );
      const data = { features, labels, shares: weights.map((x) => x / total), strengths };
      const ours = fit(data, { maxIterations: epochs, seed });
      const best = (await reference(data)).objective;
      assert.ok(
        ours.objective - best <= ours.gap + 1e-6 * best,
        `${ours.objective - best} above ${ours.gap}`,
      );
      assert.equal(ours.converged, ours.gap <= 1e-10 * ours.objective);
      const long = fit(data, { tolerance: 1e-8, maxIterations: 20_000, seed });
      assert.ok(long.converged, `gap ${long.gap / long.objective} after ${long.history.length} epochs`);
    }),
    { numRuns: 60, seed: 1 },
  );
});

test("a row twice is a row of twice the share", () => {
  const data = drawn("csr", 30, 60, 0.01);
  const rows = Array.from({ length: 40 }, (_, k) => k % 30);
  const twice: Case = {
    ...data,
    features: data.features.take(rows),
    labels: Uint32Array.from(rows, (i) => data.labels[i]),
    shares: even(40),
  };
  const shares = Float64Array.from({ length: 30 }, (_, i) => (i < 10 ? 2 : 1) / 40);
  const ours = fit({ ...data, shares }, { tolerance: 1e-12 });
  const theirs = fit(twice, { tolerance: 1e-12 });
  close(ours.objective, theirs.objective, 1e-11, "objective");
  ours.w.forEach((x, j) => {
    close(x, theirs.w[j], 1e-5, `parameter ${j}`);
  });
});

test("a row of share 0 does not count", () => {
  const data = drawn("dense", 30, 50, 0.01);
  const without = { ...data, features: data.features.take(Array.from({ length: 28 }, (_, i) => i)) };
  const theirs = fit({ ...without, labels: data.labels.slice(0, 28), shares: even(28) });
  const shares = Float64Array.from({ length: 30 }, (_, i) => (i < 28 ? 1 / 28 : 0));
  const ours = fit({ ...data, shares });
  close(ours.objective, theirs.objective, 1e-9, "objective");
  ours.w.forEach((x, j) => {
    close(x, theirs.w[j], 1e-4, `parameter ${j}`);
  });
});

test("one row a class", async () => {
  for (const kind of kinds) {
    const features = randomMatrix(kind, 2, 30, new Random(4));
    const data = { features, labels: Uint32Array.of(0, 1), shares: even(2), strengths: even(30) };
    const ours = fit(data);
    assert.ok(ours.converged);
    close(ours.objective, (await reference(data)).objective, 1e-8, "objective");
  }
});

test("separable rows with next to no penalty", async () => {
  const features = new DenseMatrix(4, 1, Float32Array.of(-2, -1, 1, 2));
  for (const lambda of [1e-2, 1e-5, 1e-8]) {
    const strengths = Float64Array.of(lambda);
    const data = { features, labels: Uint32Array.of(0, 0, 1, 1), shares: even(4), strengths };
    const ours = fit(data, { tolerance: 1e-6, maxIterations: 20_000 });
    assert.ok(ours.converged, `gap ${ours.gap / ours.objective}`);
    const best = (await reference(data)).objective;
    assert.ok(ours.objective - best <= 1e-6 * best + 1e-15, `lambda ${lambda}`);
  }
});

test("strengths of very different size, an infinite one among them", async () => {
  const data = drawn("csr", 40, 90, 1);
  const strengths = data.strengths.map((_, j) => 2 ** (2 * ((j % 27) - 13)));
  const ours = fit({ ...data, strengths }, { tolerance: 1e-9, maxIterations: 20_000 });
  assert.ok(ours.converged, `gap ${ours.gap / ours.objective}`);
  close(ours.objective, (await reference({ ...data, strengths })).objective, 1e-8, "objective");
  const some = data.strengths.map((_, j) => (j < 60 ? 0.01 : Number.POSITIVE_INFINITY));
  const frozen = fit({ ...data, strengths: some });
  assert.ok(frozen.converged);
  assert.ok(frozen.w.subarray(60, 90).every((x) => x === 0));
  const weak = fit({ ...data, strengths: some.map((x) => Math.min(x, 1e14)) });
  close(frozen.objective, weak.objective, 1e-8, "limit of great strengths");
});

test("margins of a million", async () => {
  const labels = Uint32Array.of(1, 0, 0, 1);
  const own = [0, 1, 2, 3].map((i): [number, number][] => [
    [i, i % 2 === 0 ? 1e6 : -1e6],
    [4, i + 1],
  ]);
  const data = { features: SparseMatrix.fromRows(own, 5), labels, shares: even(4), strengths: even(5) };
  const far = fit(data, { start: Float64Array.of(1, 1, 1, 1, 0, 0) });
  close(far.history[0].objective, 0.5e6 + 0.4, 1e-9, "objective at the start");
  for (const ours of [fit(data), far]) {
    assert.ok(ours.converged && ours.w.every(Number.isFinite), `gap ${ours.gap}`);
    close(ours.objective, (await reference(data)).objective, 1e-8, "objective");
  }
});

test("rows all but parallel at a scale of a million are slow, and the gap says so", async () => {
  const rows = [0, 1, 2, 3].map((i): [number, number][] => [
    [0, i % 2 === 0 ? 1e6 : -1e6],
    [1, [0, 1, 1, 3][i]],
  ]);
  const labels = Uint32Array.of(1, 0, 0, 1);
  const data = { features: SparseMatrix.fromRows(rows, 2), labels, shares: even(4), strengths: even(2) };
  const ours = fit(data, { maxIterations: 200 });
  assert.ok(!ours.converged && Number.isFinite(ours.gap) && ours.w.every(Number.isFinite));
  assert.ok(ours.objective - (await reference(data)).objective <= ours.gap);
});

test("the order of the rows and the seed do not matter, and the same input gives the same bits", () => {
  const data = drawn("csr", 40, 100, 0.01);
  const order = new Random(8).shuffle(Array.from({ length: 40 }, (_, i) => i));
  const ours = fit(data, { tolerance: 1e-12 });
  const moved = { ...data, features: data.features.take(order) };
  for (const other of [
    fit({ ...moved, labels: Uint32Array.from(order, (i) => data.labels[i]) }, { tolerance: 1e-12 }),
    fit(data, { tolerance: 1e-12, seed: 77 }),
  ]) {
    close(other.objective, ours.objective, 1e-11, "objective");
    ours.w.forEach((x, j) => {
      close(other.w[j], x, 1e-5, `parameter ${j}`);
    });
  }
  const again = fit(data, { tolerance: 1e-12 });
  assert.deepEqual(again.w, ours.w);
  assert.deepEqual([again.gap, again.passes], [ours.gap, ours.passes]);
});

test("a fixed intercept keeps its value", async () => {
  const data = drawn("dense", 30, 50, 0.01);
  const start = new Float64Array(51);
  start[50] = 0.25;
  const ours = fit(data, { fitIntercept: false, start });
  assert.ok(ours.converged);
  assert.equal(ours.w[50], 0.25);
  assert.ok(ours.objective > fit(data).objective);
  const none = fit(data, { fitIntercept: false });
  close(none.objective, (await reference(data, undefined, true)).objective, 1e-9, "objective");
});

test("a start at the solution ends after one epoch, one at another strength starts ahead of zero", () => {
  const data = drawn("csr", 60, 400, 0.01);
  const first = fit(data, { tolerance: 1e-12 });
  const again = fit(data, { tolerance: 1e-8, start: first.w });
  assert.equal(again.history.length, 2);
  close(again.history[0].objective, first.objective, 1e-12, "objective at the start");
  const heavier = { ...data, strengths: data.strengths.map((x) => 1.5 * x) };
  const lighter = { ...data, strengths: data.strengths.map((x) => x / 1.5) };
  for (const other of [heavier, lighter]) {
    const cold = fit(other, { maxIterations: 2 });
    const warm = fit(other, { maxIterations: 2, start: first.w });
    assert.ok(warm.gap < cold.gap, `${warm.gap}, cold ${cold.gap}`);
    close(fit(other, { start: first.w }).objective, fit(other).objective, 1e-9, "objective");
  }
});

test("history, passes and the report tell what was done", () => {
  const data = drawn("csr", 60, 400, 0.01);
  const ours = fit(data, { tolerance: 1e-6 });
  const epochs = ours.history.length - 1;
  assert.ok(ours.passes >= epochs + 0.5 && ours.passes <= 2 * epochs + 1, `${ours.passes} of ${epochs}`);
  ours.history.forEach((step, k) => {
    assert.equal(step.iteration, k);
    assert.ok(step.violation >= 0 && Number.isFinite(step.violation), `${step.violation}`);
    assert.ok(k === 0 || step.seconds >= ours.history[k - 1].seconds);
  });
  close(ours.history[0].objective, Math.log(2), 1e-12, "objective at zero");
  assert.equal(ours.history[epochs].objective, ours.objective);
  assert.equal(ours.history[epochs].violation, ours.violation);
  const short = fit(data, { maxIterations: 1 });
  assert.ok(!short.converged && short.gap > 0 && short.history.length === 2);
});

test("what has no dual is refused, and the pace can stop a fit", () => {
  const data = drawn("dense", 6, 3, 0.1);
  for (const strengths of [Float64Array.of(1, 0, 1), Float64Array.of(1, Number.NaN, 1), Float64Array.of(1)]) {
    assert.throws(
      () => fit({ ...data, strengths }),
      (error: unknown) => error instanceof LogitpressError && error.code === "invalid-option",
    );
  }
  const design = Design.of(data.features, data.labels, data.shares);
  const task = { positive: 1, strengths: data.strengths, fitIntercept: true, seed: 0 };
  const stop = { tolerance: 1e-6, maxIterations: 5 };
  const check = () => {
    throw new RangeError("stop");
  };
  assert.throws(() => dualDescent(design, task, design.parameters(1), stop, { ...idle, check }), RangeError);
});
