import type { FitReport } from "../model/linear";
import type { Design } from "./design";
import { fittersOf } from "./fit";
import type { Fitter, FitterSolution } from "./fitter";
import { joinedReports } from "./joined";
import type { Monitor } from "./monitor";
import { type PenaltyPlan, withStrength } from "./penalty-options";
import type { Plan } from "./plan";
import { type SparseWeights, sparseAt, sparseOf } from "./sparse-weights";
import { strongestLambda } from "./strongest";

/** The strengths of a path, from the strongest. */
export type Strengths =
  | readonly number[]
  /** `count` strengths from the least that leaves no weight down to `ratio` of it, even in the logarithm. */
  | { readonly count: number; readonly ratio: number };

/** A path in full but for its rows. */
export interface PathPlan {
  /** The fit of each step but for its strength. */
  readonly plan: Plan;
  readonly strengths: Strengths;
  /** Shares of the rows in place of the design's, e.g. of a fold; rows left out have none. */
  readonly shares: Float64Array | null;
  /** Whether the path ends where the deviance no longer falls. */
  readonly earlyStop: boolean;
}

/** One step of a path, as it comes from its thread. */
export interface PathJobStep {
  readonly lambda: number;
  readonly weights: SparseWeights;
  readonly intercepts: Float64Array;
  /** The mean loss, without the penalty. */
  readonly loss: number;
  readonly fit: FitReport;
}

/** What came of a path. */
export interface PathOutcome {
  readonly steps: readonly PathJobStep[];
  /** The mean loss of the intercepts alone. */
  readonly nullLoss: number;
  readonly endedEarly: string | null;
}

/** Where the deviance is all explained, or hardly any more a step (Friedman, Hastie and Tibshirani, 2010). */
const mostExplained = 0.999;
const leastGain = 1e-5;
/** The fewest steps before a path may end. */
const fewestSteps = 5;

/** Follows a path: each step starts from the one before. @throws `cancelled`, `invalid-data` where no feature tells */
export function followPath(whole: Design, path: PathPlan, monitor: Monitor): PathOutcome {
  const mark = whole.arena.mark();
  const design = path.shares === null ? whole : whole.withShares(path.shares);
  const strongest = strongestLambda(design, path.plan);
  const { strengths } = path;
  const count = "count" in strengths ? strengths.count : strengths.length;
  const fitters = fittersOf(design, path.plan, count).map((make) => make());
  const outcome = alongPath(path, strongest, fitters, monitor);
  for (const fitter of fitters) fitter.close();
  whole.arena.rewind(mark);
  return outcome;
}

/** One fit of a path: of which problem, with which penalty. */
interface PathFit {
  readonly problem: number;
  readonly penalty: PenaltyPlan;
}

/** The least strength that leaves no weight, and the mean loss of the intercepts alone. */
export interface Strongest {
  readonly lambda: number;
  readonly nullLoss: number;
}

/** Follows a path with one fitter a problem, each of which goes on from where it ended. */
export function alongPath(
  path: Pick<PathPlan, "plan" | "strengths" | "earlyStop">,
  strongest: Strongest,
  fitters: readonly Pick<Fitter, "fit">[],
  monitor: Monitor,
): PathOutcome {
  const steps = pathSteps(path, strongest, fitters.length, monitor);
  let next = steps.next();
  while (!next.done) {
    const { value } = next;
    next = steps.next(value.map(({ problem, penalty }) => fitters[problem].fit(penalty, monitor)));
  }
  return next.value;
}

/** The fits of a path, those of one strength at a time; whoever does them gives what they found. */
export function* pathSteps(
  path: Pick<PathPlan, "plan" | "strengths" | "earlyStop">,
  { lambda: strongest, nullLoss }: Strongest,
  problems: number,
  monitor: Pick<Monitor, "report">,
): Generator<readonly PathFit[], PathOutcome, readonly FitterSolution[]> {
  const { plan } = path;
  const lambdas = lambdasOf(path.strengths, strongest);
  const steps: PathJobStep[] = [];
  let endedEarly: string | null = null;
  for (const [at, lambda] of lambdas.entries()) {
    const penalty = withStrength(plan.penalty, lambda);
    const found = yield Array.from({ length: problems }, (_, problem) => ({ problem, penalty }));
    const loss = found.reduce((sum, part) => sum + part.loss, 0);
    steps.push({
      lambda,
      weights: weightsOf(found),
      intercepts: found.length === 1 ? found[0].intercepts : Float64Array.from(found, (f) => f.intercepts[0]),
      loss,
      fit: found.length === 1 ? found[0].fit : joinedReports(found.map(({ fit }) => fit)),
    });
    monitor.report(at + 1, lambdas.length, `lambda ${lambda.toPrecision(3)}, loss ${loss.toPrecision(5)}`);
    endedEarly = path.earlyStop && at + 1 < lambdas.length ? reasonToEnd(steps, nullLoss) : null;
    if (endedEarly !== null) break;
  }
  return { steps, nullLoss, endedEarly };
}

function weightsOf(found: readonly FitterSolution[]): SparseWeights {
  const [{ weights, support }] = found;
  return found.length === 1 && support
    ? sparseAt(weights, support)
    : sparseOf(found.map((part) => part.weights));
}

function lambdasOf(strengths: Strengths, strongest: number): readonly number[] {
  if (!("count" in strengths)) return strengths;
  const { count, ratio } = strengths;
  return Array.from({ length: count }, (_, i) => strongest * ratio ** (count === 1 ? 0 : i / (count - 1)));
}

function reasonToEnd(steps: readonly PathJobStep[], nullLoss: number): string | null {
  if (steps.length < fewestSteps) return null;
  const explained = (step: PathJobStep) => 1 - step.loss / nullLoss;
  const now = explained(steps[steps.length - 1]);
  if (now > mostExplained) return `${(100 * now).toFixed(1)} % of the deviance are explained`;
  const before = explained(steps[steps.length - 2]);
  return now - before < leastGain * now ? "the deviance hardly fell in the last step" : null;
}
