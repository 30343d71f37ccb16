import type { ByteReader } from "./byte-reader";
import type { ByteWriter } from "./byte-writer";

/** Writes the number of texts, then each. */
export function writeTexts(to: ByteWriter, texts: readonly string[]): void {
  to.varint(texts.length);
  for (const text of texts) to.text(text);
}

/** Reads what {@link writeTexts} wrote. */
export function readTexts(from: ByteReader): string[] {
  return readList(from, (f) => f.text());
}

/** Reads a number, then so many parts, none of which takes less than a byte. */
export function readList<T>(from: ByteReader, read: (from: ByteReader) => T): T[] {
  return Array.from({ length: from.varint(from.left) }, () => read(from));
}
