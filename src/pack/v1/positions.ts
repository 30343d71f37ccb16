import type { ByteReader } from "../byte-reader";
import { BitReader } from "./bits";
import { golombParameters, readGolomb } from "./golomb";

const all = 0;
const bitmap = 1;
const varints = 2;
/** From here on the byte is the place of a Golomb parameter. */
const golomb = 3;

/** Reads `count` positions below `total`. */
export function readPositions(from: ByteReader, count: number, total: number): Uint32Array {
  const coder = from.byte();
  if (coder === all && count === total) return Uint32Array.from({ length: total }, (_, at) => at);
  if (coder === bitmap) return readBitmap(from, count, total);
  if (coder === varints) return fromGaps(count, total, from, () => from.varint(total - 1));
  const m = golombParameters[coder - golomb];
  return m === undefined
    ? from.wrong("a coder of positions that suits their number")
    : readGaps(from, m, count, total);
}

function readGaps(from: ByteReader, m: number, count: number, total: number): Uint32Array {
  const bits = new BitReader(from.take(from.left), (expected) => from.wrong(expected));
  const positions = fromGaps(count, total, from, () => readGolomb(bits, m, total - 1));
  bits.end();
  return positions;
}

function readBitmap(from: ByteReader, count: number, total: number): Uint32Array {
  const bytes = from.take(Math.ceil(total / 8));
  const positions: number[] = [];
  bytes.forEach((byte, at) => {
    for (let bit = 0; byte >> bit !== 0; bit++) if ((byte >> bit) & 1) positions.push(8 * at + bit);
  });
  const right = positions.length === count && (count === 0 || positions[count - 1] < total);
  return right ? Uint32Array.from(positions) : from.wrong(`${count} positions below ${total}`);
}

function fromGaps(count: number, total: number, from: ByteReader, next: () => number): Uint32Array {
  if (count > 8 * from.bytes.length) from.wrong("at least a bit a position");
  const positions = new Uint32Array(count);
  let at = -1;
  for (let i = 0; i < count; i++) {
    at += next() + 1;
    if (at >= total) from.wrong(`positions below ${total}`);
    positions[i] = at;
  }
  return positions;
}
