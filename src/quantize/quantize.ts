import { listening } from "../base/ambient-signal";
import { fail } from "../base/errors";
import { checkCancelled, type Watch } from "../base/progress";
import { Random } from "../base/random";
import { soundlyAlignedTo } from "../model/align";
import { checkModel } from "../model/check-model";
import type { LinearScorer } from "../model/linear";
import { Pace } from "../train/pace";
import { type Coded, codedOf, decoded, tidied } from "./codes";
import { compensated, mostDense } from "./compensate";
import { hessianDiagonal } from "./curvature";
import { type Grid, gridOf, stochasticCode } from "./grid";
import { codePart, type PartCoding } from "./method";
import { planQuantization, type QuantizeOptions, type QuantizePlan } from "./options";
import { membersOf, type Units, unitsOf } from "./parting";
import { precisionFor, roundTo } from "./precision";
import { QuantizedModel } from "./quantized";
import { type Refitted, refitLevels } from "./refit";
import { reportOf } from "./report";
import { type CodingRows, memoryCodingRows } from "./rows";

/**
 * Turns the nonzero weights of a model into integer codes and a few levels. Zeros stay zeros, in every case: they
 * are positions that are left out, so no level is spent on them. Levels are in the unit of the raw weights and are
 * rounded to the precision that they are stored in before anything is measured, as intercepts are, so that packing
 * changes nothing.
 *
 * With `data` the levels and intercepts are fitted again at the fixed codes, which costs no byte; of `uniform` and
 * `powerOfTwo` the scale, of the floats the intercepts alone. Levels that are fitted again stay within the bounds that the model
 * was fitted within, to the precision that they are stored in; codes are chosen without regard to them.
 *
 * With up to 3 bits, `data` and a refit the default is the recipe that lost least on digits and e-mails: k-means by the Hessian, compensated
 * rounding, then codes, of which zero is one, and levels moved in turn down the exact objective (`descent`), with levels of each class's own
 * where these take at most a tenth of what the codes do.
 *
 * A weight whose level is zero goes: a k-means level that is exactly zero, one below the threshold of `ternary`, in the dead
 * zone of `entropy`, or too small for a 16-bit float. The report counts them as `removed`. More levels than distinct weights
 * are not made. A Hessian that is singular gets as much added to its diagonal as makes it regular.
 *
 * @throws `invalid-option`, `missing-option` for options out of range; `invalid-model` where all weights are zero, one
 * is not finite, or the model is quantized already; `width-mismatch` and `invalid-label` where `data` are
 * of other features or have a class that the model does not know; `not-finite` where features have become so since their
 * matrix was made
 */
export async function quantize(
  model: LinearScorer,
  options: QuantizeOptions,
  watch: Watch = {},
): Promise<QuantizedModel> {
  return await quantizeBy(null, model, options, watch);
}

/** The same by rows wherever they are. @param rows `null` for those of `data` */
export async function quantizeBy(
  rows: CodingRows | null,
  model: LinearScorer,
  options: QuantizeOptions,
  watch: Watch,
): Promise<QuantizedModel> {
  const positions = positionsOf(model);
  const plan = aligned(model, planQuantization(options, model, rows));
  const heard = listening(watch);
  checkCancelled(heard.signal, "quantize");
  const values = Float64Array.from(positions, (at) => model.weights[at]);
  const parts = unitsOf(plan.parting, positions, model.outputs);
  const coded = await codeParts(model, plan, positions, values, parts);
  const { codes, intercepts } = await rounded(model, plan, positions, values, parts, coded, heard);
  const schemes = coded.map(({ scheme }) => scheme);
  const nearest = codedOf(positions, codes, parts.units, schemes, plan.parting);
  const rough = tidied(nearest, model.outputs);
  const first = await settled(model, plan, positions, rough, intercepts, heard);
  if (first.positions.length === 0) nothingLeft(values);
  const weights = new Float64Array(model.weights.length);
  decoded(first, model.outputs).forEach((value, i) => {
    weights[first.positions[i]] = value;
  });
  const refitted: Refitted | null =
    plan.refit === null ? null : await refitLevels(model, positions, first, intercepts, plan, heard);
  const final = tidied(refitted?.coded ?? first, model.outputs);
  const free = refitted?.intercepts ?? intercepts;
  const { classes, link, featureNames } = model;
  const parted = { classes, link, featureNames, ...final };
  const stored = { ...parted, intercepts: roundTo(free, precisionFor(free, plan.levelPrecision)) };
  const quantized = new QuantizedModel(stored);
  const loss = (await plan.measure?.loss(model, quantized)) ?? null;
  const quantization = reportOf(model, plan, quantized, { positions, weights, refitted, loss });
  return new QuantizedModel({ ...stored, quantization });
}

function positionsOf(model: LinearScorer): Uint32Array {
  checkModel(model, "model to quantize");
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

function aligned(model: LinearScorer, plan: QuantizePlan): QuantizePlan {
  const { rows, measure, refit } = plan;
  const own = (given: CodingRows | null) =>
    given?.data ? memoryCodingRows(soundlyAlignedTo(model, given.data)) : given;
  return {
    ...plan,
    rows: own(rows),
    measure: own(measure),
    refit: refit && { ...refit, validation: refit.validation && soundlyAlignedTo(model, refit.validation) },
  };
}

/** The scheme of each part, with the codes of its weights by the method alone. */
async function codeParts(
  model: LinearScorer,
  plan: QuantizePlan,
  positions: Uint32Array,
  values: Float64Array,
  parts: Units,
): Promise<PartCoding[]> {
  const { importances, rows, lambda } = plan;
  const worth =
    importances === "equal"
      ? null
      : importances === "hessian"
        ? hessianDiagonal(model, await rows!.diagonal(model), positions, lambda)
        : Float64Array.from(positions, (at) => importances[at]);
  // Places are shared out as weights are: a part's own zeros can't be told where parts are groups.
  const density = positions.length / model.weights.length;
  return membersOf(parts).map((own) =>
    codePart(
      {
        values: Float64Array.from(own, (i) => values[i]),
        importances: worth && Float64Array.from(own, (i) => worth[i]),
        places: Math.round(own.length / density),
      },
      plan,
    ),
  );
}

/** The code of each weight by the rounding of the plan, and the intercepts that go with them. */
async function rounded(
  model: LinearScorer,
  plan: QuantizePlan,
  positions: Uint32Array,
  values: Float64Array,
  parts: Units,
  coded: readonly PartCoding[],
  watch: Watch,
): Promise<{ codes: Int32Array; intercepts: Float64Array }> {
  const { rounding } = plan;
  if (
    rounding === "nearest" ||
    (rounding === "descent" && mostOfOutput(positions, model.outputs) > mostDense)
  ) {
    const codes = new Int32Array(values.length);
    membersOf(parts).forEach((own, unit) => {
      own.forEach((i, at) => {
        codes[i] = coded[unit].codes[at];
      });
    });
    return { codes, intercepts: model.intercepts };
  }
  const grids: Grid[] = coded.map(({ scheme, zero }) => gridOf(scheme, zero));
  if (plan.rounding === "stochastic") {
    const random = new Random(plan.seed);
    const codes = Int32Array.from(values, (value, i) =>
      stochasticCode(grids[parts.units[i]], value, random.uniform()),
    );
    return { codes, intercepts: model.intercepts };
  }
  const gridAt = (i: number) => grids[parts.units[i]];
  const task = { model, rows: plan.rows!, positions, values, gridOf: gridAt, lambda: plan.lambda };
  return await compensated(task, new Pace(watch, "quantize"));
}

/** The weights of the output that has most. */
export function mostOfOutput(positions: Uint32Array, outputs: number): number {
  const counts = new Uint32Array(outputs);
  for (const at of positions) counts[at % outputs]++;
  return counts.reduce((most, count) => Math.max(most, count), 0);
}

/** Codes after descent where levels stay as they are; with a refit it goes on in turn with that of levels. */
async function settled(
  model: LinearScorer,
  { rounding, refit, rows, lambda, leastGain }: QuantizePlan,
  positions: Uint32Array,
  coded: Coded,
  intercepts: Float64Array,
  watch: Watch,
): Promise<Coded> {
  if (rounding !== "descent" || refit !== null || coded.positions.length === 0) return coded;
  const descent = rows!.descent(model, positions, leastGain);
  const moved = await descent.from(coded, intercepts, lambda, new Pace(watch, "quantize"));
  return tidied(moved, model.outputs);
}

function nothingLeft(values: Float64Array): never {
  return fail("invalid-model", {
    thing: "largest weight",
    value: values.reduce((a, b) => (Math.abs(b) > Math.abs(a) ? b : a)),
    expected: "one that a 32-bit float tells from zero",
    remedy: "A method with a dead zone may need more bits.",
  });
}
