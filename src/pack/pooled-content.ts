import { fail } from "../base/errors";
import { type Pooling, Squares } from "../matrix/squares";
import type { Scorer } from "../model/scorer";
import { decoded } from "../quantize/codes";
import { QuantizedModel } from "../quantize/quantized";
import { codebookOf } from "./spread";
import { contentOf, type ModelContent } from "./stored-content";

/**
 * What a file holds of a quantized model whose weights are the same all over each square of pixels: those of the squares' means,
 * which are 32-bit floats.
 * @throws `unsupported-model`, `invalid-option` where weights differ within a square
 */
export function pooledContentOf(model: Scorer, pooling: Pooling): ModelContent {
  if (!(model instanceof QuantizedModel)) {
    fail("unsupported-model", {
      thing: "model to pack with pooling",
      value: model.stage,
      expected: "a quantized model",
      remedy: "await quantize(model, { bits }) makes one.",
    });
  }
  const { outputs: K, features, positions } = model;
  const squares = new Squares(features, pooling);
  const found = new Map<number, { value: number; count: number }>();
  decoded(model, K).forEach((w, i) => {
    const square = squares.of(Math.floor(positions[i] / K));
    const value = Math.fround(w * squares.size(square));
    const at = square * K + (positions[i] % K);
    const own = found.get(at) ?? { value, count: 0 };
    if (own.value !== value || value / squares.size(square) !== w) differing(pooling);
    found.set(at, { value, count: own.count + 1 });
  });
  for (const [at, { count }] of found) {
    if (count !== squares.size(Math.floor(at / K))) differing(pooling);
  }
  const pooled = Uint32Array.from(found.keys()).sort();
  const values = Float64Array.from(pooled, (at) => found.get(at)!.value);
  const levels = Float64Array.from(new Set(values)).sort();
  const codeOf = new Map(Array.from(levels, (level, code) => [level, code]));
  return {
    ...contentOf(model),
    pooling,
    positions: pooled,
    codes: Uint16Array.from(values, (value) => codeOf.get(value)!),
    scheme: codebookOf(levels),
  };
}

function differing({ width, by }: Pooling): never {
  fail("invalid-option", {
    thing: "pooling",
    value: `squares of ${by} in lines of ${width}`,
    expected: "squares all over which the weights are the same 32-bit float over the number of pixels",
    remedy: "Pack the model without pooling, or search with compress and its option pool.",
  });
}
