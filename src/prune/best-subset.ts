import { checkCancelled, type Watch } from "../base/progress";
import type { Dataset } from "../matrix/dataset";
import type { LinearParts } from "../model/linear";
import { fitOnSupport } from "../train/support";
import { lossMoments } from "./gradient";
import { Candidate } from "./repair";

/** A set of weights and the best fit on it. */
export interface Subset {
  readonly mask: Uint8Array;
  readonly parts: LinearParts;
  /** Mean log-loss plus penalty. */
  readonly objective: number;
}

/** The most weights that are exchanged at once, and the worst and best that are tried in pairs. */
const mostExchanged = 64;
const pairs = 5;
/** What an exchange has to gain, as a share of the objective. */
const leastGain = 1e-9;

/** The best fit on a set of weights. */
export async function subsetOf(
  data: Dataset,
  parts: LinearParts,
  mask: Uint8Array,
  lambda: number,
  { signal }: Watch,
): Promise<Subset> {
  checkCancelled(signal, "prune");
  const found = await fitOnSupport(data, parts, mask, { lambda, tolerance: 1e-8 }, { signal });
  const { weights, intercepts, fit } = found;
  return { mask, parts: { ...parts, weights, intercepts }, objective: fit.objective };
}

/**
 * A set of as many weights as `start` that no exchange tried makes better: the s weights that are worth least leave, the s
 * outside that promise most enter, for s = 64, 32, ... 1 (splicing, Zhu et al., 2020), then the pairs of the five of
 * either side; each is fitted in full and taken where the objective falls. A weight inside is worth w^2 h / 2, one outside
 * promises g^2 / (2 h), with the gradient g and the diagonal h of the objective's Hessian.
 * @param eligible 1 for each weight that may be in the set
 */
export async function bestSubset(
  data: Dataset,
  start: Subset,
  eligible: Uint8Array,
  lambda: number,
  watch: Watch,
): Promise<Subset> {
  let best = start;
  let exchanges = 0;
  for (;;) {
    const better = await improved(data, best, eligible, lambda, watch);
    if (better === null) return best;
    best = better;
    exchanges++;
    watch.onProgress?.({
      step: "prune",
      done: exchanges,
      message: `objective ${best.objective.toPrecision(6)} after ${exchanges} exchanges`,
    });
  }
}

async function improved(
  data: Dataset,
  from: Subset,
  eligible: Uint8Array,
  lambda: number,
  watch: Watch,
): Promise<Subset | null> {
  const { inside, outside } = ranked(data, from, eligible, lambda);
  const tryOut = async (leave: readonly number[], enter: readonly number[]): Promise<Subset | null> => {
    const mask = from.mask.slice();
    for (const at of leave) mask[at] = 0;
    for (const at of enter) mask[at] = 1;
    const found = await subsetOf(data, from.parts, mask, lambda, watch);
    return found.objective < from.objective * (1 - leastGain) ? found : null;
  };
  const most = Math.min(mostExchanged, inside.length, outside.length);
  for (let s = most; s >= 1; s = Math.floor(s / 2)) {
    const found = await tryOut(inside.slice(0, s), outside.slice(0, s));
    if (found !== null) return found;
  }
  for (const leave of inside.slice(0, pairs)) {
    for (const enter of outside.slice(0, pairs)) {
      if (leave === inside[0] && enter === outside[0]) continue;
      const found = await tryOut([leave], [enter]);
      if (found !== null) return found;
    }
  }
  return null;
}

/** The weights inside, those worth least first, and outside, those that promise most first. */
function ranked(
  data: Dataset,
  { mask, parts }: Subset,
  eligible: Uint8Array,
  lambda: number,
): { inside: number[]; outside: number[] } {
  const { gradient, curvature } = lossMoments(new Candidate(parts), data);
  const { weights, scale, intercepts } = parts;
  const outputs = intercepts.length;
  const worth = Float64Array.from(weights, (w, at) => {
    const unit = scale === null ? 1 : scale[Math.floor(at / outputs)];
    const h = curvature[at] + lambda / unit ** 2;
    return mask[at] === 1 ? (w * w * h) / 2 : gradient[at] ** 2 / (2 * h || 1);
  });
  const inside = Array.from(mask.keys()).filter((at) => mask[at] === 1);
  const outside = Array.from(mask.keys()).filter((at) => mask[at] === 0 && eligible[at] === 1);
  return {
    inside: inside.sort((a, b) => worth[a] - worth[b] || a - b),
    outside: outside.sort((a, b) => worth[b] - worth[a] || a - b),
  };
}
