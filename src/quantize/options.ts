import { checkBoolean, checkChoice, checkKeys, checkLength, checkNumber } from "../base/check";
import { fail } from "../base/errors";
import { checkList } from "../base/shape";
import { checkDataset } from "../matrix/check-dataset";
import type { Dataset } from "../matrix/dataset";
import type { LinearScorer } from "../model/linear";
import { lambdaOf } from "../prune/prune";
import type { FeatureGroups } from "../train/feature-groups";
import { descends, fixedBits, isFloat, refuse, refuseForeign } from "./fit-together";
import { granularityOf, partingOf } from "./granularity";
import type { Parting } from "./parting";
import type { LevelPrecision } from "./precision";
import { type CodingRows, memoryCodingRows } from "./rows";
import type { Range } from "./uniform";

/** How weights become codes; see `QuantizeOptions.method`. */
export type QuantizeMethod =
  | "uniform"
  | "kmeans"
  | "quantile"
  | "powerOfTwo"
  | "ternary"
  | "binary"
  | "float16"
  | "bfloat16"
  | "entropy";

/** What shares levels; see `QuantizeOptions.granularity`. */
export type Granularity = "model" | "class" | "group" | "block";

/** How a weight between two levels is rounded; see `QuantizeOptions.rounding`. */
export type Rounding = "nearest" | "stochastic" | "compensated" | "descent";

/** How levels and intercepts are fitted again at fixed codes. */
export interface LevelRefit {
  /** The strength of the L2 penalty, at least 0, or several of which the one with the least log-loss on `validation` is taken. */
  readonly lambda: number | readonly number[];
  /** The rows that choose between strengths. Default: a stratified quarter of `data`, held out for the choice. */
  readonly validation?: Dataset;
}

/** How to quantize. */
export interface QuantizeOptions {
  /**
   * - `uniform`: equal steps
   * - `kmeans`: the levels of least squared error, exactly
   * - `quantile`: levels that stand for as many weights each
   * - `powerOfTwo`: signed powers of two, so that a product is a shift
   * - `ternary`: minus a scale, zero, a scale; 1 bit a weight that is kept
   * - `binary`: minus a scale, a scale
   * - `float16`, `bfloat16`: each weight rounded to a 16-bit float
   * - `entropy`: levels, codes and a dead zone that make the fewest bits for their error
   *
   * Default `"kmeans"`.
   */
  readonly method?: QuantizeMethod;
  /**
   * Bits of a code: an integer from 1 to 16, for `powerOfTwo` to 8, for `entropy` (where it bounds the number of levels) to 8. No option of
   * `ternary`, `binary` (1) and the floats (16). Default 4.
   */
  readonly bits?: number;
  /**
   * For `uniform`: whether as many levels lie below zero as above. For `ternary` and `binary`: whether both signs share one
   * scale. Default true.
   */
  readonly symmetric?: boolean;
  /** For `uniform`: how the range is chosen. Default `"mse"`; `"minmax"` with few bits is worse than pruning. */
  readonly range?: Range;
  /** For the range `percentile`: the share of magnitudes that is not clipped, in percent, above 0. Default 99.9. */
  readonly percentile?: number;
  /**
   * For `entropy`: the bits that a nonzero weight of `model` may take, its place included, on the average. Default: three quarters of what
   * they take where the error alone counts.
   */
  readonly bitsPerWeight?: number;
  /**
   * How much the square of each weight's error counts: `equal`; `hessian`, its curvature on `data`; or numbers of at least 0 in the
   * order of the model's weights. Default `"equal"`; `"hessian"` for `entropy` with `data` and where the default rounding is `descent`.
   */
  readonly importances?: "equal" | "hessian" | ArrayLike<number>;
  /**
   * What has levels or a scale of its own: the model, each class, each group of features, each block. Default `"model"`; `"class"` for
   * `descent` with a refit and up to 3 bits, where the levels of all classes, at most 256, take at most a tenth of what the codes do.
   */
  readonly granularity?: Granularity;
  /** For the granularity `group`: features that share levels, by name or number; those not named share one more group. */
  readonly groups?: FeatureGroups;
  /** For the granularity `block`: how many neighbouring places of the `features x outputs` table a block has. Default 128. */
  readonly blockSize?: number;
  /**
   * `nearest`: to the nearest level. `stochastic`: to one of the two neighbours, at random, without bias. `compensated`: one after
   * another, each error made up for by the weights that are still to come, by the exact Hessian on `data`. `descent`: from there (from
   * the nearest where an output has over 2048 weights) to codes, zero being one, of which no single one can move without the exact
   * objective rising, in turn with the refit of levels; see `leastGain`. Default: `descent` for at most 3 bits where there is a refit, else `nearest`; always
   * `nearest` for `ternary`, `entropy` and the floats.
   */
  readonly rounding?: Rounding;
  /**
   * For `descent`: by how much, in nats over all rows, a weight has to lower the objective beside zero; one that does by less is taken away.
   * A free parameter that tells nothing lowers it by half a nat on the average. Default 0.001: where weights are few it hardly takes
   * one away, where they are more than the rows those that only follow single rows.
   */
  readonly leastGain?: number;
  /** The rows for the refit, for `compensated` and for importances by the Hessian. */
  readonly data?: Dataset;
  /** Rows on which the report says what was lost. Default: `data`. */
  readonly validation?: Dataset;
  /**
   * Whether to fit levels or scales and the intercepts again at the fixed codes. Default: where `data` are given, at the model's own
   * strength of the L2 penalty.
   */
  readonly refit?: boolean | LevelRefit;
  /** How levels and intercepts are stored; where they don't fit 16-bit floats, in 32. Default `"float16"`. */
  readonly levelPrecision?: LevelPrecision;
  /** An integer, for stochastic rounding; nothing else here takes random numbers. Default 0. */
  readonly seed?: number;
}

/** The complete record that quantization works from. */
export interface QuantizePlan {
  readonly method: QuantizeMethod;
  readonly bits: number;
  readonly symmetric: boolean;
  readonly range: Range;
  readonly percentile: number;
  /** `null` for three quarters of what they take where the error alone counts. */
  readonly bitsPerWeight: number | null;
  /** In the order of the model's weights where numbers. */
  readonly importances: "equal" | "hessian" | Float64Array;
  readonly granularity: Granularity;
  /** `null` where the model has but one part. */
  readonly parting: Parting | null;
  readonly rounding: Rounding;
  readonly leastGain: number;
  readonly seed: number;
  readonly levelPrecision: LevelPrecision;
  /** The rows of `data`, or those that no memory holds; `null` for none. */
  readonly rows: CodingRows | null;
  /** The rows of which the report says what was lost. */
  readonly measure: CodingRows | null;
  /** The strength of the L2 penalty that the model stands at; 0 where it is not known. */
  readonly lambda: number;
  readonly refit: { readonly lambdas: readonly number[]; readonly validation: Dataset | null } | null;
}

const methods = [
  "uniform",
  "kmeans",
  "quantile",
  "powerOfTwo",
  "ternary",
  "binary",
  "float16",
  "bfloat16",
  "entropy",
] as const;
const known =
  "method,bits,symmetric,range,percentile,bitsPerWeight,importances,granularity,groups,blockSize,rounding,leastGain,data,validation,refit,levelPrecision,seed".split(
    ",",
  );
/** With more bits nearest levels and their refit leave nothing to gain. */
const mostDescending = 3;

/**
 * Completes the options.
 * @param given rows that no memory holds, in the place of `data`
 * @throws `unknown-option`, `missing-option`, `invalid-option`, `length-mismatch`
 */
export function planQuantization(
  options: QuantizeOptions,
  model: LinearScorer,
  given: CodingRows | null = null,
): QuantizePlan {
  checkKeys(options, known, "quantize");
  const method = checkChoice(options.method ?? "kmeans", "method", methods);
  refuseForeign(options, method);
  const range = checkChoice(options.range ?? "mse", "range", [
    "minmax",
    "percentile",
    "mse",
    "hessian",
  ] as const);
  const bits = bitsOf(options, method);
  const lambda = lambdaOf(model);
  const rows = options.data === undefined ? given : rowsOf(options.data, "data");
  const refit = refitOf(options, lambda, rows);
  const descent =
    (options.rounding ?? "descent") === "descent" &&
    refit !== null &&
    bits <= mostDescending &&
    descends(method);
  const plan: QuantizePlan = {
    method,
    bits,
    symmetric: checkBoolean(options.symmetric ?? true, "symmetric"),
    range,
    percentile: checkNumber(options.percentile ?? 99.9, "percentile", { above: 0, max: 100 }),
    bitsPerWeight:
      options.bitsPerWeight === undefined
        ? null
        : checkNumber(options.bitsPerWeight, "bitsPerWeight", { above: 0 }),
    importances: range === "hessian" ? "hessian" : importancesOf(options, method, model, descent, rows),
    ...partingOf(granularityOf(options, method, bits, descent, model), options, model),
    rounding: checkChoice(options.rounding ?? (descent ? "descent" : "nearest"), "rounding", [
      "nearest",
      "stochastic",
      "compensated",
      "descent",
    ] as const),
    leastGain: checkNumber(options.leastGain ?? 0.001, "leastGain", { min: 0 }),
    seed: checkNumber(options.seed ?? 0, "seed", { integer: true }),
    levelPrecision: checkChoice(options.levelPrecision ?? "float16", "levelPrecision", [
      "float16",
      "float32",
    ] as const),
    rows,
    measure: options.validation === undefined ? rows : rowsOf(options.validation, "validation"),
    lambda: lambda ?? 0,
    refit,
  };
  if (method === "entropy" && plan.rounding !== "nearest") {
    refuse(
      "rounding",
      plan.rounding,
      '"nearest" for the method "entropy", which weighs each code by its bits',
    );
  }
  if (options.leastGain !== undefined && plan.rounding !== "descent") {
    refuse("leastGain", options.leastGain, `no such option for the rounding "${plan.rounding}"`);
  }
  if (isFloat(method) && plan.rounding === "descent") {
    refuse(
      "rounding",
      plan.rounding,
      `another for the method "${method}", whose steps are too fine to matter`,
    );
  }
  const looks = plan.rounding === "compensated" || plan.rounding === "descent";
  if (rows === null && (looks || plan.importances === "hessian")) {
    const use = looks ? `${plan.rounding} rounding` : "importances by the Hessian";
    fail("missing-option", { thing: "data", expected: `rows for ${use}` });
  }
  return plan;
}

function rowsOf(data: Dataset, name: string): CodingRows {
  checkDataset(data, `${name} of quantize`);
  return memoryCodingRows(data);
}

function bitsOf(options: QuantizeOptions, method: QuantizeMethod): number {
  const max = method === "powerOfTwo" || method === "entropy" ? 8 : 16;
  return fixedBits[method] ?? checkNumber(options.bits ?? 4, "bits", { min: 1, max, integer: true });
}

function importancesOf(
  { importances }: QuantizeOptions,
  method: QuantizeMethod,
  model: LinearScorer,
  descent: boolean,
  rows: CodingRows | null,
): QuantizePlan["importances"] {
  if (importances === undefined) {
    const weighs = descent ? method !== "uniform" : method === "entropy" && rows !== null;
    return weighs ? "hessian" : "equal";
  }
  if (typeof importances === "string") {
    return checkChoice(importances, "importances", ["equal", "hessian"] as const);
  }
  checkList(importances, "importances");
  const numbers = Float64Array.from(importances);
  checkLength(numbers.length, model.weights.length, "importances");
  numbers.forEach((value, at) => {
    checkNumber(value, `importance ${at}`, { min: 0 });
  });
  return numbers;
}

function refitOf(
  options: QuantizeOptions,
  lambda: number | null,
  rows: CodingRows | null,
): QuantizePlan["refit"] {
  const { refit = rows !== null } = options;
  if (refit === false) return null;
  if (rows === null) return fail("missing-option", { thing: "data", expected: "rows for the refit" });
  if (refit !== true) {
    checkKeys(refit, ["lambda", "validation"], "refit");
    const lambdas = typeof refit.lambda === "number" ? [refit.lambda] : [...(refit.lambda ?? [])];
    if (lambdas.length === 0)
      fail("missing-option", { thing: "refit.lambda", expected: "at least one strength" });
    for (const value of lambdas) checkNumber(value, "refit.lambda", { min: 0 });
    return { lambdas, validation: refit.validation ?? null };
  }
  if (lambda !== null) return { lambdas: [lambda], validation: null };
  return fail("missing-option", {
    thing: "strength of the refit",
    expected: "refit: { lambda }, since the model does not know the strength that it was fitted with",
  });
}
