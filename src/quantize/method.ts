import { fail } from "../base/errors";
import { bfloat16Bits } from "./bfloat16";
import { float16Bits } from "./float16";
import { gridOf, removed } from "./grid";
import { kmeansLevels } from "./kmeans";
import type { QuantizePlan } from "./options";
import { powerOfTwoScheme } from "./power-of-two";
import { precisionFor, roundTo } from "./precision";
import { quantileLevels } from "./quantile";
import { codingWithin } from "./rate";
import { type CodebookScheme, type FloatScheme, levelOf, type PlainScheme } from "./schemes";
import { binaryMagnitude, ternaryMagnitude } from "./signs";
import { uniformScheme } from "./uniform";

/** The weights that share a scheme. */
export interface Part {
  /** None of them zero. */
  readonly values: Float64Array;
  /** How much the square of each one's error counts; `null` for ones. */
  readonly importances: Float64Array | null;
  /** How many places of the table the part has, zeros included. */
  readonly places: number;
}

/** How the weights of a part are coded. */
export interface PartCoding {
  readonly scheme: PlainScheme;
  /** Whether a weight may become zero. */
  readonly zero: boolean;
  /** The code of each weight by the method itself; `removed` for zero. */
  readonly codes: Int32Array;
}

/** The scheme of a part by a method, and the codes of its weights. @throws `invalid-model` where a 16-bit float overflows */
export function codePart(part: Part, plan: QuantizePlan): PartCoding {
  if (plan.method === "float16" || plan.method === "bfloat16") return floats(part.values, plan.method);
  if (plan.method === "entropy") return rated(part, plan);
  if (plan.method === "kmeans" && plan.rounding === "descent") return besideZero(part, plan);
  const scheme = schemeOf(part, plan);
  const zero = plan.method === "ternary" || plan.rounding === "descent";
  const grid = gridOf(scheme, zero);
  return { scheme, zero, codes: Int32Array.from(part.values, (value) => grid.nearest(value)) };
}

function schemeOf({ values, importances }: Part, plan: QuantizePlan): PlainScheme {
  const { method, bits, symmetric } = plan;
  const weighed = importances?.some((importance) => importance > 0) ? importances : null;
  if (method === "uniform") return uniformScheme(values, plan, weighed);
  if (method === "quantile") return codebook(quantileLevels(values, 2 ** bits, weighed), plan);
  if (method === "powerOfTwo") return powerOfTwoScheme(values, bits, weighed);
  if (method === "kmeans") return codebook(kmeansLevels(values, 2 ** bits, positive(weighed)), plan);
  const magnitude = method === "ternary" ? ternaryMagnitude : binaryMagnitude;
  if (symmetric) {
    const { scale } = magnitude(values, weighed);
    const stored = roundTo(
      Float64Array.of(2 * scale),
      precisionFor(Float64Array.of(2 * scale), plan.levelPrecision),
    );
    return { kind: "uniform", bits: 1, scale: stored[0], zeroPoint: 0.5 };
  }
  const levels = [-1, 1].flatMap((sign) => {
    const side = Uint32Array.from(values.keys()).filter((i) => Math.sign(values[i]) === sign);
    if (side.length === 0) return [];
    const own = weighed === null ? null : Float64Array.from(side, (i) => weighed[i]);
    return [
      sign *
        magnitude(
          Float64Array.from(side, (i) => values[i]),
          own,
        ).scale,
    ];
  });
  return codebook(Float64Array.from(levels), plan);
}

/** The better in squared error of the best levels, all weights kept, and of the best of one more, of which the smallest becomes zero. */
function besideZero({ values, importances }: Part, plan: QuantizePlan): PartCoding {
  const weighed = importances?.some((importance) => importance > 0) ? importances : null;
  const codings = [false, true].map((zero): PartCoding & { error: number } => {
    const all = kmeansLevels(values, 2 ** plan.bits + Number(zero), positive(weighed));
    const least = all.reduce((a, b) => (Math.abs(b) < Math.abs(a) ? b : a));
    const dropped = zero && all.length > 2 ** plan.bits;
    const scheme = codebook(dropped ? all.filter((level) => level !== least) : all, plan);
    const grid = gridOf(scheme, dropped);
    const codes = Int32Array.from(values, (value) => grid.nearest(value));
    const error = codes.reduce(
      (sum, code, i) => sum + (weighed?.[i] ?? 1) * (values[i] - grid.valueAt(code)) ** 2,
      0,
    );
    return { scheme, zero: dropped, codes, error };
  });
  const [kept, dropped] = codings;
  return dropped.error < kept.error ? dropped : kept;
}

/** Importances above zero, since clusters without any have no centre. */
function positive(importances: Float64Array | null): Float64Array | null {
  if (importances === null) return null;
  const least = importances.reduce((most, importance) => Math.max(most, importance), 0) * 1e-9;
  return importances.map((importance) => Math.max(importance, least));
}

function codebook(levels: Float64Array, { bits, levelPrecision }: QuantizePlan): CodebookScheme {
  return { kind: "codebook", bits, levels: roundTo(levels, precisionFor(levels, levelPrecision)) };
}

function rated({ values, importances, places }: Part, plan: QuantizePlan): PartCoding {
  const weighed = positive(importances) ?? new Float64Array(values.length).fill(1);
  const problem = { values, importances: weighed, places, levels: 2 ** plan.bits };
  const { levels, codes } = codingWithin(
    problem,
    plan.bitsPerWeight === null ? null : plan.bitsPerWeight * values.length,
  );
  return { scheme: codebook(levels, plan), zero: true, codes };
}

function floats(values: Float64Array, format: FloatScheme["format"]): PartCoding {
  const scheme: FloatScheme = { kind: "float", bits: 16, format };
  const bits = format === "float16" ? float16Bits : bfloat16Bits;
  const codes = Int32Array.from(values, (value) => {
    const code = bits(value);
    const rounded = levelOf(scheme, code);
    if (Number.isFinite(rounded)) return rounded === 0 ? removed : code;
    return fail("invalid-model", {
      thing: "weight",
      value,
      expected: `a number within the range of ${format}`,
    });
  });
  return { scheme, zero: true, codes };
}
