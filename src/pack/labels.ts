import type { Label } from "../matrix/dataset";
import type { ByteReader } from "./byte-reader";
import { ByteWriter, utf8 } from "./byte-writer";

/** True where the classes are 0, 1, 2, ..., which takes no byte. */
export function areNumbers(classes: readonly Label[]): boolean {
  return classes.every((label, k) => Object.is(label, k));
}

/** Writes each label as a varint, `4 x` kind: text and its length, whole number, other number, or truth value. */
export function writeLabels(classes: readonly Label[]): Uint8Array {
  const to = new ByteWriter();
  for (const label of classes) writeLabel(to, label);
  return to.toBytes();
}

/** Reads `count` distinct labels. */
export function readLabels(from: ByteReader, count: number): Label[] {
  if (count > from.left) from.wrong(`${count} labels`);
  const labels = Array.from({ length: count }, () => readLabel(from));
  return new Set(labels).size === count ? labels : from.wrong("distinct labels");
}

function writeLabel(to: ByteWriter, label: Label): void {
  if (typeof label === "string") {
    const bytes = utf8(label);
    to.varint(4 * bytes.length);
    to.bytes(bytes);
  } else if (typeof label === "boolean") {
    to.varint(4 * Number(label) + 3);
  } else if (Number.isInteger(label) && Math.abs(label) < 2 ** 49 && !Object.is(label, -0)) {
    to.varint(4 * (label < 0 ? -2 * label - 1 : 2 * label) + 1);
  } else {
    to.varint(2);
    to.float(label, 8);
  }
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
