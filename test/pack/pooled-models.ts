import fc from "fast-check";
import { numberedNames } from "../../src/matrix/names";
import type { Pooling } from "../../src/matrix/squares";
import type { Link } from "../../src/model/scorer";
import { QuantizedModel } from "../../src/quantize/quantized";

/** A model of squares, and what it is of pixels. */
export interface Pooled {
  readonly model: QuantizedModel;
  readonly squares: QuantizedModel;
  readonly pooling: Pooling;
}

interface Drawn {
  readonly width: number;
  readonly by: number;
  readonly height: number;
  readonly link: Link;
  readonly classes: readonly number[];
  readonly positions: Uint32Array;
  readonly codes: Uint16Array;
  readonly levels: Float64Array;
  readonly intercepts: Float64Array;
}

/** Pixel by pixel, the plainest way. */
export function spread({ width, by, height, link, classes, ...own }: Drawn): Pooled {
  const { positions, codes, levels, intercepts } = own;
  const K = intercepts.length;
  const across = Math.ceil(width / by);
  const squareOf = (j: number) =>
    Math.floor(Math.floor(j / width) / by) * across + Math.floor((j % width) / by);
  const pixels = Array.from({ length: width * height }, (_, j) => j);
  const sizeOf = (square: number) => pixels.filter((j) => squareOf(j) === square).length;
  const weight = new Map(Array.from(positions, (at, i) => [at, levels[codes[i]]]));
  const stored = pixels.flatMap((j) =>
    Array.from({ length: K }, (_, k) => ({
      at: j * K + k,
      square: squareOf(j),
      w: weight.get(squareOf(j) * K + k),
    })),
  );
  const found = stored
    .filter(({ w }) => w !== undefined)
    .map((s) => ({ at: s.at, w: s.w! / sizeOf(s.square) }));
  const values = [...new Set(found.map(({ w }) => w))];
  const common = { classes, link, intercepts };
  const book = (list: ArrayLike<number>) => ({
    kind: "codebook" as const,
    bits: Math.max(1, Math.ceil(Math.log2(list.length))),
    levels: Float64Array.from(list),
  });
  return {
    model: new QuantizedModel({
      ...common,
      featureNames: numberedNames(width * height),
      positions: Uint32Array.from(found, ({ at }) => at),
      codes: Uint16Array.from(found, ({ w }) => values.indexOf(w)),
      scheme: book(values),
    }),
    squares: new QuantizedModel({
      ...common,
      featureNames: numberedNames(across * Math.ceil(height / by)),
      ...{ positions, codes, scheme: book(levels) },
    }),
    pooling: { width, by },
  };
}

const single = fc
  .float({ noNaN: true, noDefaultInfinity: true, min: Math.fround(-100), max: Math.fround(100) })
  .filter((x) => Math.abs(x) > 1e-6);

/** Small pictures with a model of their squares, those of 35 pixels and three classes often. */
export const pooledModels: fc.Arbitrary<Pooled> = fc
  .record({
    shape: fc.oneof(
      fc.constant({ width: 7, height: 5 }),
      fc.record({ width: fc.integer({ min: 1, max: 9 }), height: fc.integer({ min: 1, max: 9 }) }),
    ),
    by: fc.integer({ min: 2, max: 4 }),
    several: fc.boolean(),
    levels: fc.uniqueArray(single, { minLength: 1, maxLength: 5 }),
    draws: fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 300, maxLength: 300 }),
    intercepts: fc.array(single, { minLength: 3, maxLength: 3 }),
  })
  .map(({ shape: { width, height }, by, several, levels, draws, intercepts }) => {
    const K = several ? 3 : 1;
    const total = Math.ceil(width / by) * Math.ceil(height / by) * K;
    const positions = Uint32Array.from({ length: total }, (_, at) => at).filter((at) => draws[at] < 5);
    return spread({
      ...{ width, by, height, positions },
      link: several ? "softmax" : "binary",
      classes: several ? [0, 1, 2] : [0, 1],
      codes: Uint16Array.from(positions, (at) => draws[at] % levels.length),
      levels: Float64Array.from(levels),
      intercepts: Float64Array.from(intercepts.slice(0, K)),
    });
  });
