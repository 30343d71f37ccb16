import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { Random } from "../../src/base/random";
import { kmeansLevels, nearestLevel } from "../../src/quantize/kmeans";

function errorOf(values: readonly number[], levels: ArrayLike<number>, weights?: readonly number[]): number {
  const distances = (v: number) => Array.from(levels, (level) => (v - level) ** 2);
  return values.reduce((sum, v, i) => sum + (weights?.[i] ?? 1) * Math.min(...distances(v)), 0);
}

/** The least error of all partitions of the sorted values into runs. */
function leastError(values: readonly number[], count: number, weights: readonly number[]): number {
  const order = [...values.keys()].sort((a, b) => values[a] - values[b]);
  const best = (from: number, runs: number): number => {
    if (from === order.length) return 0;
    if (runs === 0) return Number.POSITIVE_INFINITY;
    let least = Number.POSITIVE_INFINITY;
    for (let to = from + 1; to <= order.length; to++) {
      const run = order.slice(from, to);
      const total = run.reduce((sum, i) => sum + weights[i], 0);
      const mean = run.reduce((sum, i) => sum + weights[i] * values[i], 0) / total;
      const cost = run.reduce((sum, i) => sum + weights[i] * (values[i] - mean) ** 2, 0);
      least = Math.min(least, cost + best(to, runs - 1));
    }
    return least;
  };
  return best(0, count);
}

const value = fc.oneof(fc.double({ min: -100, max: 100, noNaN: true }), fc.integer({ min: -5, max: 5 }));

test("k-means is exact, equal distances and repeated values included", () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(value, fc.double({ min: 0.1, max: 5, noNaN: true })), { minLength: 1, maxLength: 9 }),
      fc.integer({ min: 1, max: 6 }),
      fc.boolean(),
      (pairs, count, weighted) => {
        const values = pairs.map(([v]) => v);
        const weights = pairs.map(([, w]) => (weighted ? w : 1));
        const levels = kmeansLevels(
          Float64Array.from(values),
          count,
          weighted ? Float64Array.from(weights) : null,
        );
        assert.ok(levels.length <= count);
        const least = leastError(values, count, weights);
        const found = errorOf(values, levels, weights);
        assert.ok(Math.abs(found - least) <= 1e-9 * (1 + least), `${found} against ${least}`);
      },
    ),
    { numRuns: 1500, seed: 1 },
  );
});

test("equally spaced values, where every partition ties with others, get the right number of levels", () => {
  const values = Float64Array.from({ length: 64 }, (_, i) => i);
  for (let count = 1; count <= 64; count++) {
    const levels = kmeansLevels(values, count, null);
    assert.equal(levels.length, count);
    const size = Math.floor(64 / count);
    const longer = 64 % count;
    const cost = (n: number) => (n * (n * n - 1)) / 12;
    const least = longer * cost(size + 1) + (count - longer) * cost(size);
    assert.ok(Math.abs(errorOf([...values], levels) - least) < 1e-9 * (1 + least));
  }
});

test("exact k-means is no worse than Lloyd's iteration from any of several starts", () => {
  const random = new Random(5);
  const values = Array.from({ length: 2000 }, () => random.normal() ** 3);
  const exact = errorOf(values, kmeansLevels(Float64Array.from(values), 16, null));
  for (let start = 0; start < 5; start++) {
    let levels = Float64Array.from({ length: 16 }, () => values[random.integer(2000)]).sort();
    for (let round = 0; round < 30; round++) {
      const sums = new Float64Array(16);
      const counts = new Float64Array(16);
      for (const v of values) {
        const code = nearestLevel(v, levels);
        sums[code] += v;
        counts[code]++;
      }
      levels = levels.map((level, k) => (counts[k] > 0 ? sums[k] / counts[k] : level)).sort();
    }
    assert.ok(exact <= errorOf(values, levels) * (1 + 1e-12));
  }
});

test("the nearest level is found", () => {
  const levels = Float64Array.of(-2, 0.5, 1, 7);
  for (const [v, code] of [
    [-9, 0],
    [-0.75, 0],
    [-0.7, 1],
    [0.75, 1],
    [0.8, 2],
    [4.1, 3],
    [99, 3],
  ]) {
    assert.equal(nearestLevel(v, levels), code);
  }
});
