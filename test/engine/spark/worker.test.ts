import assert from "node:assert/strict";
import { test } from "node:test";
import { Random } from "../../../src/base/random";
import { sigmoid, softplus } from "../../../src/base/sigmoid";
import { joined } from "../../../src/engine/spark/rounds";
import { cuts, type RoundHeader } from "../../../src/engine/spark/worker/messages";
import { numbersOf, textOf } from "../../../src/engine/spark/worker/numbers";
import { dataset, drawn, LocalWorker } from "./local";

const { cells, plan } = drawn(3000, 7);
const worker = new LocalWorker(plan);
const parts = 3;
const partOf = (i: number): number => Math.floor((i * parts) / cells.length);
const packed = worker.run(
  "pack",
  cells.map((row, i) => [partOf(i), JSON.stringify(row)]),
);
const random = new Random(3);
const w = Float64Array.from({ length: plan.columns + 1 }, () => random.uniform() - 0.5);
const header: RoundHeader = {
  kind: "gradient",
  columns: plan.columns,
  valued: true,
  positive: 1,
  factors: [1 / 3000, 2 / 3000],
  slices: 1,
  below: 1,
  above: 1,
  factor: 1,
  lambda: 1e-3,
  fitIntercept: true,
  iterations: 20,
  chosen: null,
};

/** The lines that reach a worker: header and parameters with the first block of a partition. */
function asked(own: RoundHeader, blocks: readonly (readonly string[])[] = packed.rows): string[][] {
  return blocks.map(([part, seq, rows, nonzeros, , block]) => [
    part,
    seq,
    rows,
    nonzeros,
    seq === "0" ? JSON.stringify(own) : "",
    seq === "0" ? textOf(w) : "",
    block,
  ]);
}

/** Both stages, as Spark does them. */
function round(own: RoundHeader): { scalars: Float64Array; sums: Float64Array } {
  const stage = worker.run("round", asked(own));
  assert.equal(stage.status, 0, stage.said);
  const sorted = stage.rows.sort((a, b) => Number(a[0]) - Number(b[0]) || Number(a[1]) - Number(b[1]));
  const totals = worker.run("sum", sorted);
  assert.equal(totals.status, 0, totals.said);
  const rows = totals.rows.map(([slice, count, size, scalars, sums]) => ({
    slice,
    parts: count,
    size,
    scalars,
    sums,
  }));
  const length = own.chosen?.length ?? (own.kind === "start" ? 2 : 1) * (plan.columns + 1);
  return joined(rows, own.slices, length, { rows: cells.length, partitions: parts });
}

/** The loss and the gradient by their definitions, row after row in memory. */
function reference(): { loss: number; gradient: Float64Array; diagonal: Float64Array } {
  const { features, labels } = dataset(cells, plan);
  assert.ok(features.kind === "csr");
  const gradient = new Float64Array(w.length);
  const diagonal = new Float64Array(w.length);
  let loss = 0;
  for (let i = 0; i < features.rows; i++) {
    const entries: [number, number][] = [[plan.columns, 1]];
    for (let k = features.pointers[i]; k < features.pointers[i + 1]; k++) {
      entries.push([features.indices[k], features.values![k]]);
    }
    const margin = entries.reduce((sum, [j, x]) => sum + x * w[j], 0);
    const share = header.factors[labels[i]];
    const side = labels[i] === 1 ? -1 : 1;
    loss += share * softplus(side * margin);
    const p = sigmoid(margin);
    for (const [j, x] of entries) {
      gradient[j] += share * (p - labels[i]) * x;
      diagonal[j] += share * p * (1 - p) * x * x;
    }
  }
  return { loss, gradient, diagonal };
}

function close(ours: Float64Array, theirs: Float64Array): void {
  assert.equal(ours.length, theirs.length);
  ours.forEach((x, j) => {
    assert.ok(Math.abs(x - theirs[j]) < 1e-13, `${j}: ${x}, ${theirs[j]}`);
  });
}

test("packed rows are all there, with tabs, quotes and ends of lines in their cells", () => {
  assert.equal(packed.status, 0, packed.said);
  const rows = packed.rows.reduce((sum, [, , size]) => sum + Number(size), 0);
  assert.equal(rows, cells.length);
  const masses = packed.rows.map(([, , , , own]) => numbersOf(own));
  const yes = masses.reduce((sum, [, own]) => sum + own, 0);
  assert.equal(yes, cells.filter(([label]) => label === "yes").length);
});

test("a round over partitions is the loss and the gradient by their definitions", () => {
  const ours = round(header);
  const theirs = reference();
  assert.ok(Math.abs(ours.scalars[0] - theirs.loss) < 1e-13);
  close(ours.sums, theirs.gradient);
  close(round({ ...header, kind: "diagonal" }).sums, theirs.diagonal);
});

test("slices and chosen parameters have the bits of the whole", () => {
  const whole = round(header);
  for (const slices of [2, 5, plan.columns + 1]) {
    const sliced = round({ ...header, slices });
    assert.deepEqual(sliced.sums, whole.sums);
    assert.deepEqual(sliced.scalars, whole.scalars);
  }
  const chosen = [3, 0, plan.columns];
  const some = round({ ...header, chosen });
  assert.deepEqual(
    [...some.sums],
    chosen.map((j) => whole.sums[j]),
  );
});

test("residuals brought to a sum of zero correlate so, and diverge by a known amount", () => {
  const { scalars } = round(header);
  const [, low, , high] = scalars;
  const [below, above] = [Math.min(1, high / low), Math.min(1, low / high)];
  const { sums } = round({ ...header, kind: "correlate", below, above });
  assert.ok(Math.abs(sums[plan.columns]) < 1e-12);
  const factor = 0.7;
  const { features, labels } = dataset(cells, plan);
  const divergence = round({ ...header, kind: "divergence", below, above, factor, chosen: [] }).scalars[0];
  assert.ok(features.kind === "csr");
  let sum = 0;
  for (let i = 0; i < features.rows; i++) {
    let margin = w[plan.columns];
    for (let k = features.pointers[i]; k < features.pointers[i + 1]; k++) {
      margin += features.values![k] * w[features.indices[k]];
    }
    const wrong = sigmoid(labels[i] === 1 ? -margin : margin);
    const a = factor * (labels[i] === 1 ? below : above) * wrong;
    const kl = a * Math.log(a / wrong) + (1 - a) * Math.log((1 - a) / (1 - wrong));
    sum += header.factors[labels[i]] * kl;
  }
  assert.ok(Math.abs(divergence - sum) < 1e-12, `${divergence}, ${sum}`);
});

test("the average of local fits is near the fit of all", () => {
  const saved = w.slice();
  w.fill(0);
  const { sums } = round({ ...header, kind: "start" });
  const squares = sums.subarray(plan.columns + 1);
  const { features, labels } = dataset(cells, plan);
  const counts = new Float64Array(plan.columns + 1);
  assert.ok(features.kind === "csr");
  for (let i = 0; i < features.rows; i++) {
    const share = header.factors[labels[i]];
    counts[plan.columns] += share;
    for (let k = features.pointers[i]; k < features.pointers[i + 1]; k++) {
      counts[features.indices[k]] += share * features.values![k] ** 2;
    }
  }
  close(squares, counts);
  const start = sums.subarray(0, plan.columns + 1).map((sum, j) => sum / squares[j]);
  const zero = new Float64Array(w.length);
  const at = (parameters: Float64Array): number => {
    w.set(parameters);
    const { scalars } = round(header);
    const penalty = parameters.reduce((sum, x, j) => sum + (j < plan.columns ? 5e-4 * x * x : 0), 0);
    return scalars[0] + penalty;
  };
  const [cold, warm] = [at(zero), at(start)];
  w.set(saved);
  assert.ok(warm < cold - 0.1, `${warm}, from zero ${cold}`);
});

test("a worker refuses what is not whole: cells, blocks, their order, parameters", () => {
  const refused = (task: string, rows: readonly (readonly (string | number)[])[], pattern: RegExp): void => {
    const { status, said } = worker.run(task, rows);
    assert.equal(status, 1);
    assert.match(said, /^logitpress-worker: /);
    assert.match(said, pattern);
  };
  const row = (...own: readonly (string | null)[]): string[][] => [["0", JSON.stringify(own)]];
  refused("pack", row("maybe", "1", null, null), /label "maybe"/);
  refused("pack", row("yes", "1", "Nowhere", null), /level "Nowhere"/);
  refused("pack", row("yes", "Infinity", null, null), /not finite/);
  refused("pack", [["0", "{"]], /JSON/);
  const lines = asked(header);
  const cut = lines.map((fields) => [...fields.slice(0, 6), fields[6].slice(0, -8)]);
  refused("round", cut, /bytes, not/);
  refused(
    "round",
    lines.map((fields) => fields.slice(0, 5)),
    /fewer fields/,
  );
  refused("round", [lines[0], lines[0].map((field, k) => (k === 1 ? "2" : field))], /block 2 of partition 0/);
  refused("round", [lines[0].map((field, k) => (k === 1 ? "1" : field))], /without its first block/);
  refused(
    "round",
    lines.map((fields) => fields.map((field, k) => (k === 5 ? field.slice(0, 16) : field))),
    /12 bytes|parameters came/,
  );
  const sums = worker.run("round", lines).rows;
  refused("sum", [sums[1], sums[0]], /came after/);
  refused("elsewhere", [], /unknown task/);
});

test("rows that a worker lost, or that Spark gave as NULL, pass for no sum", () => {
  const shape = { rows: 10, partitions: 2 };
  const right = {
    slice: 0,
    parts: 2,
    size: 10,
    scalars: textOf(new Float64Array(5)),
    sums: textOf(new Float64Array(4)),
  };
  assert.equal(joined([right], 1, 4, shape).sums.length, 4);
  const lost = (...rows: readonly object[]): void => {
    assert.throws(() => joined(rows as never, 1, 4, shape), { code: "failed" });
  };
  lost();
  lost(right, right);
  lost({ ...right, size: 9 });
  lost({ ...right, parts: 1 });
  lost({ ...right, slice: null });
  lost({ ...right, sums: textOf(new Float64Array(3)) });
  lost({ slice: null, parts: null, size: null, scalars: null, sums: null });
});

test("cuts are of all, in order, and about even", () => {
  for (const [length, slices] of [
    [10, 3],
    [3, 3],
    [70_001, 2],
  ]) {
    const at = cuts(length, slices);
    assert.deepEqual([at[0], at[slices]], [0, length]);
    for (let k = 0; k < slices; k++) assert.ok(at[k + 1] - at[k] >= Math.floor(length / slices));
  }
});

test("lines of any length come whole, whatever the size of the pieces", () => {
  const cities = Array.from({ length: 4 }, (_, k) => `ü${"y".repeat(700_000 * k)}`);
  const features = cities.map((_, k) => 1 + k);
  const own = new LocalWorker({ ...plan, categorical: [{ cells: cities, features }, plan.categorical[1]] });
  const { rows, status, said } = own.run(
    "pack",
    cities.map((city) => ["0", JSON.stringify(["yes", "41", city, "3"])]),
  );
  assert.equal(status, 0, said);
  assert.deepEqual(rows[0].slice(2, 4), ["4", "12"]);
});
