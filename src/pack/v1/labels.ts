import type { Label } from "../../matrix/dataset";
import type { ByteReader } from "../byte-reader";

/** Reads `count` distinct labels. */
export function readLabels(from: ByteReader, count: number): Label[] {
  if (count > from.left) from.wrong(`${count} labels`);
  const labels = Array.from({ length: count }, () => readLabel(from));
  return new Set(labels).size === count ? labels : from.wrong("distinct labels");
}

function readLabel(from: ByteReader): Label {
  const head = from.varint();
  const value = Math.floor(head / 4);
  const kind = head % 4;
  if (kind === 1) return value % 2 === 1 ? -(value + 1) / 2 : value / 2;
  if (kind === 2) return value === 0 ? from.float(8) : from.wrong("a number");
  if (kind === 3) return value <= 1 ? value === 1 : from.wrong("true or false");
  return from.decode(from.take(value));
}
