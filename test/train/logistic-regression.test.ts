import assert from "node:assert/strict";
import { test } from "node:test";
import { type ErrorCode, LogitpressError } from "../../src/base/errors";
import { Random } from "../../src/base/random";
import { Dataset } from "../../src/matrix/dataset";
import { DenseMatrix } from "../../src/matrix/dense";
import type { LinearModel } from "../../src/model/linear";
import { warningText } from "../../src/model/warning";
import { LogisticRegression } from "../../src/train/logistic-regression";
import type { LogisticRegressionOptions } from "../../src/train/options";
import { kinds, randomData } from "./data";

const tight: LogisticRegressionOptions = { lambda: 0.01, tolerance: 1e-13 };

function same(ours: LinearModel, theirs: LinearModel, tolerance: number): void {
  ours.weights.forEach((w, j) => {
    assert.ok(Math.abs(w - theirs.weights[j]) <= tolerance, `weight ${j}: ${w}, ${theirs.weights[j]}`);
  });
  ours.intercepts.forEach((b, k) => {
    assert.ok(
      Math.abs(b - theirs.intercepts[k]) <= tolerance,
      `intercept ${k}: ${b}, ${theirs.intercepts[k]}`,
    );
  });
}

const code = (expected: ErrorCode) => (error: unknown) =>
  error instanceof LogitpressError && error.code === expected;

for (const kind of kinds) {
  for (const multiclass of ["softmax", "ovr"] as const) {
    for (const classes of [2, 3]) {
      for (const fitIntercept of [true, false]) {
        test(`the gap closes: ${kind}, ${multiclass}, ${classes} classes, intercept ${fitIntercept}`, async () => {
          const data = randomData(kind, 80, 9, classes, 2);
          for (const lambda of [1, 1e-2, 1e-5]) {
            const options = { lambda, multiclass, fitIntercept, tolerance: 1e-9 };
            const { fit } = await new LogisticRegression(options).fit(data);
            assert.ok(fit.converged, fit.warnings.map(warningText).join());
            assert.ok(fit.dualityGap >= 0 && fit.dualityGap <= 1e-9 * fit.objective);
            const better = await new LogisticRegression({ ...options, tolerance: 1e-13 }).fit(data);
            assert.ok(fit.objective - better.fit.objective <= fit.dualityGap + 1e-14, "a bound");
          }
        });
      }
    }
  }
}

test("weighted rows count as repeated ones", async () => {
  for (const classes of [2, 3]) {
    const data = randomData("csr", 60, 6, classes, 4);
    const counts = Array.from({ length: 60 }, (_, i) => (i % 4 === 0 ? 3 : 1));
    const rows = counts.flatMap((count, i) => new Array<number>(count).fill(i));
    const weighted = Dataset.from({ features: data.features, labels: data.labels, weights: counts });
    for (const classWeight of ["balanced", { 0: 2 }] as const) {
      const estimator = new LogisticRegression({ ...tight, classWeight });
      same(await estimator.fit(weighted), await estimator.fit(data.take(rows)), 1e-7);
    }
  }
});

test("the order of the rows does not matter", async () => {
  const data = randomData("dense", 60, 6, 3, 4);
  const order = new Random(1).shuffle(Uint32Array.from(Array(60).keys()));
  const estimator = new LogisticRegression(tight);
  same(await estimator.fit(data), await estimator.fit(data.take(order)), 1e-7);
});

test("a scale is as if columns were multiplied by it", async () => {
  const data = randomData("dense", 60, 4, 2, 4);
  const scale = Float32Array.from([0.5, 2, 4, 1]);
  const values = (data.features as DenseMatrix).values.map((x, at) => x * scale[at % 4]);
  const scaled = await new LogisticRegression(tight).fit(
    Dataset.from({ features: data.features, labels: data.labels, scale }),
  );
  const plain = await new LogisticRegression(tight).fit(data.withFeatures(new DenseMatrix(60, 4, values)));
  scaled.weights.forEach((w, j) => {
    assert.ok(Math.abs(w - scale[j] * plain.weights[j]) < 1e-7);
  });
});

test("columns of any scale are fitted alike without a penalty", async () => {
  const data = randomData("dense", 100, 3, 2, 6);
  const factor = [1e-12, 1, 1e12];
  const values = (data.features as DenseMatrix).values.map((x, at) => x * factor[at % 3]);
  const estimator = new LogisticRegression({ penalty: "none", tolerance: 1e-9 });
  const plain = await estimator.fit(data);
  const scaled = await estimator.fit(data.withFeatures(new DenseMatrix(100, 3, values)));
  assert.ok(plain.fit.converged && Number.isNaN(plain.fit.dualityGap));
  plain.weights.forEach((w, j) => {
    assert.ok(Math.abs(scaled.weights[j] * factor[j] - w) < 1e-5 * (1 + Math.abs(w)));
  });
});

test("a warm start at the answer ends at once", async () => {
  const data = randomData("csr", 60, 6, 3, 4);
  const first = await new LogisticRegression(tight).fit(data);
  const again = await new LogisticRegression({ ...tight, tolerance: 1e-9, warmStart: first }).fit(data);
  assert.equal(again.fit.iterations, 0);
  same(again, first, 1e-14);
  await assert.rejects(
    new LogisticRegression({ warmStart: first }).fit(randomData("csr", 60, 7, 3, 4)),
    code("invalid-model"),
  );
});

test("separable classes without a penalty are recognised", async () => {
  const data = Dataset.from({ features: [[-2], [-1], [1], [2]], labels: ["a", "a", "b", "b"] });
  const { fit } = await new LogisticRegression({ penalty: "none" }).fit(data);
  assert.equal(fit.converged, false);
  assert.deepEqual(
    fit.warnings.map(({ code }) => code),
    ["separable", "separating-column"],
  );
});

test("too few iterations are said with numbers and a remedy", async () => {
  const data = randomData("dense", 200, 9, 3, 2);
  const { fit } = await new LogisticRegression({ lambda: 1e-6, maxIterations: 1 }).fit(data);
  assert.equal(fit.converged, false);
  const [{ code: of, message, remedy }, ...others] = fit.warnings;
  assert.deepEqual([of, others], ["not-converged", []]);
  assert.match(message, /after 1 iterations: .*gap is \d/);
  assert.match(remedy, /maxIterations/);
});

for (const classes of [2, 3]) {
  for (const fitIntercept of [true, false]) {
    test(`wide columns far from zero are too slow for the ascent, and Newton's method goes on: ${classes} classes, intercept ${fitIntercept}`, async () => {
      const random = new Random(5);
      const features = new DenseMatrix(
        60,
        300,
        Float32Array.from({ length: 60 * 300 }, () => 10 + random.normal()),
      );
      const labels = Array.from({ length: 60 }, (_, i) => (i < classes ? i : random.integer(classes)));
      const data = Dataset.from({ features, labels });
      const options: LogisticRegressionOptions = { lambda: 1e-3, multiclass: "ovr", fitIntercept };
      const { fit } = await new LogisticRegression(options).fit(data);
      const least = (
        await new LogisticRegression({ ...options, solver: "newton", tolerance: 1e-9 }).fit(data)
      ).fit.objective;
      assert.ok(fit.converged && fit.dualityGap <= 1e-6 * fit.objective);
      assert.ok(fit.objective - least <= fit.dualityGap + 1e-12);
      assert.equal(fit.solver, "newton");
      assert.match(fit.solverReason!, /far from its maximum after 30 epochs/);
      assert.equal(fit.history.length, fit.iterations + (classes === 2 ? 1 : classes));
      fit.history.forEach((step, k) => {
        assert.equal(step.iteration, k);
        assert.ok([step.objective, step.gradientNorm].every((x) => x >= 0 && Number.isFinite(x)));
        assert.ok(k === 0 || step.seconds >= fit.history[k - 1].seconds);
      });
      const named = (await new LogisticRegression({ ...options, solver: "dual" }).fit(data)).fit;
      assert.equal(named.converged, false);
      assert.match(named.warnings[0].remedy, /^Leave out solver/);
    });
  }
}

test("margins of a million stay finite", async () => {
  const features = new DenseMatrix(4, 1, Float32Array.from([-1e6, -2e6, 1e6, 1e6]));
  const data = Dataset.from({ features, labels: [0, 0, 1, 0] });
  const first = await new LogisticRegression(tight).fit(data);
  assert.ok(first.fit.converged && Number.isFinite(first.fit.objective));
  assert.ok(first.predictProba(features).values.every(Number.isFinite));
});

test("one row a class, one column of zeros", async () => {
  const data = Dataset.from({ features: [[0], [0]], labels: [true, false] });
  const { weights, fit } = await new LogisticRegression().fit(data);
  assert.equal(weights[0], 0);
  assert.ok(fit.converged);
});

test("bad labels and options are refused", async () => {
  const one = Dataset.from({ features: [[1], [2]], labels: ["a", "a"] });
  await assert.rejects(new LogisticRegression().fit(one), code("invalid-label"));
  const absent = Dataset.from({ features: [[1], [2]], labels: ["a", "b"], classes: ["a", "b", "c"] });
  await assert.rejects(new LogisticRegression().fit(absent), code("invalid-label"));
  const two = randomData("dense", 20, 2, 2, 1);
  await assert.rejects(new LogisticRegression({ classWeight: { 7: 1 } }).fit(two), code("invalid-option"));
  for (const options of [
    { lambda: 0 },
    { penalty: "l0" },
    { penalty: "none", lambda: 1 },
    { tolerance: 0 },
    { maxIterations: 0.5 },
    { fitIntercept: 1 },
    { classWeight: 3 },
    { warmStart: {} },
    { solver: "sgd" },
  ]) {
    assert.throws(
      () => new LogisticRegression(options as never),
      code("invalid-option"),
      JSON.stringify(options),
    );
  }
  assert.throws(() => new LogisticRegression({ C: 1 } as never), code("unknown-option"));
});

test("a fit reports progress, lets other work in, and stops when told", async () => {
  const data = randomData("dense", 3000, 200, 10, 1);
  const steps: number[] = [];
  const stop = new AbortController();
  const fit = new LogisticRegression({ lambda: 1e-5, tolerance: 1e-12 }).fit(data, {
    onProgress: ({ done, message }) => {
      steps.push(done);
      assert.match(message ?? "", /loss \d/);
      setTimeout(() => stop.abort(), 0);
    },
    signal: stop.signal,
  });
  await assert.rejects(fit, code("cancelled"));
  assert.ok(steps.length >= 1);
});
