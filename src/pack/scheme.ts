import { fail } from "../base/errors";
import { type Scheme, singleScheme } from "../quantize/schemes";
import type { ByteReader } from "./byte-reader";
import { type ByteWriter, exactWidth, type FloatWidth, floatWidths } from "./byte-writer";
import type { SymbolCoder } from "./symbols";

/**
 * Writes how codes decode: a byte of kind, bits, width of a level and coder of the codes; then zero point and scale, or
 * the levels, whose number follows from the size of the section. @throws `unsupported-model` for other kinds of codes
 */
export function writeScheme(to: ByteWriter, whole: Scheme, coder: SymbolCoder): void {
  const scheme = singleScheme(whole, "pack");
  if (scheme.kind !== "uniform" && scheme.kind !== "codebook") {
    fail("unsupported-model", {
      thing: "kind of codes to pack",
      value: scheme.kind,
      expected: "codes of a uniform grid or a codebook",
      remedy: 'Quantize with the method "uniform" or "kmeans".',
    });
  }
  const stored = scheme.kind === "uniform" ? [scheme.scale] : scheme.levels;
  const width = exactWidth(stored);
  const kind = Number(scheme.kind === "codebook");
  to.byte(kind + 2 * (scheme.bits - 1) + 32 * floatWidths.indexOf(width) + 128 * coder);
  if (scheme.kind === "uniform") to.signed(doubled(scheme.zeroPoint));
  to.floats(stored, width);
}

/** Reads how codes decode. @param after the number of bytes that follow in the section */
export function readScheme(from: ByteReader, after: number): { scheme: Scheme; coder: SymbolCoder } {
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

function doubled(zeroPoint: number): number {
  const twice = 2 * zeroPoint;
  if (Number.isInteger(twice) && Math.abs(twice) <= 2 ** 32) return twice;
  return fail("unsupported-model", {
    thing: "zero point",
    value: zeroPoint,
    expected: "a multiple of one half up to 2^31",
  });
}
