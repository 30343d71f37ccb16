import { checkChoice, checkKeys, checkLength, checkNumber } from "../base/check";
import { fail } from "../base/errors";
import { checkShape } from "../base/shape";
import type { Dataset } from "../matrix/dataset";
import type { FeatureBounds, PenaltyName, PenaltySummary } from "../model/linear";
import { type ColumnOf, columnLookup, type FeatureGroups, groupNumbers } from "./feature-groups";

/** One number for each feature: in their order, or by name with the default for those not named. */
export type PerFeature = ArrayLike<number> | Readonly<Record<string, number>>;

/** Between what weights must lie; infinite bounds are none. */
export interface WeightBounds {
  /** At most 0. Default: none. */
  readonly lower?: number | PerFeature;
  /** At least 0. Default: none. */
  readonly upper?: number | PerFeature;
}

/** The options that make a penalty. */
export interface PenaltyOptions {
  /**
   * What is added to the mean loss, of weights in the scale of `Dataset.scale`; intercepts are free. `l2`: lambda / 2
   * times the sum of squares. `l1`: lambda times the sum of sizes. `elasticnet`: l1Ratio of `l1` and the rest of `l2`.
   * `group`: lambda times the sum over groups of the norm of their weights times the root of their number (Yuan and
   * Lin, 2006); with `softmax` the weights of a feature for all classes are in one group, with `ovr` each class has its
   * own. `none`: nothing. Default `l2`.
   */
  readonly penalty?: PenaltyName;
  /** The strength of the penalty on the mean loss, above 0; scikit-learn's `C` is 1 / (rows x lambda). Default 1e-4. */
  readonly lambda?: number;
  /** For `elasticnet`: the share of the penalty that is L1, from 0 to 1. Default 0.5. */
  readonly l1Ratio?: number;
  /** For `group`: features that come and go together, each in one group; those not named are groups of one. */
  readonly groups?: FeatureGroups;
  /**
   * Factors of the penalty for each feature, at least 0; 0 leaves a weight free (glmnet's `penalty.factor`). A group has
   * the greatest of its features. Not for `none`. Default 1.
   */
  readonly penaltyWeights?: PerFeature;
  /**
   * Between what weights must lie, as they are, not in the scale of the penalty: signs where one bound is 0. Not for
   * `group`, whose norm has no simple minimum within bounds. Default: none.
   */
  readonly bounds?: WeightBounds;
}

/** The names of {@link PenaltyOptions}. */
export const penaltyKeys: readonly (keyof PenaltyOptions)[] = [
  "penalty",
  "lambda",
  "l1Ratio",
  "groups",
  "penaltyWeights",
  "bounds",
];

/** The options of a penalty, checked as far as they can be without the data. */
export interface PenaltySettings {
  readonly name: PenaltyName;
  /** 0 without a penalty. */
  readonly lambda: number;
  readonly l1Ratio: number;
  readonly groups: PenaltyOptions["groups"] | null;
  readonly weights: PerFeature | null;
  readonly bounds: WeightBounds | null;
}

/** A penalty for the columns of a dataset, as plain data. */
export interface PenaltyPlan {
  readonly name: PenaltyName;
  readonly lambda: number;
  /** 1 for `l1`, 0 for `l2`. */
  readonly l1Ratio: number;
  /** The number of each column's group. */
  readonly groups: Uint32Array | null;
  /** The factor of each column. */
  readonly weights: Float64Array | null;
  readonly lower: Float64Array | null;
  readonly upper: Float64Array | null;
  /** See `Dataset.scale`. */
  readonly scale: Float32Array | null;
}

/** Checks the options of a penalty. @throws `unknown-option`, `invalid-option` */
export function parsePenalty(options: PenaltyOptions): PenaltySettings {
  const names = ["l2", "l1", "elasticnet", "group", "none"] as const;
  const name = checkChoice(options.penalty ?? "l2", "penalty", names);
  if (name === "none") refuse(options, ["lambda", "penaltyWeights"], 'a penalty other than "none"');
  if (name !== "elasticnet") refuse(options, ["l1Ratio"], 'penalty "elasticnet"');
  if (name !== "group") refuse(options, ["groups"], 'penalty "group"');
  if (name === "group") refuse(options, ["bounds"], 'a penalty other than "group", such as "l1",');
  const ratio = name === "elasticnet" ? (options.l1Ratio ?? 0.5) : name === "l2" ? 0 : 1;
  const { bounds } = options;
  if (bounds !== undefined) checkKeys(bounds, ["lower", "upper"], "bounds");
  return {
    name,
    lambda: name === "none" ? 0 : checkNumber(options.lambda ?? 1e-4, "lambda", { above: 0 }),
    l1Ratio: checkNumber(ratio, "l1Ratio", { min: 0, max: 1 }),
    groups: options.groups ?? null,
    weights: options.penaltyWeights ?? null,
    bounds: bounds ?? null,
  };
}

/**
 * The penalty for the columns of a dataset.
 * @throws `missing-column` for a feature that is not there; `length-mismatch`, `invalid-option`
 */
export function penaltyPlanOf(settings: PenaltySettings, data: Columns): PenaltyPlan {
  const { name, lambda, l1Ratio, bounds, groups, weights } = settings;
  if (name !== "group" && weights === null && bounds === null) {
    return { name, lambda, l1Ratio, groups: null, weights, lower: null, upper: null, scale: data.scale };
  }
  const tables = [weights, bounds?.lower, bounds?.upper].filter((one) => typeof one === "object");
  const keys = [...(groups ?? []).flat(), ...tables.flatMap((one) => namesIn(one))];
  const columnOf = columnLookup(data, keys);
  const each = (value: number | PerFeature | undefined, rest: number, thing: string, range: Range) =>
    value === undefined ? null : perColumn(value, rest, thing, range, data, columnOf);
  return {
    name,
    lambda,
    l1Ratio,
    groups: name === "group" ? groupNumbers(data.columns, groups ?? [], columnOf) : null,
    weights: each(settings.weights ?? undefined, 1, "penaltyWeights", { min: 0, max: Number.MAX_VALUE }),
    lower: each(bounds?.lower, Number.NEGATIVE_INFINITY, "bounds.lower", {
      min: Number.NEGATIVE_INFINITY,
      max: 0,
    }),
    upper: each(bounds?.upper, Number.POSITIVE_INFINITY, "bounds.upper", {
      min: 0,
      max: Number.POSITIVE_INFINITY,
    }),
    scale: data.scale,
  };
}

/** The same penalty of another strength, for another share of L1. */
export function withStrength(plan: PenaltyPlan, lambda: number, l1Ratio: number = plan.l1Ratio): PenaltyPlan {
  return { ...plan, lambda, l1Ratio };
}

/** What a model keeps of the penalty that it was fitted with. */
export function penaltySummary({ name, l1Ratio }: PenaltyPlan): PenaltySummary {
  return { name, l1Ratio };
}

/** Between what a penalty holds the weights of each column; `null` for no bounds. */
export function boundsOf({ lower, upper }: Pick<PenaltyPlan, "lower" | "upper">): FeatureBounds | null {
  return lower === null && upper === null ? null : { lower, upper };
}

/** The bounds of some columns. */
export function boundsOn(columns: Uint32Array, bounds: FeatureBounds | null): FeatureBounds | null {
  if (bounds === null) return null;
  const own = (side: Float64Array | null) => side && Float64Array.from(columns, (j) => side[j]);
  return { lower: own(bounds.lower), upper: own(bounds.upper) };
}

/** The L2 penalty, or none where `lambda` is 0, within bounds where there are. */
export function ridge(
  lambda: number,
  scale: Float32Array | null,
  bounds: FeatureBounds | null = null,
): PenaltyPlan {
  const name = lambda > 0 ? "l2" : "none";
  const { lower, upper } = bounds ?? { lower: null, upper: null };
  return { name, lambda, l1Ratio: 0, groups: null, weights: null, lower, upper, scale };
}

/**
 * Penalty weights of the adaptive lasso (Zou, 2006): 1 / (|w| + epsilon)^gamma for each feature, by its largest weight
 * over the outputs of a fit before, an `l2` fit as a rule.
 * @param model a fit to the same features
 */
export function adaptiveWeights(
  model: { readonly weights: Float64Array; readonly intercepts: Float64Array },
  options: { readonly gamma?: number; readonly epsilon?: number } = {},
): Float64Array {
  checkShape(model, "model", "a fitted model", { weights: "list", intercepts: "list" });
  checkKeys(options, ["gamma", "epsilon"], "adaptiveWeights");
  const gamma = checkNumber(options.gamma ?? 1, "gamma", { above: 0 });
  const epsilon = checkNumber(options.epsilon ?? 1e-3, "epsilon", { above: 0 });
  const K = model.intercepts.length;
  return Float64Array.from({ length: model.weights.length / K }, (_, j) => {
    let most = 0;
    for (let k = 0; k < K; k++) most = Math.max(most, Math.abs(model.weights[j * K + k]));
    return (most + epsilon) ** -gamma;
  });
}

/** What a penalty needs to know of a dataset. */
type Columns = Pick<Dataset, "columns" | "featureNames" | "scale">;

interface Range {
  readonly min: number;
  readonly max: number;
}

function refuse(options: PenaltyOptions, keys: readonly (keyof PenaltyOptions)[], expected: string): void {
  for (const key of keys) {
    if (options[key] === undefined) continue;
    fail("invalid-option", {
      thing: key,
      value: options[key],
      expected: `${expected} beside it`,
      remedy: "Leave it out, or change the penalty.",
    });
  }
}

/** The names that a table of numbers has. */
function namesIn(value: PerFeature | null | undefined): string[] {
  return value === null || value === undefined || isList(value) ? [] : Object.keys(value);
}

function perColumn(
  value: number | PerFeature,
  rest: number,
  thing: string,
  { min, max }: Range,
  { columns }: Columns,
  columnOf: ColumnOf,
): Float64Array {
  const found = new Float64Array(columns).fill(typeof value === "number" ? value : rest);
  if (isList(value)) {
    checkLength(value.length, columns, thing);
    found.set(Array.from(value));
  } else if (typeof value !== "number") {
    for (const [name, number] of Object.entries(value)) found[columnOf(name, thing)] = number;
  }
  found.forEach((x: number, j: number) => {
    if (typeof x === "number" && x >= min && x <= max) return;
    fail("invalid-option", { thing: `${thing} of feature ${j}`, value: x, expected: `in [${min}, ${max}]` });
  });
  return found;
}

function isList(value: number | PerFeature): value is ArrayLike<number> {
  return Array.isArray(value) || ArrayBuffer.isView(value);
}
