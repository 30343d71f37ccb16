import type { ByteReader } from "../byte-reader";
import { decodeAdaptive } from "./adaptive";
import { BitReader } from "./bits";

/** How codes are coded: 0, each in the same number of bits; 1, by frequencies learned on the way. */
export type SymbolCoder = 0 | 1;

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
