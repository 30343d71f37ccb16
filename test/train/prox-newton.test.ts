import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { test } from "node:test";
import { Random } from "../../src/base/random";
import { Dataset } from "../../src/matrix/dataset";
import { SparseMatrix } from "../../src/matrix/sparse";
import { LogisticRegression } from "../../src/train/logistic-regression";
import type { Table } from "../../src/train/penalties/composite";
import { GroupPenalty } from "../../src/train/penalties/group";
import { SeparablePenalty } from "../../src/train/penalties/separable";
import { python, root } from "../python";
import { kinds, randomData } from "./data";
import { cases, d, factors, fit, lambda } from "./prox-newton";

for (const [name, make] of Object.entries(cases)) {
  for (const kind of kinds) {
    for (const outputs of [1, 3]) {
      test(`${name}, ${kind}, ${outputs} outputs: the gap is closed and no block violates optimality`, () => {
        const data = randomData(kind, 90, d, Math.max(2, outputs), 3);
        for (const free of [true, false]) {
          const { outcome, w, gradient, penalty } = fit(data, outputs, make, { free });
          assert.ok(outcome.converged);
          assert.ok(outcome.gap <= 1e-8 * outcome.objective, `gap ${outcome.gap}`);
          const stirred = penalty.stirred(w, gradient);
          const excess = penalty.excess(w, gradient, stirred, new Float64Array(stirred.length));
          assert.ok(excess < 1e-5, `excess ${excess}`);
          const intercepts = gradient.subarray(d * outputs);
          if (free) assert.ok(intercepts.every((g) => Math.abs(g) < 1e-4));
          else assert.ok(w.subarray(d * outputs).every((b) => b === 0));
          assert.ok(w.some((x) => x !== 0));
          const inside = w.slice();
          penalty.project(inside);
          assert.deepEqual(inside, w);
        }
      });
    }
  }
}

for (const outputs of [1, 3]) {
  test(`${outputs} outputs: wide sparse data, which are fitted by columns, close the gap, too`, () => {
    const random = new Random(2);
    const lines = Array.from({ length: 60 }, () => {
      const columns = new Set(Array.from({ length: 12 }, () => random.integer(1500)));
      return [...columns].map((j): [number, number] => [j, random.normal()]);
    });
    const labels = Uint32Array.from({ length: 60 }, (_, i) => i % Math.max(2, outputs));
    const data = Dataset.from({ features: SparseMatrix.fromRows(lines, 1500), labels });
    for (const make of [
      (table: Table) => new SeparablePenalty({ lambda: 1e-3, l1Ratio: 0.9 }, table),
      (table: Table) => new GroupPenalty({ lambda: 1e-3, l1Ratio: 1 }, table),
    ]) {
      const { outcome, w } = fit(data, outputs, make);
      assert.ok(outcome.converged && outcome.gap <= 1e-8 * outcome.objective);
      assert.ok(w.some((x) => x !== 0) && w.some((x) => x === 0));
    }
  });
}

for (const kind of kinds) {
  test(`${kind}: gaps far below what the objective shows are reached`, () => {
    for (const outputs of [1, 3]) {
      const data = randomData(kind, 120, d, Math.max(2, outputs), 1);
      for (const name of ["l1", "l1 in a box", "groups of columns"]) {
        const { outcome } = fit(data, outputs, cases[name], { tolerance: 1e-12 });
        assert.ok(outcome.converged && outcome.gap <= 1e-12 * outcome.objective, `${name}: ${outcome.gap}`);
      }
    }
  });
}

test("groups of one column are l1; two classes of softmax are one output", () => {
  const data = randomData("csr", 90, d, 2, 3);
  const l1 = fit(data, 1, cases.l1);
  const groups = fit(data, 1, (table) => new GroupPenalty({ lambda, l1Ratio: 1 }, table));
  l1.w.forEach((x, j) => {
    assert.ok(Math.abs(x - groups.w[j]) < 1e-6);
  });
  const softmax = fit(data, 2, cases.l1);
  assert.ok(Math.abs(softmax.outcome.objective - l1.outcome.objective) < 1e-7);
  for (let j = 0; j < d; j++) assert.ok(Math.abs(softmax.w[2 * j + 1] - softmax.w[2 * j] - l1.w[j]) < 1e-4);
});

test("columns without penalty end where their gradient is zero, and the violation decides", () => {
  const data = randomData("dense", 90, d, 2, 3);
  const weights = factors.map((x, j) => (j < 2 ? 0 : x));
  const { outcome, gradient, w } = fit(
    data,
    1,
    (table) => new SeparablePenalty({ lambda, l1Ratio: 1 }, table, weights),
  );
  assert.ok(outcome.converged);
  assert.ok(Number.isNaN(outcome.gap));
  assert.ok(Math.abs(gradient[0]) < 1e-8 && Math.abs(gradient[1]) < 1e-8);
  assert.ok(w[0] !== 0 && w[1] !== 0);
});

test("the ends of the elastic net are l2 and l1", async () => {
  const data = randomData("dense", 120, d, 3, 3);
  const tolerance = 1e-10;
  const fitted = async (options: object) =>
    await new LogisticRegression({ lambda, tolerance, ...options }).fit(data);
  for (const [l1Ratio, penalty] of [
    [0, "l2"],
    [1, "l1"],
  ] as const) {
    const net = await fitted({ penalty: "elasticnet", l1Ratio, solver: "prox-newton" });
    const end = await fitted({ penalty });
    assert.ok(net.fit.converged && end.fit.converged);
    assert.ok(Math.abs(net.fit.objective - end.fit.objective) < 1e-9);
    net.weights.forEach((x, j) => {
      assert.ok(Math.abs(x - end.weights[j]) < 1e-5);
    });
  }
});

test("columns of zeros, constant columns and columns twice are no trouble, and the bits are the same again", () => {
  const random = new Random(7);
  const lines = Array.from({ length: 80 }, () => {
    const x = random.normal();
    return [
      [1, 1],
      [3, x],
      [4, x],
      [6, random.normal()],
    ] as [number, number][];
  });
  const labels = Uint32Array.from(lines, (line) => Number(line[1][1] + random.normal() > 0));
  const data = Dataset.from({ features: SparseMatrix.fromRows(lines, 8), labels });
  const [first, again] = [0, 1].map(() => fit(data, 1, cases.l1));
  assert.ok(first.outcome.converged);
  assert.equal(first.w[0], 0);
  assert.ok(first.w[3] + first.w[4] > 0);
  assert.deepEqual(first.w, again.w);
});

test("of a million columns the three that matter are found", () => {
  const random = new Random(1);
  const columns = 1_000_000;
  const matter = [123, 456_789, 999_999];
  const lines = Array.from({ length: 400 }, () => {
    const found = new Map<number, number>(matter.map((j) => [j, random.normal()]));
    for (let n = 0; n < 20; n++) found.set(random.integer(columns), random.normal());
    return [...found];
  });
  const labels = Uint32Array.from(lines, ([[, a], [, b], [, c]]) => Number(a - b + c > 0));
  const data = Dataset.from({ features: SparseMatrix.fromRows(lines, columns), labels });
  const { outcome, w } = fit(data, 1, (table) => new SeparablePenalty({ lambda: 0.05, l1Ratio: 1 }, table));
  assert.ok(outcome.converged);
  const found = Array.from(w.keys()).filter((j) => j < columns && w[j] !== 0);
  assert.deepEqual(found, matter);
});

for (const [classes, l1Ratio, kind] of [
  [2, 1, "dense"],
  [2, 0.5, "csr"],
  [3, 1, "csr"],
  [3, 0.5, "dense"],
] as const) {
  test(`${classes} classes, share ${l1Ratio} of l1, ${kind}: as scikit-learn`, () => {
    const data = randomData(kind, 150, d, classes, 5);
    const { features } = data;
    const input = JSON.stringify({
      rows: data.rows,
      columns: d,
      x: Array.from(features.kind === "dense" ? features.values : features.toDense().values),
      y: Array.from(data.labels),
      lambda,
      l1Ratio,
    });
    const script = join(root, "test", "train", "prox-newton.py");
    const { status, stdout, stderr, error } = spawnSync(python, [script], { input, encoding: "utf8" });
    assert.equal(status, 0, `scikit-learn did not run: ${stderr || error?.message}`);
    const theirs = JSON.parse(stdout) as { weights: number[]; intercepts: number[] };
    const outputs = classes === 2 ? 1 : classes;
    const { w } = fit(data, outputs, (table) => new SeparablePenalty({ lambda, l1Ratio }, table), {
      tolerance: 1e-12,
    });
    theirs.weights.forEach((x, j) => {
      assert.ok(Math.abs(w[j] - x) < 1e-6, `weight ${j}: ours ${w[j]}, theirs ${x}`);
    });
  });
}
