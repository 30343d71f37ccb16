import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { float16Bits, fromFloat16Bits, roundToFloat16 } from "../../src/quantize/float16";

const finiteHalves = Array.from({ length: 0x7c00 }, (_, half) => fromFloat16Bits(half));

test("every 16-bit float comes back", () => {
  for (let half = 0; half < 65536; half++) {
    const value = fromFloat16Bits(half);
    if (!Number.isNaN(value)) assert.equal(float16Bits(value), half);
  }
  assert.ok(Number.isNaN(roundToFloat16(Number.NaN)));
});

test("known values of the standard", () => {
  assert.equal(fromFloat16Bits(0x3c00), 1);
  assert.equal(fromFloat16Bits(0xc000), -2);
  assert.equal(fromFloat16Bits(0x7bff), 65504);
  assert.equal(fromFloat16Bits(0x0001), 2 ** -24);
  assert.equal(fromFloat16Bits(0x3555), 0.333251953125);
  assert.equal(roundToFloat16(65519.99), 65504);
  assert.equal(roundToFloat16(65520), Number.POSITIVE_INFINITY);
});

test("rounding gives the nearest of all 16-bit floats, ties to even", () => {
  const value = fc.oneof(
    fc.double({ min: 0, max: 65519, noNaN: true }),
    fc.double({ min: 0, max: 2 ** -12, noNaN: true }),
    fc.integer({ min: 0, max: 0x7bfe }).map((half) => (finiteHalves[half] + finiteHalves[half + 1]) / 2),
  );
  fc.assert(
    fc.property(value, (x) => {
      const nearest = Math.min(...finiteHalves.map((half) => Math.abs(half - x)));
      const rounded = float16Bits(x);
      assert.equal(Math.abs(fromFloat16Bits(rounded) - x), nearest);
      const tie = rounded > 0 && x - finiteHalves[rounded - 1] === nearest;
      if (tie || finiteHalves[rounded + 1] - x === nearest) assert.equal(rounded % 2, 0);
    }),
    { numRuns: 300, seed: 1 },
  );
});
