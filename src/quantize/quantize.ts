import { listening } from "../base/ambient-signal";
import { fail } from "../base/errors";
import { checkCancelled, type Watch } from "../base/progress";
import { alignedTo } from "../model/align";
import type { LinearScorer } from "../model/linear";
import type { FitWarning } from "../model/warning";
import { lambdaOf } from "../prune/prune";
import { fitLevels } from "../train/levels";
import { type Coded, entropyBits, histogram, tidied } from "./codes";
import { kmeansLevels, nearestLevel } from "./kmeans";
import { planQuantization, type QuantizeOptions, type QuantizePlan } from "./options";
import { precisionFor, roundTo } from "./precision";
import { levelsOf, QuantizedModel, type Scheme } from "./quantized";
import { uniformCode, uniformScheme } from "./uniform";

/**
 * Turns the nonzero weights of a model into integer codes and a few levels. Zeros stay zeros, in every case: they
 * are positions that are left out, so no level is spent on them. Levels are in the unit of the raw weights and are
 * rounded to the precision that they are stored in before anything is measured, as intercepts are, so that packing
 * changes nothing.
 *
 * With `data` the levels and intercepts are fitted again at the fixed codes, which costs no byte.
 *
 * A k-means level that is exactly zero takes its weights with it; the report counts them as `removed`.
 *
 * @throws `invalid-option`, `missing-option` for options out of range; `invalid-model` where all weights are zero, one
 * is not finite, or the model is quantized already; `width-mismatch` and `invalid-label` where `data` are
 * of other features or have a class that the model does not know
 */
export async function quantize(
  model: LinearScorer,
  options: QuantizeOptions,
  watch: Watch = {},
): Promise<QuantizedModel> {
  const positions = positionsOf(model);
  const plan = planQuantization(options, lambdaOf(model));
  const heard = listening(watch);
  checkCancelled(heard.signal, "quantize");
  const values = Float64Array.from(positions, (at) => model.weights[at]);
  const nearest = coded(values, positions, plan);
  const decoded = levelsOf(nearest.scheme);
  if (decoded.every((level) => level === 0)) {
    const largest = values.reduce((a, b) => (Math.abs(b) > Math.abs(a) ? b : a));
    fail("invalid-model", {
      thing: "largest weight",
      value: largest,
      expected: "one that a 32-bit float tells from zero",
    });
  }
  const squaredError = values.reduce((sum, w, i) => sum + (decoded[nearest.codes[i]] - w) ** 2, 0);
  const first = tidied(nearest);
  const refitted =
    plan.refit === null
      ? { ...first, intercepts: model.intercepts, warnings: [] }
      : await refit(model, first, plan, heard);
  const final = tidied(refitted);
  const levels = levelsOf(final.scheme);
  const counts = histogram(final.codes, levels.length);
  const stored = final.scheme.kind === "uniform" ? Float64Array.of(final.scheme.scale) : levels;
  return new QuantizedModel({
    classes: model.classes,
    link: model.link,
    featureNames: model.featureNames,
    ...final,
    intercepts: roundTo(refitted.intercepts, precisionFor(refitted.intercepts, plan.levelPrecision)),
    quantization: {
      method: plan.method,
      bits: plan.bits,
      levels: counts.filter((count) => count > 0).length,
      squaredError,
      entropyBits: entropyBits(counts),
      removed: positions.length - final.positions.length,
      levelPrecision: precisionFor(stored, plan.levelPrecision),
      refitLambda: plan.refit?.lambda ?? null,
      warnings: refitted.warnings,
    },
  });
}

function positionsOf(model: LinearScorer): Uint32Array {
  if (!("scale" in model)) {
    fail("invalid-model", {
      thing: "model to quantize",
      value: (model as { stage?: string }).stage,
      expected: "a trained or a pruned model: codes are not quantized again",
    });
  }
  const positions: number[] = [];
  model.weights.forEach((w, at) => {
    if (!Number.isFinite(w)) fail("invalid-model", { thing: "weight", value: w, expected: "finite weights" });
    if (w !== 0) positions.push(at);
  });
  if (positions.length === 0) {
    fail("invalid-model", {
      thing: "model to quantize",
      value: "all weights zero",
      expected: "a nonzero weight",
    });
  }
  return Uint32Array.from(positions);
}

function coded(values: Float64Array, positions: Uint32Array, plan: QuantizePlan): Coded {
  if (plan.method === "uniform") {
    const scheme = uniformScheme(values, plan.bits, plan.symmetric, plan.range, plan.levelPrecision);
    return { positions, codes: Uint16Array.from(values, (w) => uniformCode(w, scheme)), scheme };
  }
  const exact = kmeansLevels(values, 2 ** plan.bits, null);
  const levels = roundTo(exact, precisionFor(exact, plan.levelPrecision));
  const codes = Uint16Array.from(values, (w) => nearestLevel(w, levels));
  return { positions, codes, scheme: { kind: "codebook", bits: plan.bits, levels } };
}

async function refit(
  model: LinearScorer,
  { positions, codes, scheme }: Coded,
  { refit, levelPrecision }: QuantizePlan,
  watch: Watch,
): Promise<Coded & { intercepts: Float64Array; warnings: readonly FitWarning[] }> {
  const { lambda } = refit!;
  const data = alignedTo(model, refit!.data);
  const levels = levelsOf(scheme);
  const basis = scheme.kind === "uniform" ? { basis: levels.map((_, code) => code - scheme.zeroPoint) } : {};
  const { link, classes, intercepts, scale, fitIntercept } = model;
  const own = { link, classes, intercepts, scale, fitIntercept };
  const parts = { ...own, positions, codes, levelCount: levels.length, levels };
  const fitted = await fitLevels(data, { ...parts, ...basis }, { lambda }, watch);
  const free =
    scheme.kind === "uniform" ? Float64Array.of(fitted.levels[0] / (0 - scheme.zeroPoint)) : fitted.levels;
  const stored = roundTo(free, precisionFor(free, levelPrecision));
  const refitted: Scheme =
    scheme.kind === "uniform" ? { ...scheme, scale: stored[0] } : { ...scheme, levels: stored };
  const { warnings } = fitted.fit;
  return { positions, codes, scheme: refitted, intercepts: fitted.intercepts, warnings };
}
