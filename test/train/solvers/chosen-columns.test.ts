import assert from "node:assert/strict";
import { test } from "node:test";
import { Random } from "../../../src/base/random";
import { selectColumns } from "../../../src/matrix/select";
import { SparseMatrix } from "../../../src/matrix/sparse";
import { loadKernels } from "../../../src/simd/load";
import { scalarKernels } from "../../../src/simd/registry";
import { Design } from "../../../src/train/design";
import { selected } from "../../../src/train/solvers/chosen-columns";
import { ColumnCounts } from "../../../src/train/solvers/column-counts";
import { type Kind, randomMatrix } from "../data";

/** Enough stored values for several blocks of rows. */
const rows = 2000;
const columns = 130;

for (const kind of ["csr", "ones"] as Kind[]) {
  const matrix = randomMatrix(kind, rows, columns, new Random(5)) as SparseMatrix;
  for (const load of [loadKernels, scalarKernels]) {
    test(`columns of ${kind} that blocks of rows copy are those of all rows: ${load.name}`, () => {
      const design = Design.of(
        matrix,
        new Uint32Array(rows),
        new Float64Array(rows).fill(1 / rows),
        load as typeof loadKernels,
      );
      const counts = new ColumnCounts(design);
      assert.ok(counts.blocks.length > 1);
      const choices = [[], [0], [129], [31, 32, 33, 63, 64, 96], [...Array(columns).keys()]];
      for (const chosen of choices) {
        const expected = selectColumns(matrix, Uint32Array.from(chosen)) as SparseMatrix;
        assert.equal(
          chosen.reduce((sum, column) => sum + counts.of(column), 0),
          expected.nonzeros,
        );
        const found = selected(design, chosen, counts);
        assert.equal(found.nonzeros, expected.nonzeros);
        const [pointers, indices, values, , width] = found.matrix;
        const { buffer } = design.arena.memory;
        const own = new SparseMatrix(
          rows,
          width,
          new Uint32Array(buffer, pointers, rows + 1).slice(),
          new Uint32Array(buffer, indices, found.nonzeros).slice(),
          kind === "ones" ? null : new Float32Array(buffer, values, found.nonzeros).slice(),
        );
        assert.deepEqual({ ...own }, { ...expected });
      }
    });
  }
}
