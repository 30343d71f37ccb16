import assert from "node:assert/strict";
import { test } from "node:test";
import { Random } from "../../../src/base/random";
import { Dataset } from "../../../src/matrix/dataset";
import { DenseMatrix } from "../../../src/matrix/dense";
import { Design } from "../../../src/train/design";
import { LogisticLoss } from "../../../src/train/losses/logistic";
import { SoftmaxLoss } from "../../../src/train/losses/softmax";
import { monitorOf } from "../../../src/train/monitor";
import { L2Penalty } from "../../../src/train/penalties/l2";
import { NoPenalty } from "../../../src/train/penalties/none";
import { Problem } from "../../../src/train/problem";
import { sharesOf } from "../../../src/train/shares";
import { choleskyNewton } from "../../../src/train/solvers/cholesky-newton";
import { lbfgs } from "../../../src/train/solvers/lbfgs";
import { newton } from "../../../src/train/solvers/newton";
import { kinds, randomData } from "../data";

interface Case {
  readonly data: Dataset;
  readonly lambda: number;
  readonly frozen?: Uint8Array;
}

function problemOf({ data, lambda, frozen }: Case): Problem {
  const K = data.classes.length;
  const design = Design.of(data.features, data.labels, sharesOf(data, null));
  const loss = K === 2 ? new LogisticLoss(design, 1) : new SoftmaxLoss(design, K);
  const penalty = lambda > 0 ? new L2Penalty(lambda, data.columns, loss.outputs, null) : new NoPenalty();
  return new Problem(design, loss, penalty, frozen ?? null);
}

const stop = { tolerance: 1e-15, maxIterations: 200 };

function solve(of: Case, solver: typeof choleskyNewton | typeof lbfgs, limits = stop) {
  const problem = problemOf(of);
  const w = problem.vector();
  return { w, problem, outcome: solver.minimise(problem, w, limits, monitorOf({}, "fit")) };
}

/** Takes the mean from the intercepts of softmax, which says nothing. */
function centre(w: Float64Array, { data }: Case): void {
  const K = data.classes.length;
  if (K === 2) return;
  const intercepts = w.subarray(-K);
  const mean = intercepts.reduce((sum, b) => sum + b, 0) / K;
  intercepts.forEach((b, k) => {
    intercepts[k] = b - mean;
  });
}

/** The greatest difference of two tables in units in which each parameter's curvature is that at the optimum. */
async function distance(of: Case, tolerance = 1e-8): Promise<number> {
  assert.ok(solve(of, choleskyNewton, { tolerance, maxIterations: 50 }).outcome.converged);
  const { w, outcome } = solve(of, choleskyNewton, { tolerance: 1e-22, maxIterations: 200 });
  const problem = problemOf(of);
  const v = problem.vector();
  await newton.minimise(problem, v, { tolerance: 1e-22, maxIterations: 200 }, monitorOf({}, "fit"));
  centre(w, of);
  centre(v, of);
  const g = problem.vector();
  const value = problem.gradient(v, g);
  assert.ok(Math.abs(outcome.objective - value) <= 1e-12 * value, `${outcome.objective} and ${value}`);
  const curvatures = problem.vector();
  problem.diagonal(curvatures);
  return Math.max(...v.map((x, j) => Math.abs(x - w[j]) * Math.sqrt(curvatures[j])));
}

/** Dense data changed column by column. */
function changed(data: Dataset, change: (x: number, i: number, j: number) => number): Dataset {
  const { rows, columns, values } = data.features as DenseMatrix;
  return data.withFeatures(
    new DenseMatrix(
      rows,
      columns,
      values.map((x, at) => change(x, Math.floor(at / columns), at % columns)),
    ),
  );
}

for (const kind of kinds) {
  for (const classes of [2, 3]) {
    test(`the Hessian is that of the products: ${kind}, ${classes} classes, with frozen parameters`, () => {
      const data = randomData(kind, 70, 6, classes, 3);
      const size = 7 * (classes === 2 ? 1 : 3);
      const frozen = Uint8Array.from({ length: size }, (_, j) => (j % 4 === 1 ? 1 : 0));
      const problem = problemOf({ data, lambda: 0.1, frozen });
      const random = new Random(4);
      const [w, g, v, out] = Array.from({ length: 4 }, () => problem.vector());
      for (let j = 0; j < size; j++) w[j] = random.normal();
      problem.gradient(w, g);
      const H = problem.square();
      problem.hessian(H, false);
      for (let j = 0; j < size; j++) {
        problem.product(v.fill(0).fill(1, j, j + 1), out);
        for (let i = j; i < size; i++) {
          const expected = frozen[i] + frozen[j] > 0 ? Number(i === j) : out[i];
          assert.ok(Math.abs(H[i * size + j] - expected) < 1e-13, `${i}, ${j}`);
        }
      }
    });

    test(`Newton with Cholesky agrees with conjugate gradients: ${kind}, ${classes} classes`, async () => {
      for (const lambda of [1, 1e-2, 1e-3]) {
        const data = randomData(kind, 80, 6, classes, 11);
        assert.ok((await distance({ data, lambda })) < 1e-10, `lambda ${lambda}`);
      }
    });

    test(`L-BFGS agrees with Newton: ${kind}, ${classes} classes`, () => {
      for (const lambda of [1, 1e-3]) {
        const data = randomData(kind, 80, 6, classes, 12);
        const limits = { tolerance: 1e-11, maxIterations: 500 };
        const first = solve({ data, lambda }, lbfgs, limits).outcome;
        const best = solve({ data, lambda }, choleskyNewton).outcome.objective;
        assert.ok(first.converged && first.gap <= 1e-11 * first.objective, `gap ${first.gap}`);
        assert.ok(first.objective - best <= 1.001 * first.gap + 1e-15, `${first.objective} of ${best}`);
      }
    });
  }
}

const plain = randomData("dense", 120, 6, 2, 21);

test("Newton with Cholesky agrees with conjugate gradients without a penalty", async () => {
  assert.ok((await distance({ data: plain, lambda: 0 })) < 1e-10);
});

test("columns of scale 1e-12 to 1e12 change neither the fit nor the number of iterations", async () => {
  const scales = [1e-12, 1e12, 1, 1e-6, 1e6, 1e3];
  const scaled = changed(plain, (x, _, j) => x * scales[j]);
  // The rounding of a slope of 1e12 rows' size is all of its gap.
  assert.ok((await distance({ data: scaled, lambda: 1e-3 }, 1e-6)) < 1e-10);
  assert.ok((await distance({ data: scaled, lambda: 0 })) < 1e-10);
  const { outcome } = solve({ data: scaled, lambda: 0 }, choleskyNewton);
  const before = solve({ data: plain, lambda: 0 }, choleskyNewton).outcome;
  assert.ok(Math.abs(outcome.history.length - before.history.length) <= 1);
  const gradients = { tolerance: 1e-8, maxIterations: 200 };
  assert.ok(solve({ data: scaled, lambda: 0 }, lbfgs, gradients).outcome.converged);
});

test("collinear, constant and empty columns are no obstacle, with a penalty or without", async () => {
  const singular = changed(plain, (x, i, j) => {
    const row = (plain.features as DenseMatrix).values.subarray(i * 6, i * 6 + 6);
    if (j === 3) return row[0];
    if (j === 4) return 7;
    return j === 5 ? 0 : x;
  });
  assert.ok((await distance({ data: singular, lambda: 1e-3 })) < 1e-10);
  const { outcome, w, problem } = solve({ data: singular, lambda: 0 }, choleskyNewton);
  assert.ok(outcome.converged);
  assert.ok(w.every(Number.isFinite));
  const same = solve({ data: changed(singular, (x, _, j) => (j >= 3 ? 0 : x)), lambda: 0 }, choleskyNewton);
  assert.ok(Math.abs(outcome.objective - same.outcome.objective) < 1e-13);
  assert.ok(problem.gradient(w, problem.vector()) === outcome.objective, "left at the last point");
});

test("one feature, one row a class, and a class of one member are fitted", async () => {
  const tiny = Dataset.from({ features: [[1], [2]], labels: [0, 1] });
  assert.ok((await distance({ data: tiny, lambda: 0.1 })) < 1e-10);
  const lone = Dataset.from({ features: [[1], [2], [2.5], [1.5]], labels: [0, 0, 0, 1] });
  assert.ok((await distance({ data: lone, lambda: 1e-3 })) < 1e-10);
  assert.ok((await distance({ data: lone, lambda: 0 })) < 1e-10);
});

test("separable classes without a penalty end at the limit of iterations, with finite weights", () => {
  const data = Dataset.from({ features: [[1], [2], [3], [4]], labels: [0, 0, 1, 1] });
  for (const solver of [choleskyNewton, lbfgs]) {
    const { outcome, w } = solve({ data, lambda: 0 }, solver, { tolerance: 1e-12, maxIterations: 60 });
    assert.ok(outcome.objective < 1e-6 && w.every(Number.isFinite));
    for (let k = 1; k < outcome.history.length; k++) {
      assert.ok(outcome.history[k].objective <= outcome.history[k - 1].objective);
    }
  }
});

test("starts far away are brought back, since the value falls at each step", () => {
  for (const [solver, far] of [
    [choleskyNewton, 1e3],
    [lbfgs, 10],
  ] as const) {
    const problem = problemOf({ data: plain, lambda: 1e-2 });
    const w = problem.vector().fill(far);
    const outcome = solver.minimise(
      problem,
      w,
      { tolerance: 1e-9, maxIterations: 300 },
      monitorOf({}, "fit"),
    );
    const best = solve({ data: plain, lambda: 1e-2 }, choleskyNewton).outcome.objective;
    assert.ok(outcome.converged && outcome.objective - best <= 1e-9 * best, `${outcome.objective}`);
  }
});

test("a fit is cancelled between iterations", () => {
  for (const solver of [choleskyNewton, lbfgs]) {
    const controller = new AbortController();
    const watch = { signal: controller.signal, onProgress: () => controller.abort() };
    const problem = problemOf({ data: plain, lambda: 1e-3 });
    assert.throws(() => solver.minimise(problem, problem.vector(), stop, monitorOf(watch, "fit")), {
      code: "cancelled",
    });
  }
});

test("a factor times itself is the matrix, and its solves undo the product, at sizes about the tiles", () => {
  const random = new Random(6);
  for (const n of [1, 3, 4, 5, 8, 31, 32, 33, 67]) {
    const design = Design.of(
      new DenseMatrix(
        3 * n,
        n,
        Float32Array.from({ length: 3 * n * n }, () => random.normal()),
      ),
      new Uint32Array(3 * n),
      new Float64Array(3 * n),
    );
    const { arena, kernels, matrix } = design;
    const size = n + 1;
    const weights = arena.floats(3 * n);
    for (let i = 0; i < weights.length; i++) weights[i] = random.uniform();
    const [A, L] = [arena.floats(size * size), arena.floats(size * size)];
    const panel = arena.floats(64 * (n + 4));
    const half = matrix.slice() as [number, number, number, number, number];
    half[3] = n;
    kernels.crossProduct(...half, weights.byteOffset, A.byteOffset, panel.byteOffset);
    half[2] += 4 * n * n;
    half[3] = 2 * n;
    kernels.crossProduct(...half, weights.byteOffset + 8 * n, A.byteOffset, panel.byteOffset);
    const whole = arena.floats(size * size);
    kernels.crossProduct(...matrix, weights.byteOffset, whole.byteOffset, panel.byteOffset);
    A.forEach((x, at) => {
      assert.ok(Math.abs(x - whole[at]) < 1e-12, "two ranges of rows are all rows");
    });
    L.set(A);
    assert.equal(kernels.cholesky(size, L.byteOffset, 0), size);
    const x = arena.floats(size);
    const y = arena.floats(size);
    for (let i = 0; i < size; i++) y[i] = random.normal();
    for (let i = 0; i < size; i++) {
      for (let j = 0; j < size; j++) x[i] += A[Math.max(i, j) * size + Math.min(i, j)] * y[j];
    }
    kernels.forwardSolve(size, size, L.byteOffset, x.byteOffset);
    kernels.backwardSolve(size, size, L.byteOffset, x.byteOffset);
    for (let i = 0; i < size; i++) assert.ok(Math.abs(x[i] - y[i]) < 1e-9, `n ${n}, ${i}`);
    L.set(A);
    L[size * size - 1] = -1;
    assert.equal(kernels.cholesky(size, L.byteOffset, 0), n, "the bad pivot is told");
  }
});
