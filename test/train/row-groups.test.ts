import assert from "node:assert/strict";
import { test } from "node:test";
import { Random } from "../../src/base/random";
import { Dataset } from "../../src/matrix/dataset";
import { SparseMatrix } from "../../src/matrix/sparse";
import type { LogisticLoss } from "../../src/train/losses/logistic";
import { SeparablePenalty } from "../../src/train/penalties/separable";
import { Carry } from "../../src/train/solvers/carry";
import { RowGroups } from "../../src/train/solvers/row-groups";
import { WorkingSet } from "../../src/train/solvers/working-set";
import { design, lossOf } from "./prox-newton";

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
