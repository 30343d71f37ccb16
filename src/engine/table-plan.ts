import { fail } from "../base/errors";
import type { Label } from "../matrix/dataset";
import type { FeatureNames } from "../matrix/names";
import { type Choice, compositeReason, isComposite, namedReason } from "../train/choose";
import type { Settings } from "../train/options";
import { type PenaltyPlan, penaltyPlanOf } from "../train/penalty-options";
import type { Plan } from "../train/plan";
import type { ClassWeight } from "../train/shares";
import { interceptsOf, warmStart } from "../train/start";
import type { FoldPart } from "./aggregate";
import type { PackedRows } from "./block-layout";
import type { PackedProblem } from "./packed-fitters";

/** What a plan needs to know of a table that is packed. */
export interface PlannedTable {
  readonly packed: PackedRows;
  readonly classes: readonly Label[];
  readonly featureNames: FeatureNames;
  /** See `Dataset.scale`. */
  readonly scale: Float32Array | null;
  /** The sum of the weights of each class. */
  readonly masses: Float64Array;
  /** The rows of the source. */
  readonly rows: number;
  /** The bytes that a job may take. */
  readonly room: number;
}

/** A fit in full but for where its rows are. */
export type RowsPlan = Pick<PackedProblem, "plan" | "solverReason" | "factors" | "masses">;

/**
 * A fit to a packed table, in full.
 * @param masses the sum of the weights of each class, of the rows that count
 * @throws `invalid-option`, `invalid-label`, `invalid-model`
 */
export function problemOf(
  { packed, classes, featureNames, scale, room }: PlannedTable,
  settings: Settings,
  masses: Float64Array,
  part: FoldPart | null,
): PackedProblem {
  const data = { columns: packed.columns, classes, featureNames, scale };
  return { ...planOf(data, settings, masses, chosenSolver), packed, part, room };
}

/**
 * A fit to rows wherever they are.
 * @param choose the solver for the settings and the penalty
 * @throws as {@link problemOf}
 */
export function planOf(
  data: Pick<PlannedTable, "classes" | "featureNames" | "scale"> & { readonly columns: number },
  settings: Settings,
  masses: Float64Array,
  choose: (solver: Settings["solver"], penalty: PenaltyPlan, softmax: boolean) => Choice,
): RowsPlan {
  const { classes } = data;
  const penalty = penaltyPlanOf(settings.penalty, data);
  const link = classes.length === 2 ? "binary" : settings.multiclass;
  const { fitIntercept, solver, seed, tolerance, maxIterations } = settings;
  const choice = choose(solver, penalty, link === "softmax");
  const factors = factorsOf(classes, masses, settings.classWeight);
  const shares = masses.map((mass, k) => mass * factors[k]);
  const numbers = Uint32Array.from(classes, (_, k) => k);
  const { weights, intercepts } =
    settings.warmStart === null
      ? { weights: null, intercepts: interceptsOf(numbers, shares, classes.length, link, fitIntercept) }
      : warmStart(data, settings.warmStart, link, fitIntercept);
  const plan: Plan = {
    ...{ penalty, link, classes: classes.length, fitIntercept, mask: null, seed },
    start: { weights, intercepts },
    stop: { tolerance, maxIterations },
    solver: choice.solver,
  };
  return { plan, solverReason: choice.reason, factors, masses: shares };
}

function chosenSolver(solver: Settings["solver"], penalty: PenaltyPlan): Choice {
  const composite = isComposite(penalty);
  const able = composite ? ["auto", "prox-newton"] : ["auto", "newton", "lbfgs"];
  if (solver === "auto") {
    return composite
      ? { solver: "prox-newton", reason: compositeReason }
      : { solver: "newton", reason: "rows on disk, which each pass reads as a whole" };
  }
  if (able.includes(solver)) return { solver, reason: namedReason };
  return fail("invalid-option", {
    thing: "solver beyond memory",
    value: solver,
    expected: able.map((name) => `"${name}"`).join(", "),
    remedy: "Leave it out.",
  });
}

/** What the weight of a row of each class is multiplied by, so that the shares sum to one. */
export function factorsOf(
  classes: readonly unknown[],
  masses: Float64Array,
  classWeight: ClassWeight | null,
): Float64Array {
  masses.forEach((mass, k) => {
    if (mass > 0) return;
    fail("invalid-label", {
      thing: "class without a row",
      value: classes[k],
      expected: "a row of positive weight for every class",
    });
  });
  const labels = classes.map(String);
  for (const label of Object.keys(classWeight === "balanced" ? {} : (classWeight ?? {}))) {
    if (labels.includes(label)) continue;
    fail("invalid-option", {
      thing: "classWeight of",
      value: label,
      expected: `a class: ${labels.join(", ")}`,
    });
  }
  const total = masses.reduce((sum, mass) => sum + mass, 0);
  const factors = masses.map((mass, k) => {
    if (classWeight === null) return 1;
    return classWeight === "balanced" ? total / (masses.length * mass) : (classWeight[labels[k]] ?? 1);
  });
  const sum = masses.reduce((whole, mass, k) => whole + mass * factors[k], 0);
  return factors.map((factor) => factor / sum);
}
