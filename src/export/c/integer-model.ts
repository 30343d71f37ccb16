import { fail } from "../../base/errors";
import type { Frame } from "../../frame/columns";
import type { Matrix } from "../../matrix/sparse";
import { IntegerModel as IntegersModel } from "../../quantize/integer-model";
import type { Portable } from "../portable";

/** How numbers become 8-bit inputs: q = round((x - zero) / step), from -127 to 127; -128 is a missing value. */
interface InputScale {
  readonly name: string;
  readonly zero: number;
  readonly step: number;
}

/** A model in fixed point. */
export interface IntegerModel {
  /** One a column of numbers, or a feature with a weight where features come as they are. */
  readonly inputs: readonly InputScale[];
  /** Margins are integers times 2^-fraction. */
  readonly fraction: number;
  readonly intercepts: Float64Array;
  readonly numbers: Float64Array;
  /** The weights of bins, and for each table the least input of each bin but the first. */
  readonly bins: readonly { readonly weights: Float64Array; readonly edges: readonly number[] }[];
  readonly levels: readonly Float64Array[];
  readonly crosses: readonly Float64Array[];
  /** What missing levels add, for columns and for crosses. */
  readonly missing: readonly (Float64Array | null)[];
  readonly missingCrosses: readonly (Float64Array | null)[];
  readonly text: readonly Float64Array[];
  /** The most by which a margin can differ from the model's at the same 8-bit inputs. */
  readonly marginBound: number;
  /** The most by which a probability can. */
  readonly probabilityBound: number;
  /** The most by which rounding inputs within their range to 8 bits moves a margin. */
  readonly inputBound: number;
}

const steps = 127;
/** What exponential, logarithm and output rounding of the fixed-point link add to a probability. */
const linkError = 4e-5;

/**
 * Rounds a model to fixed point. Inputs get 8 bits, weights as many as let every sum fit 31 bits whatever the inputs.
 * The bounds are sums over the actual rounding errors of all weights, times the largest inputs there can be.
 * @param range standard deviations to both sides of the mean that the 8 bits of a column's numbers cover
 * @throws `missing-option` where features come as they are and there are no examples to tell their range
 */
export function integerModel(p: Portable, range: number, examples: Frame | Matrix | undefined): IntegerModel {
  const { outputs, numeric, bins, categorical, crosses, text, matrix } = p;
  const inputs =
    matrix === null
      ? numeric.map(({ name, mean, scale }) => ({ name, zero: mean, step: (scale * range) / steps }))
      : featureScales(p, examples);
  const numbers =
    matrix === null
      ? Float64Array.from(numeric.flatMap(({ weights }) => Array.from(weights, (w) => (w * range) / steps)))
      : matrix.weights.map((w, i) => w * inputs[Math.floor(i / outputs)].step);
  // Each adds one of its rows at most: a bin, a level or its absence.
  const single = [...bins.map(({ weights }) => weights), ...[...categorical, ...crosses].map(rowsOf)];
  const texts = text.map(({ weights }) => weights);
  const fraction = fractionOf(p, [numbers, ...single, ...texts], largestMargin(p, numbers, single));
  const unit = 2 ** fraction;
  const round = (list: Float64Array): Float64Array => list.map((w) => Math.round(w * unit) + 0);
  const rounded = {
    intercepts: round(p.intercepts),
    numbers: round(numbers),
    bins: bins.map(({ column, edges, weights }) => ({
      weights: round(weights),
      edges: edges.map((edge) => leastInput(edge, inputs[column])),
    })),
    levels: categorical.map(({ weights }) => round(weights)),
    crosses: crosses.map(({ weights }) => round(weights)),
    missing: categorical.map(({ missing }) => missing && round(missing)),
    missingCrosses: crosses.map(({ missing }) => missing && round(missing)),
    text: texts.map(round),
  };
  const lost = (list: Float64Array, whole: Float64Array): Float64Array =>
    list.map((w, i) => Math.abs(w - whole[i] / unit));
  const margin = (k: number): number => {
    const own = (list: Float64Array): Float64Array => list.filter((_, i) => i % outputs === k);
    let bound = lost(p.intercepts, rounded.intercepts)[k];
    bound += steps * sum(own(lost(numbers, rounded.numbers)));
    for (const list of single) bound += most(own(lost(list, round(list))));
    texts.forEach((list, t) => {
      // Shares of a row have the norm 1, so that Cauchy and Schwarz bound their sum; 2^-15 is for logarithm, root and quotient.
      bound += norm(own(lost(list, rounded.text[t]))) + norm(own(list)) * 2 ** -15 + 1 / unit;
    });
    return bound;
  };
  const outputsList = Array.from({ length: outputs }, (_, k) => k);
  const marginBound = Math.max(...outputsList.map(margin)) + 2 ** -16;
  const crossed = (k: number): number => {
    const steps = bins.map(({ edges, weights }) =>
      edges.map((_, b) => Math.abs(weights[(b + 1) * outputs + k] - weights[b * outputs + k])),
    );
    return steps.reduce((all, own) => all + Math.max(0, ...own), 0);
  };
  const moved = outputsList.map(
    (k) => 0.5 * sum(numbers.filter((_, i) => i % outputs === k).map(Math.abs)) + crossed(k),
  );
  // A sigmoid changes by a quarter of its margin at most, a share of several classes by half.
  const slope = p.link === "binary" ? 0.25 : 0.5;
  return {
    inputs,
    fraction,
    ...rounded,
    marginBound,
    probabilityBound: slope * marginBound + linkError,
    inputBound: Math.max(...moved),
  };
}

/** All that a column of levels, or a cross of several, can add. */
function rowsOf({ weights, missing }: { weights: Float64Array; missing: Float64Array | null }): Float64Array {
  return missing === null ? weights : Float64Array.from([...weights, ...missing]);
}

/** The least input that stands for no less than an edge, as `zero + step * input` in floating point. */
function leastInput(edge: number, { zero, step }: InputScale): number {
  let least = Math.min(Math.max(Math.ceil((edge - zero) / step), -steps), steps + 1);
  while (least > -steps && zero + step * (least - 1) >= edge) least--;
  while (least <= steps && zero + step * least < edge) least++;
  return least;
}

/** The 8-bit input of a number. */
export function quantizeInput(x: number, { zero, step }: { zero: number; step: number }): number {
  if (Number.isNaN(x)) return -128;
  return Math.min(Math.max(Math.round((x - zero) / step), -127), 127) + 0;
}

/** The 8-bit scales of features that come as they are, by their range in examples. @throws `missing-option` without examples */
export function featureScales(p: Portable, examples: Frame | Matrix | undefined): InputScale[] {
  const { columns, names } = p.matrix!;
  const { model } = p;
  if (model instanceof IntegersModel) {
    return Array.from(columns, (j, i) => ({ name: names[i], zero: 0, step: model.inputScales[j] }));
  }
  if (examples === undefined) {
    return fail("missing-option", {
      thing: "examples",
      expected: "rows of features that show the range of each, for 8-bit inputs without an encoder",
    });
  }
  const matrix = examples as Matrix;
  const largest = new Float64Array(p.model.features);
  for (let i = 0; i < matrix.rows; i++) {
    if (matrix.kind === "dense") {
      for (let j = 0; j < matrix.columns; j++) {
        largest[j] = Math.max(largest[j], Math.abs(matrix.values[i * matrix.columns + j]));
      }
      continue;
    }
    for (let q = matrix.pointers[i]; q < matrix.pointers[i + 1]; q++) {
      const x = matrix.values === null ? 1 : Math.abs(matrix.values[q]);
      largest[matrix.indices[q]] = Math.max(largest[matrix.indices[q]], x);
    }
  }
  const own = Float64Array.from(columns, (j) => largest[j]);
  const top = most(own);
  const low = own.reduce((a, x) => (x > 0 ? Math.min(a, x) : a), top);
  // Features of one scale, such as pixels, keep one step, and so the levels of a quantized model stay few.
  const shared = top <= 4 * low;
  return Array.from(own, (x, i) => ({
    name: names[i],
    zero: 0,
    step: (shared || x === 0 ? top || 1 : x) / steps,
  }));
}

function largestMargin(p: Portable, numbers: Float64Array, single: readonly Float64Array[]): number {
  const { outputs, text, intercepts } = p;
  return Math.max(
    ...Array.from({ length: outputs }, (_, k) => {
      const own = (list: Float64Array): Float64Array =>
        list.filter((_, i) => i % outputs === k).map(Math.abs);
      return (
        Math.abs(intercepts[k]) +
        (steps + 1) * sum(own(numbers)) +
        single.reduce((total, list) => total + most(own(list)), 0) +
        text.reduce((total, t) => total + norm(own(t.weights)), 0)
      );
    }),
  );
}

function fractionOf(p: Portable, lists: readonly Float64Array[], margin: number): number {
  const largest = Math.max(...lists.map((list) => most(list.map(Math.abs))), 2 ** -30);
  const rooms = [16, Math.floor(Math.log2(2 ** 30 / Math.max(margin, 1e-9)))];
  const few = lists.every((list) => new Set(list).size <= 256);
  // Levels are few and may be long; weights of their own are kept to 16 bits.
  if (!few) rooms.push(Math.floor(Math.log2(32767 / largest)));
  const fraction = Math.min(...rooms);
  if (fraction >= 0) return fraction;
  return fail("unsupported-model", {
    thing: `size of the margins of a model of ${p.classes.length} classes`,
    value: margin,
    expected: "margins that fit 30 bits of fixed point",
    remedy: "Scale the features, or take the float variant.",
  });
}

function sum(list: Float64Array): number {
  return list.reduce((a, b) => a + b, 0);
}

function most(list: Float64Array): number {
  return list.reduce((a, b) => Math.max(a, b), 0);
}

function norm(list: Float64Array): number {
  return Math.sqrt(list.reduce((a, b) => a + b * b, 0));
}
