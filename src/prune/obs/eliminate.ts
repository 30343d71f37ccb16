import { grouped } from "../../base/grouped";
import type { Pace } from "../../train/pace";
import type { Inverse } from "./inverse";
import type { Standing } from "./state";

/** Candidates for each weight that goes with others. */
const choice = 4;

/**
 * Takes out unit after unit, each time the one of least saliency, 1/2 w_B' ([H^-1]_BB)^-1 w_B, which for a single weight is
 * w^2 / (2 [H^-1]_qq) (Hassibi and Stork, 1993). Blocks of weights are chosen one after another among the candidates of
 * least saliency, each in view of those chosen before; the update for a block is that of one after another.
 * @param block the weights that go together at most; 1 for one unit at a time
 */
export async function eliminate(
  inverses: readonly Inverse[],
  standing: Standing,
  block: number,
  pace: Pace,
): Promise<void> {
  const excess = standing.excess;
  const everything = Number.isFinite(excess) ? excess : standing.count;
  for (let done = 0; ; ) {
    const all = standing.candidates();
    if (all.length === 0) break;
    const saliency = new Map(all.map((unit) => [unit, saliencyOf(inverses, standing.weightsOf(unit))]));
    all.sort((a, b) => saliency.get(a)! - saliency.get(b)! || a - b);
    const count = candidatesOf(all, standing, block);
    // What is not a candidate may be the better from there on.
    const most = all.length > count ? saliency.get(all[count])! : Number.POSITIVE_INFINITY;
    const chosen = choose(inverses, standing, all.slice(0, count), block, most);
    if (chosen.length === 0) break;
    for (const inverse of inverses) {
      const rows = chosen.map((place) => inverse.row(place)).filter((row) => row >= 0);
      if (rows.length > 0) await inverse.remove(rows, pace);
    }
    done += chosen.length;
    pace.report(done, Math.max(everything, done + 1), `${grouped(standing.count)} weights left`);
    await pace.rest();
  }
  for (const unit of standing.survivors()) {
    standing.judge(unit, saliencyOf(inverses, standing.weightsOf(unit)));
  }
}

/** How many of the units, the least salient first, are looked at together. */
function candidatesOf(units: readonly number[], standing: Standing, block: number): number {
  let weights = 0;
  let count = 0;
  while (count < units.length && (count === 0 || (block > 1 && weights < choice * block))) {
    weights += standing.weightsOf(units[count++]).length;
  }
  return count;
}

/** 1/2 w' ([H^-1]_BB)^-1 w for the weights of a unit. */
function saliencyOf(inverses: readonly Inverse[], places: readonly number[]): number {
  return take(
    viewOf(inverses, places),
    places.map((_, i) => i),
  );
}

/** The places that go, at least one unit where one may. */
function choose(
  inverses: readonly Inverse[],
  standing: Standing,
  units: readonly number[],
  block: number,
  most: number,
): number[] {
  const members = units.map((unit) => standing.weightsOf(unit));
  const view = viewOf(inverses, members.flat());
  let next = 0;
  const rows = members.map((own) => own.map(() => next++));
  const left = new Set(units.keys());
  const gone: number[] = [];
  while (gone.length < block) {
    let best = -1;
    let least = Number.POSITIVE_INFINITY;
    for (const i of left) {
      const rise = saliencyIn(view, rows[i]);
      if (rise < least && standing.mayGo(units[i], rise)) [best, least] = [i, rise];
    }
    if (best < 0 || (gone.length > 0 && least > most)) break;
    gone.push(...members[best]);
    take(view, rows[best]);
    standing.remove(units[best], least);
    left.delete(best);
  }
  return gone;
}

/** The rows and columns of some places in the inverses, and their weights, to try on. */
interface View {
  readonly G: Float64Array;
  readonly u: Float64Array;
}

function viewOf(inverses: readonly Inverse[], places: readonly number[]): View {
  const n = places.length;
  const G = new Float64Array(n * n);
  const u = new Float64Array(n);
  for (const inverse of inverses) {
    const rows = places.map((place) => inverse.row(place));
    rows.forEach((row, i) => {
      if (row < 0) return;
      u[i] = inverse.u[row];
      for (let j = 0; j < n; j++) if (rows[j] >= 0) G[i * n + j] = inverse.at(row, rows[j]);
    });
  }
  return { G, u };
}

function saliencyIn({ G, u }: View, rows: readonly number[]): number {
  const n = u.length;
  if (rows.length === 1) return u[rows[0]] ** 2 / (2 * G[rows[0] * n + rows[0]]);
  const own: View = {
    G: Float64Array.from(rows.flatMap((i) => rows.map((j) => G[i * n + j]))),
    u: Float64Array.from(rows, (i) => u[i]),
  };
  return take(
    own,
    rows.map((_, i) => i),
  );
}

/** Takes rows out one after another and returns the sum of their saliencies, which is that of all at once. */
function take({ G, u }: View, rows: readonly number[]): number {
  const n = u.length;
  let sum = 0;
  for (const q of rows) {
    const pivot = G[q * n + q];
    if (!(pivot > 0)) continue;
    sum += u[q] ** 2 / (2 * pivot);
    for (let i = 0; i < n; i++) {
      const factor = G[i * n + q] / pivot;
      if (i === q || factor === 0) continue;
      u[i] -= factor * u[q];
      for (let j = 0; j < n; j++) if (j !== q) G[i * n + j] -= factor * G[q * n + j];
    }
    for (let i = 0; i < n; i++) {
      G[i * n + q] = 0;
      G[q * n + i] = 0;
    }
    u[q] = 0;
  }
  return sum;
}
