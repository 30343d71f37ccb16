import assert from "node:assert/strict";
import { test } from "node:test";
import { Random } from "../../src/base/random";
import { plainBits } from "../../src/pack/parts/symbols";
import { codingWithin, placeBits, rateDistortion } from "../../src/quantize/rate";

const random = new Random(2);
const values = Float64Array.from({ length: 3000 }, () => random.normal() ** 3);
const ones = new Float64Array(3000).fill(1);
const problem = { values, importances: ones, places: 9000, levels: 8 };

function kept(codes: Int32Array): Uint16Array {
  return Uint16Array.from(codes.filter((code) => code >= 0));
}

test("a smaller budget of bits is kept, and costs error", () => {
  const { bits: most, distortion: least } = rateDistortion(problem, 0);
  assert.equal(codingWithin(problem, 2 * most).distortion, least);
  let before = least;
  for (const share of [0.9, 0.6, 0.3, 0.1]) {
    const coding = codingWithin(problem, share * most);
    assert.ok(coding.bits <= share * most && coding.bits > 0.8 * share * most, `${coding.bits} of ${most}`);
    assert.ok(coding.distortion > before);
    before = coding.distortion;
  }
});

test("bits are those of the file's own coder", () => {
  for (const price of [0, 0.01, 0.1]) {
    const { codes, levels, bits } = rateDistortion(problem, price);
    const symbols = kept(codes);
    const coded = plainBits(symbols, levels.length);
    const expected = bits - placeBits(symbols.length, problem.places) - 16 * levels.length;
    assert.ok(Math.abs(coded - expected) < 24, `${coded} against ${expected}`);
  }
});

test("for the same bits the error is smaller than that of nearest levels", () => {
  for (const levels of [2, 4]) {
    const nearest = rateDistortion({ ...problem, levels }, 0);
    const { distortion } = codingWithin(problem, nearest.bits);
    assert.ok(distortion < 0.9 * nearest.distortion, `${distortion} against ${nearest.distortion}`);
  }
});

test("no budget is too small for an answer, which keeps a weight", () => {
  const coding = codingWithin(problem, 1);
  assert.ok(kept(coding.codes).length > 0 && coding.levels.length > 0);
  const single = codingWithin({ ...problem, values: Float64Array.of(2), importances: Float64Array.of(1) }, 1);
  assert.deepEqual([...single.codes], [0]);
});
