import { BitReader, BitWriter } from "./bits";
import type { ByteReader } from "./byte-reader";
import { ByteWriter } from "./byte-writer";
import { bestParameter, golombParameters, readGolomb, writeGolomb } from "./golomb";

const all = 0;
const bitmap = 1;
const varints = 2;
/** From here on the byte is the place of a Golomb parameter. */
const golomb = 3;

/** Writes ascending positions below `total` with the coder that takes the fewest bytes, the first of equals. */
export function writePositions(positions: Uint32Array, total: number): Uint8Array {
  if (positions.length === total) return Uint8Array.of(all);
  const gaps = positions.map((at, i) => (i === 0 ? at : at - positions[i - 1] - 1));
  const coded = [asGolomb(gaps), asVarints(gaps)];
  if (total <= 64 * (positions.length + 1)) coded.push(asBitmap(positions, total));
  return coded.reduce((best, other) => (other.length < best.length ? other : best));
}

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

function asGolomb(gaps: Uint32Array): Uint8Array {
  const parameter = bestParameter(gaps);
  const bits = new BitWriter();
  for (const gap of gaps) writeGolomb(bits, gap, golombParameters[parameter]);
  const to = new ByteWriter();
  to.byte(golomb + parameter);
  to.bytes(bits.toBytes());
  return to.toBytes();
}

function asVarints(gaps: Uint32Array): Uint8Array {
  const to = new ByteWriter();
  to.byte(varints);
  for (const gap of gaps) to.varint(gap);
  return to.toBytes();
}

function asBitmap(positions: Uint32Array, total: number): Uint8Array {
  const bytes = new Uint8Array(1 + Math.ceil(total / 8));
  bytes[0] = bitmap;
  for (const at of positions) bytes[1 + (at >> 3)] |= 1 << (at & 7);
  return bytes;
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
