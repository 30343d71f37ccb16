import assert from "node:assert/strict";
import { test } from "node:test";
import { Random } from "../../src/base/random";
import type { Dataset } from "../../src/matrix/dataset";
import { Design } from "../../src/train/design";
import { SigmoidsLoss } from "../../src/train/losses/sigmoids";
import { L2Penalty } from "../../src/train/penalties/l2";
import { Problem } from "../../src/train/problem";
import { lbfgs } from "../../src/train/solvers/lbfgs";
import { newton } from "../../src/train/solvers/newton";
import { type Kind, kinds, randomData } from "./data";

const K = 5;
const quiet = { check() {}, report() {} };

/** Rows of unlike shares, some of none. */
function problemOf(data: Dataset, lambda: number, scale: Float32Array | null = null): Problem {
  const random = new Random(3);
  const raw = Float64Array.from({ length: data.rows }, (_, i) => (i % 9 === 4 ? 0 : 0.2 + random.uniform()));
  const total = raw.reduce((sum, share) => sum + share, 0);
  const design = Design.of(
    data.features,
    data.labels,
    raw.map((share) => share / total),
  );
  return new Problem(
    design,
    new SigmoidsLoss(design, K),
    new L2Penalty(lambda, data.columns, K, scale),
    null,
  );
}

/** Zero weights with the intercepts that alone are best. */
function startOf(problem: Problem): Float64Array {
  const w = problem.vector();
  const g = problem.vector();
  for (let n = 0; n < 60; n++) {
    problem.gradient(w, g);
    for (let k = w.length - K; k < w.length; k++) w[k] -= 4 * g[k];
  }
  problem.gradient(w, g);
  return w;
}

test("the ascent of all duals ends where Newton's method does, and its gaps hold, for every storage", () => {
  for (const kind of kinds) {
    const data = randomData(kind as Kind, 200, 11, K, 5);
    const exact = problemOf(data, 0.05);
    const best = startOf(exact);
    newton.minimise(exact, best, { tolerance: 1e-12, maxIterations: 100 }, quiet);
    const least = exact.scalars();
    exact.values(least);
    for (const tolerance of [1e-3, 1e-6, 1e-9]) {
      const problem = problemOf(data, 0.05);
      const w = startOf(problem);
      const g = problem.vector();
      problem.gradient(w, g);
      const ascent = problem.ascent(w, g);
      assert.ok(ascent !== null, kind);
      const [gaps, values] = [problem.scalars(), problem.scalars()];
      let calls = 0;
      do {
        assert.ok(++calls <= 5, `${kind} to ${tolerance}: ${gaps}`);
        assert.ok(ascent.climb(w, tolerance), "few epochs are needed");
        problem.gradient(w, g);
        problem.values(values);
        ascent.gaps(gaps);
      } while (gaps.some((gap, k) => gap > tolerance * values[k]));
      for (let k = 0; k < K; k++) {
        const missing = values[k] - least[k];
        assert.ok(missing <= gaps[k] + 1e-12, `${kind}, class ${k}: ${missing} above ${gaps[k]}`);
        // Not bounds that hold for any numbers.
        assert.ok(gaps[k] <= 100 * tolerance * values[k]);
      }
    }
  }
});

test("a gap holds where the ascent has hardly begun and the intercepts are far off", () => {
  const data = randomData("csr", 150, 8, K, 2);
  const exact = problemOf(data, 0.02);
  const best = startOf(exact);
  newton.minimise(exact, best, { tolerance: 1e-12, maxIterations: 100 }, quiet);
  const least = exact.scalars();
  exact.values(least);
  const problem = problemOf(data, 0.02);
  const [w, g] = [startOf(problem), problem.vector()];
  problem.gradient(w, g);
  const ascent = problem.ascent(w, g)!;
  ascent.climb(w, 10);
  for (const shift of [0, 0.1, 2]) {
    for (let k = w.length - K; k < w.length; k++) w[k] += shift;
    problem.gradient(w, g);
    const [gaps, values] = [problem.scalars(), problem.scalars()];
    problem.values(values);
    ascent.gaps(gaps);
    for (let k = 0; k < K; k++) assert.ok(values[k] - least[k] <= gaps[k], `class ${k}, moved by ${shift}`);
  }
});

test("L-BFGS ends within the ascent where the penalty is strong, and goes on from it where epochs would be many", () => {
  for (const [lambda, tolerance] of [
    [0.1, 1e-7],
    [0.002, 1e-10],
  ]) {
    const data = randomData("dense", 300, 12, K, 8);
    const exact = problemOf(data, lambda);
    const best = startOf(exact);
    newton.minimise(exact, best, { tolerance: 1e-13, maxIterations: 100 }, quiet);
    const problem = problemOf(data, lambda);
    const w = startOf(problem);
    const found = lbfgs.minimise(problem, w, { tolerance, maxIterations: 500 }, quiet);
    assert.ok(found.converged);
    const g = exact.vector();
    assert.ok(found.objective - exact.gradient(best, g) <= found.gap + 1e-13);
    assert.ok(found.gap <= 1.01 * tolerance * found.objective);
    for (let j = 0; j < w.length; j++) assert.ok(Math.abs(w[j] - best[j]) < 1e-3);
  }
});

test("there is no ascent from weights other than zero, of a weak penalty, or of one that differs from column to column", () => {
  const data = randomData("dense", 100, 6, K, 1);
  const from = (problem: Problem, first: number) => {
    const [w, g] = [startOf(problem), problem.vector()];
    w[0] = first;
    problem.gradient(w, g);
    return problem.ascent(w, g);
  };
  assert.ok(from(problemOf(data, 0.1), 0) !== null);
  assert.equal(from(problemOf(data, 0.1), 0.5), null);
  assert.equal(from(problemOf(data, 1e-6), 0), null);
  assert.equal(from(problemOf(data, 0.1, new Float32Array(6).fill(2)), 0), null);
});
