import type { CodebookScheme, UniformScheme } from "../../quantize/schemes";
import type { ByteReader } from "../byte-reader";
import { exactWidth, type FloatWidth, floatWidths } from "../byte-writer";
import type { SymbolCoder } from "./symbols";

/** Reads how codes decode. @param after the number of bytes that follow in the section */
export function readScheme(
  from: ByteReader,
  after: number,
): { scheme: CodebookScheme | UniformScheme; coder: SymbolCoder } {
  const head = from.byte();
  const width = floatWidths[(head >> 5) & 3] ?? from.wrong("levels of 2, 4 or 8 bytes");
  const bits = ((head >> 1) & 15) + 1;
  const coder = (head >> 7) as SymbolCoder;
  if (head % 2 === 0) {
    const zeroPoint = from.signed() / 2;
    const [scale] = readExact(from, 1, width);
    return { scheme: { kind: "uniform", bits, scale, zeroPoint }, coder };
  }
  const count = (from.left - after) / width;
  if (!Number.isInteger(count) || count < 0 || count > 2 ** bits) from.wrong(`up to 2^${bits} levels`);
  return { scheme: { kind: "codebook", bits, levels: readExact(from, count, width) }, coder };
}

/** Reads numbers, which must be in the fewest bytes that hold them exactly. */
export function readExact(from: ByteReader, count: number, width: FloatWidth): Float64Array {
  const values = from.floats(count, width);
  return exactWidth(values) === width ? values : from.wrong("numbers in the fewest bytes that hold them");
}
