/**
 * Of a line of `x` and `y` (NaN: a gap) the `count` points that keep its shape, by index: in each stretch the one
 * that spans the largest triangle with its neighbours (Steinarsson, 2013, LTTB), and a gap where there was one.
 */
export function largestTriangles(x: Float64Array, y: Float64Array, count: number): number[] {
  const all = x.length;
  if (all <= count) return Array.from(x.keys());
  const gapped = x.some((v, i) => Number.isNaN(v + y[i]));
  const stretches = gapped ? stretchesWithGaps(x, y, count - 2) : Math.max(count - 2, 1);
  const width = (all - 2) / stretches;
  const kept = [0];
  let before = 0;
  for (let k = 0; k < stretches; k++) {
    const from = 1 + Math.floor(k * width);
    const to = 1 + Math.floor((k + 1) * width);
    const next = centre(x, y, to, Math.max(Math.min(1 + Math.floor((k + 2) * width), all), to + 1));
    const best = largest(x, y, Number.isNaN(x[before] + y[before]) ? -1 : before, next, from, to);
    const gap = gapped ? gapIn(x, y, from, to) : -1;
    kept.push(...[best, gap].filter((i) => i >= 0).sort((a, b) => a - b));
    if (best >= 0) before = best;
  }
  return [...kept, all - 1];
}

/** As many stretches as leave room for the gaps: one that has some keeps one of them beside its point. */
function stretchesWithGaps(x: Float64Array, y: Float64Array, count: number): number {
  const width = (x.length - 2) / count;
  let gaps = 0;
  for (let k = 0; k < count; k++) {
    if (gapIn(x, y, 1 + Math.floor(k * width), 1 + Math.floor((k + 1) * width)) >= 0) gaps++;
  }
  return Math.max(Math.floor((count * count) / (count + gaps)), 1);
}

function largest(
  x: Float64Array,
  y: Float64Array,
  before: number,
  [nextX, nextY]: readonly [number, number],
  from: number,
  to: number,
): number {
  const [startX, startY] = before < 0 ? [nextX, nextY] : [x[before], y[before]];
  let best = -1;
  let most = -1;
  for (let i = from; i < to; i++) {
    const area = Math.abs((startX - nextX) * (y[i] - startY) - (startX - x[i]) * (nextY - startY));
    if (!(area > most)) continue;
    most = area;
    best = i;
  }
  return best;
}

function gapIn(x: Float64Array, y: Float64Array, from: number, to: number): number {
  for (let i = from; i < to; i++) if (Number.isNaN(x[i] + y[i])) return i;
  return -1;
}

function centre(x: Float64Array, y: Float64Array, from: number, to: number): readonly [number, number] {
  let sumX = 0;
  let sumY = 0;
  let count = 0;
  for (let i = from; i < to; i++) {
    if (Number.isNaN(x[i] + y[i])) continue;
    sumX += x[i];
    sumY += y[i];
    count++;
  }
  return count === 0 ? [0, 0] : [sumX / count, sumY / count];
}

/**
 * Of scattered points at most `count` by index that cover the same ground: the first in each cell of a grid as fine as
 * the count allows, and the extremes of `x` and `y`. Gaps (NaN), which draw nothing, go first.
 */
export function spreadOut(x: Float64Array, y: Float64Array, count: number): number[] {
  const drawn = Array.from(x.keys()).filter((i) => !Number.isNaN(x[i] + y[i]));
  if (drawn.length <= count) return drawn;
  const ends = [x, y].flatMap((values) => extremes(values, drawn));
  for (let side = 1024; ; side = Math.floor(side * 0.8)) {
    const taken = new Uint8Array((side + 1) * (side + 1));
    const kept: number[] = [];
    for (const i of drawn) {
      const cell = Math.floor(x[i] * side) * (side + 1) + Math.floor(y[i] * side);
      if (taken[cell] === 0) kept.push(i);
      taken[cell] = 1;
    }
    if (kept.length + ends.length <= count || side <= 1) {
      return [...new Set([...kept, ...ends])].sort((a, b) => a - b).slice(0, Math.max(count, ends.length));
    }
  }
}

function extremes(values: Float64Array, among: readonly number[]): number[] {
  let [low, high] = [among[0], among[0]];
  for (const i of among) {
    if (values[i] < values[low]) low = i;
    if (values[i] > values[high]) high = i;
  }
  return [low, high];
}

/** `values` moved and stretched to lie from 0 to 1, so that areas of them neither overflow nor vanish. */
export function unitScaled(values: Float64Array): Float64Array {
  const { low, high } = spanOf(values);
  const half = high / 2 - low / 2;
  if (!(half > 0)) return values.map((v) => (Number.isNaN(v) ? v : 0.5));
  return values.map((v) => (v / 2 - low / 2) / half);
}

/** The least and the largest number of `values`, gaps left out; of nothing, the wrong way round. */
export function spanOf(values: ArrayLike<number>): { readonly low: number; readonly high: number } {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < values.length; i++) {
    if (values[i] < low) low = values[i];
    if (values[i] > high) high = values[i];
  }
  return { low, high };
}

/** Six significant digits, more than a screen can show. */
export function rounded(value: number): number {
  return Number(value.toPrecision(6));
}
