import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { Random } from "../../src/base/random";
import {
  AdaptiveCost,
  costOf,
  floatListBits,
  roundToMantissa,
  supportBits,
  supportStep,
} from "../../src/pack/cost";
import { codeFloats } from "../../src/pack/parts/floats";
import { codeRandomPlaces } from "../../src/pack/parts/places";
import { plainBits } from "../../src/pack/parts/symbols";
import { bitsOf } from "../../src/pack/stream/alternatives";
import { pack } from "../../src/pack/write";
import { roundToFloat16 } from "../../src/quantize/float16";
import { quantizedModels } from "./models";
import { randomPlaces } from "./supports";

test("the bits of a support are log2 of a binomial coefficient, and steps are their differences", () => {
  assert.ok(Math.abs(supportBits(2, 5) - Math.log2(10)) < 1e-9);
  assert.ok(Math.abs(supportBits(10, 30) - Math.log2(30045015)) < 1e-9);
  assert.equal(Math.abs(supportBits(0, 100)) < 1e-9, true);
  for (const [count, total] of [
    [0, 10],
    [40, 2 ** 18],
    [999, 5000],
  ]) {
    const step = supportBits(count + 1, total) - supportBits(count, total);
    assert.ok(Math.abs(step - supportStep(count, total)) < 1e-6);
  }
});

test("random places take what the cost says within 0.1 %, two bits and a thousandth of a bit a place", () => {
  for (const [count, total] of [
    [1, 2],
    [3, 30],
    [40, 2 ** 18],
    [1000, 2 ** 18],
    [3000, 2 ** 13],
    [8000, 2 ** 13],
    [20_000, 2 ** 22],
  ]) {
    let bits = 0;
    for (let seed = 0; seed < 10; seed++) {
      const places = randomPlaces(count, total, seed);
      bits += bitsOf((stream) => codeRandomPlaces(stream, places, total)) / 10;
    }
    const bound = supportBits(count, total);
    assert.ok(bits < 1.001 * bound + 2 + count / 1000, `${count} of ${total}: ${bits} against ${bound}`);
  }
});

test("adaptive costs are those of the coder, in any order of adding, removing and moving", () => {
  const random = new Random(4);
  for (const [symbols, count] of [
    [2, 50],
    [5, 3000],
    [200, 800],
  ]) {
    const codes = Uint16Array.from({ length: count }, () => Math.floor(symbols * random.uniform() ** 2));
    const cost = new AdaptiveCost(symbols);
    for (const code of codes) cost.add(code);
    assert.ok(Math.abs(cost.bits - plainBits(codes, symbols)) < 1 + 1e-4 * cost.bits);
    const before = cost.bits;
    const [from, to] = [codes[0], (codes[0] + 1) % symbols];
    const move = cost.moveBits(from, to);
    const saved = cost.removeBits(from);
    cost.remove(from);
    assert.ok(Math.abs(before - saved - cost.bits) < 1e-9);
    const added = cost.addBits(to);
    cost.add(to);
    assert.ok(Math.abs(before + move - cost.bits) < 1e-9 && Math.abs(added - saved - move) < 1e-9);
    assert.equal(cost.moveBits(from, from), 0);
    assert.equal(
      cost.counts.reduce((a, b) => a + b),
      count,
    );
  }
});

test("numbers of fewer bits of mantissa are near, 16-bit floats, and take as many bits less", () => {
  const number = fc.double({ min: -60000, max: 60000, noNaN: true });
  fc.assert(
    fc.property(number, fc.integer({ min: 0, max: 10 }), (value, mantissa) => {
      const rounded = roundToMantissa(value, mantissa);
      assert.ok(Object.is(Math.abs(roundToFloat16(rounded)), Math.abs(rounded)), String(rounded));
      assert.ok(
        Math.abs(rounded - value) <=
          Math.max(Math.abs(value) * 2 ** -(mantissa + 1), 2 ** -15 * 2 ** -mantissa),
      );
      assert.ok(Object.is(roundToMantissa(rounded, mantissa), rounded) || rounded === 0);
    }),
    { numRuns: 2000, seed: 3 },
  );
  assert.equal(roundToMantissa(65519, 10), 65504);
  assert.equal(roundToMantissa(1e9, 2), 57344);
  assert.equal(roundToMantissa(0, 3), 0);
  const exact = Float64Array.of(1.2001953125, -1.7001953125, 1.10009765625);
  const bits = [10, 6, 2].map((mantissa) => floatListBits(exact.map((v) => roundToMantissa(v, mantissa))));
  assert.ok(Math.abs(bits[0] - bits[1] - 12) < 0.1 && Math.abs(bits[1] - bits[2] - 12) < 0.1, bits.join());
});

test("floats of every form come back to the last bit", () => {
  const lists = fc.oneof(
    fc.array(fc.double({ noNaN: true, noDefaultInfinity: true }), { maxLength: 40 }),
    fc.array(fc.float({ noNaN: true, noDefaultInfinity: true }), { maxLength: 40 }),
    fc.array(
      fc.double({ min: -1000, max: 1000, noNaN: true }).map((v) => roundToMantissa(v, 4)),
      { maxLength: 40 },
    ),
  );
  fc.assert(
    fc.property(lists, (values) => {
      const coded = codeFloats({ ...silent } as never, values, "any");
      coded.forEach((value, i) => {
        assert.ok(Object.is(value, values[i]), `${value} for ${values[i]}`);
      });
    }),
    { numRuns: 600, seed: 4 },
  );
});

/** A stream that returns what it is given. */
const silent = {
  reading: false,
  spent: 0,
  uniform: (value: number) => value,
  bits: (value: number) => value,
  number: (value: number) => value,
  symbol: (value: number) => value,
};

test("the cost of a model is that of its file", () => {
  fc.assert(
    fc.property(quantizedModels, (model) => {
      const { bytes, parts } = costOf(model);
      assert.equal(bytes, pack(model).length);
      const bits = parts.reduce((sum, part) => sum + part.bits, 0);
      assert.ok(Math.abs(8 * bytes - bits) < 32, `${8 * bytes} and ${bits}`);
    }),
    { numRuns: 60, seed: 5 },
  );
});
