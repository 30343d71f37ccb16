import type { Label } from "../../matrix/dataset";
import { ByteReader } from "../byte-reader";
import { utf8 } from "../byte-writer";
import { Frequencies } from "../stream/learned";
import type { Stream } from "../stream/stream";
import { codeFloats } from "./floats";

/** The kinds of label in the order of the format. */
const kinds = ["text", "whole", "float", "truth"] as const;
const mostBytes = 2 ** 20;

/** How likely a byte of a label is before any was met: small letters most of all. */
const likelihoods: readonly number[] = Array.from({ length: 256 }, (_, byte) => {
  if (byte >= 97 && byte <= 122) return 64;
  if (byte >= 48 && byte <= 57) return 8;
  if (byte >= 65 && byte <= 90) return 6;
  return byte >= 32 && byte < 127 ? 3 : 1;
});

/** Codes one distinct label a class; `null` for the numbers 0, 1, 2, ..., which take one bit. */
export function codeLabels(stream: Stream, labels: readonly Label[] | null, classes: number): Label[] | null {
  if (!stream.flag(labels !== null)) return null;
  const letters = Frequencies.from(likelihoods, 32);
  const coded: Label[] = [];
  for (let k = 0; k < classes; k++) coded.push(codeLabel(stream, labels?.[k] ?? 0, letters));
  if (new Set(coded).size < classes) stream.wrong("distinct labels");
  return coded;
}

function codeLabel(stream: Stream, label: Label, letters: Frequencies): Label {
  const kind = kinds[stream.uniform(kinds.indexOf(kindOf(label)), kinds.length)];
  if (kind === "text") return codeText(stream, typeof label === "string" ? label : "", letters);
  if (kind === "truth") return stream.flag(label === true);
  const value = Number(label);
  if (kind === "float") return codeFloats(stream, Float64Array.of(value), "any")[0];
  const negative = stream.flag(value < 0);
  const magnitude = stream.number(Math.abs(value), Number.MAX_SAFE_INTEGER);
  return negative ? -magnitude || stream.wrong("a number below 0") : magnitude;
}

function kindOf(label: Label): (typeof kinds)[number] {
  if (typeof label === "string") return "text";
  if (typeof label === "boolean") return "truth";
  return Number.isSafeInteger(label) && !Object.is(label, -0) ? "whole" : "float";
}

function codeText(stream: Stream, text: string, letters: Frequencies): string {
  const bytes = stream.reading ? new Uint8Array(0) : utf8(text);
  const length = stream.number(bytes.length, mostBytes);
  const coded: number[] = [];
  for (let i = 0; i < length; i++) coded.push(stream.symbol(bytes[i], letters));
  return stream.reading
    ? new ByteReader(Uint8Array.from(coded), "classes").decode(Uint8Array.from(coded))
    : text;
}
