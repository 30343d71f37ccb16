/** The share of the slope at the start that may be left. */
const left = 0.1;
const mostTrials = 4;
/** The least and the greatest step. */
const shortest = 0.05;
const longest = 20;

/**
 * About where a convex function of one number is least, from 1 on: Newton's method within a bracket.
 * @param derivatives the first and the second at a number
 * @param slope the first at zero, below zero
 */
export function leastAlong(derivatives: (t: number) => readonly [number, number], slope: number): number {
  let t = 1;
  let low = 0;
  let high = longest;
  for (let k = 0; k < mostTrials; k++) {
    const [first, second] = derivatives(t);
    if (!(Math.abs(first) > -left * slope)) break;
    if (first < 0) low = t;
    else high = t;
    const next = t - first / second;
    t = next > low && next < high ? next : high < longest ? (low + high) / 2 : 2 * low;
  }
  return Number.isFinite(t) ? Math.min(longest, Math.max(shortest, t)) : 1;
}
