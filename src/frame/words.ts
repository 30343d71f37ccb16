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
  #source: Uint8Array = new Uint8Array(4096);
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
    const length = this.#read(text, lowercase);
    this.#reserve(length);
    const before = this.count;
    const { bytes, starts, ends } = this;
    const source = this.#source;
    const kept = lowercase ? lowered : plain;
    let size = this.#size;
    let count = before;
    let inside = false;
    for (let i = 0; i < length; ) {
      const byte = source[i];
      let units = 1;
      let part = byte < 0x80 ? kept[byte] : 0;
      if (part === 0 && inside && byte === apostrophe && startsWord(source, i + 1, length)) part = apostrophe;
      if (byte >= 0x80) {
        units = byte < 0xe0 ? 2 : byte < 0xf0 ? 3 : 4;
        if (isWordPart(pointAt(source, i))) part = byte;
      }
      if (part !== 0) {
        if (!inside) {
          if (count > 0) bytes[size++] = 0x20;
          starts[count] = size;
          inside = true;
        }
        bytes[size++] = part;
        for (let k = 1; k < units; k++) bytes[size++] = source[i + k];
      } else if (inside) {
        inside = false;
        ends[count] = size;
        if (this.#stopped(count)) size = count === 0 ? 0 : ends[count - 1];
        else count++;
      }
      i += units;
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

  /** Puts the text as UTF-8 into the source, normalised unless all of it is ASCII; returns the number of bytes. */
  #read(text: string, lowercase: boolean): number {
    const { written, read } = this.#encoded(text);
    if (written === read) return written;
    const normal = text.normalize("NFKC").replaceAll("\u2019", "'");
    return this.#encoded(lowercase ? normal.toLowerCase() : normal).written;
  }

  #encoded(text: string): { read: number; written: number } {
    if (this.#source.length < 3 * text.length) this.#source = new Uint8Array(4 * text.length);
    return utf8.encodeInto(text, this.#source);
  }

  #stopped(word: number): boolean {
    if (this.#stops === null) return false;
    const { bytes, starts, ends } = this;
    return (
      this.#stops.find(bytes, starts[word], ends[word], murmur3(bytes, starts[word], ends[word], 0)) >= 0
    );
  }

  #reserve(added: number): void {
    const size = this.#size + added + 1;
    if (this.bytes.length < size) {
      const bytes = new Uint8Array(2 * size);
      bytes.set(this.bytes);
      this.bytes = bytes;
    }
    const count = this.count + (added >> 1) + 1;
    if (this.starts.length < count) {
      this.starts = grown(this.starts, 2 * count);
      this.ends = grown(this.ends, 2 * count);
    }
  }
}

const utf8 = new TextEncoder();
const apostrophe = 0x27;
const wordPart = /[\p{L}\p{M}\p{N}_]/u;

const basicWordParts: Uint8Array = Uint8Array.from({ length: 0x10000 }, (_, unit) =>
  wordPart.test(String.fromCharCode(unit)) ? 1 : 0,
);

/** What each byte of ASCII becomes in a word; 0 where it is in none. */
const plain: Uint8Array = Uint8Array.from({ length: 0x80 }, (_, byte) => basicWordParts[byte] * byte);
const lowered: Uint8Array = plain.map((byte) => (byte >= 0x41 && byte <= 0x5a ? byte + 0x20 : byte));

function isWordPart(point: number): boolean {
  return point < 0x10000 ? basicWordParts[point] === 1 : wordPart.test(String.fromCodePoint(point));
}

function startsWord(source: Uint8Array, at: number, end: number): boolean {
  return at < end && isWordPart(pointAt(source, at));
}

/** The code point whose bytes begin here; the bytes are valid UTF-8. */
function pointAt(source: Uint8Array, at: number): number {
  const lead = source[at];
  if (lead < 0x80) return lead;
  const last = source[at + 1] & 0x3f;
  if (lead < 0xe0) return ((lead & 0x1f) << 6) | last;
  const three = (last << 6) | (source[at + 2] & 0x3f);
  if (lead < 0xf0) return ((lead & 0x0f) << 12) | three;
  return ((lead & 0x07) << 18) | (three << 6) | (source[at + 3] & 0x3f);
}

function grown(array: Uint32Array, length: number): Uint32Array {
  const larger = new Uint32Array(length);
  larger.set(array);
  return larger;
}
