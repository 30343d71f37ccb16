import assert from "node:assert/strict";
import { test } from "node:test";
import { LogitpressError } from "../../src/base/errors";
import { Dataset } from "../../src/matrix/dataset";
import { SparseMatrix } from "../../src/matrix/sparse";
import { LogisticRegression } from "../../src/train/logistic-regression";
import { checkMemory, leastBytes } from "../../src/train/memory-need";
import { handedOver, lender } from "../../src/train/threads/lend";
import { randomData } from "./data";

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
