import { checkBoolean, checkChoice, checkKeys, checkNumber } from "../base/check";
import { fail } from "../base/errors";
import type { Dataset } from "../matrix/dataset";
import type { LevelPrecision } from "./precision";
import type { Range } from "./uniform";

/** How to quantize. */
export interface QuantizeOptions {
  /** `uniform`: equal steps. `kmeans`: the levels of least squared error. Default `"kmeans"`. */
  readonly method?: "uniform" | "kmeans";
  /** Bits of a code, an integer from 1 to 16. Default 4. */
  readonly bits?: number;
  /** For `uniform`: whether as many levels lie below zero as above. Default true. */
  readonly symmetric?: boolean;
  /** For `uniform`: how the range is chosen. Default `"mse"`; `"minmax"` with few bits is worse than pruning. */
  readonly range?: Range;
  /** The rows for the refit. */
  readonly data?: Dataset;
  /**
   * Whether to fit levels (`uniform`: their scale) and intercepts again at the fixed codes. Default: where `data`
   * are given, at the model's own strength of the L2 penalty.
   */
  readonly refit?: boolean | { readonly lambda: number };
  /** How levels and intercepts are stored; where they don't fit 16-bit floats, in 32. Default `"float16"`. */
  readonly levelPrecision?: LevelPrecision;
  /** An integer; the methods here are deterministic and take no random numbers. Default 0. */
  readonly seed?: number;
}

/** The complete record that quantization works from. */
export interface QuantizePlan {
  readonly method: "uniform" | "kmeans";
  readonly bits: number;
  readonly symmetric: boolean;
  readonly range: Range;
  readonly levelPrecision: LevelPrecision;
  readonly refit: { readonly data: Dataset; readonly lambda: number } | null;
}

/** Completes the options. @param lambda the strength of the model to quantize, where it is known */
export function planQuantization(options: QuantizeOptions, lambda: number | null): QuantizePlan {
  checkKeys(options, known, "quantize");
  const method = checkChoice(options.method ?? "kmeans", "method", ["uniform", "kmeans"] as const);
  checkNumber(options.seed ?? 0, "seed", { integer: true });
  if (method === "kmeans" && (options.symmetric !== undefined || options.range !== undefined)) {
    fail("invalid-option", {
      thing: options.range === undefined ? "symmetric" : "range",
      value: options.range ?? options.symmetric,
      expected: 'no such option for the method "kmeans", which places each level freely',
    });
  }
  return {
    method,
    bits: checkNumber(options.bits ?? 4, "bits", { min: 1, max: 16, integer: true }),
    symmetric: checkBoolean(options.symmetric ?? true, "symmetric"),
    range: checkChoice(options.range ?? "mse", "range", ["minmax", "mse"] as const),
    levelPrecision: checkChoice(options.levelPrecision ?? "float16", "levelPrecision", precisions),
    refit: refitOf(options, lambda),
  };
}

const precisions = ["float16", "float32"] as const;
const known = ["method", "bits", "symmetric", "range", "data", "refit", "levelPrecision", "seed"];

function refitOf(options: QuantizeOptions, lambda: number | null): QuantizePlan["refit"] {
  const { data, refit = data !== undefined } = options;
  if (refit === false) return null;
  if (data === undefined) return fail("missing-option", { thing: "data", expected: "rows for the refit" });
  if (refit !== true) {
    checkKeys(refit, ["lambda"], "refit");
    return { data, lambda: checkNumber(refit.lambda, "refit.lambda", { min: 0 }) };
  }
  if (lambda !== null) return { data, lambda };
  return fail("missing-option", {
    thing: "strength of the refit",
    expected: "refit: { lambda }, since the model does not know the strength that it was fitted with",
  });
}
