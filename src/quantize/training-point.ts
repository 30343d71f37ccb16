import type { Coded } from "./codes";
import { levelsOf, type UniformScheme } from "./schemes";
import { uniformCode, uniformScheme } from "./uniform";

const grid = { symmetric: true, range: "mse", percentile: 100, levelPrecision: "float32" } as const;

/** The uniform grid of least squared error for the weights that are not zero. */
export function gridFor(weights: Float64Array, bits: number): UniformScheme {
  const values = weights.filter((w) => w !== 0);
  return values.length === 0
    ? { kind: "uniform", bits, scale: 1, zeroPoint: (2 ** bits - 1) / 2 }
    : uniformScheme(values, { ...grid, bits }, null);
}

/** Writes the level nearest to each weight to `out`; zero stays zero. Returns how many are not zero. */
export function writeLevels(weights: Float64Array, scheme: UniformScheme, out: Float64Array): number {
  const levels = levelsOf(scheme);
  let count = 0;
  for (let j = 0; j < weights.length; j++) {
    const w = weights[j];
    if (w !== 0) count++;
    out[j] = w === 0 ? 0 : levels[uniformCode(w, scheme)];
  }
  return count;
}

/** The stored places of a quantized model and their codes. */
export function codesOf(weights: Float64Array, scheme: UniformScheme): Coded {
  const positions = Uint32Array.from(weights.keys()).filter((j) => weights[j] !== 0);
  const codes = Uint16Array.from(positions, (j) => uniformCode(weights[j], scheme));
  return { positions, codes, scheme };
}
