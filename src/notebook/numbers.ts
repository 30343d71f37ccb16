import type { MimeBundle } from "../base/display";
import { bytes, counted, grouped } from "../chart/format";
import { plainNumber } from "./column";

type Numbers = ArrayLike<number | bigint>;

const allShown = 20;
const headShown = 10;
const tailShown = 3;
const mostScanned = 20_000_000;

/** Range and mean of the finite numbers of an array, and its oddities. */
interface NumberFacts {
  readonly low: number;
  readonly high: number;
  readonly mean: number;
  readonly nan: number;
  readonly infinite: number;
  readonly zeros: number;
  /** How many numbers were looked at, the first. */
  readonly scanned: number;
}

/** True where each item is a number; one that is left out is none. */
export function areNumbers(values: readonly unknown[]): values is readonly number[] {
  for (let i = 0; i < values.length; i++) if (typeof values[i] !== "number") return false;
  return true;
}

/** One pass over `values`, the first 20 million of them. */
export function factsOf(values: Numbers): NumberFacts {
  const scanned = Math.min(values.length, mostScanned);
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  let sum = 0;
  let nan = 0;
  let infinite = 0;
  let zeros = 0;
  for (let i = 0; i < scanned; i++) {
    const value = Number(values[i]);
    if (value - value !== 0) {
      if (Number.isNaN(value)) nan++;
      else infinite++;
      continue;
    }
    sum += value;
    if (value < low) low = value;
    if (value > high) high = value;
    if (value === 0) zeros++;
  }
  return { low, high, mean: sum / (scanned - nan - infinite), nan, infinite, zeros, scanned };
}

/** The facts in words: range and mean, and what is odd where there is any. */
export function factsText(facts: NumberFacts): string {
  const { low, high, mean, nan, infinite, zeros, scanned } = facts;
  const parts =
    nan + infinite === scanned
      ? []
      : [`from ${plainNumber(low)} to ${plainNumber(high)}, mean ${plainNumber(mean)}`];
  if (zeros > 0) parts.push(counted(zeros, "zero"));
  if (nan > 0) parts.push(`${grouped(nan)} NaN`);
  if (infinite > 0) parts.push(`${grouped(infinite)} infinite`);
  if (scanned === mostScanned) parts.push(`of the first ${grouped(scanned)}`);
  return parts.join("; ");
}

/** An array of numbers: all of a short one, else its facts, its beginning and its end. */
export function numbersBundle(name: string, values: Numbers, byteLength?: number): MimeBundle {
  const { length } = values;
  const title = `${name}(${grouped(length)})`;
  if (length <= allShown) return { "text/plain": `${title} [${texts(values, 0, length).join(", ")}]` };
  const size = byteLength === undefined ? "" : ` (${bytes(byteLength)})`;
  const shown = [...texts(values, 0, headShown), "…", ...texts(values, length - tailShown, length)];
  return { "text/plain": `${title} ${factsText(factsOf(values))}${size}\n[${shown.join(", ")}]` };
}

/** Raw bytes, in hexadecimal as editors of files show them. */
export function bytesBundle(name: string, data: Uint8Array): MimeBundle {
  const shown = data.subarray(0, 64);
  const lines: string[] = [];
  for (let at = 0; at < shown.length; at += 16) {
    const row = [...shown.subarray(at, at + 16)];
    const hex = row.map((byte) => byte.toString(16).padStart(2, "0")).join(" ");
    const letters = row.map((byte) => (byte >= 32 && byte < 127 ? String.fromCharCode(byte) : ".")).join("");
    lines.push(`${at.toString(16).padStart(4, "0")}  ${hex.padEnd(47)}  ${letters}`);
  }
  if (data.length > shown.length) lines.push(`…     ${bytes(data.length - shown.length)} more`);
  return { "text/plain": [`${name}(${grouped(data.length)})`, ...lines].join("\n") };
}

function texts(values: Numbers, from: number, to: number): string[] {
  const shown: string[] = [];
  for (let i = from; i < to; i++) {
    const value = values[i];
    shown.push(typeof value === "number" ? plainNumber(value) : String(value));
  }
  return shown;
}
