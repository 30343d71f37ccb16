import { inThrees } from "../base/grouped";
import { significant } from "../chart/format";
import { brief } from "./plain";
import { type Cell, longest } from "./table";

/** The cells of one column, and whether they are words. */
interface ColumnCells {
  readonly cells: readonly (string | Cell)[];
  readonly words: boolean;
}

/** How numbers of one column are written, told by all of them. */
export type NumberFormat = (values: readonly number[]) => (value: number) => string;

/**
 * The values of a column as they are shown. Numbers get one number of decimals, so that their points stand below each
 * other, or all an exponent. What is missing is faint, and in plain text told apart from words by angle brackets.
 * @param numeric what a column without any value is taken for
 * @param format how its numbers are written
 */
export function columnCells(
  values: readonly unknown[],
  numeric = false,
  format: NumberFormat = numberFormat,
): ColumnCells {
  const present = values.filter((value) => !missing(value));
  const isNumber = (value: unknown) => typeof value === "number" || typeof value === "bigint";
  const words = present.length === 0 ? !numeric : !present.every(isNumber);
  const number = format(present.filter((value): value is number => typeof value === "number"));
  const date = dateFormat(present.filter((value): value is Date => value instanceof Date));
  const cells = values.map((value): string | Cell => {
    if (missing(value)) {
      const text = String(value);
      return { text, faint: true, ...(words ? { plain: `<${text}>` } : {}) };
    }
    if (typeof value === "number") return number(value);
    if (typeof value === "string") return stringCell(value);
    if (value instanceof Date) return date(value);
    return brief(value);
  });
  return { cells, words };
}

/** One format for all of `values`: the fewest decimals that keep six significant digits, or an exponent. */
export function numberFormat(values: readonly number[]): (value: number) => string {
  const finite = values.filter(Number.isFinite);
  const sizes = finite.filter((value) => value !== 0).map(Math.abs);
  const largest = Math.max(0, ...sizes);
  if (finite.every(Number.isInteger) && largest < 1e15) return plainNumber;
  if (largest >= 1e12 || Math.min(...sizes) < 1e-4) {
    const digits = Math.max(...finite.map((value) => mantissaDigits(value)));
    return (value) => (Number.isFinite(value) ? exponential(value, digits) : String(value));
  }
  const decimals = Math.max(0, ...finite.map((value) => decimalsOf(value)));
  return (value) => (Number.isFinite(value) ? signed(value, value.toFixed(decimals)) : String(value));
}

/**
 * One format for a column of results: thousands apart, but for years, and where no number is beyond 1, as shares and losses are,
 * four significant digits if these tell apart what is different.
 */
export function resultFormat(values: readonly number[]): (value: number) => string {
  const finite = values.filter(Number.isFinite);
  const largest = Math.max(0, ...finite.map(Math.abs));
  const number = numberFormat(largest <= 1 ? fewDigits(finite) : finite);
  if (largest < 1_000 || finite.every(likeYear)) return number;
  return (value) => number(value).replace(/^-?\d{4,}(?![\d]*e)/, inThrees);
}

function likeYear(value: number): boolean {
  return Number.isInteger(value) && value >= 1500 && value < 2200;
}

function fewDigits(values: readonly number[]): readonly number[] {
  const to = (digits: number) => values.map((value) => Number(value.toPrecision(digits)));
  const different = new Set(to(6)).size;
  return [4, 5].map(to).find((rounded) => new Set(rounded).size === different) ?? values;
}

/**
 * Numbers of a column of results with their points below each other: decimals enough for `digits` significant ones of each. Those
 * that larger numbers have besides are digits of theirs, not zeros.
 */
export function aligned(values: readonly number[], digits: number = 4): string[] {
  const format = numberFormat(values.filter(Number.isFinite).map((x) => Number(x.toPrecision(digits))));
  return values.map((value) =>
    Number.isFinite(value) ? format(value).replace(/^-/, "−") : significant(value),
  );
}

/** A number by itself, in at most six significant digits where it is no whole number. */
export function plainNumber(value: number): string {
  if (Number.isInteger(value) && Math.abs(value) < 1e15) return signed(value, String(value));
  const rounded = Number(value.toPrecision(6));
  return Math.abs(rounded) < 1e-4 ? rounded.toExponential() : String(rounded);
}

function decimalsOf(value: number): number {
  const text = String(Number(value.toPrecision(6)));
  const [, decimals = "", exponent = "0"] = /^[^.e]*\.?(\d*)(?:e(.+))?$/.exec(text) ?? [];
  return Math.min(Math.max(decimals.length - Number(exponent), 0), 6);
}

function mantissaDigits(value: number): number {
  return /^-?\d\.?(\d*?)0*e/.exec(value.toExponential(3))![1].length;
}

function exponential(value: number, digits: number): string {
  const [mantissa, exponent] = value.toExponential(digits).split("e");
  return `${mantissa}e${exponent[0]}${exponent.slice(1).padStart(2, "0")}`;
}

function signed(value: number, text: string): string {
  return Object.is(value, -0) ? `-${text}` : text;
}

function missing(value: unknown): boolean {
  return (
    value === null ||
    value === undefined ||
    Number.isNaN(value) ||
    (value instanceof Date && Number.isNaN(value.getTime()))
  );
}

function stringCell(value: string): string | Cell {
  if (value.trim() === "") return { text: JSON.stringify(value.slice(0, longest)), faint: true };
  const start = value.slice(0, 20 * longest);
  const text = start.replace(/\r\n?|\n/g, "↵");
  return text === value && value.length <= longest ? value : { text, title: start };
}

function dateFormat(dates: readonly Date[]): (date: Date) => string {
  const whole = dates.every((date) => date.getTime() % 86_400_000 === 0);
  const seconds = dates.every((date) => date.getTime() % 1000 === 0);
  const end = whole ? "T" : seconds ? "." : "Z";
  return (date) => {
    const text = date.toISOString();
    return text.slice(0, text.indexOf(end)).replace("T", " ");
  };
}
