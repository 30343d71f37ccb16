/** A smooth function of a few numbers. */
interface Smooth {
  value(x: Float64Array): number;
  gradient(x: Float64Array): Float64Array;
}

/**
 * Where a smooth function of a few numbers is least, by the quasi-Newton method of Broyden, Fletcher, Goldfarb and Shanno with
 * steps that are halved until they descend (Nocedal and Wright, 2006, section 6.1). Ends where the gradient is below 1e-9 or no
 * step descends, and never goes up.
 */
export function minimise(start: Float64Array, { value, gradient }: Smooth): Float64Array {
  const n = start.length;
  let x = start;
  let f = value(x);
  let g = gradient(x);
  let inverse = identity(n);
  for (let round = 0; round < 200 && g.some((slope) => Math.abs(slope) > 1e-9); round++) {
    let step = times(inverse, g, n).map((s) => -s);
    if (dot(step, g) >= 0) {
      inverse = identity(n);
      step = g.map((slope) => -slope);
    }
    let length = 1;
    let next = plus(x, step, length);
    let below = value(next);
    while (!(below <= f + 1e-4 * length * dot(step, g)) && length > 1e-12) {
      length /= 2;
      next = plus(x, step, length);
      below = value(next);
    }
    if (!(below < f)) break;
    const after = gradient(next);
    inverse = updated(inverse, plus(next, x, -1), plus(after, g, -1), n);
    [x, f, g] = [next, below, after];
  }
  return x;
}

function updated(inverse: Float64Array, s: Float64Array, y: Float64Array, n: number): Float64Array {
  const curvature = dot(s, y);
  if (curvature <= 1e-300) return inverse;
  const hy = times(inverse, y, n);
  const factor = (1 + dot(y, hy) / curvature) / curvature;
  return inverse.map((h, at) => {
    const [i, j] = [Math.floor(at / n), at % n];
    return h + factor * s[i] * s[j] - (hy[i] * s[j] + s[i] * hy[j]) / curvature;
  });
}

function identity(n: number): Float64Array {
  return Float64Array.from({ length: n * n }, (_, at) => Number(at % (n + 1) === 0));
}

function times(matrix: Float64Array, x: Float64Array, n: number): Float64Array {
  return x.map((_, i) => dot(matrix.subarray(i * n, (i + 1) * n), x));
}

function plus(x: Float64Array, step: Float64Array, length: number): Float64Array {
  return x.map((value, i) => value + length * step[i]);
}

function dot(a: Float64Array, b: Float64Array): number {
  return a.reduce((sum, value, i) => sum + value * b[i], 0);
}
