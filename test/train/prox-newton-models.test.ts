import assert from "node:assert/strict";
import { test } from "node:test";
import { Random } from "../../src/base/random";
import { Dataset } from "../../src/matrix/dataset";
import { SparseMatrix } from "../../src/matrix/sparse";
import { LogisticLoss } from "../../src/train/losses/logistic";
import { GroupPenalty } from "../../src/train/penalties/group";
import { SeparablePenalty } from "../../src/train/penalties/separable";
import { Carry } from "../../src/train/solvers/carry";
import { ClassesModel } from "../../src/train/solvers/classes-model";
import { DenseModel } from "../../src/train/solvers/dense-model";
import { GramModel } from "../../src/train/solvers/gram-model";
import { LogisticModel } from "../../src/train/solvers/logistic-model";
import { PackedModel } from "../../src/train/solvers/packed-model";
import { SoftmaxModel } from "../../src/train/solvers/softmax-model";
import { WorkingSet } from "../../src/train/solvers/working-set";
import { kinds, randomData } from "./data";
import { box, d, design, factors, lambda, lossOf, pairs } from "./prox-newton";

for (const outputs of [1, 3]) {
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
