import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { Random } from "../../src/base/random";
import type { Dataset } from "../../src/matrix/dataset";
import { Design } from "../../src/train/design";
import { LogisticRegression } from "../../src/train/logistic-regression";
import { SigmoidsLoss } from "../../src/train/losses/sigmoids";
import { SoftmaxLoss } from "../../src/train/losses/softmax";
import { tiltTo } from "../../src/train/losses/tilt";
import { monitorOf } from "../../src/train/monitor";
import { L2Penalty } from "../../src/train/penalties/l2";
import { Problem } from "../../src/train/problem";
import { SharedFactor } from "../../src/train/shared-factor";
import { sharesOf } from "../../src/train/shares";
import { lbfgs } from "../../src/train/solvers/lbfgs";
import { newton } from "../../src/train/solvers/newton";
import { kinds, randomData } from "./data";

const K = 3;
const lambda = 1e-3;

function dataOf(kind: (typeof kinds)[number], rows: number, columns: number, seed: number): Dataset {
  return randomData(kind, rows, columns, K, seed);
}

function designOf(data: Dataset): Design {
  return Design.of(data.features, data.labels, sharesOf(data, null));
}

function problemOf(data: Dataset, link: "softmax" | "ovr", frozen: Uint8Array | null = null): Problem {
  const design = designOf(data);
  const loss = link === "softmax" ? new SoftmaxLoss(design, K) : new SigmoidsLoss(design, K);
  return new Problem(design, loss, new L2Penalty(lambda, data.columns, K, null), frozen);
}

test("solutions by the shared factor are those of the mean Hessian of the outputs", () => {
  for (const kind of kinds) {
    for (const link of ["softmax", "ovr"] as const) {
      const data = dataOf(kind, 60, 9, 4);
      const design = designOf(data);
      const loss = link === "softmax" ? new SoftmaxLoss(design, K) : new SigmoidsLoss(design, K);
      const penalty = new L2Penalty(lambda, data.columns, K, null);
      const random = new Random(7);
      const w = design.parameters(K);
      for (let j = 0; j < w.length; j++) w[j] = 0.3 * random.normal();
      loss.gradient(w, design.parameters(K));
      const factor = new SharedFactor(design, K, {
        meanCurvatures: (out) => loss.meanCurvatures(out),
        addDiagonal: (out) => penalty.diagonal(out),
      });
      assert.ok(factor.update());
      const [r, x] = [design.parameters(K), design.parameters(K)];
      for (let j = 0; j < r.length; j++) r[j] = random.normal();
      factor.solve(r, x);
      const h = new Float64Array(data.rows);
      loss.meanCurvatures(h);
      const n = data.columns + 1;
      const back = new Float64Array(r.length);
      const row = new Float64Array(n);
      const { values } = data.features.kind === "dense" ? data.features : data.features.toDense();
      for (let i = 0; i < data.rows; i++) {
        row.set(values.subarray(i * data.columns, (i + 1) * data.columns));
        row[n - 1] = 1;
        for (let k = 0; k < K; k++) {
          let margin = 0;
          for (let j = 0; j < n; j++) margin += row[j] * x[j * K + k];
          for (let j = 0; j < n; j++) back[j * K + k] += h[i] * margin * row[j];
        }
      }
      for (let j = 0; j < data.columns * K; j++) back[j] += lambda * x[j];
      back.forEach((b, j) => {
        assert.ok(Math.abs(b - r[j]) <= 1e-8 * (1 + Math.abs(r[j])), `${kind} ${link} ${j}: ${b} ${r[j]}`);
      });
    }
  }
});

test("with the shared factor L-BFGS ends where Newton's method does, for every kind of data, link and support", () => {
  for (const kind of kinds) {
    for (const link of ["softmax", "ovr"] as const) {
      const data = dataOf(kind, 400, 12, 5);
      const mask = new Uint8Array((data.columns + 1) * K);
      for (let j = 0; j < data.columns * K; j += 4) mask[j] = 1;
      for (const frozen of [null, mask]) {
        const one = problemOf(data, link, frozen);
        assert.ok(one.shared() !== null);
        const stop = { tolerance: 1e-14, maxIterations: 300 };
        const w = one.vector();
        const found = lbfgs.minimise(one, w, stop, monitorOf({}, "fit"));
        assert.ok(found.converged, `${kind} ${link}: ${found.gap}`);
        const other = problemOf(data, link, frozen);
        const v = other.vector();
        const known = newton.minimise(other, v, stop, monitorOf({}, "fit"));
        assert.ok(Math.abs(found.objective - known.objective) <= 1e-12 * known.objective);
        // Softmax leaves a shift of the intercepts undetermined.
        const shift = link === "softmax" ? meanOf(w.slice(-K)) - meanOf(v.slice(-K)) : 0;
        w.forEach((x, j) => {
          const moved = j >= data.columns * K ? shift : 0;
          assert.ok(Math.abs(x - moved - v[j]) < 1e-5, `${kind} ${link} ${j}: ${x} ${v[j]}`);
          if (frozen?.[j] === 1) assert.equal(x, 0);
        });
      }
    }
  }
});

test("each class of a fit in lockstep is within the tolerance by itself", () => {
  const data = dataOf("dense", 400, 12, 6);
  const problem = problemOf(data, "ovr");
  const w = problem.vector();
  const tolerance = 1e-5;
  lbfgs.minimise(problem, w, { tolerance, maxIterations: 300 }, monitorOf({}, "fit"));
  const [g, values, gaps] = [problem.vector(), problem.scalars(), problem.scalars()];
  problem.gradient(w, g);
  problem.values(values);
  problem.gaps(w, g, gaps);
  gaps.forEach((gap, k) => {
    assert.ok(gap <= tolerance * values[k]);
  });
});

test("a tilt brings the masses of the classes to those wanted", () => {
  const sample = fc.record({
    rows: fc.integer({ min: 10, max: 40 }),
    classes: fc.constantFrom(2, 3, 5, 70),
    seed: fc.integer({ min: 0, max: 1000 }),
  });
  fc.assert(
    fc.property(sample, ({ rows, classes, seed }) => {
      const random = new Random(seed);
      const draw = (spread: number) => {
        const p = Float64Array.from({ length: classes }, () => Math.exp(spread * random.normal()));
        const total = p.reduce((sum, x) => sum + x, 0);
        return p.map((x) => x / total);
      };
      const probabilities = new Float64Array(rows * classes);
      const shares = new Float64Array(rows).fill(1 / rows);
      for (let i = 0; i < rows; i++) probabilities.set(draw(3), i * classes);
      const masses = new Float64Array(classes);
      probabilities.forEach((p, at) => {
        masses[at % classes] += p / rows;
      });
      const nudged = masses.map((mass) => mass * Math.exp(0.02 * random.normal()));
      const total = nudged.reduce((sum, x) => sum + x, 0);
      const wanted = nudged.map((x) => x / total);
      const { tilt, logs } = tiltTo(wanted, shares, probabilities);
      const found = new Float64Array(classes);
      probabilities.forEach((p, at) => {
        found[at % classes] += (p * Math.exp(tilt[at % classes] - logs[Math.floor(at / classes)])) / rows;
      });
      const lack = (all: Float64Array) => all.reduce((sum, x, k) => sum + Math.abs(x - wanted[k]), 0);
      assert.ok(lack(found) <= (classes > 64 ? 1 : 1e-6) * lack(masses), `${lack(found)}, ${lack(masses)}`);
    }),
    { numRuns: 60 },
  );
});

function meanOf(numbers: Float64Array): number {
  return numbers.reduce((sum, x) => sum + x, 0) / numbers.length;
}

test("many classes of many columns take the shared factor, but without a penalty of all weights Newton's steps", async () => {
  const data = randomData("csr", 600, 70, K, 8);
  for (const multiclass of ["softmax", "ovr"] as const) {
    const { fit } = await new LogisticRegression({ multiclass, lambda: 1e-4, tolerance: 1e-9 }).fit(data);
    assert.equal(fit.solver, "lbfgs");
    assert.ok(fit.converged && fit.dualityGap <= 1e-9 * fit.objective);
    const named = { multiclass, lambda: 1e-4, tolerance: 1e-9, solver: "newton" } as const;
    const other = await new LogisticRegression(named).fit(data);
    assert.ok(Math.abs(fit.objective - other.fit.objective) <= 2e-9 * fit.objective);
  }
  const free = await new LogisticRegression({
    penaltyWeights: Array.from({ length: 70 }, (_, j) => (j === 0 ? 0 : 1)),
    multiclass: "softmax",
  }).fit(data);
  assert.equal(free.fit.solver, "newton");
});
