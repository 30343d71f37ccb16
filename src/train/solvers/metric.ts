import type { Parted } from "./parted";

/** A factored Hessian, or what is close to it. */
export interface Factored {
  /** The time of {@link update} in passes over the data, about. */
  readonly passes: number;
  /** Takes the Hessian of the last point; false where it could not be factored. */
  update(): boolean;
  /** Writes H^-1 r to `out`. */
  solve(r: Float64Array, out: Float64Array): void;
}

/** The matrix M in whose norm steps are measured, and which preconditions conjugate gradients. */
export interface Metric {
  /** Writes r' M^-1 r for each part. */
  squares(r: Float64Array, out: Float64Array): void;
  /** d = M^-1 r + b d, with one number of `b` a part, where `r` is what {@link squares} had last. */
  turn(b: Float64Array, r: Float64Array, d: Float64Array): void;
}

/** The Hessian's diagonal as the metric. */
export class DiagonalMetric implements Metric {
  readonly #problem: Parted;
  readonly #inverse: Float64Array;

  constructor(problem: Parted) {
    this.#problem = problem;
    this.#inverse = problem.vector();
  }

  /** Takes the diagonal of the last point. */
  update(): void {
    const inverse = this.#inverse;
    this.#problem.diagonal(inverse);
    for (let j = 0; j < inverse.length; j++) inverse[j] = 1 / inverse[j];
  }

  squares(r: Float64Array, out: Float64Array): void {
    this.#problem.squares(this.#inverse, r, out);
  }

  turn(b: Float64Array, r: Float64Array, d: Float64Array): void {
    this.#problem.turn(b, this.#inverse, r, d);
  }
}

/** A factored Hessian as the metric of a problem of one part. */
export class FactoredMetric implements Metric {
  readonly #problem: Parted;
  readonly #factor: Factored;
  readonly #z: Float64Array;

  constructor(problem: Parted, factor: Factored) {
    this.#problem = problem;
    this.#factor = factor;
    this.#z = problem.vector();
  }

  squares(r: Float64Array, out: Float64Array): void {
    this.#factor.solve(r, this.#z);
    out[0] = Math.max(0, this.#problem.dot(r, this.#z));
  }

  turn(b: Float64Array, _r: Float64Array, d: Float64Array): void {
    const z = this.#z;
    for (let j = 0; j < d.length; j++) d[j] = z[j] + b[0] * d[j];
  }
}
