import type { LevelParts } from "./levels";

/** Between what parameters lie; infinite where nothing holds them. */
export class Box {
  constructor(
    readonly lower: Float64Array,
    readonly upper: Float64Array,
  ) {}

  nearest(point: Float64Array): Float64Array {
    return point.map((x, j) => Math.min(Math.max(x, this.lower[j]), this.upper[j]));
  }

  /** Leaves nothing to gain along the parameters that lie at a bound and are pulled beyond it. */
  hold(point: Float64Array, gradient: Float64Array, hessian: Float64Array): void {
    for (const l of this.held(point, gradient)) holdParameter(l, gradient, hessian);
  }

  /** The parameters that lie at a bound and are pulled beyond it. */
  held(point: Float64Array, gradient: Float64Array): number[] {
    return Array.from(point.keys()).filter((l) => {
      return gradient[l] > 0 ? point[l] <= this.lower[l] : point[l] >= this.upper[l];
    });
  }
}

/** Leaves nothing to gain along a parameter. */
export function holdParameter(l: number, gradient: Float64Array, hessian: Float64Array): void {
  const n = gradient.length;
  gradient[l] = 0;
  for (let a = 0; a < n; a++) {
    hessian[l * n + a] = 0;
    hessian[a * n + l] = 0;
  }
  hessian[l * n + l] = 1;
}

/** Between what each parameter, then each intercept, keeps all weights that have it within their bounds. */
export function boxOf(
  parts: Pick<
    LevelParts,
    "bounds" | "held" | "positions" | "parameters" | "factors" | "levels" | "intercepts"
  >,
): Box | null {
  const { bounds, held, positions, parameters, factors, levels, intercepts } = parts;
  if (!bounds || held) return null;
  const size = levels.length + intercepts.length;
  const lower = new Float64Array(size).fill(Number.NEGATIVE_INFINITY);
  const upper = new Float64Array(size).fill(Number.POSITIVE_INFINITY);
  positions.forEach((position, at) => {
    const column = Math.floor(position / intercepts.length);
    const factor = factors === null ? 1 : factors[at];
    if (factor === 0) return;
    const ends = [
      (bounds.lower?.[column] ?? Number.NEGATIVE_INFINITY) / factor,
      (bounds.upper?.[column] ?? Number.POSITIVE_INFINITY) / factor,
    ];
    const l = parameters[at];
    lower[l] = Math.max(lower[l], Math.min(...ends));
    upper[l] = Math.min(upper[l], Math.max(...ends));
  });
  return new Box(lower, upper);
}
