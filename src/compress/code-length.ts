/** The bits that a level takes in a file, about: a float of five bits of mantissa, exponents in one range. */
export const levelBits = 9;

/**
 * The bits of a model's positions and codes by how often each code occurs: a random support of that many weights, and codes
 * by frequencies learned on the way (Krichevsky and Trofimov, 1981), which is how files are coded but for 2 to 4 % of the
 * positions. It depends on the counts alone, so that a change of one weight changes it by a closed form.
 * @param counts of the zeros, then of each code
 */
export function codeLength(counts: ArrayLike<number>): number {
  const seen = Array.from(counts).slice(1);
  const n = seen.reduce((sum, c) => sum + c, 0);
  const L = seen.length;
  const support = logGamma(counts[0] + n + 1) - logGamma(n + 1) - logGamma(counts[0] + 1);
  const codes = seen.reduce((sum, c) => sum - logGamma(c + 0.5) + logGamma(0.5), 0);
  const nats = support + codes + logGamma(n + L / 2) - logGamma(L / 2);
  return nats / Math.LN2 + levelBits * seen.filter((c) => c > 0).length;
}

/** The least bits that one more weight takes, at a level that is in use. @param counts as for {@link codeLength} */
export function cheapestSymbol(counts: ArrayLike<number>): number {
  const [zeros, ...seen] = Array.from(counts);
  const n = seen.reduce((sum, c) => sum + c, 0);
  const most = Math.max(...seen);
  const odds = (Math.max(zeros, 1) / (n + 1)) * ((n + seen.length / 2) / (most + 0.5));
  return Math.max(0, Math.log2(odds));
}

/** log of the gamma function for x > 0: Stirling's series, above 10 by the recurrence. */
function logGamma(x: number): number {
  let shift = 0;
  for (; x < 10; x++) shift -= Math.log(x);
  const y = 1 / (x * x);
  const series = (1 / 12 - y * (1 / 360 - y * (1 / 1260 - y / 1680))) / x;
  return shift + (x - 0.5) * Math.log(x) - x + 0.9189385332046728 + series;
}
