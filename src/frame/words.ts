import { murmur3 } from "./murmur";
import { TermTable } from "./term-table";

/**
 * The words of texts as UTF-8, one space between two, so that each run of words is one stretch of bytes.
 *
 * Text is normalised (NFKC), lower-cased where asked, and U+2019 becomes an apostrophe. A word is a longest run of
 * letters, marks, numbers and underscores; an apostrophe belongs to it where both its neighbours do (`don't`). Scripts
 * that put no space between words give one word a phrase.
 */
export class Words {
  /** The bytes; valid up to the end of the last word. */
  bytes: Uint8Array = new Uint8Array(4096);
  /** Where each word starts in `bytes`. */
  starts: Uint32Array = new Uint32Array(512);
  /** Where each word ends in `bytes`. */
  ends: Uint32Array = new Uint32Array(512);
  /** The number of words. */
  count = 0;
  #size = 0;
  readonly #stops: TermTable | null;

  /** @param stopWords words that are left out */
  constructor(stopWords: readonly string[] = []) {
    this.#stops = stopWords.length === 0 ? null : TermTable.of(stopWords);
  }

  /** Forgets all words but keeps the memory. */
  clear(): void {
    this.count = 0;
    this.#size = 0;
  }

  /** Adds the words of one text and returns how many there are. */
  add(text: string, lowercase: boolean): number {
    const source = normalised(text, lowercase);
    this.#reserve(source.length);
    const before = this.count;
    const { bytes, starts, ends } = this;
    const { length } = source;
    let size = this.#size;
    let count = before;
    let inside = false;
    for (let i = 0; i < length; i++) {
      let unit = source.charCodeAt(i);
      let wide = 0;
      if (unit >= 0xd800 && unit < 0xdc00 && i + 1 < length) {
        unit = source.codePointAt(i)!;
        wide = unit > 0xffff ? 1 : 0;
      }
      const part = isWordPart(unit) || (unit === apostrophe && inside && startsWord(source, i + 1));
      if (!part) {
        if (inside) {
          ends[count] = size;
          if (this.#stopped(count)) size = count === 0 ? 0 : ends[count - 1];
          else count++;
        }
        inside = false;
      } else {
        if (!inside) {
          if (count > 0) bytes[size++] = 0x20;
          starts[count] = size;
          inside = true;
        }
        size = encode(unit, bytes, size);
      }
      i += wide;
    }
    if (inside) {
      ends[count] = size;
      if (this.#stopped(count)) size = count === 0 ? 0 : ends[count - 1];
      else count++;
    }
    this.#size = size;
    this.count = count;
    return count - before;
  }

  #stopped(word: number): boolean {
    if (this.#stops === null) return false;
    const { bytes, starts, ends } = this;
    return (
      this.#stops.find(bytes, starts[word], ends[word], murmur3(bytes, starts[word], ends[word], 0)) >= 0
    );
  }

  #reserve(units: number): void {
    const size = this.#size + 3 * units + 1;
    if (this.bytes.length < size) {
      const bytes = new Uint8Array(2 * size);
      bytes.set(this.bytes);
      this.bytes = bytes;
    }
    const count = this.count + (units >> 1) + 1;
    if (this.starts.length < count) {
      this.starts = grown(this.starts, 2 * count);
      this.ends = grown(this.ends, 2 * count);
    }
  }
}

const apostrophe = 0x27;
const wordPart = /[\p{L}\p{M}\p{N}_]/u;

const basicWordParts: Uint8Array = Uint8Array.from({ length: 0x10000 }, (_, unit) =>
  wordPart.test(String.fromCharCode(unit)) ? 1 : 0,
);

function isWordPart(point: number): boolean {
  return point < 0x10000 ? basicWordParts[point] === 1 : wordPart.test(String.fromCodePoint(point));
}

function startsWord(source: string, at: number): boolean {
  return at < source.length && isWordPart(source.codePointAt(at)!);
}

function normalised(text: string, lowercase: boolean): string {
  const plain = isAscii(text) ? text : text.normalize("NFKC").replaceAll("\u2019", "'");
  return lowercase ? plain.toLowerCase() : plain;
}

function isAscii(text: string): boolean {
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) > 0x7f) return false;
  return true;
}

function encode(point: number, bytes: Uint8Array, at: number): number {
  if (point < 0x80) {
    bytes[at] = point;
    return at + 1;
  }
  if (point < 0x800) {
    bytes[at] = 0xc0 | (point >> 6);
    bytes[at + 1] = 0x80 | (point & 0x3f);
    return at + 2;
  }
  if (point < 0x10000) {
    bytes[at] = 0xe0 | (point >> 12);
    bytes[at + 1] = 0x80 | ((point >> 6) & 0x3f);
    bytes[at + 2] = 0x80 | (point & 0x3f);
    return at + 3;
  }
  bytes[at] = 0xf0 | (point >> 18);
  bytes[at + 1] = 0x80 | ((point >> 12) & 0x3f);
  bytes[at + 2] = 0x80 | ((point >> 6) & 0x3f);
  bytes[at + 3] = 0x80 | (point & 0x3f);
  return at + 4;
}

function grown(array: Uint32Array, length: number): Uint32Array {
  const larger = new Uint32Array(length);
  larger.set(array);
  return larger;
}
