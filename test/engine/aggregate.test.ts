import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { Random } from "../../src/base/random";
import { type Aggregator, answeredBy, type FoldPart, type RowLoss } from "../../src/engine/aggregate";
import type { PackedRows } from "../../src/engine/block-layout";
import { BlockWriter } from "../../src/engine/block-writer";
import { shareOf } from "../../src/engine/folds";
import { PackedAggregates } from "../../src/engine/packed-aggregates";
import { shrink } from "../../src/engine/shrink";
import { Dataset } from "../../src/matrix/dataset";
import { SparseMatrix } from "../../src/matrix/sparse";
import { Design } from "../../src/train/design";
import { LogisticRegression } from "../../src/train/logistic-regression";
import { GroupPenalty } from "../../src/train/penalties/group";
import { SeparablePenalty } from "../../src/train/penalties/separable";
import { folder } from "./tables";

const columns = 40;
const width = 6;
const classes = 3;
const quiet = { check() {}, report() {} };

interface Row {
  readonly entries: readonly (readonly [number, number])[];
  readonly label: number;
  readonly weight: number;
}

/** Rows of several blocks, as a list and packed. */
function made(name: string, labels: number, valued: boolean): { rows: Row[]; packed: PackedRows } {
  const random = new Random(9);
  const shape = { columns, width, valued, counted: true };
  const writer = new BlockWriter(join(folder, name), shape, null);
  const rows: Row[] = [];
  for (let i = 0; i < 56_000; i++) {
    const found = new Map<number, number>();
    for (let k = 0; k < width; k++) {
      const column = Math.floor(columns * random.uniform() ** 2);
      found.set(column, valued ? Math.fround(random.normal()) : 1);
    }
    const entries = [...found].sort((a, b) => a[0] - b[0]);
    const pull = entries.reduce((sum, [j, x]) => sum + x * Math.sin(j), random.normal());
    const label = Math.max(0, Math.min(labels - 1, Math.floor(pull + labels / 2)));
    const weight = 1 + Math.floor(4 * random.uniform());
    rows.push({ entries, label, weight });
    for (const [column, value] of entries) writer.add(column, value);
    writer.endRow(label, weight);
  }
  const packed = writer.finish();
  writer.close();
  assert.ok(packed.blocks.length > 1);
  return { rows, packed };
}

function emptyDesign(): Design {
  const features = new SparseMatrix(1, columns, new Uint32Array(2), new Uint32Array(0), null);
  return Design.of(features, new Uint32Array(1), new Float64Array(1));
}

/** Probabilities of a row's outputs, and what is true of them. */
function outputsOf(row: Row, w: Float64Array, loss: RowLoss): { p: number[]; y: number[]; loss: number } {
  const K = loss.kind === "softmax" ? loss.classes : 1;
  const margins = Array.from({ length: K }, (_, k) =>
    row.entries.reduce((sum, [j, x]) => sum + x * w[j * K + k], w[columns * K + k]),
  );
  if (loss.kind === "softmax") {
    const all = margins.reduce((sum, m) => sum + Math.exp(m), 0);
    const p = margins.map((m) => Math.exp(m) / all);
    return { p, y: p.map((_, k) => Number(k === row.label)), loss: -Math.log(p[row.label]) };
  }
  const y = Number(row.label === loss.positive);
  const p = 1 / (1 + Math.exp(-margins[0]));
  return { p: [p], y: [y], loss: -Math.log(y === 1 ? p : 1 - p) };
}

test("aggregates are the sums over rows that they say, for parts of the rows, too", () => {
  const random = new Random(2);
  for (const loss of [
    { kind: "logistic", positive: 1 },
    { kind: "softmax", classes },
  ] as const) {
    const K = loss.kind === "softmax" ? classes : 1;
    const { rows, packed } = made(`sums-${K}`, classes, loss.kind === "softmax");
    const design = emptyDesign();
    const aggregates = new PackedAggregates(design, packed, K);
    const parameters = Float64Array.from({ length: (columns + 1) * K }, () => random.normal() / 3);
    const factors = Float64Array.from([1e-5, 2e-5, 3e-5]);
    const parts: (FoldPart | null)[] = [null, { fold: 1, folds: 3, seed: 4, held: false }];
    for (const part of parts) {
      const state = { loss, parameters, factors, part };
      const size = parameters.length;
      const gradient = new Float64Array(size);
      const H = new Float64Array(size * size);
      let sum = 0;
      rows.forEach((row, i) => {
        const share = factors[row.label] * row.weight * (part === null ? 1 : shareOf(part, i, row.weight));
        const { p, y, loss: own } = outputsOf(row, parameters, loss);
        sum += share * own;
        const all = [...row.entries, [columns, 1] as const];
        for (const [j, x] of all) {
          for (let k = 0; k < K; k++) {
            gradient[j * K + k] += share * x * (p[k] - y[k]);
            for (const [b, z] of all) {
              for (let l = 0; l < K; l++) {
                const h = K === 1 ? p[0] * (1 - p[0]) : p[k] * (Number(k === l) - p[l]);
                H[(j * K + k) * size + b * K + l] += share * x * z * h;
              }
            }
          }
        }
      });
      const near = (ours: number, theirs: number) =>
        assert.ok(Math.abs(ours - theirs) < 1e-11, `${ours} ${theirs}`);
      const at = aggregates.aggregate({ kind: "gradient" }, state);
      assert.equal(at.rows, rows.length);
      near(at.loss, sum);
      at.gradient.forEach((g, j) => {
        near(g, gradient[j]);
      });
      const diagonal = aggregates.aggregate({ kind: "diagonal" }, state).curvature;
      diagonal.forEach((h, j) => {
        near(h, H[j * size + j]);
      });
      const moving = Uint32Array.from(parameters.keys()).filter((j) => j % 11 === 0);
      const by = Float64Array.from(moving, () => 2 * random.normal());
      const asked = { kind: "changes", parameters: moving, by } as const;
      const changes = aggregates.aggregate(asked, state).gradient.slice();
      moving.forEach((j, n) => {
        const there = parameters.slice();
        there[j] += by[n];
        const { loss: after } = aggregates.aggregate({ kind: "gradient" }, { ...state, parameters: there });
        near(changes[j], after - sum);
      });
      assert.ok(changes.every((change, j) => change === 0 || moving.includes(j)));
      const chosen = Uint32Array.from(parameters.keys()).filter((j) => j % 3 === 0 || j >= columns * K);
      const { curvature } = aggregates.aggregate({ kind: "curvature", parameters: chosen }, state);
      chosen.forEach((j, a) => {
        chosen.forEach((l, b) => {
          near(curvature[a * chosen.length + b], b <= a ? H[j * size + l] : 0);
        });
      });
    }
    aggregates.close();
  }
});

test("an engine that answers in its own time, with room for few parameters at once, has the same minimum", async () => {
  const { rows, packed } = made("own-time", 2, false);
  const pointers = Uint32Array.from([0, ...rows.map(({ entries }) => entries.length)]);
  for (let i = 1; i < pointers.length; i++) pointers[i] += pointers[i - 1];
  const indices = Uint32Array.from(rows.flatMap(({ entries }) => entries.map(([j]) => j)));
  const data = Dataset.from({
    features: new SparseMatrix(rows.length, columns, pointers, indices, null),
    labels: rows.map(({ label }) => label),
    weights: rows.map(({ weight }) => weight),
  });
  const total = rows.reduce((sum, { weight }) => sum + weight, 0);
  const masses = new Float64Array(2);
  for (const { label, weight } of rows) masses[label] += weight / total;
  const design = emptyDesign();
  const aggregates = new PackedAggregates(design, packed, 1);
  let asked = 0;
  const engine: Aggregator = {
    columns,
    async aggregate(operation, state) {
      asked++;
      await new Promise(setImmediate);
      return aggregates.aggregate(operation, state);
    },
  };
  const table = { columns, outputs: 1, scale: null, frozen: null };
  const groups = Array.from({ length: columns }, (_, j) => j >> 2);
  const named = Array.from({ length: columns / 4 }, (_, g) => [0, 1, 2, 3].map((k) => 4 * g + k));
  for (const [penalty, options] of [
    [new SeparablePenalty({ lambda: 0.002, l1Ratio: 1 }, table), { penalty: "l1", lambda: 0.002 }],
    [
      new GroupPenalty({ lambda: 0.001, l1Ratio: 1 }, table, groups),
      { penalty: "group", lambda: 0.001, groups: named },
    ],
  ] as const) {
    const theirs = await new LogisticRegression({ tolerance: 1e-14, ...options }).fit(data);
    assert.ok(theirs.nonzeros > 14);
    for (const largest of [14, 1000]) {
      const w = new Float64Array(columns + 1);
      const problem = {
        ...{ design, penalty, masses, largest, freeIntercepts: true },
        loss: { kind: "logistic", positive: 1 } as const,
        state: (parameters: Float64Array) => ({
          ...{ loss: problem.loss, parameters, part: null },
          factors: Float64Array.of(1 / total, 1 / total),
        }),
      };
      asked = 0;
      const stop = { tolerance: largest === 14 ? 1e-10 : 1e-13, maxIterations: 2000 };
      const found = await answeredBy(engine, shrink(problem, w, stop, quiet));
      assert.ok(found.converged);
      assert.ok(found.objective - theirs.fit.objective < 1e-9);
      theirs.weights.forEach((x, j) => {
        assert.ok(Math.abs(x - w[j]) < 1e-4, `${j}: ${w[j]}, ${x}`);
      });
      if (largest === 1000) assert.ok(asked < 40, `${asked} passes`);
    }
  }
  aggregates.close();
});
