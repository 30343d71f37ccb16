/** The kinds of number in arrays for other programs: their names in NumPy and in safetensors, and their bytes. */
export const numberKinds = {
  f8: { numpy: "<f8", safetensors: "F64", bytes: 8 },
  f4: { numpy: "<f4", safetensors: "F32", bytes: 4 },
  i8: { numpy: "<i8", safetensors: "I64", bytes: 8 },
  i4: { numpy: "<i4", safetensors: "I32", bytes: 4 },
} as const;

/** A kind of number. */
export type NumberKind = keyof typeof numberKinds;

/** Numbers as bytes, little-endian. */
export function littleEndian(values: ArrayLike<number>, kind: NumberKind): Uint8Array {
  const { bytes } = numberKinds[kind];
  const view = new DataView(new ArrayBuffer(bytes * values.length));
  for (let i = 0; i < values.length; i++) {
    const at = bytes * i;
    if (kind === "f8") view.setFloat64(at, values[i], true);
    else if (kind === "f4") view.setFloat32(at, values[i], true);
    else if (kind === "i8") view.setBigInt64(at, BigInt(values[i]), true);
    else view.setInt32(at, values[i], true);
  }
  return new Uint8Array(view.buffer);
}
