import type { Monitor } from "../monitor";
import type { Metric } from "./metric";
import type { Parted } from "./parted";

/** How far the step of each part may go, and when it ends. */
export interface StepLimits {
  /** The longest step of each part; 0 or less leaves the part where it is. */
  readonly radius: Float64Array;
  /** The residual, relative to the gradient, that is enough. */
  readonly accuracy: Float64Array;
  /** The least gap of the residual, taken as the next gradient, that is enough. */
  readonly gap: Float64Array;
}

/** The vectors of a trust-region step; `step` and `residual` hold the result. */
interface StepVectors {
  readonly step: Float64Array;
  readonly residual: Float64Array;
  readonly direction: Float64Array;
  readonly product: Float64Array;
}

/**
 * For each part the step s that minimises g's + s'Hs/2 within ||s||_M <= radius, by conjugate gradients with
 * preconditioner M, ended at the border (Steihaug, 1983), at the relative accuracy of the residual -g - Hs, or where the
 * residual promises the gap that is wanted.
 */
export class TrustRegionSteps {
  /** The length of each part's step in the norm of M. */
  readonly lengths: Float64Array;
  readonly vectors: StepVectors;
  /** The products with the Hessian of the last step. */
  products = 0;
  readonly #problem: Parted;
  readonly #alpha: Float64Array;
  readonly #beta: Float64Array;
  readonly #dots: Float64Array;
  readonly #gaps: Float64Array;
  readonly #running: Uint8Array;

  constructor(problem: Parted) {
    this.#problem = problem;
    this.vectors = {
      step: problem.vector(),
      residual: problem.vector(),
      direction: problem.vector(),
      product: problem.vector(),
    };
    this.lengths = new Float64Array(problem.parts);
    this.#alpha = problem.scalars();
    this.#beta = problem.scalars();
    this.#dots = problem.scalars();
    this.#gaps = new Float64Array(problem.parts);
    this.#running = new Uint8Array(problem.parts);
  }

  /** @param metric of M */
  take(g: Float64Array, metric: Metric, limits: StepLimits, monitor: Monitor): void {
    const problem = this.#problem;
    const { parts } = problem;
    const { step, residual: r, direction: d, product: Hd } = this.vectors;
    const lengths = this.lengths.fill(0);
    const alpha = this.#alpha;
    const beta = this.#beta.fill(0);
    const dots = this.#dots;
    const running = this.#running;
    step.fill(0);
    for (let j = 0; j < g.length; j++) r[j] = limits.radius[j % parts] > 0 ? -g[j] : 0;
    metric.squares(r, dots);
    metric.turn(beta, r, d.fill(0));
    const rz = dots.slice();
    const enough = rz.map((square, p) => limits.accuracy[p] ** 2 * square);
    const ss = new Float64Array(parts);
    const sd = new Float64Array(parts);
    const dd = rz.slice();
    for (let p = 0; p < parts; p++) running[p] = limits.radius[p] > 0 && rz[p] > enough[p] ? 1 : 0;
    this.products = 0;
    for (let k = 0; k < 10 * g.length && running.includes(1); k++) {
      problem.product(d, Hd);
      this.products++;
      problem.dots(d, Hd, dots);
      for (let p = 0; p < parts; p++) {
        alpha[p] = 0;
        if (running[p] === 0) continue;
        const radius = limits.radius[p];
        const a = rz[p] / dots[p];
        const length = ss[p] + 2 * a * sd[p] + a * a * dd[p];
        if (length < radius * radius) {
          alpha[p] = a;
          ss[p] = length;
          lengths[p] = Math.sqrt(length);
        } else {
          alpha[p] = (Math.sqrt(sd[p] * sd[p] + dd[p] * (radius * radius - ss[p])) - sd[p]) / dd[p];
          lengths[p] = radius;
          running[p] = 0;
        }
      }
      problem.axpys(alpha, d, step);
      for (let p = 0; p < parts; p++) beta[p] = -alpha[p];
      problem.axpys(beta, Hd, r);
      metric.squares(r, dots);
      problem.leastGaps(r, this.#gaps);
      for (let p = 0; p < parts; p++) {
        beta[p] = 0;
        if (running[p] === 0) continue;
        if (!(dots[p] > enough[p]) || this.#gaps[p] <= limits.gap[p]) running[p] = 0;
        else {
          beta[p] = dots[p] / rz[p];
          rz[p] = dots[p];
          sd[p] = beta[p] * (sd[p] + alpha[p] * dd[p]);
          dd[p] = rz[p] + beta[p] * beta[p] * dd[p];
        }
      }
      metric.turn(beta, r, d);
      monitor.check();
    }
  }
}
