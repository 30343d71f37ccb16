import { fail } from "../base/errors";
import { checkShape } from "../base/shape";
import { fromFloat16Bits } from "./float16";
import type { Parting } from "./parting";

/** `scale * (code - zeroPoint)`; the zero point is a multiple of one half. */
export interface UniformScheme {
  /** Tells equal steps. */
  readonly kind: "uniform";
  /** The bits of a code. */
  readonly bits: number;
  /** The step from a level to the next. */
  readonly scale: number;
  /** The code, or half-way between two, that would be zero. */
  readonly zeroPoint: number;
}

/** `levels[code]`, at most `2^bits` of them. */
export interface CodebookScheme {
  /** Tells levels that are listed. */
  readonly kind: "codebook";
  /** The bits of a code. */
  readonly bits: number;
  /** The value of each code, ascending. */
  readonly levels: Float64Array;
}

/**
 * Signed halvings of a scale, in ascending order: with `H = 2^(bits - 1)`, code `c < H` is `-scale * 2^-c` and any other
 * `scale * 2^-(2^bits - 1 - c)`. The scale is a power of two itself unless it was refitted.
 */
export interface PowerOfTwoScheme {
  /** Tells levels that are a scale's halvings. */
  readonly kind: "powerOfTwo";
  /** 1 to 8. */
  readonly bits: number;
  /** The largest level. */
  readonly scale: number;
}

/** The code is the number itself: IEEE binary16, or the upper half of binary32 (bfloat16). */
export interface FloatScheme {
  /** Tells codes that are floats of 16 bits. */
  readonly kind: "float";
  /** The bits of a code. */
  readonly bits: 16;
  /** Which float. */
  readonly format: "float16" | "bfloat16";
}

/** How the codes of weights that share one scheme decode. */
export type PlainScheme = UniformScheme | CodebookScheme | PowerOfTwoScheme | FloatScheme;

/** A scheme for each class, group of features or block of weights; all of one kind and of the same bits. */
export interface PartedScheme {
  /** Tells a scheme for each part. */
  readonly kind: "parted";
  /** The bits of a code, the same in every part. */
  readonly bits: number;
  /** What the parts are. */
  readonly parting: Parting;
  /** One a part that has a stored weight, in the ascending order of the parts' numbers. */
  readonly schemes: readonly PlainScheme[];
}

/**
 * How codes decode. No code of a kept weight decodes to zero: zeros are weights that are not in `positions`, so zero
 * costs no level and is always represented.
 */
export type Scheme = PlainScheme | PartedScheme;

/** The schemes of all parts; one where the model has but one. */
export function plainSchemes(scheme: Scheme): readonly PlainScheme[] {
  if (typeof scheme?.kind !== "string") checkShape(scheme, "scheme", "model.scheme", { kind: "text" });
  return scheme.kind === "parted" ? scheme.schemes : [scheme];
}

/** How many codes there may be: the largest number of any part. */
export function codeCount(scheme: Scheme): number {
  return plainSchemes(scheme).reduce(
    (most, plain) => Math.max(most, plain.kind === "codebook" ? plain.levels.length : 2 ** plain.bits),
    0,
  );
}

/**
 * The value of each code, `2^bits` numbers but for a codebook; not a number for patterns of floats that are none.
 * @throws `unsupported-model` where there is a scheme for each class, group or block: see {@link plainSchemes}
 */
export function levelsOf(whole: Scheme): Float64Array {
  checkShape(whole, "scheme", "model.scheme", { kind: "text", bits: "number" });
  const scheme = singleScheme(whole, "take levels of");
  if (scheme.kind === "codebook") return scheme.levels;
  return Float64Array.from({ length: 2 ** scheme.bits }, (_, code) => levelOf(scheme, code));
}

/** The value of one code. */
export function levelOf(scheme: PlainScheme, code: number): number {
  if (scheme.kind === "uniform") return scheme.scale * (code - scheme.zeroPoint);
  if (scheme.kind === "codebook") return scheme.levels[code];
  if (scheme.kind === "powerOfTwo") return scheme.scale * halving(code, scheme.bits);
  return scheme.format === "float16" ? fromFloat16Bits(code) : fromBfloat16Bits(code);
}

/** The numbers of a scheme that a file stores, and that a refit fits again: its scale or its levels. */
export function parametersOf(scheme: PlainScheme): Float64Array {
  if (scheme.kind === "codebook") return scheme.levels;
  return scheme.kind === "float" ? new Float64Array(0) : Float64Array.of(scheme.scale);
}

/** The same scheme with other parameters. */
export function withParameters(scheme: PlainScheme, parameters: Float64Array): PlainScheme {
  if (scheme.kind === "codebook") return { ...scheme, levels: parameters };
  return scheme.kind === "float" ? scheme : { ...scheme, scale: parameters[0] };
}

/** What a code is worth for a scale of one: the factor that its parameter is multiplied by. */
export function factorOf(scheme: PlainScheme, code: number): number {
  if (scheme.kind === "uniform") return code - scheme.zeroPoint;
  return scheme.kind === "powerOfTwo" ? halving(code, scheme.bits) : 1;
}

/**
 * The scheme where all weights share one.
 * @throws `unsupported-model` naming `use` where there is one for each class, group or block
 */
export function singleScheme(scheme: Scheme, use: string): PlainScheme {
  if (scheme.kind !== "parted") return scheme;
  return fail("unsupported-model", {
    thing: `granularity of the model to ${use}`,
    value: scheme.parting.by,
    expected: "one scheme for the whole model",
    remedy: 'Quantize with the granularity "model".',
  });
}

/** @throws `invalid-model` for bits or parameters that no scheme has, or parts of different kinds */
export function checkScheme(scheme: Scheme): void {
  const plain = plainSchemes(scheme);
  for (const part of plain) {
    if (part.bits !== scheme.bits || part.kind !== plain[0].kind) {
      wrong("part of the scheme", `${part.kind}, ${part.bits} bits`, "the kind and bits of the others");
    }
    const most = part.kind === "powerOfTwo" ? 8 : 16;
    if (!Number.isInteger(part.bits) || part.bits < 1 || part.bits > most) {
      wrong("bits of the scheme", part.bits, `an integer from 1 to ${most}`);
    }
    if (!parametersOf(part).every(Number.isFinite)) wrong("level or scale", Number.NaN, "finite numbers");
  }
}

function wrong(thing: string, value: unknown, expected: string): never {
  return fail("invalid-model", { thing, value, expected });
}

function halving(code: number, bits: number): number {
  const half = 2 ** (bits - 1);
  return code < half ? -(2 ** -code) : 2 ** -(2 * half - 1 - code);
}

const single = new Float32Array(1);
const singleBits = new Uint32Array(single.buffer);

/** The value of 16 bits that are the upper half of a 32-bit float. */
function fromBfloat16Bits(bits: number): number {
  singleBits[0] = bits << 16;
  return single[0];
}
