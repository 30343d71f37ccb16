import { grouped } from "../../base/grouped";
import type { Pace } from "../../train/pace";
import { blockDiagonal } from "./block-diagonal";
import type { LocalProblem } from "./curvature";
import type { Standing } from "./state";

/** The residual, relative to the right side, at which conjugate gradients end. */
const accuracy = 1e-6;
const mostSteps = 500;
/** The most of the weights that go in one round. */
const mostGone = 0.5;

/**
 * One round for more parameters than an inverse can be held of: the units of least saliency by the block-diagonal inverse
 * go together, and the others move to the minimum of the quadratic model without them, H_KK d = H_KS w_S, by
 * conjugate gradients on the exact Hessian. The rise of the model's objective is exact; among the weights of a round it is
 * parted by their saliencies.
 * @param dense the most parameters of a problem that an inverse is held of; problems with more come first
 * @returns the weight of each place, intercepts last; `null` where nothing may go
 */
export async function thin(
  problems: readonly LocalProblem[],
  values: Float64Array,
  standing: Standing,
  dense: number,
  pace: Pace,
): Promise<Float64Array | null> {
  const saliency = new Float64Array(values.length);
  for (const local of problems) {
    const diagonal = await blockDiagonal(local, pace);
    local.places.forEach((place, i) => {
      if (diagonal[i] > 0) saliency[place] = values[place] ** 2 / (2 * diagonal[i]);
    });
  }
  const rises = new Map<number, number>();
  for (const unit of standing.candidates()) {
    let sum = 0;
    for (const place of standing.weightsOf(unit)) sum += saliency[place];
    rises.set(unit, sum);
  }
  const total = problems.reduce((sum, { places }) => sum + places.length, 0);
  const { order, limit } = turn(problems, rises, standing, dense);
  for (let most = limit; most > 0; most = Math.floor(most / 2)) {
    const { chosen, gone } = first(order, standing, values.length, most);
    if (chosen.length === 0) return null;
    const moved = values.slice();
    let rise = 0;
    for (const local of problems) rise += await settle(local, moved, gone, pace);
    // Where a threshold decides, fewer go.
    if (!standing.within(rise)) continue;
    const sum = chosen.reduce((all, unit) => all + rises.get(unit)!, 0);
    for (const unit of chosen) standing.remove(unit, sum > 0 ? (rise * rises.get(unit)!) / sum : 0);
    for (const unit of standing.survivors()) standing.judge(unit, rises.get(unit) ?? 0);
    pace.report(total - standing.count, total, `${grouped(standing.count)} weights left`);
    return moved;
  }
  return null;
}

/** The units in the order in which they go, those of problems that are too large alone while there are any. */
function turn(
  problems: readonly LocalProblem[],
  rises: ReadonlyMap<number, number>,
  standing: Standing,
  dense: number,
): { order: number[]; limit: number } {
  const all = [...rises.keys()].sort((a, b) => rises.get(a)! - rises.get(b)! || a - b);
  const large = problems.filter(({ places }) => places.length > dense);
  const within = new Set(large.flatMap(({ places }) => Array.from(places)));
  const order = all.filter((unit) => standing.weightsOf(unit).some((place) => within.has(place)));
  const over = large.reduce((sum, { places }) => sum + places.length - dense, 0);
  const half = Math.ceil(mostGone * (order.length > 0 ? within.size : standing.count));
  return order.length > 0 ? { order, limit: Math.min(half, over) } : { order: all, limit: half };
}

/** The first units that may go beside each other, of `most` weights or just above. */
function first(
  order: readonly number[],
  standing: Standing,
  places: number,
  most: number,
): { chosen: number[]; gone: Uint8Array } {
  const quota = standing.quota();
  const gone = new Uint8Array(places);
  const chosen: number[] = [];
  let count = 0;
  for (const unit of order) {
    if (count >= most) break;
    if (!quota(unit)) continue;
    chosen.push(unit);
    for (const place of standing.weightsOf(unit)) {
      gone[place] = 1;
      count++;
    }
  }
  return { chosen, gone };
}

/** Moves what stays to the minimum without what goes; returns the rise of the objective, 1/2 d'Hd. */
async function settle(
  local: LocalProblem,
  values: Float64Array,
  gone: Uint8Array,
  pace: Pace,
): Promise<number> {
  const { problem, places, parameters } = local;
  const [d, r, z, p, Hp, inverse] = Array.from({ length: 6 }, () => problem.vector());
  const stays = new Uint8Array(d.length);
  places.forEach((place, i) => {
    if (gone[place] === 1) d[parameters[i]] = -values[place];
    else stays[parameters[i]] = 1;
  });
  problem.diagonal(inverse);
  for (let j = 0; j < inverse.length; j++) inverse[j] = 1 / inverse[j];
  problem.product(d, r);
  for (let j = 0; j < r.length; j++) r[j] = stays[j] === 1 ? -r[j] : 0;
  let rz = 0;
  for (let j = 0; j < r.length; j++) {
    z[j] = r[j] * inverse[j];
    p[j] = z[j];
    rz += r[j] * z[j];
  }
  const enough = accuracy ** 2 * rz;
  for (let step = 0; step < mostSteps && rz > enough; step++) {
    problem.product(p, Hp);
    for (let j = 0; j < Hp.length; j++) if (stays[j] === 0) Hp[j] = 0;
    const alpha = rz / problem.dot(p, Hp);
    problem.axpy(alpha, p, d);
    problem.axpy(-alpha, Hp, r);
    let next = 0;
    for (let j = 0; j < r.length; j++) {
      z[j] = r[j] * inverse[j];
      next += r[j] * z[j];
    }
    const beta = next / rz;
    for (let j = 0; j < p.length; j++) p[j] = z[j] + beta * p[j];
    rz = next;
    await pace.rest();
  }
  problem.product(d, Hp);
  const rise = problem.dot(d, Hp) / 2;
  places.forEach((place, i) => {
    values[place] = gone[place] === 1 ? 0 : values[place] + d[parameters[i]];
  });
  return rise;
}
