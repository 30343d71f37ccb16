import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { numberedNames } from "../../src/matrix/names";
import { bfloat16Bits } from "../../src/quantize/bfloat16";
import { decoded, tidied } from "../../src/quantize/codes";
import { gridOf, stochasticCode } from "../../src/quantize/grid";
import { ascendingOrder } from "../../src/quantize/order";
import { membersOf, type Parting, unitsOf } from "../../src/quantize/parting";
import { quantileLevels } from "../../src/quantize/quantile";
import { QuantizedModel } from "../../src/quantize/quantized";
import { codeCount, levelOf, levelsOf, type PlainScheme, type Scheme } from "../../src/quantize/schemes";

test("the order of numbers is that of a stable sort", () => {
  fc.assert(
    fc.property(
      fc.array(fc.oneof(fc.double({ noNaN: true }), fc.constantFrom(-1, 0, 1, 2 ** 40)), { maxLength: 80 }),
      (all) => {
        const values = Float64Array.from(all, (x) => x + 0 || 0);
        const expected = [...values.keys()].sort((a, b) => values[a] - values[b] || a - b);
        assert.deepEqual([...ascendingOrder(values)], expected);
      },
    ),
    { numRuns: 500, seed: 1 },
  );
});

const schemes: PlainScheme[] = [
  { kind: "uniform", bits: 3, scale: 0.25, zeroPoint: 3.5 },
  { kind: "codebook", bits: 2, levels: Float64Array.of(-1, -0.5, 2) },
  { kind: "powerOfTwo", bits: 3, scale: 4 },
  { kind: "float", bits: 16, format: "float16" },
  { kind: "float", bits: 16, format: "bfloat16" },
];

test("a grid finds the nearest value and the two around", () => {
  for (const scheme of schemes) {
    for (const zero of [false, true]) {
      const grid = gridOf(scheme, zero);
      const values = Array.from(levelsOf(scheme)).filter((v) => Number.isFinite(v) && v !== 0);
      // A format of floats has zero among its numbers.
      if (zero || scheme.kind === "float") values.push(0);
      for (const x of [-9, -0.6, -0.2, -1e-3, 0, 0.3, 0.51, 1.7, 5]) {
        const least = values.reduce((best, v) => Math.min(best, Math.abs(v - x)), Number.POSITIVE_INFINITY);
        assert.ok(Math.abs(Math.abs(grid.valueAt(grid.nearest(x)) - x) - least) < 1e-12);
        const [low, high] = grid.neighbours(x).map((code) => grid.valueAt(code));
        const below = Math.max(...values.filter((v) => v <= x));
        const above = Math.min(...values.filter((v) => v > x));
        assert.equal(low, Number.isFinite(below) ? below : Math.min(...values));
        assert.equal(high, Number.isFinite(above) ? above : Math.max(...values));
        for (const chance of [0, 0.5, 0.999]) {
          assert.ok([low, high].includes(grid.valueAt(stochasticCode(grid, x, chance))));
        }
      }
    }
  }
});

test("levels ascend where the scheme says so", () => {
  const powers = levelsOf(schemes[2]);
  assert.deepEqual([...powers], [-4, -2, -1, -0.5, 0.5, 1, 2, 4]);
  assert.equal(codeCount(schemes[1]), 3);
  assert.equal(levelOf(schemes[3], 0x3c00), 1);
  assert.equal(levelOf(schemes[4], 0x3f80), 1);
});

test("bfloat16 keeps its own numbers and rounds to even", () => {
  for (const bits of [0x3f80, 0x8001, 0x7f7f, 0x0001, 0xc2f7]) {
    assert.equal(bfloat16Bits(levelOf(schemes[4], bits)), bits);
  }
  const rounded = (value: number) => levelOf(schemes[4], bfloat16Bits(value));
  assert.equal(rounded(1 + 2 ** -8), 1);
  assert.equal(rounded(1 + 2 ** -7 + 2 ** -8), 1 + 2 ** -6);
  assert.equal(rounded(1 + 2 ** -8 + 2 ** -40), 1 + 2 ** -7);
  assert.equal(bfloat16Bits(Number.NaN), 0x7fc0);
  assert.equal(bfloat16Bits(Number.NEGATIVE_INFINITY), 0xff80);
});

test("quantiles stand for as many values each, equal ones together", () => {
  const values = Float64Array.from({ length: 80 }, (_, i) => (i * 37) % 80);
  assert.deepEqual([...quantileLevels(values, 4, null)], [9.5, 29.5, 49.5, 69.5]);
  const tied = Float64Array.of(1, 1, 1, 1, 1, 1, 2, 3);
  assert.deepEqual([...quantileLevels(tied, 4, null)], [1, 2.5]);
  const weighed = quantileLevels(Float64Array.of(1, 2, 3, 4), 2, Float64Array.of(3, 1, 1, 1));
  assert.deepEqual([...weighed], [1, 3]);
});

const partings: Parting[] = [
  { by: "class" },
  { by: "group", groups: Uint32Array.of(5, 5, 0, 9) },
  { by: "block", size: 5 },
];

test("parts are numbered among those that have a weight", () => {
  const positions = Uint32Array.of(0, 1, 3, 10, 11);
  const [byClass, byGroup, byBlock] = partings.map((parting) => unitsOf(parting, positions, 3));
  assert.deepEqual([...byClass.units], [0, 1, 0, 1, 2]);
  assert.deepEqual([...byGroup.keys], [5, 9]);
  assert.deepEqual([...byGroup.units], [0, 0, 0, 1, 1]);
  assert.deepEqual([...byBlock.keys], [0, 2]);
  assert.deepEqual(
    membersOf(byBlock).map((own) => [...own]),
    [
      [0, 1, 2],
      [3, 4],
    ],
  );
});

test("what decodes to zero goes, with levels that nobody has and parts that are empty", () => {
  const scheme: Scheme = {
    ...{ kind: "parted", bits: 2, parting: { by: "class" } },
    schemes: [
      { kind: "codebook", bits: 2, levels: Float64Array.of(3, 0, 1, 1) },
      { kind: "codebook", bits: 2, levels: Float64Array.of(0, 8) },
      { kind: "codebook", bits: 2, levels: Float64Array.of(-1, 5, 7) },
    ],
  };
  const coded = {
    positions: Uint32Array.of(0, 1, 2, 3, 5, 6, 9),
    codes: Uint16Array.of(0, 0, 2, 1, 0, 2, 3),
    scheme,
  };
  const tidy = tidied(coded, 3);
  assert.deepEqual([...tidy.positions], [0, 2, 5, 6, 9]);
  assert.deepEqual([...decoded(tidy, 3)], [3, 7, -1, 1, 1]);
  assert.ok(tidy.scheme.kind === "parted");
  assert.deepEqual(
    tidy.scheme.schemes.map((plain) => [...levelsOf(plain)]),
    [
      [1, 3],
      [-1, 7],
    ],
  );
});

function modelOf(scheme: Scheme, codes: readonly number[] = [0, 1]): QuantizedModel {
  return new QuantizedModel({
    classes: [0, 1, 2],
    link: "softmax",
    featureNames: numberedNames(2),
    positions: Uint32Array.of(1, 3),
    codes: Uint16Array.from(codes),
    scheme,
    intercepts: new Float64Array(3),
  });
}

test("a model of parts decodes by them; one that does not fit together is refused", () => {
  const parted = (parting: Parting, parts: readonly PlainScheme[], bits = parts[0].bits): Scheme => ({
    ...{ kind: "parted", bits, parting },
    schemes: parts,
  });
  const [uniform, codebook, , half] = schemes;
  const model = modelOf(parted({ by: "class" }, [uniform, { ...uniform, scale: 2 } as PlainScheme]), [0, 4]);
  assert.deepEqual([...model.weights], [0, -7, 0, 0.125, 0, 0]);
  const wrong: [Scheme, (readonly number[])?][] = [
    [parted({ by: "class" }, [uniform])],
    [parted({ by: "class" }, [uniform, codebook])],
    [parted({ by: "class" }, [codebook, codebook]), [3, 0]],
    [parted({ by: "block", size: 0 }, [uniform, uniform])],
    [parted({ by: "group", groups: Uint32Array.of(1) }, [uniform, uniform])],
    [{ ...uniform, bits: 17 } as Scheme],
    [{ kind: "powerOfTwo", bits: 9, scale: 1 }],
    [{ ...uniform, scale: Number.NaN } as Scheme],
    [half, [0x7c00, 1]],
    [half, [0x3c00, 0x8000]],
  ];
  for (const [scheme, codes] of wrong) {
    assert.throws(() => modelOf(scheme, codes), {
      name: "LogitpressError",
      code: /invalid-model|length-mismatch/,
    });
  }
});
