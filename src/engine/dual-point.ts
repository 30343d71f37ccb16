import { mixtureOf } from "../train/losses/mixture";
import type { Aggregate, Aggregation, DualPoint, RowLoss } from "./aggregate";
import type { StreamedProblem } from "./shrink";

/**
 * The dual point nearest the residuals that free intercepts allow: whose sums over the rows are zero for each output.
 * @returns `null` where the residuals are that point
 */
export function dualPointOf(
  { loss, freeIntercepts, masses }: Pick<StreamedProblem, "loss" | "freeIntercepts" | "masses">,
  { gradient, sides }: Pick<Aggregate, "gradient" | "sides">,
): DualPoint | null {
  if (!freeIntercepts) return null;
  if (loss.kind === "logistic") {
    const [low, , high] = sides;
    if (low === high) return null;
    const least = Math.min(low, high);
    return { kind: "sides", below: least / low, above: least / high };
  }
  const slopes = gradient.subarray(gradient.length - loss.classes);
  const mixture = mixtureOf(
    masses,
    masses.map((mass, k) => mass + slopes[k]),
  );
  return mixture === null ? null : { kind: "mixture", ...mixture };
}

/**
 * The duality gap at a point, by the Fenchel-Young divergences of penalty and loss. Where the sums over residuals bound the
 * loss's part tightly enough, no pass is spent on it.
 * @param enough a gap that will do
 */
export function* gapAt(
  problem: StreamedProblem,
  at: Aggregate,
  w: Float64Array,
  enough: number,
): Aggregation<number> {
  const { penalty, state } = problem;
  const dual = dualPointOf(problem, at);
  const here = state(w);
  // Of two answers the later may lie where the earlier was.
  const sides = at.sides.slice();
  let slopes = at.gradient;
  if (dual !== null)
    slopes = (yield { operation: { kind: "correlate", dual }, state: here }).gradient.slice();
  const stirred = penalty.stirred(w, slopes);
  let gap = Number.NaN;
  for (const factor of penalty.factors(slopes, stirred)) {
    const weights = penalty.divergence(w, slopes, factor, stirred);
    let rows = 0;
    if (factor !== 1 || dual !== null) {
      rows = boundOf(dual, factor, sides);
      if (!(weights + rows <= enough)) {
        const whole = dual ?? wholeOf(problem.loss);
        rows = (yield { operation: { kind: "divergence", dual: whole, factor }, state: here }).loss;
      }
    }
    if (!(weights + rows >= gap)) gap = weights + rows;
    if (gap <= enough) break;
  }
  return gap;
}

/** The residuals themselves as a dual point. */
export function wholeOf(loss: RowLoss): DualPoint {
  return loss.kind === "logistic"
    ? { kind: "sides", below: 1, above: 1 }
    : { kind: "mixture", share: 0, mix: new Float64Array(loss.classes) };
}

/** A bound of the divergence of the logistic loss, see `LogisticLoss.divergence`; infinite for softmax. */
function boundOf(dual: DualPoint | null, factor: number, sides: Float64Array): number {
  if (sides.length === 0 || dual?.kind === "mixture") return Number.POSITIVE_INFINITY;
  const own = [factor * (dual?.below ?? 1), factor * (dual?.above ?? 1)];
  return own.reduce((sum, a, side) => {
    const d = 1 - a;
    return d === 0 ? sum : sum + (d * d * (sides[2 * side] / a + sides[2 * side + 1])) / 2;
  }, 0);
}
