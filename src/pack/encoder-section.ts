import type { CategoricalState, EncoderState, NumericState, TextState } from "../frame/encoder-state";
import type { ByteReader } from "./byte-reader";
import { ByteWriter } from "./byte-writer";

/** What is stored of an encoder: all but the classes, which the model has. */
export function writeEncoder(state: EncoderState): Uint8Array {
  const to = new ByteWriter();
  to.byte(Number(state.missing === "mean") + 2 * Number(state.unseen === "error"));
  to.text(state.label);
  to.varint(state.numeric.length);
  for (const { name, mean, scale } of state.numeric) {
    to.text(name);
    to.floats([mean, scale], 8);
  }
  to.varint(state.categorical.length);
  for (const { name, levels } of state.categorical) {
    to.text(name);
    to.varint(levels.length);
    for (const level of levels) to.text(level);
  }
  to.varint(state.text.length);
  for (const { name, bits, seed, ngrams, sublinear, lowercase } of state.text) {
    to.text(name);
    to.byte(bits);
    to.signed(seed);
    to.varint(ngrams[0]);
    to.varint(ngrams[1]);
    to.byte(Number(sublinear) + 2 * Number(lowercase));
  }
  return to.toBytes();
}

/** Reads the state of an encoder for `classes`. */
export function readEncoder(from: ByteReader, classes: EncoderState["classes"]): EncoderState {
  const flags = from.byte();
  if (flags > 3) from.wrong("flags up to 3");
  const label = from.text();
  const numeric = readList(from, readNumeric);
  const categorical = readList(from, readCategorical);
  const text = readList(from, readText);
  from.end();
  return {
    label,
    classes,
    numeric,
    categorical,
    text,
    missing: flags & 1 ? "mean" : "error",
    unseen: flags & 2 ? "error" : "zero",
  };
}

function readList<T>(from: ByteReader, read: (from: ByteReader) => T): T[] {
  return Array.from({ length: from.varint(from.left) }, () => read(from));
}

function readNumeric(from: ByteReader): NumericState {
  const name = from.text();
  const [mean, scale] = from.floats(2, 8);
  return scale > 0 ? { name, mean, scale } : from.wrong("a scale above 0");
}

function readCategorical(from: ByteReader): CategoricalState {
  return { name: from.text(), levels: readList(from, (f) => f.text()) };
}

function readText(from: ByteReader): TextState {
  const name = from.text();
  const bits = from.byte();
  const seed = from.signed();
  const ngrams = [from.varint(255), from.varint(255)] as const;
  const flags = from.byte();
  const right =
    bits <= 26 && Math.abs(seed) <= 2 ** 32 && ngrams[0] >= 1 && ngrams[1] >= ngrams[0] && flags <= 3;
  if (!right) from.wrong("a text column of at most 2^26 features and n-grams of 1 word or more");
  return { name, bits, seed, ngrams, sublinear: (flags & 1) === 1, lowercase: (flags & 2) === 2 };
}
