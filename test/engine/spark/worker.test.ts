import assert from "node:assert/strict";
import { test } from "node:test";
import { Random } from "../../../src/base/random";
import { sigmoid, softplus } from "../../../src/base/sigmoid";
import { joined, WorkerRounds } from "../../../src/engine/spark/rounds";
import {
  cuts,
  numbersFor,
  parametersOf,
  type RoundHeader,
  type RoundTask,
  type SumTask,
  scalarCount,
} from "../../../src/engine/spark/worker/messages";
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
const factors = [1 / 3000, 2 / 3000];
const gradient: SumTask = {
  kind: "gradient",
  loss: { kind: "logistic", positive: 1 },
  factors,
  part: null,
  dual: null,
  factor: 1,
  chosen: null,
};

function headerOf(slices: number, ...tasks: readonly RoundTask[]): RoundHeader {
  return { columns: plan.columns, classes: plan.classes, valued: true, firsts: [], slices, tasks };
}

/** The lines that reach a worker: header and parameters with the first block of a partition. */
function asked(header: RoundHeader, parameters: Float64Array, blocks = packed.rows): string[][] {
  return blocks.map(([part, seq, rows, nonzeros, , block]) => [
    part,
    seq,
    rows,
    nonzeros,
    seq === "0" ? JSON.stringify(header) : "",
    seq === "0" ? textOf(parameters) : "",
    block,
  ]);
}

/** Both stages, as Spark does them. */
function round(header: RoundHeader, parameters: Float64Array): Float64Array {
  const stage = worker.run("round", asked(header, parameters));
  assert.equal(stage.status, 0, stage.said);
  const sorted = stage.rows.sort((a, b) => Number(a[0]) - Number(b[0]) || Number(a[1]) - Number(b[1]));
  const totals = worker.run("sum", sorted);
  assert.equal(totals.status, 0, totals.said);
  const rows = totals.rows.map(([slice, count, size, sums]) => ({ slice, parts: count, size, sums }));
  const { slices, tasks, columns, classes } = header;
  const length = tasks.reduce((sum, task) => sum + numbersFor(task, columns, classes), 0);
  return joined(rows, slices, length, { rows: cells.length, partitions: parts });
}

/** One sum at `w`: the loss and the sums of both sides, then a number a parameter. */
function sum(task: Partial<SumTask>, slices = 1): { scalars: Float64Array; sums: Float64Array } {
  const numbers = round(headerOf(slices, { ...gradient, ...task }), w);
  return { scalars: numbers.slice(0, scalarCount), sums: numbers.slice(scalarCount) };
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
    const share = factors[labels[i]];
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
  const ours = sum({});
  const theirs = reference();
  assert.ok(Math.abs(ours.scalars[0] - theirs.loss) < 1e-13);
  close(ours.sums, theirs.gradient);
  close(sum({ kind: "diagonal" }).sums, theirs.diagonal);
});

test("slices and chosen parameters have the bits of the whole", () => {
  const whole = sum({});
  for (const slices of [2, 5, plan.columns + 1]) {
    const sliced = sum({}, slices);
    assert.deepEqual(sliced.sums, whole.sums);
    assert.deepEqual(sliced.scalars, whole.scalars);
  }
  const chosen = [3, 0, plan.columns];
  const some = sum({ chosen });
  assert.deepEqual(
    [...some.sums],
    chosen.map((j) => whole.sums[j]),
  );
});

test("residuals brought to a sum of zero correlate so, and diverge by a known amount", () => {
  const { scalars } = sum({});
  const [, low, , high] = scalars;
  const [below, above] = [Math.min(1, high / low), Math.min(1, low / high)];
  const dual = { kind: "sides", below, above } as const;
  const { sums } = sum({ kind: "correlate", dual });
  assert.ok(Math.abs(sums[plan.columns]) < 1e-12);
  const factor = 0.7;
  const { features, labels } = dataset(cells, plan);
  const divergence = sum({ kind: "divergence", dual, factor }).scalars[0];
  assert.ok(features.kind === "csr");
  let expected = 0;
  for (let i = 0; i < features.rows; i++) {
    let margin = w[plan.columns];
    for (let k = features.pointers[i]; k < features.pointers[i + 1]; k++) {
      margin += features.values![k] * w[features.indices[k]];
    }
    const wrong = sigmoid(labels[i] === 1 ? -margin : margin);
    const a = factor * (labels[i] === 1 ? below : above) * wrong;
    const kl = a * Math.log(a / wrong) + (1 - a) * Math.log((1 - a) / (1 - wrong));
    expected += factors[labels[i]] * kl;
  }
  assert.ok(Math.abs(divergence - expected) < 1e-12, `${divergence}, ${expected}`);
});

test("the average of local fits is near the fit of all", () => {
  const { loss, part } = gradient;
  const fits = {
    kind: "start",
    loss,
    factors,
    part,
    lambda: 1e-3,
    fitIntercept: true,
    iterations: 20,
  } as const;
  const sums = round(headerOf(1, fits), new Float64Array(0));
  const squares = sums.subarray(plan.columns + 1);
  const { features, labels } = dataset(cells, plan);
  const counts = new Float64Array(plan.columns + 1);
  assert.ok(features.kind === "csr");
  for (let i = 0; i < features.rows; i++) {
    const share = factors[labels[i]];
    counts[plan.columns] += share;
    for (let k = features.pointers[i]; k < features.pointers[i + 1]; k++) {
      counts[features.indices[k]] += share * features.values![k] ** 2;
    }
  }
  close(
    squares,
    counts.map((count) => count / 4),
  );
  const start = sums.subarray(0, plan.columns + 1).map((x, j) => x / squares[j]);
  const at = (parameters: Float64Array): number => {
    const [value] = round(headerOf(1, gradient), parameters);
    return value + parameters.reduce((all, x, j) => all + (j < plan.columns ? 5e-4 * x * x : 0), 0);
  };
  const [cold, warm] = [at(new Float64Array(w.length)), at(start)];
  assert.ok(warm < cold - 0.1, `${warm}, from zero ${cold}`);
});

test("tasks of one round have the bits that each has alone", () => {
  const folds = { fold: 1, folds: 3, seed: 5, held: false };
  const tasks: readonly RoundTask[] = [
    gradient,
    { ...gradient, kind: "curvature", chosen: [0, 2, 7, plan.columns] },
    { ...gradient, part: folds },
    { kind: "masses", folds: 3, seed: 5 },
    { kind: "scores", models: [{ link: "binary", threshold: 0.4 }], part: null, ranked: false },
  ];
  const { columns, classes } = plan;
  const lengths = tasks.map((task) => parametersOf(task, columns, classes));
  const all = Float64Array.from(
    lengths.flatMap((length, t) => [...w.subarray(0, length).map((x) => x / (t + 1))]),
  );
  const together = round(headerOf(3, ...tasks), all);
  let at = 0;
  let from = 0;
  tasks.forEach((task, t) => {
    const alone = round(headerOf(1, task), all.slice(from, from + lengths[t]));
    assert.deepEqual(together.slice(at, at + alone.length), alone, task.kind);
    at += alone.length;
    from += lengths[t];
  });
  assert.equal(at, together.length);
});

test("what is asked for at a time is one round, and a round that fails tells each that asked", async () => {
  let header: RoundHeader | null = null;
  let parameters: Float64Array = new Float64Array(0);
  let faults = 0;
  const client = {
    async configure() {},
    async viewOfRows(_: string, sent: Readonly<Record<"header" | "parameters", readonly string[]>>) {
      header = JSON.parse(sent.header[0]);
      parameters = numbersOf(sent.parameters[0]);
    },
    async rows() {
      if (faults-- > 0) throw new Error("lost");
      const stage = worker.run("round", asked(header!, parameters)).rows;
      const sorted = stage.sort((a, b) => Number(a[0]) - Number(b[0]) || Number(a[1]) - Number(b[1]));
      return worker
        .run("sum", sorted)
        .rows.map(([slice, count, size, sums]) => ({ slice, parts: count, size, sums }));
    },
  };
  const cluster = { run: (work: (own: typeof client, place: object) => unknown) => work(client, {}) };
  const { columns, classes } = plan;
  const shape = {
    columns,
    classes,
    valued: true,
    rows: cells.length,
    nonzeros: packed.rows.reduce((sum, [, , , nonzeros]) => sum + Number(nonzeros), 0),
    partitions: parts,
    firsts: [0, 1000, 2000],
  };
  const rounds = new WorkerRounds(cluster as never, shape);
  const state = { loss: gradient.loss, factors: Float64Array.from(factors), part: null, parameters: w };
  const model = {
    link: "binary",
    threshold: 0.5,
    weights: w.slice(0, columns),
    intercepts: w.slice(columns),
  } as const;
  const [whole, some, masses, [scores]] = await Promise.all([
    rounds.aggregate({ kind: "gradient" }, state),
    rounds.aggregate({ kind: "gradient" }, state, Uint32Array.of(2, columns)),
    rounds.masses(3, 9),
    rounds.scores([model], { fold: 0, folds: 3, seed: 9, held: true }, true),
  ]);
  assert.equal(rounds.count, 1);
  close(whole.gradient, reference().gradient);
  assert.deepEqual(
    [...some.gradient],
    [...whole.gradient].map((x, j) => (j === 2 || j === columns ? x : 0)),
  );
  assert.equal(
    masses.flatMap((own) => [...own]).reduce((sum, mass) => sum + mass),
    cells.length,
  );
  assert.equal(scores.weight, masses[0][0] + masses[0][1]);
  faults = 1;
  const failed = await Promise.allSettled([rounds.masses(2, 1), rounds.masses(3, 1)]);
  assert.deepEqual(
    failed.map(({ status }) => status),
    ["rejected", "rejected"],
  );
  assert.deepEqual(await rounds.masses(3, 9), masses);
  assert.equal(rounds.count, 3);
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
  const lines = asked(headerOf(1, gradient), w);
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
    sums: textOf(new Float64Array(4)),
  };
  assert.equal(joined([right], 1, 4, shape).length, 4);
  const lost = (...rows: readonly object[]): void => {
    assert.throws(() => joined(rows as never, 1, 4, shape), { code: "failed" });
  };
  lost();
  lost(right, right);
  lost({ ...right, size: 9 });
  lost({ ...right, parts: 1 });
  lost({ ...right, slice: null });
  lost({ ...right, sums: textOf(new Float64Array(3)) });
  lost({ slice: null, parts: null, size: null, sums: null });
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

test("moves of single parameters change the loss by what a round tells, and sums without signs come, too", () => {
  const chosen = [0, 3, 5];
  const by = [0.4, -1.5, 0.7];
  const before = sum({}).scalars[0];
  const { sums } = sum({ kind: "changes", chosen, by });
  assert.equal(sums.length, chosen.length);
  chosen.forEach((j, n) => {
    const there = w.slice();
    there[j] += by[n];
    const [after] = round(headerOf(1, gradient), there);
    assert.ok(Math.abs(sums[n] - (after - before)) < 1e-12, `${sums[n]}, ${after - before}`);
  });
  const absolute = sum({ kind: "absolute" }).sums;
  const signed = sum({}).sums;
  assert.ok(absolute.every((size, j) => size >= Math.abs(signed[j]) - 1e-15));
});
