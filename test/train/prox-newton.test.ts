import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { test } from "node:test";
import { Random } from "../../src/base/random";
import { Dataset } from "../../src/matrix/dataset";
import { SparseMatrix } from "../../src/matrix/sparse";
import { Design } from "../../src/train/design";
import { LogisticRegression } from "../../src/train/logistic-regression";
import type { CurvedLoss } from "../../src/train/losses/curved";
import { LogisticLoss } from "../../src/train/losses/logistic";
import { SoftmaxLoss } from "../../src/train/losses/softmax";
import type { CompositePenalty, Table } from "../../src/train/penalties/composite";
import { GroupPenalty } from "../../src/train/penalties/group";
import { SeparablePenalty } from "../../src/train/penalties/separable";
import { sharesOf } from "../../src/train/shares";
import { Carry } from "../../src/train/solvers/carry";
import { ClassesModel } from "../../src/train/solvers/classes-model";
import { DenseModel } from "../../src/train/solvers/dense-model";
import { GramModel } from "../../src/train/solvers/gram-model";
import { LogisticModel } from "../../src/train/solvers/logistic-model";
import { PackedModel } from "../../src/train/solvers/packed-model";
import { type CompositeOutcome, proxNewton } from "../../src/train/solvers/prox-newton";
import { RowGroups } from "../../src/train/solvers/row-groups";
import { Screen } from "../../src/train/solvers/screen";
import { SoftmaxModel } from "../../src/train/solvers/softmax-model";
import { WorkingSet } from "../../src/train/solvers/working-set";
import { python, root } from "../python";
import { kinds, randomData } from "./data";

const monitor = { check() {}, report() {} };

interface Found {
  readonly outcome: CompositeOutcome;
  readonly w: Float64Array;
  readonly gradient: Float64Array;
  readonly penalty: CompositePenalty;
}

function design(data: Dataset): Design {
  return Design.of(data.features, data.labels, sharesOf(data, null));
}

function lossOf(design: Design, outputs: number): CurvedLoss {
  return outputs === 1 ? new LogisticLoss(design, 1) : new SoftmaxLoss(design, outputs);
}

/** Fits, and takes the gradient anew at the end. */
function fit(
  data: Dataset,
  outputs: number,
  make: (table: Table) => CompositePenalty,
  { tolerance = 1e-8, free = true } = {},
): Found {
  const own = design(data);
  const loss = lossOf(own, outputs);
  const w = own.parameters(outputs);
  const penalty = make({ columns: own.columns, outputs, scale: null, frozen: null });
  const stop = { tolerance, maxIterations: 500 };
  const outcome = proxNewton({ design: own, loss, penalty, freeIntercepts: free }, w, stop, monitor);
  const gradient = own.parameters(outputs);
  loss.gradient(w, gradient);
  return { outcome, w, gradient, penalty };
}

const lambda = 0.02;
const d = 12;
const box = {
  lower: new Float64Array(d).fill(-0.1),
  upper: Float64Array.from({ length: d }, (_, j) => (j % 3 === 0 ? 0 : 0.15)),
};
const pairs = Array.from({ length: d }, (_, j) => j >> 1);
const factors = Array.from({ length: d }, (_, j) => 0.5 + (j % 4));

const cases: Record<string, (table: Table) => CompositePenalty> = {
  l1: (table) => new SeparablePenalty({ lambda, l1Ratio: 1 }, table),
  "the elastic net": (table) => new SeparablePenalty({ lambda, l1Ratio: 0.3 }, table),
  "the adaptive lasso": (table) => new SeparablePenalty({ lambda, l1Ratio: 1 }, table, factors),
  "l1 in a box": (table) => new SeparablePenalty({ lambda, l1Ratio: 1 }, table, null, box),
  "ridge in a box": (table) => new SeparablePenalty({ lambda, l1Ratio: 0 }, table, null, box),
  "nothing in a box": (table) => new SeparablePenalty({ lambda: 0, l1Ratio: 1 }, table, null, box),
  "groups over classes": (table) => new GroupPenalty({ lambda, l1Ratio: 1 }, table),
  "groups of columns": (table) => new GroupPenalty({ lambda, l1Ratio: 1 }, table, pairs, factors),
  "groups with a square": (table) => new GroupPenalty({ lambda, l1Ratio: 0.6 }, table, pairs),
};

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

  for (const kind of kinds) {
    test(`${kind}, ${outputs} outputs: the model by its Hessian and that by columns are the same`, () => {
      const data = randomData(kind, 40, d, Math.max(2, outputs), 6);
      const own = design(data);
      const loss = lossOf(own, outputs);
      const table = { columns: d, outputs, scale: null, frozen: null };
      const carry = new Carry(own, outputs);
      for (const penalty of [
        new SeparablePenalty({ lambda, l1Ratio: 0.5 }, table, null, box),
        new GroupPenalty({ lambda, l1Ratio: 1 }, table, pairs),
      ]) {
        const blocks = Uint32Array.from({ length: penalty.blocks }, (_, b) => b).filter((b) => b % 4 !== 1);
        const readings = kind === "dense" ? (["rows"] as const) : (["rows", "columns"] as const);
        const ends = readings.map((reading) => {
          const set = new WorkingSet(own, loss, penalty, carry.counts, blocks, true, reading);
          const random = new Random(1);
          const u = own.arena.floats(set.size).map(() => 0.1 * random.normal());
          const g = own.arena.floats(set.size);
          set.gradient(u, g);
          const list = own.arena.integers(set.blocks);
          for (let b = 0; b < set.blocks; b++) list[b] = b;
          const models = [new GramModel(set), outputs === 1 ? new LogisticModel(set) : new SoftmaxModel(set)];
          for (let sweep = 0; sweep < 3; sweep++) {
            for (const model of models) {
              if (sweep === 0) model.begin(u, g);
              model.sweep(list, set.blocks);
            }
          }
          const [byHessian, byColumn] = models;
          byHessian.u.forEach((x, a) => {
            assert.ok(Math.abs(x - byColumn.u[a]) < 1e-12);
          });
          assert.ok(Math.abs(byHessian.value() - byColumn.value()) < 1e-12);
          return byHessian.u.slice();
        });
        assert.deepEqual(ends[0], ends[ends.length - 1]);
      }
    });
  }
}

for (const kind of ["csr", "ones"] as const) {
  for (const noise of [1, 0]) {
    test(`${kind}, columns ${noise === 0 ? "twice" : "apart"}: a Hessian to six digits leads to where the one to all digits does`, () => {
      const { features, labels } = filled(kind, 6000, 24, noise);
      const own = design(Dataset.from({ features, labels }));
      const loss = lossOf(own, 1);
      const table = { columns: 24, outputs: 1, scale: null, frozen: null };
      const penalty = new SeparablePenalty({ lambda: 1e-3, l1Ratio: 0.5 }, table);
      const blocks = Uint32Array.from({ length: 24 }, (_, b) => b);
      const { counts } = new Carry(own, 1);
      const set = new WorkingSet(own, loss, penalty, counts, blocks, true, "rows");
      assert.ok(PackedModel.suits(set));
      const ends = [new PackedModel(set), new GramModel(set)].map((model) => {
        const u = own.arena.floats(set.size);
        const g = own.arena.floats(set.size);
        set.gradient(u, g);
        const list = own.arena.integers(set.blocks);
        for (let b = 0; b < set.blocks; b++) list[b] = b;
        model.begin(u, g);
        for (let sweep = 0; sweep < 200; sweep++) model.sweep(list, set.blocks);
        return model.u.slice();
      });
      const worst = Math.max(...ends[0].map((x, a) => Math.abs(x - ends[1][a])));
      // Columns that are the same are told apart by all digits alone.
      assert.ok(noise === 0 ? worst === 0 : worst > 0 && worst < 1e-5, `${worst}`);
    });
  }
}

for (const [free, noise, tolerance] of [
  [true, 0.05, 1e-3],
  [false, 0.05, 1e-3],
  // So much alike that six digits of the Hessian would not do.
  [true, 0.008, 1e-6],
] as const) {
  test(`dense rows as they are, intercept ${free ? "free" : "fixed"}, noise ${noise}: leaps only go down, and end where thousands of sweeps do`, () => {
    const data = nearlyAlike(120, d, noise);
    const own = design(data);
    const loss = new LogisticLoss(own, 1);
    const table = { columns: d, outputs: 1, scale: null, frozen: null };
    const { counts } = new Carry(own, 1);
    let sweeps = 0;
    for (const penalty of [
      new SeparablePenalty({ lambda: 2e-3, l1Ratio: 1 }, table),
      new SeparablePenalty({ lambda: 2e-3, l1Ratio: 0.5 }, table, factors),
      new SeparablePenalty({ lambda: 2e-3, l1Ratio: 1 }, table, null, box),
      new SeparablePenalty({ lambda: 1e-2, l1Ratio: 0 }, table, null, box),
    ]) {
      const blocks = Uint32Array.from({ length: d }, (_, b) => b).filter((b) => b !== 1);
      const [whole, picked] = (["whole", "rows"] as const).map((reading) => {
        const set = new WorkingSet(own, loss, penalty, counts, blocks, free, reading);
        const [u, g] = [own.arena.floats(set.size), own.arena.floats(set.size)];
        set.gradient(u, g);
        const list = own.arena.integers(set.blocks);
        for (let b = 0; b < set.blocks; b++) list[b] = b;
        const model = reading === "whole" ? new DenseModel(set) : new GramModel(set);
        model.begin(u, g);
        return { set, list, model };
      });
      const height = ({ set, model }: typeof whole) => model.value() + set.penalty(model.u);
      let leaps = 0;
      for (let sweep = 0; sweep < 40; sweep++) {
        whole.model.sweep(whole.list, whole.set.blocks);
        const before = height(whole);
        if (whole.model.leap()) leaps++;
        assert.ok(height(whole) <= before + 1e-15, `${height(whole)} after ${before}`);
      }
      assert.ok(leaps > 0);
      for (let n = 0; n < 100_000 && picked.model.sweep(picked.list, picked.set.blocks) > 1e-15; n++)
        sweeps++;
      whole.model.u.forEach((x, a) => {
        assert.ok(Math.abs(x - picked.model.u[a]) < tolerance, `${x}, ${picked.model.u[a]}`);
      });
      assert.ok(Math.abs(height(whole) - height(picked)) < 1e-4 * tolerance);
    }
    assert.ok(sweeps > 1000, `${sweeps} sweeps: columns are not alike`);
  });
}

/** Dense columns in pairs that differ by noise. */
function nearlyAlike(rows: number, columns: number, noise: number): Dataset {
  const random = new Random(8);
  const lines = Array.from({ length: rows }, () => {
    const line = Array.from({ length: columns }, () => random.normal());
    return line.map((x, j) => (j % 2 === 1 ? line[j - 1] + noise * x : x));
  });
  const labels = lines.map((line) => (line[0] + line[3] - line[6] + random.normal() > 0 ? 1 : 0));
  return Dataset.from({ features: lines, labels });
}

for (const kind of kinds) {
  test(`${kind}: the model by one Hessian a class ends where that by the whole Hessian does`, () => {
    const own = design(randomData(kind, 40, d, 3, 6));
    const loss = lossOf(own, 3);
    const table = { columns: d, outputs: 3, scale: null, frozen: null };
    const penalty = new SeparablePenalty({ lambda, l1Ratio: 0.5 }, table, null, box);
    const blocks = Uint32Array.from({ length: penalty.blocks }, (_, b) => b).filter((b) => b % 4 !== 1);
    const set = new WorkingSet(own, loss, penalty, new Carry(own, 3).counts, blocks, true, "rows");
    const [u, g] = [own.arena.floats(set.size), own.arena.floats(set.size)];
    set.gradient(u, g);
    const list = own.arena.integers(set.blocks);
    for (let b = 0; b < set.blocks; b++) list[b] = b;
    const models = [new GramModel(set), new ClassesModel(set)];
    for (const keep of [false, true]) {
      for (const model of models) {
        model.begin(u, g, keep);
        for (let sweep = 0; sweep < 2000 && model.sweep(list, set.blocks) > 1e-14; sweep++);
      }
      const [whole, classes] = models;
      // The intercepts are determined but for a shift of all.
      whole.u.subarray(0, set.size - 3).forEach((x, a) => {
        assert.ok(Math.abs(x - classes.u[a]) < 1e-8, `${x}, ${classes.u[a]}`);
      });
      assert.ok(Math.abs(whole.value() - classes.value()) < 1e-12);
    }
  });

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

test("each fit of a path ends where a fit from zero does", () => {
  const data = randomData("csr", 90, d, 2, 3);
  const own = design(data);
  const loss = lossOf(own, 1);
  const w = own.parameters(1);
  const carry = new Carry(own, 1);
  for (let n = 0; n < 12; n++) {
    const strength = { lambda: 0.1 * 0.7 ** n, l1Ratio: 1 };
    const penalty = new SeparablePenalty(strength, { columns: d, outputs: 1, scale: null, frozen: null });
    const problem = { design: own, loss, penalty, freeIntercepts: true };
    const outcome = proxNewton(problem, w, { tolerance: 1e-8, maxIterations: 100 }, monitor, carry);
    const alone = fit(data, 1, (table) => new SeparablePenalty(strength, table));
    assert.ok(outcome.converged);
    assert.ok(Math.abs(outcome.objective - alone.outcome.objective) <= 1e-8 * outcome.objective);
  }
});

for (const kind of ["csr", "ones"] as const) {
  for (const free of [true, false]) {
    test(`${kind}, intercept ${free ? "free" : "fixed"}: a path that reads few columns leaves none out that breaks the optimality`, () => {
      const data = randomData(kind, 60, 400, 2, 5);
      const own = design(data);
      const loss = lossOf(own, 1);
      const w = own.parameters(1);
      const table = { columns: 400, outputs: 1, scale: null, frozen: null };
      const weights = Float64Array.from({ length: 400 }, (_, j) => 1 + (j % 3));
      assert.ok(Screen.suits(own));
      const carry = new Carry(own, 1, 30);
      const before = own.passes;
      let looks = 0;
      for (let n = 0; n < 30; n++) {
        const lambda = 0.1 * 0.85 ** n;
        const penalty = new SeparablePenalty({ lambda, l1Ratio: 1 }, table, n < 15 ? null : weights);
        const problem = { design: own, loss, penalty, freeIntercepts: free };
        const outcome = proxNewton(problem, w, { tolerance: 1e-7, maxIterations: 200 }, monitor, carry);
        assert.ok(outcome.converged && outcome.gap <= 1e-7 * outcome.objective);
        looks += outcome.history.length;
        const [at, gradient] = [own.parameters(1), own.parameters(1)];
        at.set(w);
        loss.gradient(at, gradient);
        gradient.subarray(0, 400).forEach((g, j) => {
          const corner = lambda * (n < 15 ? 1 : weights[j]);
          assert.ok(Math.abs(g) <= corner * (1 + 1e-3), `column ${j}: ${g} of ${corner}`);
        });
        assert.deepEqual(
          Array.from(outcome.stirred).filter((j) => w[j] !== 0),
          Array.from({ length: 400 }, (_, j) => j).filter((j) => w[j] !== 0),
        );
      }
      // One pass a step is for the gradients above.
      const passes = own.passes - before - 30;
      assert.ok(passes > 0 && passes < 0.8 * looks, `${passes} passes for ${looks} looks`);
      carry.close();
    });
  }
}

test("rows that are alike in the columns of a working set are one row there, and the whole loss is where they are", () => {
  const random = new Random(5);
  const [rows, columns] = [5000, 12];
  const lines = Array.from({ length: rows }, () =>
    Array.from({ length: 3 }, (_, part): [number, number] => [4 * part + random.integer(4), 1]),
  );
  const { pointers, indices } = SparseMatrix.fromRows(lines, columns);
  const features = new SparseMatrix(rows, columns, pointers, indices, null);
  const labels = Uint32Array.from(lines, (line) => Number(line[0][0] + 2 * random.normal() > 1));
  const own = design(Dataset.from({ features, labels }));
  own.shares.forEach((_, i) => {
    own.shares[i] *= i % 5 === 0 ? 0 : 0.5 + random.uniform();
  });
  const table = { columns, outputs: 1, scale: null, frozen: null };
  const penalty = new SeparablePenalty({ lambda: 1e-3, l1Ratio: 1 }, table);
  const loss = lossOf(own, 1);
  const { counts } = new Carry(own, 1);
  assert.ok(RowGroups.suits(own));
  const [groups, copied] = [false, true].map((often) => new RowGroups(own, counts, often));
  for (const blocks of [[1, 2], [0, 1, 2, 7], [0, 1, 2, 4, 5, 7, 9], [11], [3, 8, 10, 11]]) {
    const chosen = Uint32Array.from(blocks);
    const results = (["rows", groups, copied] as const).map((reading) => {
      const set = new WorkingSet(own, loss, penalty, counts, chosen, true, reading);
      const [u, g, again, h] = Array.from({ length: 4 }, () => own.arena.floats(set.size));
      u.forEach((_, a) => {
        u[a] = Math.sin(a + 1);
      });
      const value = set.gradient(u, g);
      set.settle();
      new WorkingSet(own, loss, penalty, counts, chosen, true, reading).slopes(again);
      set.diagonal(h);
      const { residuals, curvatures } = loss as LogisticLoss;
      const all = own.parameters(1);
      loss.correlate(all, false);
      return {
        rows: set.design.rows,
        numbers: [value, ...g, ...again, ...h, ...residuals, ...curvatures, ...all],
      };
    });
    const kinds = new Set(
      lines.map((line, i) => `${labels[i]} ${line.map(([j]) => (blocks.includes(j) ? j : ""))}`),
    );
    assert.equal(results[0].rows, rows);
    assert.ok(results[1].rows >= kinds.size && results[1].rows <= 200, `${results[1].rows} of ${kinds.size}`);
    results[0].numbers.forEach((x, n) => {
      assert.ok(Math.abs(x - results[1].numbers[n]) <= 1e-14, `number ${n}: ${x}, ${results[1].numbers[n]}`);
    });
    assert.deepEqual(results[2], results[1]);
  }
  groups.close();
  copied.close();
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

test("csr: a Hessian a class to six digits leads to where the one of all classes does", () => {
  const { features } = filled("csr", 6000, 24, 1);
  const random = new Random(3);
  const labels = Uint32Array.from({ length: features.rows }, () => random.integer(3));
  const own = design(Dataset.from({ features, labels }));
  const loss = lossOf(own, 3);
  const table = { columns: 24, outputs: 3, scale: null, frozen: null };
  const penalty = new SeparablePenalty({ lambda: 1e-3, l1Ratio: 0.5 }, table);
  const blocks = Uint32Array.from({ length: penalty.blocks }, (_, b) => b);
  const set = new WorkingSet(own, loss, penalty, new Carry(own, 3).counts, blocks, true, "rows");
  const ends = [new ClassesModel(set), new GramModel(set)].map((model) => {
    const [u, g] = [own.arena.floats(set.size), own.arena.floats(set.size)];
    set.gradient(u, g);
    const list = own.arena.integers(set.blocks);
    for (let b = 0; b < set.blocks; b++) list[b] = b;
    model.begin(u, g);
    for (let sweep = 0; sweep < 100; sweep++) model.sweep(list, set.blocks);
    return model.value() + set.penalty(model.u);
  });
  assert.ok(ends[1] < 0 && Math.abs(ends[0] - ends[1]) < 1e-6 * -ends[1], `${ends}`);
});

/** Rows that fill two thirds of their columns, of which the later half repeats the others where there is no noise. */
function filled(kind: "csr" | "ones", rows: number, columns: number, noise: number) {
  const random = new Random(11);
  const lines = Array.from({ length: rows }, () => {
    const half = Array.from({ length: columns / 2 }, () => (random.uniform() < 2 / 3 ? random.normal() : 0));
    const rest = half.map((x) => (noise === 0 ? x : random.uniform() < 2 / 3 ? random.normal() : 0));
    return [...half, ...rest].flatMap((x, j): [number, number][] => (x === 0 ? [] : [[j, x]]));
  });
  const { pointers, indices, values } = SparseMatrix.fromRows(lines, columns);
  const labels = Uint32Array.from(lines, (line) => Number(line.length - columns / 2 + random.normal() > 2));
  return {
    features: new SparseMatrix(rows, columns, pointers, indices, kind === "ones" ? null : values),
    labels,
  };
}
