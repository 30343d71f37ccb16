import type { Monitor } from "../monitor";
import type { Smooth } from "./solver";

/** The vectors of a trust-region step; `step` and `residual` hold the result. */
export interface StepVectors {
  readonly step: Float64Array;
  readonly residual: Float64Array;
  readonly direction: Float64Array;
  readonly product: Float64Array;
}

/**
 * The step s that minimises g's + s'Hs/2 within ||s||_M <= radius, by conjugate gradients with preconditioner
 * M = diag(`metric`), ended at the border (Steihaug, 1983) or at the relative `accuracy` of the residual -g - Hs.
 * Returns the length of the step in the norm of M.
 */
export function trustRegionStep(
  problem: Smooth,
  g: Float64Array,
  metric: Float64Array,
  radius: number,
  accuracy: number,
  vectors: StepVectors,
  monitor: Monitor,
): number {
  const { step, residual: r, direction: d, product: Hd } = vectors;
  step.fill(0);
  let rz = 0;
  for (let j = 0; j < g.length; j++) {
    r[j] = -g[j];
    d[j] = r[j] / metric[j];
    rz += r[j] * d[j];
  }
  const enough = accuracy * accuracy * rz;
  let ss = 0;
  let sd = 0;
  let dd = rz;
  for (let k = 0; k < 10 * g.length && rz > enough; k++) {
    problem.product(d, Hd);
    const alpha = rz / problem.dot(d, Hd);
    const length = ss + 2 * alpha * sd + alpha * alpha * dd;
    if (!(length < radius * radius)) {
      const rest = (Math.sqrt(sd * sd + dd * (radius * radius - ss)) - sd) / dd;
      problem.axpy(rest, d, step);
      problem.axpy(-rest, Hd, r);
      return radius;
    }
    problem.axpy(alpha, d, step);
    problem.axpy(-alpha, Hd, r);
    let next = 0;
    for (let j = 0; j < r.length; j++) next += (r[j] * r[j]) / metric[j];
    const beta = next / rz;
    for (let j = 0; j < r.length; j++) d[j] = r[j] / metric[j] + beta * d[j];
    rz = next;
    ss = length;
    sd = beta * (sd + alpha * dd);
    dd = rz + beta * beta * dd;
    monitor.check();
  }
  return Math.sqrt(ss);
}
