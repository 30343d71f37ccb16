const bits = new Uint32Array(1);
const float = new Float32Array(bits.buffer);

/**
 * The bits of the 16-bit float (IEEE 754 binary16) nearest to `value`, ties to even; infinity from 65520 on.
 * Rounds from 64 bits at once, since rounding by way of 32 bits can go wrong at ties.
 */
export function float16Bits(value: number): number {
  const sign = value < 0 || Object.is(value, -0) ? 0x8000 : 0;
  const magnitude = Math.abs(value);
  if (Number.isNaN(value)) return 0x7e00;
  if (magnitude >= 65520) return sign | 0x7c00;
  if (magnitude < 2 ** -14) return sign | roundEven(magnitude * 2 ** 24);
  float[0] = magnitude;
  let exponent = (bits[0] >>> 23) - 127;
  if (2 ** exponent > magnitude) exponent--;
  const mantissa = roundEven(magnitude * 2 ** (10 - exponent));
  return sign + (((exponent + 14) << 10) + mantissa);
}

/** The value of a 16-bit float. */
export function fromFloat16Bits(half: number): number {
  const sign = half & 0x8000 ? -1 : 1;
  const exponent = (half >>> 10) & 31;
  const mantissa = half & 1023;
  if (exponent === 31) return mantissa === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  if (exponent === 0) return sign * mantissa * 2 ** -24;
  return sign * (1024 + mantissa) * 2 ** (exponent - 25);
}

/** `value` rounded to a 16-bit float. */
export function roundToFloat16(value: number): number {
  return fromFloat16Bits(float16Bits(value));
}

function roundEven(value: number): number {
  const floor = Math.floor(value);
  const rest = value - floor;
  return rest > 0.5 || (rest === 0.5 && floor % 2 === 1) ? floor + 1 : floor;
}
