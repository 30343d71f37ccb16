/** v less `threshold` towards zero, but not past it. */
// @ts-expect-error: decorator
@inline
export function soft(v: f64, threshold: f64): f64 {
  return abs<f64>(v) <= threshold ? 0 : v > 0 ? v - threshold : v + threshold;
}

/**
 * The minimum of d/2 (u - w)^2 + q (u - w) + l1 |u| + l2/2 u^2 over [lower, upper]; w itself where nothing pulls at it.
 */
// @ts-expect-error: decorator
@inline
export function coordinateMinimum(
  w: f64,
  q: f64,
  d: f64,
  l1: f64,
  l2: f64,
  lower: f64,
  upper: f64,
): f64 {
  const c = d + l2;
  if (!(c > 0)) return l1 > abs<f64>(q) ? min<f64>(max<f64>(0, lower), upper) : w;
  return min<f64>(max<f64>(soft(d * w - q, l1) / c, lower), upper);
}

/**
 * The length of the u that minimises 1/2 u' diag(c) u - v' u + l1 |u|, by Newton on the secular equation
 * 1 = sum_a v_a^2 / (c_a length + l1)^2, whose reciprocal root is nearly linear. The `count` numbers of v are followed
 * by those of c.
 */
export function blockLength(count: u32, v: usize, l1: f64): f64 {
  const bytes = (<usize>count) << 3;
  let square: f64 = 0;
  let most: f64 = 0;
  for (let o: usize = 0; o < bytes; o += 8) {
    const x = load<f64>(v + o);
    square += x * x;
    most = max<f64>(most, load<f64>(v + bytes + o));
  }
  const norm = sqrt<f64>(square);
  if (!(norm > l1) || !(most > 0)) return 0;
  let length = (norm - l1) / most;
  for (let turn = 0; turn < 100; turn++) {
    let sum: f64 = 0;
    let slope: f64 = 0;
    for (let o: usize = 0; o < bytes; o += 8) {
      const c = load<f64>(v + bytes + o);
      const t = c * length + l1;
      if (!(t > 0)) continue;
      const share = load<f64>(v + o) / t;
      sum += share * share;
      slope += (share * share * c) / t;
    }
    if (!(slope > 0)) return length;
    const step = (sum / slope) * (sqrt<f64>(sum) - 1);
    length += step;
    if (!(step > 1e-15 * length)) return length;
  }
  return length;
}

/** The part of u of that length where v is `own` and c is `c`. */
// @ts-expect-error: decorator
@inline
export function blockPart(own: f64, c: f64, length: f64, l1: f64): f64 {
  const t = c * length + l1;
  return length > 0 && t > 0 ? (own * length) / t : 0;
}
