import {
  type CategoricalState,
  type EncoderState,
  type NumericState,
  type TextState,
  widthOf,
} from "../frame/encoder-state";
import type { ByteReader } from "./byte-reader";
import { ByteWriter } from "./byte-writer";
import { readBlock, writeBlock } from "./encoder-blocks";
import { readList, readTexts, writeTexts } from "./encoder-lists";

/** What is stored of an encoder: all but the classes, which the model has. */
export function writeEncoder(state: EncoderState): Uint8Array {
  const to = new ByteWriter();
  const more = hasMore(state);
  to.byte(Number(state.missing === "mean") + 2 * Number(state.unseen === "error") + 4 * Number(more));
  to.text(state.label);
  to.varint(state.numeric.length);
  for (const { name, mean, scale } of state.numeric) {
    to.text(name);
    to.floats([mean, scale], 8);
  }
  to.varint(state.categorical.length);
  for (const { name, levels } of state.categorical) {
    to.text(name);
    writeTexts(to, levels);
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
  if (more) writeMore(to, state);
  return to.toBytes();
}

/** Reads the state of an encoder for `classes`. */
export function readEncoder(from: ByteReader, classes: EncoderState["classes"]): EncoderState {
  const flags = from.byte();
  if (flags > 7) from.wrong("flags up to 7");
  const label = from.text();
  const numeric = readList(from, readNumeric);
  const categorical = readList(from, readCategorical);
  const text = readList(from, readText);
  const plain: EncoderState = {
    label,
    classes,
    numeric,
    categorical,
    text,
    missing: flags & 1 ? "mean" : "error",
    unseen: flags & 2 ? "error" : "zero",
  };
  const state = flags & 4 ? readMore(from, plain) : plain;
  from.end();
  if (!Number.isSafeInteger(widthOf(state))) from.wrong("fewer features");
  return state;
}

function hasMore({ categorical, text, blocks = [] }: EncoderState): boolean {
  const texts = text.some(({ unit, stopWords, vocabulary }) => unit ?? stopWords ?? vocabulary);
  return blocks.length > 0 || texts || categorical.some(({ other }) => other !== undefined);
}

function writeMore(to: ByteWriter, { categorical, text, blocks = [] }: EncoderState): void {
  for (const { other } of categorical) {
    to.byte(other === undefined ? 0 : other === "any" ? 1 : 2);
    if (Array.isArray(other)) writeTexts(to, other);
  }
  for (const { unit, stopWords, vocabulary } of text) {
    const stops = stopWords === undefined ? 0 : stopWords === "english" ? 2 : 4;
    to.byte(Number(unit === "character") + stops + 8 * Number(vocabulary !== undefined));
    if (Array.isArray(stopWords)) writeTexts(to, stopWords);
    if (vocabulary !== undefined) writeTexts(to, vocabulary);
  }
  to.varint(blocks.length);
  for (const block of blocks) writeBlock(to, block);
}

function readMore(from: ByteReader, state: EncoderState): EncoderState {
  const categorical = state.categorical.map((column): CategoricalState => {
    const form = from.byte();
    if (form > 2) from.wrong("a choice of 0 to 2");
    if (form === 0) return column;
    return { ...column, other: form === 1 ? "any" : readTexts(from) };
  });
  const text = state.text.map((column): TextState => {
    const flags = from.byte();
    if (flags > 15 || (flags & 6) === 6) from.wrong("flags up to 13, not bits 1 and 2");
    return {
      ...column,
      ...(flags & 1 ? { unit: "character" as const } : {}),
      ...(flags & 2 ? { stopWords: "english" as const } : {}),
      ...(flags & 4 ? { stopWords: readTexts(from) } : {}),
      ...(flags & 8 ? { vocabulary: readTexts(from) } : {}),
    };
  });
  const blocks = readList(from, (f) => readBlock(f, state.classes.length));
  return { ...state, categorical, text, ...(blocks.length > 0 ? { blocks } : {}) };
}

function readNumeric(from: ByteReader): NumericState {
  const name = from.text();
  const [mean, scale] = from.floats(2, 8);
  return scale > 0 ? { name, mean, scale } : from.wrong("a scale above 0");
}

function readCategorical(from: ByteReader): CategoricalState {
  return { name: from.text(), levels: readTexts(from) };
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
