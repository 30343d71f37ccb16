const float = new Float32Array(1);
const bits = new Uint32Array(float.buffer);

/** The upper 16 bits of the 32-bit float nearest to `value` among those whose lower half is zero, ties to even. */
export function bfloat16Bits(value: number): number {
  if (Number.isNaN(value)) return 0x7fc0;
  float[0] = value;
  // Rounding twice could go wrong at a tie: there the 64-bit value decides.
  const above = Math.abs(value) - Math.abs(float[0]);
  const low = bits[0] & 0xffff;
  const high = bits[0] >>> 16;
  const up = low > 0x8000 || (low === 0x8000 && (above > 0 || (above === 0 && (high & 1) === 1)));
  return up ? high + 1 : high;
}
