/**
 * For each class the c in (0, 1] at which the dual at c times the residuals is greatest, where those of each side are as large as
 * its share: by Newton's method on the slope, which falls as c rises, within a bracket.
 */
export function factorsOf(
  residuals: Float64Array,
  shares: Float64Array,
  g: Float64Array,
  strength: number,
  K: number,
): Float64Array {
  const sums = new Float64Array(2 * K);
  const masses = new Float64Array(2 * K);
  for (let i = 0; i < shares.length; i++) {
    for (let k = 0; k < K; k++) {
      const r = residuals[i * K + k];
      const side = 2 * k + (r < 0 ? 1 : 0);
      sums[side] += Math.abs(r);
      masses[side] += shares[i];
    }
  }
  return Float64Array.from({ length: K }, (_, k) => {
    let energy = 0;
    for (let j = k; j < g.length - K; j += K) energy += (g[j] * g[j]) / strength;
    return bestFactor(energy, sums.subarray(2 * k, 2 * k + 2), masses.subarray(2 * k, 2 * k + 2));
  });
}

function bestFactor(energy: number, sums: Float64Array, masses: Float64Array): number {
  let [low, high, c] = [0, 1, 1];
  for (let n = 0; n < 60; n++) {
    let slope = -c * energy;
    let curvature = energy;
    for (let side = 0; side < 2; side++) {
      const a = c * sums[side];
      const rest = Math.max(masses[side] - a, Number.MIN_VALUE);
      if (a === 0) continue;
      slope -= sums[side] * Math.log(a / rest);
      curvature += (sums[side] * masses[side]) / (c * rest);
    }
    if (slope > 0) low = c;
    else high = c;
    if (low === 1) return 1;
    let next = c + slope / curvature;
    if (!(next > low && next < high)) next = low > 0 ? (low + high) / 2 : high / 8;
    if (Math.abs(next - c) <= 1e-6 * c) return next;
    c = next;
  }
  return c;
}
