import { checkCancelled, type Watch } from "../base/progress";
import type { LinearParts } from "../model/linear";
import { Pace } from "../train/pace";
import { type Exchanges, type Free, likelyExchanges, type Pair } from "./exchange";
import { Candidate } from "./repair";
import type { PruneRows } from "./rows";

/** A set of weights and the best fit on it. */
export interface Subset {
  readonly mask: Uint8Array;
  readonly parts: LinearParts;
  /** Mean log-loss plus penalty. */
  readonly objective: number;
}

/** How a set is made better. */
interface ExchangePlan {
  /** The L2 strength of the fits. */
  readonly lambda: number;
  /** The most parameters of a Hessian. */
  readonly dense: number;
  /** The most exchanges, each of one or more weights. */
  readonly exchanges: number;
  /** What an exchange has to gain, as a share of the objective. */
  readonly leastShare: number;
  /** What it has to gain for each weight that enters, in nats a row. */
  readonly leastGain: number;
}

/** The most weights that are exchanged at once. */
const mostExchanged = 64;
/** Pairs that are tried one by one where those that the quadratic model likes fail together. */
const tries = 3;
/** Of `bestSubset`, the worst and best that are tried in pairs. */
const edge = 5;
/** A pair is not tried where the quadratic model, wrong by so much, would have its gain below its cost still. */
const doubt = 4;

/** The best fit on a set of weights. */
export async function subsetOf(
  rows: PruneRows,
  parts: LinearParts,
  mask: Uint8Array,
  lambda: number,
  { signal }: Watch,
): Promise<Subset> {
  checkCancelled(signal, "prune");
  const found = await rows.fit(parts, mask, lambda, signal);
  const { weights, intercepts, fit } = found;
  return { mask, parts: { ...parts, weights, intercepts }, objective: fit.objective };
}

/**
 * A set of as many weights as `start` that no exchange that `likelyExchanges` proposes makes better: those that the
 * quadratic model likes, all together, half of them and so on, then the first few one by one; each is fitted in full and
 * taken where the objective falls.
 */
export async function exchanged(
  rows: PruneRows,
  start: Subset,
  free: Free,
  plan: ExchangePlan,
  watch: Watch,
): Promise<Subset> {
  return await descended(start, plan, watch, async (from) => {
    return await byPairs(rows, from, await exchangesFrom(rows, from, free, plan, watch), plan, watch);
  });
}

/**
 * As `exchanged`, and where that finds nothing more: the s weights that are worth least leave, the s outside that promise
 * most enter, for s = 64, 32, ... 1 (splicing, Zhu et al., 2020), then the pairs of the five of either side. A weight inside is
 * worth w^2 h / 2, one outside promises g^2 / (2 h), with the gradient g and the diagonal h of the objective's Hessian. Of these pairs
 * those are left out whose cost is more than four times their gain by the exact Hessian, where it has room.
 */
export async function bestSubset(
  rows: PruneRows,
  start: Subset,
  free: Free,
  plan: ExchangePlan,
  watch: Watch,
): Promise<Subset> {
  return await descended(start, plan, watch, async (from) => {
    const exchanges = await exchangesFrom(rows, from, free, plan, watch);
    return (
      (await byPairs(rows, from, exchanges, plan, watch)) ??
      (await bySplicing(rows, from, free.eligible, exchanges, plan, watch))
    );
  });
}

async function descended(
  start: Subset,
  { exchanges }: ExchangePlan,
  watch: Watch,
  improved: (from: Subset) => Promise<Subset | null>,
): Promise<Subset> {
  let best = start;
  for (let done = 1; done <= exchanges; done++) {
    const better = await improved(best);
    if (better === null) return best;
    best = better;
    watch.onProgress?.({
      step: "prune",
      done,
      message: `objective ${best.objective.toPrecision(6)} after ${done} exchanges`,
    });
  }
  return best;
}

async function exchangesFrom(
  rows: PruneRows,
  { parts, mask }: Subset,
  free: Free,
  { lambda, dense }: ExchangePlan,
  { signal }: Watch,
): Promise<Exchanges> {
  const pace = new Pace({ signal }, "prune");
  return await likelyExchanges(rows, parts, mask, free, { lambda, most: dense }, pace);
}

async function byPairs(
  rows: PruneRows,
  from: Subset,
  { pairs }: Exchanges,
  plan: ExchangePlan,
  watch: Watch,
): Promise<Subset | null> {
  const falling = apart(pairs).filter(({ rise }) => rise < -plan.leastGain);
  const lists: (readonly Pair[])[] = [];
  for (let s = Math.min(falling.length, mostExchanged); s > 1; s = Math.floor(s / 2)) {
    lists.push(falling.slice(0, s));
  }
  lists.push(...pairs.slice(0, tries).map((pair) => [pair]));
  const changes = lists.map((list) => ({
    leave: list.map((pair) => pair.leave),
    enter: list.map((pair) => pair.enter),
  }));
  return await firstBetter(rows, from, changes, plan, watch);
}

/** The pairs of which none has a weight of one before it. */
function apart(pairs: readonly Pair[]): Pair[] {
  const left = new Set<number>();
  return pairs.filter(({ leave }) => !left.has(leave) && left.add(leave));
}

/** Weights that leave, and those that enter for them. */
interface Change {
  readonly leave: readonly number[];
  readonly enter: readonly number[];
}

/** The fit of the first of some changes that is better, or `null`. @param tried told how many were not */
async function firstBetter(
  rows: PruneRows,
  from: Subset,
  changes: readonly Change[],
  plan: ExchangePlan,
  watch: Watch,
  tried: (count: number) => void = () => {},
): Promise<Subset | null> {
  for (let at = 0; at < changes.length; at += rows.abreast) {
    const some = changes.slice(at, at + rows.abreast);
    const fits = await Promise.all(some.map((change) => without(rows, from, change, plan, watch)));
    const found = fits.find((fit) => fit !== null);
    if (found !== undefined) return found;
    tried(at + some.length);
  }
  return null;
}

/** The fit without some weights and with others, or `null` where it is no better. */
async function without(
  rows: PruneRows,
  from: Subset,
  { leave, enter }: Change,
  { lambda, leastShare, leastGain }: ExchangePlan,
  watch: Watch,
): Promise<Subset | null> {
  const mask = from.mask.slice();
  for (const at of leave) mask[at] = 0;
  for (const at of enter) mask[at] = 1;
  const found = await subsetOf(rows, from.parts, mask, lambda, watch);
  const least = Math.max(leastShare * from.objective, leastGain * enter.length);
  return found.objective < from.objective - least ? found : null;
}

async function bySplicing(
  rows: PruneRows,
  from: Subset,
  eligible: Uint8Array,
  exchanges: Exchanges,
  plan: ExchangePlan,
  watch: Watch,
): Promise<Subset | null> {
  const { inside, outside } = await ranked(rows, from, eligible, plan.lambda);
  const most = Math.min(mostExchanged, inside.length, outside.length);
  const splices: Change[] = [];
  for (let s = most; s >= 1; s = Math.floor(s / 2)) {
    splices.push({ leave: inside.slice(0, s), enter: outside.slice(0, s) });
  }
  const spliced = await firstBetter(rows, from, splices, plan, watch);
  if (spliced !== null) return spliced;
  const pairs = inside.slice(0, edge).flatMap((leave) =>
    outside
      .slice(0, edge)
      .filter((enter) => leave !== inside[0] || enter !== outside[0])
      .filter((enter) => !hopeless(exchanges.pair(leave, enter)))
      .map((enter) => ({ leave: [leave], enter: [enter] })),
  );
  return await firstBetter(rows, from, pairs, plan, watch, (done) => {
    watch.onProgress?.({
      step: "prune",
      done,
      total: pairs.length,
      message: `${done} of ${pairs.length} last exchanges tried, none better`,
    });
  });
}

function hopeless(pair: Pair | null): boolean {
  return pair !== null && pair.rise + pair.gain > doubt * pair.gain;
}

/** The weights inside, those worth least first, and outside, those that promise most first. */
async function ranked(
  rows: PruneRows,
  { mask, parts }: Subset,
  eligible: Uint8Array,
  lambda: number,
): Promise<{ inside: number[]; outside: number[] }> {
  const { gradient, curvature } = await rows.moments(new Candidate(parts), ["gradient", "curvature"]);
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
