import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { Random } from "../../../src/base/random";
import { Dataset } from "../../../src/matrix/dataset";
import { SparseMatrix } from "../../../src/matrix/sparse";
import { borderedFactor } from "../../../src/train/bordered/factor";
import { border, borderedBlocks } from "../../../src/train/bordered/structure";
import { Design } from "../../../src/train/design";
import { LogisticRegression } from "../../../src/train/logistic-regression";
import { LogisticLoss } from "../../../src/train/losses/logistic";
import { L2Penalty } from "../../../src/train/penalties/l2";
import { Problem } from "../../../src/train/problem";

/** Sites, each with goods and hours of its own, and a weekday that all share: one-hot, or with a value each. */
function visits(rows: number, sites: number, valued: boolean, seed: number): Dataset {
  const random = new Random(seed);
  const [goods, hours] = [7, 5];
  const columns = sites * (1 + goods + hours) + 7;
  const truth = Float64Array.from({ length: columns }, () => random.normal());
  const labels: number[] = [];
  const lines = Array.from({ length: rows }, (_, i) => {
    const site = Math.floor(sites * random.uniform() ** 2);
    const row = [
      site,
      sites + site * goods + random.integer(goods),
      sites * (1 + goods) + site * hours + random.integer(hours),
      columns - 1 - random.integer(7),
    ];
    const score = row.reduce((sum, j) => sum + truth[j], 0) + 2 * random.normal();
    labels.push(i < 2 ? i : score > 0 ? 1 : 0);
    return row.map((j): [number, number] => [j, valued ? 1 + random.uniform() : 1]);
  });
  const { pointers, indices, values } = SparseMatrix.fromRows(lines, columns);
  const features = new SparseMatrix(rows, columns, pointers, indices, valued ? values : null);
  return Dataset.from({ features, labels });
}

function designOf({ features, labels, rows }: Dataset): Design {
  return Design.of(features, labels, new Float64Array(rows).fill(1 / rows));
}

const cases = fc.record({
  rows: fc.integer({ min: 5, max: 400 }),
  sites: fc.integer({ min: 1, max: 60 }),
  valued: fc.boolean(),
  seed: fc.integer({ min: 0, max: 1000 }),
});

test("every row has columns of one block at most, and places ascend without a hole", () => {
  fc.assert(
    fc.property(cases, ({ rows, sites, valued, seed }) => {
      const design = designOf(visits(rows, sites, valued, seed));
      const found = borderedBlocks(design);
      assert.ok(found !== null);
      const { blocks, places, sizes, borderSize } = found;
      const pointers = new Uint32Array(design.arena.memory.buffer, design.matrix[0], rows + 1);
      const indices = new Uint32Array(design.arena.memory.buffer, design.matrix[1], design.nonzeros);
      for (let i = 0; i < rows; i++) {
        const own = Array.from(indices.subarray(pointers[i], pointers[i + 1]), (j) => blocks[j]);
        assert.ok(new Set(own.filter((block) => block !== border)).size <= 1);
      }
      const next = new Uint32Array(sizes.length);
      let edge = 0;
      blocks.forEach((block, j) => {
        assert.equal(places[j], block === border ? edge++ : next[block]++);
      });
      assert.deepEqual([edge, ...next], [borderSize, ...sizes]);
      assert.equal(blocks[design.columns], border);
      assert.ok(sizes.every((size) => size <= 256));
    }),
    { numRuns: 60, seed: 1 },
  );
});

test("what is factored is the Hessian", () => {
  fc.assert(
    fc.property(cases, ({ rows, sites, valued, seed }) => {
      const design = designOf(visits(rows, sites, valued, seed));
      const loss = new LogisticLoss(design, 1);
      const penalty = new L2Penalty(1e-2, design.columns, 1, null);
      const problem = new Problem(design, loss, penalty, null);
      const random = new Random(seed);
      const w = problem.vector();
      w.forEach((_, j) => {
        w[j] = random.normal();
      });
      problem.gradient(w, problem.vector());
      const factor = problem.factored();
      assert.ok(factor?.update() === true);
      const [x, Hx, found] = [problem.vector(), problem.vector(), problem.vector()];
      x.forEach((_, j) => {
        x[j] = random.normal();
      });
      problem.product(x, Hx);
      factor.solve(Hx, found);
      x.forEach((value, j) => {
        assert.ok(Math.abs(value - found[j]) < 1e-7 * (1 + Math.abs(value)), `${found[j]}, not ${value}`);
      });
    }),
    { numRuns: 60, seed: 2 },
  );
});

test("long rows and dense ones have no such structure, and a Hessian without curvature still factors", () => {
  const random = new Random(4);
  const lines = Array.from({ length: 40 }, () =>
    Array.from({ length: 30 }, (_, j): [number, number] => [j, random.normal()]),
  );
  const long = SparseMatrix.fromRows(lines, 30);
  const labels = lines.map((_, i) => i % 2);
  assert.equal(borderedBlocks(designOf(Dataset.from({ features: long, labels }))), null);
  assert.equal(borderedBlocks(designOf(Dataset.from({ features: long.toDense(), labels }))), null);
  const design = designOf(visits(50, 5, false, 1));
  const flat = borderedFactor(design, {
    curvatures: design.arena.floats(design.rows),
    addDiagonal: () => {},
  });
  assert.equal(flat?.update(), true);
});

test("hard fits of one-hot columns take few passes, whatever the number of threads", async () => {
  const data = visits(40_000, 300, false, 7);
  const options = { lambda: 1e-8, tolerance: 1e-9, solver: "newton" } as const;
  const [ours, alone] = [
    await new LogisticRegression({ ...options, threads: 2 }).fit(data),
    await new LogisticRegression({ ...options, threads: 1 }).fit(data),
  ];
  const other = await new LogisticRegression({ ...options, solver: "lbfgs", maxIterations: 5000 }).fit(data);
  assert.ok(ours.fit.converged && other.fit.converged);
  assert.deepEqual(ours.weights, alone.weights);
  assert.ok(ours.fit.passes! < 150, `${ours.fit.passes} passes`);
  assert.ok(Math.abs(ours.fit.objective - other.fit.objective) < 2e-9 * other.fit.objective);
});
