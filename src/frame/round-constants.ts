import type { EncoderState, NumericState } from "./encoder-state";

/** Stored bits of the mantissa of a scale. */
const scaleBits = 4;

/**
 * An encoder's state with means and scales of few bits: a scale changes by at most 1/32, a mean by at most 1/30 of the scale, so
 * that in a file most of their bytes are zero. Weights are to be fitted to the features that come of it. Rounding again changes nothing.
 */
export function withRoundConstants(state: EncoderState): EncoderState {
  const { numeric, blocks } = state;
  return {
    ...state,
    numeric: numeric.map(rounded),
    ...(blocks === undefined
      ? {}
      : { blocks: blocks.map((block) => (block.kind === "ordinal" ? rounded(block) : block)) }),
  };
}

function rounded<S extends Pick<NumericState, "mean" | "scale">>(state: S): S {
  const scale = toMultiple(state.scale, powerBelow(state.scale) / 2 ** scaleBits);
  return { ...state, scale, mean: toMultiple(state.mean, powerBelow(scale) / 2 ** scaleBits) };
}

function powerBelow(x: number): number {
  return 2 ** Math.floor(Math.log2(x));
}

/** The multiple of a power of two that is nearest; the number itself where the two are too far apart for floats. */
function toMultiple(x: number, unit: number): number {
  const near = Math.round(x / unit) * unit;
  return unit > 0 && Number.isFinite(near) ? near : x;
}
