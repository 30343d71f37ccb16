/** The logistic function 1 / (1 + exp(-m)), without overflow at either end. */
export function sigmoid(margin: number): number {
  if (margin >= 0) return 1 / (1 + Math.exp(-margin));
  const e = Math.exp(margin);
  return e / (1 + e);
}

/** log(1 + exp(m)), exact where exp(m) would overflow or vanish beside 1. */
export function softplus(margin: number): number {
  return margin > 0 ? margin + Math.log1p(Math.exp(-margin)) : Math.log1p(Math.exp(margin));
}

/** Replaces `count` margins from `offset` by their softmax and returns log(sum(exp(margins))). */
export function softmaxInPlace(margins: Float64Array, offset: number, count: number): number {
  let top = margins[offset];
  for (let k = 1; k < count; k++) top = Math.max(top, margins[offset + k]);
  let sum = 0;
  for (let k = 0; k < count; k++) {
    margins[offset + k] = Math.exp(margins[offset + k] - top);
    sum += margins[offset + k];
  }
  for (let k = 0; k < count; k++) margins[offset + k] /= sum;
  return top + Math.log(sum);
}
