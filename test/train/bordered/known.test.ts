import assert from "node:assert/strict";
import { test } from "node:test";
import { Random } from "../../../src/base/random";
import { Dataset, LogisticRegression, SparseMatrix } from "../../../src/index";
import { borderedColumns } from "../../../src/train/bordered/known";
import { borderedRows } from "../../../src/train/bordered/parts";
import { borderedBlocks } from "../../../src/train/bordered/structure";
import { Design } from "../../../src/train/design";

const rows = 40_000;
const groups = 40;
const each = 30;
const common = 12;
const columns = groups * each + common;

/** Rows of ones: one of a few common columns, and two of those of a group, so that groups are blocks beside a border. */
function oneHot(random: Random): { indices: Uint32Array; labels: Uint32Array } {
  const indices = new Uint32Array(3 * rows);
  const weights = Float64Array.from({ length: columns }, () => random.normal());
  const labels = new Uint32Array(rows);
  for (let i = 0; i < rows; i++) {
    const group = random.integer(groups) * each;
    const first = group + Math.floor((each / 2) * random.uniform() ** 6);
    const own = [first, group + each / 2 + random.integer(each / 2), groups * each + random.integer(common)];
    indices.set(own, 3 * i);
    const margin = own.reduce((sum, j) => sum + weights[j], 0);
    labels[i] = random.uniform() < 1 / (1 + Math.exp(-margin)) ? 1 : 0;
  }
  return { indices, labels };
}

/** The indices are not copied. */
function datasetOf({ indices, labels }: { indices: Uint32Array; labels: Uint32Array }): Dataset {
  const pointers = Uint32Array.from({ length: rows + 1 }, (_, i) => 3 * i);
  return Dataset.from({ features: new SparseMatrix(rows, columns, pointers, indices, null), labels });
}

/** Two tables that are as hard to fit; the second has halves of other groups in each block. */
function twoTables(): { one: { indices: Uint32Array; labels: Uint32Array }; turned: Uint32Array } {
  const one = oneHot(new Random(5));
  const turned = one.indices.map((j) =>
    j < groups * each && j % each >= each / 2 ? (j + each) % (groups * each) : j,
  );
  for (let i = 0; i < rows; i++) turned.subarray(3 * i, 3 * i + 3).sort();
  return { one, turned };
}

test("blocks of columns are known by their key alone", () => {
  const { one, turned } = twoTables();
  const [own, other] = [one.indices, turned].map((indices) => {
    const { features } = datasetOf({ indices, labels: one.labels });
    const design = Design.of(features, one.labels, new Float64Array(rows).fill(1 / rows));
    const structure = borderedBlocks(design)!;
    return { design, found: { structure, rows: borderedRows(design, structure) } };
  });
  assert.notDeepEqual(own.found, other.found);
  const columnsOf = (design: Design, key: number) => {
    const { place } = design;
    return borderedColumns(design.at({ ...place, given: { ...place.given, key } }));
  };
  const first = columnsOf(own.design, 1);
  assert.deepEqual(first, own.found);
  assert.equal(columnsOf(own.design, 1), first);
  assert.deepEqual(columnsOf(other.design, 2), other.found);
  assert.deepEqual(columnsOf(own.design, 0), own.found);
  assert.deepEqual(columnsOf(other.design, 0), other.found);
});

test("blocks of columns that are known from the fit before give its bits, and are found anew in rows that were written over", async () => {
  const { one, turned } = twoTables();
  const fit = async (data: Dataset, threads: number) => {
    const model = await new LogisticRegression({ lambda: 1e-8, tolerance: 1e-9, threads }).fit(data);
    assert.ok(model.fit.converged);
    return [...model.weights, ...model.intercepts];
  };
  const written = one.indices.slice();
  const data = datasetOf({ indices: written, labels: one.labels });
  const first = await fit(data, 2);
  assert.deepEqual(await fit(data, 2), first);
  assert.deepEqual(await fit(data, 1), first);
  const fresh = await fit(datasetOf({ indices: turned.slice(), labels: one.labels }), 2);
  assert.notDeepEqual(fresh, first);
  assert.deepEqual(await fit(data, 2), first);
  written.set(turned);
  assert.deepEqual(await fit(data, 2), fresh);
});
