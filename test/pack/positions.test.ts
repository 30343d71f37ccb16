import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { Random } from "../../src/base/random";
import { supportBits } from "../../src/pack/cost";
import { bitmapOf } from "../../src/pack/parts/bitmap";
import { codeGaps } from "../../src/pack/parts/gaps";
import { codeRandomPlaces } from "../../src/pack/parts/places";
import { codePositions } from "../../src/pack/parts/positions";
import type { Shape } from "../../src/pack/parts/shape";
import { bitsOf, type Way } from "../../src/pack/stream/alternatives";
import { StreamReader } from "../../src/pack/stream/reader";
import { StreamWriter } from "../../src/pack/stream/writer";
import { randomPlaces } from "./supports";

function back(way: (places: Uint32Array) => Way<Uint32Array>, places: Uint32Array): Uint32Array {
  const writer = new StreamWriter();
  way(places)(writer);
  const reader = new StreamReader(writer.toBytes());
  const read = way(new Uint32Array(places.length))(reader);
  reader.end();
  return read;
}

const supports = fc
  .record({
    features: fc.integer({ min: 1, max: 400 }),
    outputs: fc.integer({ min: 1, max: 12 }),
    share: fc.double({ min: 0, max: 1, noNaN: true }),
    seed: fc.integer(),
    clustered: fc.boolean(),
  })
  .map(({ features, outputs, share, seed, clustered }) => {
    const random = new Random(seed);
    const places: number[] = [];
    for (let at = 0; at < features * outputs; at++) {
      const odds = clustered && at % 97 < 60 ? share / 10 : share;
      if (share === 1 || random.uniform() < odds) places.push(at);
    }
    return { places: Uint32Array.from(places), shape: { features, outputs } };
  });

test("every way of coding positions gives them back", () => {
  fc.assert(
    fc.property(supports, ({ places, shape }) => {
      const total = shape.features * shape.outputs;
      assert.deepEqual(
        back((p) => (s) => codePositions(s, p, shape), places),
        places,
      );
      if (places.length === 0 || places.length === total) return;
      assert.deepEqual(
        back((p) => (s) => codeRandomPlaces(s, p, total), places),
        places,
      );
      assert.deepEqual(
        back((p) => (s) => codeGaps(s, p, total), places),
        places,
      );
      assert.deepEqual(
        back((p) => bitmapOf(p, shape), places),
        places,
      );
    }),
    { numRuns: 500, seed: 1 },
  );
});

/** What Rice's code takes with its best parameter, and what the code of Elias and Fano takes. */
function classicBits(places: Uint32Array, total: number): { rice: number; eliasFano: number } {
  const gaps = places.map((at, i) => (i === 0 ? at : at - places[i - 1] - 1));
  const widths = Array.from({ length: 26 }, (_, width) => width);
  const rice = widths.map((w) => gaps.reduce((sum, gap) => sum + Math.floor(gap / 2 ** w) + 1 + w, 0));
  const low = Math.max(0, Math.floor(Math.log2(total / places.length)));
  const eliasFano = places.length * (low + 1) + Math.floor(places[places.length - 1] / 2 ** low);
  return { rice: Math.min(...rice), eliasFano };
}

test("random supports take less than Rice's code and that of Elias and Fano, near the bound", () => {
  for (const [count, total] of [
    [40, 2 ** 18],
    [300, 9395],
    [300, 2 ** 18],
    [2000, 7840],
    [4000, 2 ** 20],
  ]) {
    const places = randomPlaces(count, total, count);
    const bits = bitsOf((s) => codePositions(s, places, { features: total, outputs: 1 }));
    const { rice, eliasFano } = classicBits(places, total);
    assert.ok(bits < rice && bits < eliasFano, `${bits}, ${rice}, ${eliasFano}`);
    assert.ok(bits < 1.005 * supportBits(count, total) + 4);
  }
});

function share(places: Uint32Array, shape: Shape): number {
  return (
    bitsOf((s) => codePositions(s, places, shape)) /
    supportBits(places.length, shape.features * shape.outputs)
  );
}

test("supports with a pattern take far less than random ones", () => {
  const runs = Uint32Array.from({ length: 300 }, (_, i) => 5000 * Math.floor(i / 50) + (i % 50));
  assert.ok(share(runs, { features: 40_000, outputs: 1 }) < 0.3);
  const random = new Random(3);
  const picture: number[] = [];
  const rows: number[] = [];
  for (let j = 0; j < 784; j++) {
    const inside = (k: number) => ((j % 28) - 8 - k) ** 2 + (Math.floor(j / 28) - 14) ** 2 < 30;
    for (let k = 0; k < 10; k++) if (inside(k) && random.uniform() < 0.8) picture.push(10 * j + k);
    if (random.uniform() < 0.05) for (let k = 0; k < 10; k++) rows.push(10 * j + k);
  }
  assert.ok(share(Uint32Array.from(picture), { features: 784, outputs: 10 }) < 0.6);
  assert.ok(share(Uint32Array.from(rows), { features: 784, outputs: 10 }) < 0.15);
});

test("fields of different density take less than if all were one", () => {
  const random = new Random(4);
  const places = Array.from({ length: 9000 }, (_, at) => at).filter(
    (at) => random.uniform() < [0.6, 0.01, 0.2][Math.floor(at / 3000)],
  );
  assert.ok(share(Uint32Array.from(places), { features: 9000, outputs: 1 }) < 0.85);
});
