import type { LinearParts } from "../model/linear";
import type { Arena } from "../simd/memory";
import type { Pace } from "../train/pace";
import type { Contest } from "./contest";
import type { PlacedHessian } from "./obs/hessian";
import { invert } from "./obs/invert";
import { withArena } from "./obs/room";
import { Candidate } from "./repair";
import type { PruneRows } from "./rows";

/** A weight that leaves for one that enters, and what the objective rises by, as its quadratic model has it. */
export interface Pair {
  readonly leave: number;
  readonly enter: number;
  /** What leaving costs less what entering gains. */
  readonly rise: number;
  readonly gain: number;
}

/** Exchanges as the quadratic model has them. */
export interface Exchanges {
  /** The best to leave for each of the weights that promise most, the best first. */
  readonly pairs: readonly Pair[];
  /** Any other of these weights for any inside; `null` where the model does not have it. */
  pair(leave: number, enter: number): Pair | null;
}

/** The weights outside that are looked at. */
const entrants = 32;
/** A pivot or a Schur complement below this share of its diagonal is what rounding leaves. */
const leastPivot = 1e-10;

/** The units of a contest as weights, each of them alone. */
export interface Free {
  /** 1 for each weight that may enter. */
  readonly eligible: Uint8Array;
  /** The pool of each weight; weights are exchanged within one. */
  readonly pools: ArrayLike<number>;
  /** 1 for a weight that is not to leave. */
  readonly protects: ArrayLike<number>;
}

/** Who may be exchanged for whom, or `null` where weights come and go together. @param weights of the model as it was */
export function freeOf({ starts, members, pools, protects }: Contest, weights: Float64Array): Free | null {
  if (members.length !== starts.length - 1) return null;
  return { eligible: Uint8Array.from(weights, (w) => Number(w !== 0)), pools, protects };
}

/**
 * The exchanges of one weight for another that the exact Hessian of the objective likes best, the best first: weight j
 * enters a fit on the set S with a gain of g_j^2 / (2 (H_jj - H_jS H_SS^-1 H_Sj)), and leaves with the saliency that it has once the
 * other has entered. Of each of the 32 weights that promise most by the diagonal, the best to leave for it.
 * @param parts a fit on `mask`
 * @param most no pairs where the Hessian would have more parameters
 */
export async function likelyExchanges(
  rows: PruneRows,
  parts: LinearParts,
  mask: Uint8Array,
  free: Free,
  { lambda, most }: { readonly lambda: number; readonly most: number },
  pace: Pace,
): Promise<Exchanges> {
  const { gradient, curvature } = await rows.moments(new Candidate(parts), ["gradient", "curvature"]);
  const outputs = parts.intercepts.length;
  const promises = gradient.map((g, at) => {
    if (mask[at] === 1 || free.eligible[at] === 0) return 0;
    const unit = parts.scale?.[Math.floor(at / outputs)] ?? 1;
    return g ** 2 / (2 * (curvature[at] + lambda / unit ** 2) || 1);
  });
  const entering = largest(promises, entrants);
  const alive = mask.slice();
  for (const at of entering) alive[at] = 1;
  return await withArena(async (arena) => {
    const problems = await rows.hessians(parts, lambda, arena, alive);
    if (problems.some(({ places }) => places.length > most)) return noExchanges;
    const sides: Side[] = [];
    for (const hessian of problems) {
      const side = await sideOf(hessian, parts.weights, mask, gradient, arena, pace);
      if (side === null) return noExchanges;
      sides.push(side);
    }
    return exchangesOf(sides, free);
  });
}

const noExchanges: Exchanges = { pairs: [], pair: () => null };

/** The places of the largest numbers above zero, of equals the first, the largest first. */
function largest(numbers: Float64Array, count: number): number[] {
  const found: number[] = [];
  numbers.forEach((number, at) => {
    if (!(number > 0) || (found.length === count && number <= numbers[found[count - 1]])) return;
    let i = found.length;
    while (i > 0 && numbers[found[i - 1]] < number) i--;
    found.splice(i, 0, at);
    if (found.length > count) found.pop();
  });
  return found;
}

/** One problem's weights inside and outside, in view of its Hessian. */
interface Side {
  readonly inside: readonly { readonly place: number; readonly w: number; readonly variance: number }[];
  readonly outside: readonly Entrant[];
}

interface Entrant {
  readonly place: number;
  readonly gain: number;
  /** Where it comes to stand, and what it leaves of its curvature beside the weights inside. */
  readonly w: number;
  readonly schur: number;
  /** By how much each weight inside moves for one of its own. */
  readonly slope: Float64Array;
}

async function sideOf(
  hessian: PlacedHessian,
  weights: Float64Array,
  mask: Uint8Array,
  gradient: Float64Array,
  arena: Arena,
  pace: Pace,
): Promise<Side | null> {
  const { places } = hessian;
  const n = places.length;
  const H = arena.floats(n * n);
  await hessian.form(H, pace);
  const at = (i: number, j: number) => H[Math.max(i, j) * n + Math.min(i, j)];
  const stays = (i: number) => places[i] >= mask.length || mask[places[i]] === 1;
  const inner = Array.from(places.keys()).filter(stays);
  const outer = Array.from(places.keys()).filter((i) => !stays(i));
  const m = inner.length;
  const roots = inner.map((i) => Math.sqrt(at(i, i)) || 1);
  const G = arena.floats(m * m);
  inner.forEach((i, a) => {
    for (let b = 0; b < a; b++) G[a * m + b] = at(i, inner[b]) / (roots[a] * roots[b]);
    G[a * m + a] = 1;
  });
  if ((await invert(G, m, leastPivot, hessian.kernels, arena, pace)) < m) return null;
  const outside: Entrant[] = [];
  for (const j of outer) {
    const c = Float64Array.from(inner, (i, a) => at(i, j) / roots[a]);
    const slope = new Float64Array(m);
    for (let a = 0; a < m; a++) {
      slope[a] += G[a * m + a] * c[a];
      for (let b = 0; b < a; b++) {
        slope[a] += G[a * m + b] * c[b];
        slope[b] += G[a * m + b] * c[a];
      }
    }
    const schur = slope.reduce((left, v, a) => left - v * c[a], at(j, j));
    if (!(schur > leastPivot * at(j, j))) continue;
    const place = places[j];
    const g = gradient[place];
    const own = slope.map((v, a) => v / roots[a]);
    outside.push({ place, gain: g ** 2 / (2 * schur), w: -g / schur, schur, slope: own });
    await pace.rest();
  }
  const inside = inner.map((i, a) => ({
    place: places[i],
    w: weights[places[i]] ?? 0,
    variance: G[a * m + a] / roots[a] ** 2,
  }));
  return { inside, outside };
}

function exchangesOf(sides: readonly Side[], free: Free): Exchanges {
  const pairs: Pair[] = [];
  for (const side of sides) {
    for (const one of side.outside) {
      let best: Pair | null = null;
      for (const other of sides) {
        other.inside.forEach((_, a) => {
          const found = pairOf(other, a, side, one, free);
          if (found !== null && (best === null || found.rise < best.rise)) best = found;
        });
      }
      if (best !== null) pairs.push(best);
    }
  }
  return {
    pairs: pairs.sort((a, b) => a.rise - b.rise || a.enter - b.enter),
    pair(leave, enter) {
      const side = sides.find(({ outside }) => outside.some(({ place }) => place === enter));
      const other = sides.find(({ inside }) => inside.some(({ place }) => place === leave));
      if (side === undefined || other === undefined) return null;
      const one = side.outside.find(({ place }) => place === enter)!;
      const a = other.inside.findIndex(({ place }) => place === leave);
      return pairOf(other, a, side, one, free);
    },
  };
}

/** The pair of a weight inside and one outside; `null` for a weight that may not leave for it. */
function pairOf(other: Side, a: number, side: Side, one: Entrant, { pools, protects }: Free): Pair | null {
  const { place, w, variance } = other.inside[a];
  if (place >= pools.length || protects[place] === 1 || pools[place] !== pools[one.place]) return null;
  const v = other === side ? one.slope[a] : 0;
  const saliency = (w - v * one.w) ** 2 / (2 * (variance + v ** 2 / one.schur));
  return { leave: place, enter: one.place, rise: saliency - one.gain, gain: one.gain };
}
