import { decodeAdaptive, encodeAdaptive } from "./adaptive";
import { BitReader, BitWriter } from "./bits";
import type { ByteReader } from "./byte-reader";

/** How codes are coded: 0, each in the same number of bits; 1, by frequencies learned on the way. */
export type SymbolCoder = 0 | 1;

/** Writes codes below `levels` with the coder that takes fewer bytes; nothing at all for a single level. */
export function writeSymbols(codes: Uint16Array, levels: number): { coder: SymbolCoder; bytes: Uint8Array } {
  if (levels <= 1) return { coder: 0, bytes: new Uint8Array(0) };
  const bits = new BitWriter();
  const width = widthOf(levels);
  for (const code of codes) bits.bits(code, width);
  const plain = bits.toBytes();
  const learned = encodeAdaptive(codes, levels);
  return learned.length < plain.length ? { coder: 1, bytes: learned } : { coder: 0, bytes: plain };
}

/** Reads `count` codes below `levels`. */
export function readSymbols(
  from: ByteReader,
  coder: SymbolCoder,
  count: number,
  levels: number,
): Uint16Array {
  if (levels === 0 && count > 0) from.wrong("a level");
  if (levels <= 1) return new Uint16Array(count);
  const bytes = from.take(from.left);
  const wrong = (expected: string): never => from.wrong(expected);
  if (coder === 1) return decodeAdaptive(bytes, count, levels, wrong);
  const width = widthOf(levels);
  if (Math.ceil((width * count) / 8) !== bytes.length) from.wrong(`${count} codes of ${width} bits`);
  const bits = new BitReader(bytes, wrong);
  const codes = Uint16Array.from({ length: count }, () => bits.bits(width));
  bits.end();
  return codes.some((code) => code >= levels) ? from.wrong(`codes below ${levels}`) : codes;
}

function widthOf(levels: number): number {
  return 32 - Math.clz32(levels - 1);
}
