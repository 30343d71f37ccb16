import type { Heap } from "./heap";

/** The arguments that every sweep has: blocks to visit, their parameters, penalty, majorizer, weights and scratch. */
interface Sweep {
  readonly list: number;
  readonly count: number;
  readonly starts: number;
  readonly members: number;
  readonly l1: number;
  readonly l2: number;
  readonly lower: number;
  readonly upper: number;
  readonly units: number;
  readonly d: number;
  readonly w: number;
}

/** A quadratic model by its gradient's numbers and by what a step along one parameter changes. */
interface SweptModel {
  slope(parameter: number): number;
  move(parameter: number, step: number): void;
}

/** One sweep of block coordinate descent; returns the greatest change in the gradient's units. */
export function sweepBlocks({ f64, u32 }: Heap, sweep: Sweep, model: SweptModel): number {
  const { list, count, starts, members, l1, l2, lower, upper, units, d, w } = sweep;
  let worst = 0;
  for (let n = 0; n < count; n++) {
    const b = u32[list / 4 + n];
    const block = u32.subarray(members / 4 + u32[starts / 4 + b], members / 4 + u32[starts / 4 + b + 1]);
    const terms = {
      l1: f64[l1 / 8 + b],
      l2: f64[l2 / 8 + b],
      lower: f64[lower / 8 + b],
      upper: f64[upper / 8 + b],
    };
    const single = block.length === 1;
    const slopes = Float64Array.from(block, (j) => model.slope(j));
    const unit = Float64Array.from(block, (j) => (single ? 1 : f64[units / 8 + j]));
    const c = Float64Array.from(block, (j, a) => f64[d / 8 + j] * unit[a] ** 2 + terms.l2);
    const v = Float64Array.from(block, (j, a) => (f64[d / 8 + j] * f64[w / 8 + j] - slopes[a]) * unit[a]);
    const length = single ? 0 : lengthOf(v, c, terms.l1);
    block.forEach((j, a) => {
      const old = f64[w / 8 + j];
      const t = c[a] * length + terms.l1;
      const part = length > 0 && t > 0 ? (unit[a] * v[a] * length) / t : 0;
      const next = single ? minimum(old, slopes[a], v[a], c[a], terms) : part;
      if (next === old) return;
      f64[w / 8 + j] = next;
      model.move(j, next - old);
      worst = Math.max(worst, (Math.abs(next - old) * c[a]) / unit[a] ** 2);
    });
  }
  return worst;
}

function minimum(
  w: number,
  q: number,
  v: number,
  c: number,
  { l1, lower, upper }: { l1: number; lower: number; upper: number },
): number {
  const clip = (u: number) => Math.min(Math.max(u, lower), upper);
  if (!(c > 0)) return l1 > Math.abs(q) ? clip(0) : w;
  return clip(Math.abs(v) <= l1 ? 0 : (v - Math.sign(v) * l1) / c);
}

/** The root of sum_a v_a^2 / (c_a length + l1)^2 = 1, by bisection; 0 where there is none. */
function lengthOf(v: Float64Array, c: Float64Array, l1: number): number {
  const norm = Math.hypot(...v);
  const most = Math.max(...c);
  if (!(norm > l1) || !(most > 0)) return 0;
  const long = (length: number) =>
    v.reduce((sum, x, a) => sum + (c[a] * length + l1 > 0 ? (x / (c[a] * length + l1)) ** 2 : 0), 0) > 1;
  let low = (norm - l1) / most;
  let high = 2 * low;
  while (long(high) && high < Number.MAX_VALUE) high *= 2;
  for (let turn = 0; turn < 200; turn++) {
    const middle = (low + high) / 2;
    if (long(middle)) low = middle;
    else high = middle;
  }
  return low;
}
