import assert from "node:assert/strict";
import { test } from "node:test";
import { LogitpressError } from "../../src/base/errors";
import { Dataset } from "../../src/matrix/dataset";
import { SparseMatrix } from "../../src/matrix/sparse";
import { LogisticRegression } from "../../src/train/logistic-regression";
import type { LogisticRegressionOptions } from "../../src/train/options";
import { ridge } from "../../src/train/penalty-options";
import type { Solution } from "../../src/train/plan";
import { sharesOf } from "../../src/train/shares";
import { coldStart } from "../../src/train/start";
import { runJobs } from "../../src/train/threads/run";
import { type Kind, kinds, randomData } from "./data";

const large: Readonly<Record<Kind, readonly [number, number]>> = {
  dense: [6000, 40],
  csr: [12_000, 60],
  ones: [12_000, 60],
};

for (const kind of kinds) {
  for (const classes of [2, 3]) {
    test(`one thread and three give the same bits: ${kind}, ${classes} classes`, async () => {
      const data = randomData(kind, ...large[kind], classes, 5);
      const fits = [];
      for (const threads of [1, 3]) {
        fits.push(await new LogisticRegression({ lambda: 1e-3, threads }).fit(data));
      }
      assert.deepEqual(fits[0].weights, fits[1].weights);
      assert.deepEqual(fits[0].intercepts, fits[1].intercepts);
      assert.ok(fits[0].fit.converged);
    });
  }
}

test("classes that are fitted on a thread each are what one thread finds, one after another", async () => {
  const data = randomData("dense", 10_000, 40, 3, 6);
  const cases: readonly LogisticRegressionOptions[] = [
    { penalty: "l1", lambda: 1e-2 },
    { penalty: "l2", lambda: 1e-2, solver: "dual" },
  ];
  for (const options of cases) {
    const [alone, apart] = await Promise.all(
      [1, 2].map((threads) => new LogisticRegression({ ...options, multiclass: "ovr", threads }).fit(data)),
    );
    assert.deepEqual(apart.weights, alone.weights);
    assert.deepEqual(apart.intercepts, alone.intercepts);
    assert.ok(apart.fit.converged && apart.fit.dualityGap === alone.fit.dualityGap);
    const told = ({ fit }: typeof alone) => fit.history.map((step) => [step.output, step.objective]);
    assert.deepEqual(told(apart), told(alone));
  }
});

test("data that a fit left in memory give the next the same bits, and others are not taken for them", async () => {
  const wide = randomData("csr", 8000, 30, 2, 9);
  const { pointers, indices, values } = wide.features as SparseMatrix;
  // So many columns that they go by frequency, most without a value.
  const features = new SparseMatrix(
    wide.rows,
    45_000,
    pointers,
    indices.map((j) => 1500 * j),
    values,
  );
  const of = (labels: ArrayLike<number>, own = features, weights?: Float64Array) =>
    Dataset.from({ features: own, labels, ...(weights === undefined ? {} : { weights }) });
  const data = of(wide.labels);
  const cases: readonly [Dataset, LogisticRegressionOptions][] = [
    [data, { penalty: "l2" }],
    [data, { penalty: "l2", solver: "dual" }],
    [data, { penalty: "l1" }],
    [data, { penalty: "group" }],
    [data, { classWeight: "balanced" }],
    [of(wide.labels.map((label) => 1 - label)), {}],
    [
      of(
        wide.labels,
        features,
        Float64Array.from(wide.labels, (_, i) => i % 3),
      ),
      {},
    ],
    [of(wide.labels, features.take(Uint32Array.from(wide.labels.keys()).reverse())), {}],
  ];
  for (const [own, options] of cases) {
    const model = new LogisticRegression({ lambda: 1e-3, ...options });
    const controller = new AbortController();
    const cancelled = model.fit(own, { signal: controller.signal });
    controller.abort();
    await assert.rejects(cancelled, LogitpressError);
    const first = await model.fit(own);
    // Rows in arrays of their own are copied anew.
    const alone = await model.fit(own.take(Uint32Array.from(own.labels.keys())));
    const fits = [await model.fit(own), await model.fit(own)];
    await new LogisticRegression({ lambda: 1e-2 }).fit(data);
    for (const again of [alone, ...fits, await model.fit(own)]) {
      assert.deepEqual(again.weights, first.weights);
      assert.deepEqual(again.intercepts, first.intercepts);
      assert.equal(again.fit.dualityGap, first.fit.dualityGap);
    }
  }
});

test("data that were written into after a fit are laid out anew", async () => {
  for (const kind of ["csr", "dense"] as const) {
    const data = randomData(kind, 8000, 30, 2, 11);
    const model = new LogisticRegression({ lambda: 1e-3 });
    const before = await model.fit(data);
    const { values } = data.features as { values: Float32Array };
    values[values.length - 1] += 3;
    const after = await model.fit(data);
    assert.notDeepEqual(after.weights, before.weights);
    const alone = await model.fit(data.take(Uint32Array.from(data.labels.keys())));
    assert.deepEqual(after.weights, alone.weights);
  }
});

test("jobs side by side give what each gives alone, and rows of no share do not count", async () => {
  const data = randomData("csr", 12_000, 60, 2, 6);
  const rows = { features: data.features, labels: data.labels, shares: sharesOf(data, null) };
  const kept = Array.from({ length: 9000 }, (_, i) => i);
  const part = data.take(kept);
  const shares = sharesOf(part, null);
  const plan = (lambda: number, own = shares, of = part) => ({
    kind: "fit" as const,
    plan: {
      penalty: ridge(lambda, null),
      link: "binary" as const,
      classes: 2,
      fitIntercept: true,
      mask: null,
      start: coldStart(of, own, "binary", true),
      stop: { tolerance: 1e-9, maxIterations: 100 },
      solver: "auto" as const,
      seed: 0,
    },
  });
  const held = new Float64Array(data.rows);
  held.set(shares);
  const size = { outputs: 1, threads: 2 };
  const jobs = [1e-2, 1e-3, 1e-4].map((lambda) => plan(lambda));
  const many = await runJobs<Solution>({ ...rows, shares: held }, jobs, size, {}, "fit");
  for (const [k, job] of jobs.entries()) {
    const [one] = await runJobs<Solution>({ ...rows, shares: held }, [job], size, {}, "fit");
    assert.deepEqual(many[k].weights, one.weights);
    const [alone] = await runJobs<Solution>(
      { features: part.features, labels: part.labels, shares },
      [job],
      size,
      {},
      "fit",
    );
    alone.weights.forEach((w, j) => {
      assert.ok(Math.abs(w - one.weights[j]) < 1e-4, `${w} ${one.weights[j]}`);
    });
  }
});

test("a fit leaves the event loop free, is cancelled in mid-pass and leaves the threads of use", async () => {
  const data = randomData("csr", 40_000, 60, 2, 7);
  const cancelled = (error: unknown) => error instanceof LogitpressError && error.code === "cancelled";
  for (let k = 0; k < 5; k++) {
    const controller = new AbortController();
    let ticks = 0;
    const timer = setInterval(() => ++ticks === 2 && controller.abort(), 1);
    const options = { lambda: 1e-9, tolerance: 1e-12, threads: 2 };
    const fit = new LogisticRegression(options).fit(data, { signal: controller.signal });
    await assert.rejects(fit, cancelled);
    clearInterval(timer);
    assert.equal(ticks >= 2, true);
  }
  const done: number[] = [];
  const model = await new LogisticRegression({ lambda: 1e-4 }).fit(data, {
    onProgress: (progress) => done.push(progress.done),
  });
  assert.ok(model.fit.converged);
  assert.equal(done.at(-1), model.fit.iterations);
});
