/** Where a line search stands: how far along, with value and slope there. */
export interface LinePoint {
  readonly t: number;
  readonly value: number;
  readonly slope: number;
}

const decrease = 0.1;
const curvature = 0.9;
/** A rise of the value within this share of it is rounding. */
const rounding = 1e-14;
const mostTrials = 50;

/**
 * A step along a line of a convex function that fulfils Wolfe's conditions, the first of them in the approximate form
 * that stands rounding near the minimum (Hager and Zhang, 2005, sections 1 and 4.1). Since the slope of a convex function only rises,
 * its sign brackets the minimum. Returns `null` where no step fulfils them.
 * @param start the point where t = 0, its slope below zero
 * @param at evaluates the function at t
 */
export function wolfeStep(start: LinePoint, first: number, at: (t: number) => LinePoint): LinePoint | null {
  let low = start;
  let high: LinePoint | null = null;
  let t = first;
  for (let k = 0; k < mostTrials; k++) {
    const point = at(t);
    if (good(start, point)) return point;
    if (!Number.isFinite(point.value) || point.slope >= 0 || tooHigh(start, point)) high = point;
    else low = point;
    if (high === null) t *= 4;
    else {
      const next = minimumBetween(low, high);
      const margin = 0.1 * (high.t - low.t);
      t = Math.min(high.t - margin, Math.max(low.t + margin, next));
    }
    if (!(t > low.t) || t === high?.t) return null;
  }
  return null;
}

function good(start: LinePoint, { t, value, slope }: LinePoint): boolean {
  if (!(slope >= curvature * start.slope)) return false;
  if (value <= start.value + decrease * t * start.slope) return true;
  const approximate = slope <= (2 * decrease - 1) * start.slope;
  return approximate && value <= start.value + rounding * Math.abs(start.value);
}

function tooHigh(start: LinePoint, { value }: LinePoint): boolean {
  return value > start.value + rounding * Math.abs(start.value);
}

/** The minimum of the cubic through both values and slopes (Nocedal and Wright, 2006, equation 3.59), or the middle. */
function minimumBetween(low: LinePoint, high: LinePoint): number {
  const width = high.t - low.t;
  const middle = low.t + width / 2;
  const theta = low.slope + high.slope - (3 * (high.value - low.value)) / width;
  const root = Math.sqrt(theta * theta - low.slope * high.slope);
  const t = high.t - (width * (high.slope + root - theta)) / (high.slope - low.slope + 2 * root);
  return t > low.t && t < high.t ? t : middle;
}
