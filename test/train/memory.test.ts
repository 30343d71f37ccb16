import assert from "node:assert/strict";
import { test } from "node:test";
import { LogitpressError } from "../../src/base/errors";
import { Dataset } from "../../src/matrix/dataset";
import { SparseMatrix } from "../../src/matrix/sparse";
import { loadKernels } from "../../src/simd/load";
import { Arena } from "../../src/simd/memory";
import { Design } from "../../src/train/design";
import { solve } from "../../src/train/fit";
import { LogisticRegression } from "../../src/train/logistic-regression";
import { checkMemory, leastBytes, needOf } from "../../src/train/memory-need";
import { preparePath } from "../../src/train/path";
import { type PenaltyPlan, ridge } from "../../src/train/penalty-options";
import { sharesOf } from "../../src/train/shares";
import { inFull } from "../../src/train/sparse-weights";
import { handedOver, lender } from "../../src/train/threads/lend";
import { kinds, randomData } from "./data";

const need = {
  rows: 1e6,
  columns: 1000,
  nonzeros: 1e7,
  dense: false,
  valued: true,
  outputs: 1,
  together: 1,
  solver: "newton",
  fits: 1,
} as const;

function refused(call: () => unknown): LogitpressError {
  try {
    call();
  } catch (error) {
    assert.ok(error instanceof LogitpressError);
    assert.equal(error.code, "invalid-data");
    return error;
  }
  return assert.fail("not refused");
}

test("what does not fit the address space or the machine is refused with numbers before it is copied", () => {
  checkMemory(need, 1e9);
  assert.ok(leastBytes(need) > 8e7 && leastBytes(need) < 2e8);
  assert.match(refused(() => checkMemory(need, 1e8)).message, /at most 100000000, what the machine has free/);
  const wide = { ...need, columns: 1e6, outputs: 1000, together: 1000 };
  const { complaint } = refused(() => checkMemory(wide, 1e12));
  assert.equal(complaint.value, leastBytes(wide));
  assert.match(String(complaint.expected), /4294967296/);
  refused(() => checkMemory({ ...need, columns: 1e7, fits: 8 }, 1e12));
  checkMemory({ ...need, columns: 1e7, fits: 1 }, 1e12);
});

test("a fit that needs more than there can be is refused at once", async () => {
  const columns = 2 ** 23;
  const pointers = Uint32Array.from({ length: 101 }, (_, i) => i);
  const indices = Uint32Array.from({ length: 100 }, (_, i) => i);
  const features = new SparseMatrix(100, columns, pointers, indices, null);
  const data = Dataset.from({ features, labels: Array.from(indices) });
  await assert.rejects(
    new LogisticRegression({ multiclass: "softmax" }).fit(data),
    (error: unknown) => error instanceof LogitpressError && error.code === "invalid-data",
  );
});

test("the memory of a fit holds the data once: every kind of matrix", () => {
  for (const kind of kinds) {
    const { features, labels } = randomData(kind, 3000, 100, 2, 8);
    const rows = features.rows;
    const shares = new Float64Array(rows).fill(1 / rows);
    const arena = new Arena();
    Design.of(features, labels, shares, loadKernels, arena);
    const stored = features.kind === "dense" ? 0 : 4 * (rows + 1 + features.nonzeros);
    const bytes = stored + (features.values?.byteLength ?? 0) + labels.byteLength + shares.byteLength;
    // Regions are of 64 kB each.
    assert.ok(arena.bytes >= bytes && arena.bytes <= bytes + 6 * 65536, `${kind}: ${arena.bytes}, ${bytes}`);
  }
});

test("what a fit needs depends on its solver, and one sigmoid a class on one class at a time", async () => {
  const shape = { ...need, columns: 1e5, outputs: 1000 };
  const plan = (penalty: PenaltyPlan, link: "ovr" | "softmax") => ({
    kind: "fit" as const,
    plan: {
      ...{ penalty, link, classes: 1000, fitIntercept: true, mask: null, seed: 0, solver: "auto" as const },
      start: { weights: null, intercepts: new Float64Array(1000) },
      stop: { tolerance: 1e-6, maxIterations: 1 },
    },
  });
  const l2 = ridge(1, null);
  const l1 = { ...l2, name: "l1", l1Ratio: 1 } as const;
  const [lasso, lassos, ridged] = [plan(l1, "softmax"), plan(l1, "ovr"), plan(l2, "softmax")].map((job) =>
    needOf([job], { ...shape, rows: 1e5 }, 2),
  );
  assert.deepEqual([lasso.solver, lasso.together, lassos.together], ["prox-newton", 1000, 1]);
  assert.ok(leastBytes(lassos) < leastBytes(lasso) / 10 && leastBytes(lasso) < leastBytes(ridged));
  checkMemory(lassos, 1e9);
  assert.match(refused(() => checkMemory(ridged, 1e12)).message, /set penalty to "l1"/);
  assert.match(refused(() => checkMemory({ ...lasso, columns: 1e6 }, 1e12)).message, /multiclass to "ovr"/);
  assert.match(refused(() => checkMemory({ ...lassos, columns: 1e7 }, 1e12)).message, /number of weights/);
});

test("weights of many classes that are mostly zero come by their places, others in full", async () => {
  const data = randomData("csr", 600, 300, 5, 8);
  for (const [penalty, lambda, sparse] of [
    ["l1", 0.05, true],
    ["l2", 0.01, false],
  ] as const) {
    const plan = preparePath(data, { penalty, multiclass: "ovr", solver: "prox-newton", lambdas: [lambda] })
      .path.plan;
    const strong = { ...plan, penalty: { ...plan.penalty, lambda } };
    const design = Design.of(data.features, data.labels, sharesOf(data, null));
    const { weights } = solve(design, strong, { check() {}, report() {} });
    assert.equal(!(weights instanceof Float64Array), sparse);
    const model = await new LogisticRegression({
      penalty,
      lambda,
      multiclass: "ovr",
      solver: "prox-newton",
    }).fit(data);
    inFull(weights).forEach((w, at) => {
      assert.ok(Math.abs(w - model.weights[at]) < 1e-3);
    });
  }
});

test("large arrays of a job are lent once, and those of an answer handed over", () => {
  const large = new Float64Array(10_000).fill(2);
  const lend = lender();
  const job = { plan: { start: { weights: large }, list: [large, "text", null] }, small: new Uint8Array(3) };
  const lent = lend(job);
  assert.deepEqual(lent, job);
  assert.ok((lent.plan.start.weights.buffer as ArrayBufferLike) instanceof SharedArrayBuffer);
  assert.equal(lent.plan.list[0], lent.plan.start.weights);
  assert.equal(lend({ weights: large }).weights, lent.plan.start.weights);
  assert.equal(lent.small, job.small);
  assert.deepEqual(handedOver(job), [large.buffer]);
  assert.deepEqual(handedOver(lent), []);
});

test("fits side by side and within each other agree, and twenty in a row leave no memory behind", async () => {
  const data = randomData("csr", 60_000, 60, 2, 8);
  const options = { lambda: 1e-3, threads: 2 };
  const inner: Promise<unknown>[] = [];
  const fit = (onProgress?: () => void) =>
    new LogisticRegression(options).fit(data, onProgress === undefined ? {} : { onProgress });
  const [one, two] = await Promise.all([
    fit(() => {
      if (inner.length === 0) inner.push(fit());
    }),
    fit(),
  ]);
  const [within] = await Promise.all(inner);
  assert.deepEqual(two.weights, one.weights);
  assert.deepEqual((within as typeof one).weights, one.weights);
  const sizes: number[] = [];
  for (let k = 0; k < 20; k++) {
    assert.deepEqual((await fit()).weights, one.weights);
    sizes.push(process.memoryUsage().rss);
  }
  assert.ok(sizes[19] - sizes[4] < 100e6, `${sizes}`);
});
