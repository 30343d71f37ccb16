/** Bytes of base64. */
export function bytesOf(text: string): Uint8Array {
  return Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
}

/** 16-bit whole numbers of base64. */
export function halves(text: string): Uint16Array {
  return new Uint16Array(bytesOf(text).buffer);
}

/** 32-bit whole numbers of base64. */
export function numbers(text: string): Uint32Array {
  return new Uint32Array(bytesOf(text).buffer);
}

/** 32-bit floats of base64. */
export function singles(text: string): Float32Array {
  return new Float32Array(bytesOf(text).buffer);
}

/** 64-bit floats of base64. */
export function floats(text: string): Float64Array {
  return new Float64Array(bytesOf(text).buffer);
}
