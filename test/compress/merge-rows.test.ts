import assert from "node:assert/strict";
import { test } from "node:test";
import { Random } from "../../src/base/random";
import { mergedRows, type TableRows } from "../../src/compress/merge-rows";
import { largestOf } from "../../src/compress/start";
import { LevelProblem } from "../../src/train/level-problem";

const levels = 3;

/** Rows of small counts, as levels make of one-hot rows, some without a share. */
function table(rows: number, draw: (random: Random) => number): TableRows {
  const random = new Random(3);
  return {
    values: Float64Array.from({ length: rows * levels }, () => draw(random)),
    labels: Uint32Array.from({ length: rows }, () => random.integer(2)),
    shares: Float64Array.from({ length: rows }, () => (random.uniform() < 0.2 ? 0 : random.uniform() / rows)),
  };
}

function problemOf({ values, labels, shares }: TableRows): LevelProblem {
  const features = { active: [Uint32Array.of(0, 1, 2)], offsets: [0], stride: levels, values };
  return new LevelProblem(features, levels, 1, "binary", labels, shares, Float64Array.of(0.1, 0.2, 0.3));
}

for (const [name, rows, draw, most] of [
  ["counts", 20_000, (random: Random) => random.integer(4), 2 * 4 ** 3],
  ["few rows", 100, (random: Random) => random.integer(4), 100],
  ["numbers", 10_000, (random: Random) => random.normal(), 10_000],
] as const) {
  test(`${name}: the loss and its derivatives are those of all rows`, () => {
    const given = table(rows, draw);
    const merged = mergedRows(given, levels);
    assert.ok(merged.labels.length <= most, `${merged.labels.length} rows are left`);
    assert.ok(merged.shares.every((share) => share > 0));
    const point = Float64Array.of(0.5, -1, 0.25, 0.1);
    const [ours, theirs] = [problemOf(merged), problemOf(given)].map((p) => p.quadratic(point));
    const pairs = [
      [ours.value, theirs.value],
      ...Array.from(ours.gradient, (g, i) => [g, theirs.gradient[i]]),
      ...Array.from(ours.hessian, (h, i) => [h, theirs.hessian[i]]),
    ];
    for (const [a, b] of pairs) assert.ok(Math.abs(a - b) < 1e-12, `${a} is not ${b}`);
    const kinds = (r: TableRows) =>
      new Set(
        [...r.labels.keys()]
          .filter((i) => r.shares[i] > 0)
          .map((i) => `${r.labels[i]} ${r.values.subarray(i * levels, (i + 1) * levels)}`),
      );
    assert.deepEqual([...kinds(merged)].sort(), [...kinds(given)].sort());
  });
}

for (const link of ["softmax", "ovr"] as const) {
  test(`${link}: value and slope are of all rows, the curvature of one in three that counts for three`, () => {
    const random = new Random(5);
    const [rows, outputs] = [60, 3];
    const every = Uint32Array.of(0, 1);
    const features = {
      active: Array.from({ length: outputs }, () => every),
      ...{ offsets: [0, 2, 4], stride: 6 },
      values: Float64Array.from({ length: rows * 6 }, () => random.normal()),
    };
    const labels = Uint32Array.from({ length: rows }, () => random.integer(outputs));
    const shares = Float64Array.from({ length: rows }, () => random.uniform() / rows);
    const of = (own: Float64Array) =>
      new LevelProblem(features, 2, outputs, link, labels, own, Float64Array.of(0.1, 0.2));
    const point = Float64Array.of(0.5, -1, 0.2, 0, -0.3);
    const found = of(shares).quadratic(point, 3);
    const { value, gradient } = of(shares).quadratic(point);
    assert.deepEqual([found.value, found.gradient], [value, gradient]);
    const { hessian } = of(shares.map((share, i) => (i % 3 === 0 ? 3 * share : 0))).quadratic(point);
    hessian.forEach((h, i) => {
      assert.ok(Math.abs(found.hessian[i] - h) < 1e-12, `${found.hessian[i]} is not ${h}`);
    });
  });
}

test("the nth largest bounds what a start keeps", () => {
  const random = new Random(9);
  for (const count of [1, 2, 3, 50, 999, 1000]) {
    const values = Float64Array.from({ length: 1000 }, () => random.integer(400) - 200);
    const places = Uint32Array.from(values.keys());
    const kept = largestOf(places, values, 1, null, count);
    const least = Math.min(...kept.values.map(Math.abs));
    const sizes = values.map(Math.abs).sort().reverse();
    assert.equal(least, Math.max(1, sizes[count - 1]));
    assert.equal(kept.values.length, sizes.filter((x) => x >= least).length);
  }
});
