/**
 * The proximal step of an L1 penalty: each weight moves by `threshold x scale` towards zero and stops there, so
 * `w -> sign(w) max(|w| - threshold x scale, 0)` (Parikh and Boyd, 2014, section 6.5.2). Where `w - t sign(w)`
 * alone would throw small weights through zero, this makes them zero.
 *
 * @param thresholds one for each output, or one for each weight beside `outputs`
 * @param scale the unit in which each feature's weight was penalised (see `Dataset.scale`), or `null` for ones
 */
export function softThreshold(
  weights: Float64Array,
  thresholds: ArrayLike<number>,
  scale: ArrayLike<number> | null,
  outputs: number = thresholds.length,
): Float64Array {
  return weights.map((w, at) => {
    const unit = scale === null ? 1 : scale[Math.floor(at / outputs)];
    return Math.sign(w) * Math.max(Math.abs(w) - thresholds[at % thresholds.length] * unit, 0);
  });
}
