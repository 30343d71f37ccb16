import type { DenseSmooth } from "./dense";

/** The least cosine, in the metric of the units, between a step and the gradient's change that is no rounding. */
const leastCosine = 1e-6;

/** The vectors between which a descent goes. */
export interface Points {
  readonly w: Float64Array;
  readonly g: Float64Array;
  /** The direction. */
  readonly p: Float64Array;
  readonly next: Float64Array;
  readonly nextG: Float64Array;
  /** What the numbers of a gradient are multiplied by for its length. */
  readonly units: Float64Array;
  /** Room for steps and changes of the gradient, see `Kernels.quasiStep`. */
  readonly pairs: Float64Array;
  /** What a look finds beside the value: the length of the gradient, the least gap, and whether the pair is more than rounding. */
  readonly found: Float64Array;
}

/**
 * Goes t p from `w` to `next` and writes the gradient there to `nextG`; where t is 0 it stays at `w` and writes to `g`. Writes what else it
 * finds to `found`, and returns the value.
 * @param rough whether six digits will do
 * @param pair where in `pairs` the step and the gradient's change go
 */
type At = (t: number, rough: boolean, pair: number) => number;

/** What looks at points by one call each. */
export interface Look {
  readonly at: At;
  /** A proven bound of the gap at the last point, which may be far above it; left out where there is none. */
  readonly bound?: () => number;
}

/** A look by single calls, for functions that have none of their own. */
export function lookBy(problem: DenseSmooth, points: Points): Look {
  const { w, g, p, next, nextG, units, found } = points;
  const at: At = (t, rough, pair) => {
    const [to, slopes] = t === 0 ? [w, g] : [next, nextG];
    if (t !== 0) {
      next.set(w);
      problem.axpy(t, p, next);
    }
    const value = rough ? problem.roughGradient(to, slopes) : problem.gradient(to, slopes);
    found[0] = lengthOf(slopes, units);
    found[1] = problem.leastGap(slopes);
    if (t !== 0) found[2] = keepPair(points, pair) ? 1 : 0;
    return value;
  };
  return { at };
}

/** The length of a gradient, each part times its unit. */
export function lengthOf(g: Float64Array, units: Float64Array): number {
  let sum = 0;
  for (let j = 0; j < g.length; j++) sum += (g[j] * units[j]) ** 2;
  return Math.sqrt(sum);
}

function keepPair({ w, g, next, nextG, units, pairs }: Points, from: number): boolean {
  const n = w.length;
  let [product, steps, changes] = [0, 0, 0];
  for (let j = 0, at = from; j < n; j++, at++) {
    const s = next[j] - w[j];
    const y = nextG[j] - g[j];
    pairs[at] = s;
    pairs[at + n] = y;
    product += s * y;
    steps += (s / units[j]) ** 2;
    changes += (y * units[j]) ** 2;
  }
  if (!(product > leastCosine * Math.sqrt(steps * changes))) return false;
  pairs[from + 2 * n] = 1 / product;
  return true;
}
