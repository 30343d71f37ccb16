import { fail } from "../../base/errors";
import { float16Bits, fromFloat16Bits, roundToFloat16 } from "../../quantize/float16";
import { oneOf } from "../stream/alternatives";
import { Frequencies } from "../stream/learned";
import { lengthOf, type Stream } from "../stream/stream";

/** A kind of float: its bits, and how many of them are kept of the mantissa. */
interface FloatForm {
  readonly exponent: number;
  readonly mantissa: number;
  readonly kept: number;
  /** Exponent fields from here on are infinities and NaN. */
  readonly fields: number;
}

/** The forms in the order of the format: 16-bit floats of 0 to 10 bits of mantissa, then of 32 and 64 bits. */
const forms: readonly FloatForm[] = [
  ...Array.from({ length: 11 }, (_, kept) => ({ exponent: 5, mantissa: 10, kept, fields: 31 })),
  { exponent: 8, mantissa: 23, kept: 23, fields: 255 },
  { exponent: 11, mantissa: 52, kept: 52, fields: 2047 },
];
const single = 11;

/** Which signs a list of floats can have: any, or negative ones first. */
type Signs = "any" | "ascending";

/**
 * Codes finite floats, exactly, in the narrowest form that holds all of them: signs (of ascending numbers only how many
 * are negative), exponents (within their range, or learned), mantissas.
 *
 * @param values those to write; in reading only their number counts
 * @param widest the bits of the widest form that there may be
 * @throws `invalid-model` where a number to write is not finite
 */
export function codeFloats(
  stream: Stream,
  values: ArrayLike<number>,
  signs: Signs | readonly number[],
  widest: 32 | 64 = 64,
): Float64Array {
  const count = values.length;
  if (count === 0) return new Float64Array(0);
  const at = stream.uniform(stream.reading ? 0 : formOf(values), widest === 64 ? forms.length : single + 1);
  const form = forms[at];
  const fields = stream.reading ? emptyFields(count) : fieldsOf(values, form);
  const negative = codeSigns(stream, fields.signs, signs);
  const exponents = codeExponents(stream, fields.exponents, form);
  const unit = 2 ** (form.mantissa - form.kept);
  const decoded = fields.mantissas;
  for (let i = 0; i < count; i++) {
    const kept = stream.bits(Math.floor(decoded[i] / unit), form.kept);
    decoded[i] = numberOf(negative[i], exponents[i], kept * unit, form);
  }
  if (stream.reading && formOf(decoded) !== at) stream.wrong("numbers in their narrowest form");
  return decoded;
}

/** The bits of mantissa that hold `values` as 16-bit floats, else the place of the form of 32 or of 64 bits. */
function formOf(values: ArrayLike<number>): number {
  let needed = 0;
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    if (!Number.isFinite(value)) {
      fail("invalid-model", { thing: "number to store", value, expected: "finite numbers" });
    }
    if (!Object.is(Math.fround(value), value)) return single + 1;
    if (needed === single) continue;
    if (!Object.is(roundToFloat16(value), value)) needed = single;
    else needed = Math.max(needed, 10 - trailingZeros(float16Bits(value) & 1023));
  }
  return needed;
}

function trailingZeros(mantissa: number): number {
  return mantissa === 0 ? 10 : 31 - Math.clz32(mantissa & -mantissa);
}

function codeSigns(stream: Stream, signs: Uint8Array, known: Signs | readonly number[]): Uint8Array {
  if (known === "any") return signs.map((sign) => stream.uniform(sign, 2));
  const lengths = known === "ascending" ? [signs.length] : known;
  const coded = new Uint8Array(signs.length);
  let start = 0;
  for (const length of lengths) {
    const negative = signs.subarray(start, start + length).reduce((sum, sign) => sum + sign, 0);
    coded.fill(1, start, start + stream.number(negative, length));
    start += length;
  }
  return coded;
}

function codeExponents(stream: Stream, exponents: Uint16Array, { fields }: FloatForm): Uint16Array {
  const largest = exponents.reduce((a, b) => Math.max(a, b), 0);
  const least = exponents.reduce((a, b) => Math.min(a, b), largest);
  const top = stream.bits(largest, lengthOf(fields));
  if (top >= fields) stream.wrong("finite numbers");
  const span = exponents.length === 1 ? 0 : stream.number(largest - least, top);
  const even = (s: Stream) => exponents.map((e) => top - s.uniform(top - e, span + 1));
  if (exponents.length <= 16) return even(stream);
  const learned = (s: Stream) => {
    const frequencies = new Frequencies(span + 1, 2);
    return exponents.map((e) => top - s.symbol(top - e, frequencies));
  };
  return oneOf([even, learned])(stream);
}

const view = new DataView(new ArrayBuffer(8));

/** Room for the parts of so many floats. */
function emptyFields(count: number) {
  return {
    signs: new Uint8Array(count),
    exponents: new Uint16Array(count),
    mantissas: new Float64Array(count),
  };
}

/** The parts of floats as the bits of their form have them. */
function fieldsOf(values: ArrayLike<number>, { exponent, mantissa }: FloatForm) {
  const fields = emptyFields(values.length);
  const { signs, exponents, mantissas } = fields;
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    signs[i] = Number(value < 0 || Object.is(value, -0));
    if (exponent === 5) {
      const bits = float16Bits(value);
      exponents[i] = (bits >>> 10) & 31;
      mantissas[i] = bits & 1023;
    } else if (exponent === 8) {
      view.setFloat32(0, value);
      const bits = view.getUint32(0);
      exponents[i] = (bits >>> mantissa) & 255;
      mantissas[i] = bits & (2 ** mantissa - 1);
    } else {
      view.setFloat64(0, value);
      const high = view.getUint32(0);
      exponents[i] = (high >>> 20) & 2047;
      mantissas[i] = (high & 0xfffff) * 2 ** 32 + view.getUint32(4);
    }
  }
  return fields;
}

function numberOf(sign: number, field: number, fraction: number, { exponent }: FloatForm): number {
  if (exponent === 5) return fromFloat16Bits((sign << 15) | (field << 10) | fraction);
  if (exponent === 8) {
    view.setUint32(0, (sign << 31) | (field << 23) | fraction);
    return view.getFloat32(0);
  }
  view.setUint32(0, (sign << 31) | (field << 20) | (fraction / 2 ** 32));
  view.setUint32(4, fraction >>> 0);
  return view.getFloat64(0);
}
