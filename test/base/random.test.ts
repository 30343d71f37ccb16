import assert from "node:assert/strict";
import { test } from "node:test";
import { Random } from "../../src/base/random";

const mask = (1n << 32n) - 1n;

/** splitmix32 and xoshiro128** from their papers, in integers of any size. */
function reference(seed: number, count: number): number[] {
  let state = BigInt(seed) & mask;
  const s = Array.from({ length: 4 }, () => {
    state = (state + 0x9e3779b9n) & mask;
    let z = state;
    z = ((z ^ (z >> 16n)) * 0x85ebca6bn) & mask;
    z = ((z ^ (z >> 13n)) * 0xc2b2ae35n) & mask;
    return z ^ (z >> 16n);
  });
  const rotated = (x: bigint, k: bigint) => ((x << k) | (x >> (32n - k))) & mask;
  return Array.from({ length: count }, () => {
    const result = (rotated((s[1] * 5n) & mask, 7n) * 9n) & mask;
    const t = (s[1] << 9n) & mask;
    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= t;
    s[3] = rotated(s[3], 11n);
    return Number(result);
  });
}

test("the bits are those of xoshiro128** on any seed", () => {
  for (const seed of [0, 1, -1, 42, 2 ** 31, 2 ** 32 - 1]) {
    const random = new Random(seed);
    assert.deepEqual(
      Array.from({ length: 500 }, () => random.bits()),
      reference(seed, 500),
    );
  }
});

test("a seed gives these numbers for ever", () => {
  const random = new Random(0);
  assert.deepEqual([random.bits(), random.bits(), random.bits()], [3809008728, 1133695204, 53579671]);
  assert.equal(new Random(7).uniform(), 0.2338277214186818);
  assert.deepEqual(
    [...new Random(3).shuffle(Uint32Array.of(0, 1, 2, 3, 4, 5, 6, 7))],
    [4, 1, 7, 6, 0, 3, 2, 5],
  );
});

test("uniform numbers fill [0, 1) evenly, with 53 bits", () => {
  const random = new Random(5);
  const bins = new Uint32Array(20);
  let fine = 0;
  for (let i = 0; i < 40_000; i++) {
    const u = random.uniform();
    assert.ok(u >= 0 && u < 1);
    assert.ok(Number.isInteger(u * 2 ** 53));
    if (!Number.isInteger(u * 2 ** 32)) fine++;
    bins[Math.floor(u * 20)]++;
  }
  assert.ok(fine > 39_900);
  assert.ok(chiSquare(bins) < 50, `chi-square ${chiSquare(bins)} of 19 degrees`);
});

test("integers below a bound come equally often", () => {
  const random = new Random(6);
  const counts = new Uint32Array(7);
  for (let i = 0; i < 70_000; i++) counts[random.integer(7)]++;
  assert.ok(chiSquare(counts) < 30, `chi-square ${chiSquare(counts)} of 6 degrees`);
  assert.equal(new Random(6).integer(1), 0);
});

test("normal numbers have mean 0, variance 1, kurtosis 3, and none is infinite", () => {
  const random = new Random(8);
  const n = 100_000;
  const moments = [0, 0, 0, 0];
  for (let i = 0; i < n; i++) {
    const x = random.normal();
    assert.ok(Number.isFinite(x));
    moments.forEach((_, p) => {
      moments[p] += x ** (p + 1) / n;
    });
  }
  for (const [p, [wanted, error]] of [
    [0, 0.02],
    [1, 0.02],
    [0, 0.05],
    [3, 0.15],
  ].entries()) {
    assert.ok(Math.abs(moments[p] - wanted) < error, `moment ${p + 1}: ${moments[p]}`);
  }
});

test("a shuffle keeps all items, in place, and every order of three comes equally often", () => {
  const items = Uint32Array.from({ length: 100 }, (_, i) => i);
  const shuffled = new Random(9).shuffle(items);
  assert.equal(shuffled, items);
  assert.notDeepEqual(
    [...shuffled],
    [...shuffled].sort((a, b) => a - b),
  );
  assert.deepEqual(
    [...shuffled].sort((a, b) => a - b),
    Array.from(items.keys()),
  );
  const random = new Random(10);
  const orders = new Map<string, number>();
  for (let i = 0; i < 12_000; i++) {
    const order = random.shuffle([0, 1, 2]).join("");
    orders.set(order, (orders.get(order) ?? 0) + 1);
  }
  assert.equal(orders.size, 6);
  assert.ok(chiSquare([...orders.values()]) < 25);
});

function chiSquare(counts: ArrayLike<number>): number {
  const all = Array.from(counts);
  const mean = all.reduce((sum, c) => sum + c, 0) / all.length;
  return all.reduce((sum, c) => sum + (c - mean) ** 2 / mean, 0);
}
