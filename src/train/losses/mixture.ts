/** A distribution over classes, times `share`, that is mixed into each row's: what makes a dual point of softmax feasible. */
export interface Mixture {
  /** The share times the distribution. */
  readonly mix: Float64Array;
  readonly share: number;
}

/** What a dual point has more than the probability of a row's class. */
export type Extra = (row: number, output: number) => number;

/** Rows of a softmax at a point, as their gradient left them. */
export interface SoftmaxRows {
  readonly rows: number;
  readonly outputs: number;
  readonly labels: Uint32Array;
  readonly shares: Float64Array;
  /** Rows x outputs. */
  readonly probabilities: Float64Array;
}

/**
 * The mixture q = (1 - e) p + e u, with one u for all rows and the least e, that makes the masses of the classes those of the
 * labels; `null` where they are.
 * @param wanted the masses of the labels
 * @param mass those of the probabilities
 */
export function mixtureOf(wanted: Float64Array, mass: Float64Array): Mixture | null {
  let share = 0;
  for (let k = 0; k < wanted.length; k++) share = Math.max(share, 1 - wanted[k] / mass[k]);
  if (share === 0) return null;
  return { mix: wanted.map((n, k) => Math.max(0, n - (1 - share) * mass[k])), share };
}

/** Writes each row's dual point, s (q - y) with q the probability plus its `extra`, to `table`, rows x outputs. */
export function mixedRows(
  { rows, outputs: K, labels, shares, probabilities: p }: SoftmaxRows,
  extra: Extra | null,
  table: Float64Array,
): void {
  for (let i = 0; i < rows; i++) {
    let others = 0;
    for (let k = 0; k < K; k++) {
      const q = p[i * K + k] + (extra === null ? 0 : extra(i, k));
      table[i * K + k] = shares[i] * q;
      if (k !== labels[i]) others += q;
    }
    table[i * K + labels[i]] = -shares[i] * others;
  }
}

/**
 * The sum of s KL over rows of `factor` times the dual point from the margins: it is that of the mixture of `factor` times q
 * and the rest on the label.
 */
export function mixedDivergence(
  { rows, outputs: K, labels, shares, probabilities: p }: SoftmaxRows,
  extra: Extra | null,
  factor: number,
): number {
  const log = Math.log(factor);
  let sum = 0;
  for (let i = 0; i < rows; i++) {
    if (!(shares[i] > 0)) continue;
    const own = labels[i];
    let row = 0;
    let others = 0;
    let moved = 0;
    for (let k = 0; k < K; k++) {
      if (k === own) continue;
      const more = extra === null ? 0 : extra(i, k);
      const q = p[i * K + k] + more;
      others += q;
      moved += more;
      if (q > 0 && factor > 0) row += factor * q * (log + Math.log1p(more / p[i * K + k]));
    }
    const added = (1 - factor) * others - moved;
    const left = p[i * K + own] + added;
    if (left > 0) row += left * Math.log1p(added / p[i * K + own]);
    sum += shares[i] * row;
  }
  return Math.max(0, sum);
}

/** What a mixture adds to a row's probability of a class. */
export function extraOf(
  mixture: Mixture | null,
  { probabilities: p, outputs: K }: SoftmaxRows,
): Extra | null {
  return mixture === null ? null : (i, k) => mixture.mix[k] - mixture.share * p[i * K + k];
}
