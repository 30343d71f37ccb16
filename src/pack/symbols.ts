import { decodeAdaptive, encodeAdaptive } from "./adaptive";
import { BitReader, BitWriter } from "./bits";
import type { ByteReader } from "./byte-reader";

const fixed = 0;
const adaptive = 1;

/** Writes codes below `levels` with the coder that takes fewer bytes; nothing at all for a single level. */
export function writeSymbols(codes: Uint16Array, levels: number): Uint8Array {
  if (levels <= 1) return new Uint8Array(0);
  const bits = new BitWriter();
  const width = widthOf(levels);
  for (const code of codes) bits.bits(code, width);
  const plain = bits.toBytes();
  const learned = encodeAdaptive(codes, levels);
  const best = learned.length < plain.length ? learned : plain;
  const coded = new Uint8Array(1 + best.length);
  coded[0] = best === plain ? fixed : adaptive;
  coded.set(best, 1);
  return coded;
}

/** Reads `count` codes below `levels`. */
export function readSymbols(from: ByteReader, count: number, levels: number): Uint16Array {
  if (levels <= 1) return new Uint16Array(count);
  const coder = from.byte();
  const bytes = from.take(from.left);
  const wrong = (expected: string): never => from.wrong(expected);
  if (coder === adaptive) return decodeAdaptive(bytes, count, levels, wrong);
  if (coder !== fixed) return from.wrong("a coder of codes, 0 or 1");
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
