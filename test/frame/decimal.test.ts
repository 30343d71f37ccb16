import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { decimalOf } from "../../src/frame/decimal";

const read = (text: string, strict = false): number => {
  const bytes = Buffer.from(`7${text}7`);
  return decimalOf(bytes, 1, bytes.length - 1, strict);
};

/** Where bytes are read at all, they give the bits of `Number`. */
function checkBits(text: string): void {
  const number = read(text);
  if (!Number.isNaN(number)) assert.ok(Object.is(number, Number(text)), `${text}: ${number}`);
}

const digits = (most: number) => fc.array(fc.nat(9), { maxLength: most }).map((all) => all.join(""));
const sign = fc.constantFrom("", "+", "-");
const exponent = fc.oneof(
  fc.constant(""),
  fc.tuple(fc.constantFrom("e", "E"), sign, digits(3)).map((all) => all.join("")),
);
const decimal = fc
  .tuple(sign, digits(20), fc.constantFrom("", "."), digits(20), exponent)
  .map((all) => all.join(""));

test("decimals have the bits that Number gives", () => {
  fc.assert(fc.property(decimal, checkBits), { numRuns: 20_000 });
});

test("doubles as JavaScript and Python write them have their bits", () => {
  let readFast = 0;
  let all = 0;
  const check = (value: number): void => {
    for (const text of [String(value), value.toPrecision(17), value.toPrecision(16), value.toFixed(6)]) {
      checkBits(text);
      all++;
      readFast += Number(!Number.isNaN(read(text)));
    }
  };
  const mantissa = fc.integer({ min: -Number.MAX_SAFE_INTEGER, max: Number.MAX_SAFE_INTEGER });
  const usual = fc
    .tuple(mantissa, fc.integer({ min: 33, max: 60 }))
    .map(([m, halvings]) => m / 2 ** halvings);
  fc.assert(fc.property(usual, check), { numRuns: 10_000 });
  assert.ok(readFast > 0.8 * all, `${readFast} of ${all}`);
  fc.assert(fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), check), { numRuns: 3000 });
});

test("the middle between two floats and what lies beside it", () => {
  const middle = fc.tuple(fc.integer({ min: 2 ** 52, max: 2 ** 53 - 1 }), fc.integer({ min: -3, max: 3 }));
  fc.assert(
    fc.property(middle, fc.integer({ min: 1, max: 8 }), ([mantissa, off], halvings) => {
      // (2 m + 1) / 2^(k + 1) lies in the middle of m / 2^k and its neighbour, and has a finite decimal.
      const five = 5n ** BigInt(halvings + 1);
      const exact = String((2n * BigInt(mantissa) + 1n) * five + BigInt(off));
      const at = exact.length - halvings - 1;
      const text = `${exact.slice(0, at)}.${exact.slice(at)}`;
      checkBits(text);
      checkBits(text.slice(0, 19));
    }),
    { numRuns: 10_000 },
  );
});

test("what is no decimal number, and leading zeros where they count, are not read", () => {
  for (const text of [
    "",
    "-",
    "+",
    ".",
    "-.",
    "e5",
    "1e",
    "1e+",
    "1.2.3",
    "0x10",
    " 1",
    "1 ",
    "Infinity",
    "1_0",
    "--1",
  ]) {
    assert.ok(Number.isNaN(read(text)), text);
  }
  for (const text of ["00", "-00", "007", "01.5"]) {
    assert.ok(Number.isNaN(read(text, true)), text);
    assert.equal(read(text), Number(text));
  }
  for (const text of ["0", "-0", "0.5", ".5", "5.", "0e5", "10"])
    assert.ok(Object.is(read(text, true), Number(text)), text);
});

test("numbers of up to 18 digits are read from their bytes", () => {
  for (const text of [
    "3.141592653589793",
    "0.1234567890123456",
    "-12345.678901234567",
    "9007199254740991",
    "1e22",
    "123e-22",
  ]) {
    assert.ok(Object.is(read(text), Number(text)), text);
  }
});
