import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { ClusterTable } from "../../../src/engine/spark/cluster-table";
import { clusterSums } from "../../../src/engine/spark/sums";
import { prunedBySums } from "../../../src/engine/table-prune";
import { quantizedBySums } from "../../../src/engine/table-quantize";
import type { LinearModel, LinearScorer } from "../../../src/model/linear";
import type { PruneOptions } from "../../../src/prune/options";
import { prune } from "../../../src/prune/prune";
import type { PrunedModel } from "../../../src/prune/pruned";
import type { QuantizeOptions } from "../../../src/quantize/options";
import { quantize } from "../../../src/quantize/quantize";
import type { QuantizedModel } from "../../../src/quantize/quantized";
import { LogisticRegression } from "../../../src/train/logistic-regression";
import { engine, onCluster } from "./flights";
import { type PackedTwice, packedTwice } from "./packed-twice";

const lambda = 1e-2;
const bounds = { lower: -0.3, upper: 0.25 };

/** The same rows on the executors, packed in this process, and in memory. */
interface Rows extends PackedTwice {
  readonly there: ClusterTable;
}

onCluster();
let two: Rows;
let three: Rows;
before(async () => {
  const made = async (classes: readonly string[]): Promise<Rows> => {
    const rows = await packedTwice(`steps-${classes.length}`, 5000, 11, classes, 2048);
    return { ...rows, there: await engine().encode(rows.table, {}, rows.encoder) };
  };
  two = await made(["no", "yes"]);
  three = await made(["a", "b", "c"]);
});
after(async () => {
  for (const rows of [two, three]) await rows?.there.close();
});

async function fitted({ data }: Rows, bounded = false): Promise<LinearModel> {
  return await new LogisticRegression({ lambda, tolerance: 1e-12, ...(bounded ? { bounds } : {}) }).fit(data);
}

/** Weights are those of the same sums in another order. */
function same(ours: LinearScorer | QuantizedModel, theirs: LinearScorer | QuantizedModel): void {
  for (const [own, other] of [
    [ours.weights, theirs.weights],
    [ours.intercepts, theirs.intercepts],
  ]) {
    const distance = Math.hypot(...own.map((w, at) => w - other[at]));
    assert.ok(distance <= 1e-9 * Math.hypot(...other), `${distance} apart`);
  }
}

function within(weights: Float64Array): boolean {
  return weights.every((w) => w >= bounds.lower && w <= bounds.upper);
}

/** Prunes on the cluster: as the same sums in this process, with the support that memory finds. */
async function pruned(
  { there, local, data }: Rows,
  model: LinearScorer,
  options: Omit<PruneOptions, "data">,
): Promise<PrunedModel> {
  const ours = await there.prune(model, options);
  const sums = await prunedBySums(clusterSums(local), model, options, {});
  const memory = await prune(model, { ...options, data });
  assert.deepEqual(ours.mask, sums.mask);
  assert.deepEqual(ours.mask, memory.mask);
  same(ours, sums);
  assert.deepEqual(ours.pruning.warnings, []);
  const [a, b] = [ours, memory].map(({ pruning }) => pruning.rounds!.at(-1)!.logLoss);
  assert.ok(Math.abs(a - b) <= 1e-3 * b, `${a}, in memory ${b}`);
  return ours;
}

/** Quantizes on the cluster: as the same sums in this process, with the codes that memory finds. */
async function quantized(
  { there, local, data }: Rows,
  model: LinearScorer,
  options: Omit<QuantizeOptions, "data">,
): Promise<void> {
  const ours = await there.quantize(model, options);
  const sums = await quantizedBySums(clusterSums(local), model, options, {});
  const memory = await quantize(model, { ...options, data });
  for (const theirs of [sums, memory]) {
    assert.deepEqual(ours.positions, theirs.positions);
    assert.deepEqual(ours.codes, theirs.codes);
  }
  same(ours, sums);
  assert.deepEqual(ours.quantization!.warnings, []);
}

test("the path of l1 over a cluster's rows is that of the same sums in one process", async () => {
  await pruned(two, await fitted(two), { strategy: "l1", l1: "path", keep: 5 });
});

test("refits on a cluster stay within the bounds, some of them on one", async () => {
  for (const [rows, options] of [
    [two, { strategy: "obs", keep: 6, refit: true }],
    [three, { strategy: "magnitude", keep: 6, refit: true }],
  ] as const) {
    const { weights } = await pruned(rows, await fitted(rows, true), options);
    assert.ok(within(weights));
    assert.ok(weights.some((w) => w === bounds.lower || w === bounds.upper));
  }
});

test("descent over a cluster's rows ends at the codes of the same sums in one process", async () => {
  const stored = { levelPrecision: "float32", rounding: "descent" } as const;
  await quantized(two, await fitted(two), { ...stored, bits: 1 });
  await quantized(three, await fitted(three), { ...stored, bits: 2, leastGain: 0.001, refit: false });
});

test("the best subset by a cluster's rows is that of the same sums in one process", async () => {
  await pruned(two, await fitted(two), { strategy: "bestSubset", keep: 5 });
});
