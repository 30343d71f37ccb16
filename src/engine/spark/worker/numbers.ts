/** 64-bit floats as base64 on one line, which the text between Spark and its scripts carries unchanged. */
export function textOf(numbers: Float64Array): string {
  return Buffer.from(numbers.buffer, numbers.byteOffset, numbers.byteLength).toString("base64");
}

/** The floats of {@link textOf}. @throws where the text is cut short */
export function numbersOf(text: string): Float64Array {
  const bytes = Buffer.from(text, "base64");
  if (bytes.length % 8 !== 0) throw new Error(`${bytes.length} bytes of numbers, which is no multiple of 8`);
  const numbers = new Float64Array(bytes.length / 8);
  Buffer.from(numbers.buffer).set(bytes);
  return numbers;
}
