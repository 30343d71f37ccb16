import type { MimeBundle } from "../base/display";
import { escapeHtml } from "../chart/escape";
import { bytes, counted } from "../chart/format";

/**
 * The most bytes that the display of a plain value, a table or an error takes in a notebook, all its forms together.
 * What is longer is cut, and says so. What a program shows as ready content (HTML, pictures, charts) is not cut.
 */
export const displayBudget = 100_000;

const mostLines = 40;
const mostLetters = 20_000;
const headLines = 30;
const headLetters = 8_000;
const tailLines = 5;
const tailLetters = 1_000;

/** A text to show, of which the part before `end` may have been left out already. */
interface LongText {
  readonly text: string;
  /** Letters left out between `text` and `end`. */
  readonly omitted?: number;
  readonly end?: string;
  /** How to see it all, e.g. `console.log(value) shows all`. */
  readonly remedy: string;
}

/**
 * A text as it is where it is short. Of a longer one the beginning and the end, with the rest folded between them as
 * far as the budget goes, and a line that tells how much that is.
 */
export function folded({ text, omitted = 0, end, remedy }: LongText): MimeBundle {
  if (omitted === 0 && text.length <= mostLetters && linesOf(text, mostLines + 1) <= mostLines) {
    return { "text/plain": text };
  }
  const head = start(text, headLines, headLetters);
  const tail = ending(end ?? text.slice(head.length), tailLines, tailLetters);
  const middle =
    end === undefined ? text.slice(head.length, text.length - tail.length) : text.slice(head.length);
  const left = omitted === 0 ? amount(middle) : bytes(middle.length + omitted);
  const plain = joined(head, `… ${left} more; ${remedy} …`, tail);
  const budget = displayBudget - jsonBytes(plain) - htmlBytes(head) - htmlBytes(tail) - 1_000;
  const shown = within(middle, budget);
  const rest = middle.length - shown.length + omitted;
  const note = rest === 0 ? "" : `<p style="opacity:0.7">… ${bytes(rest)} more; ${escapeHtml(remedy)} …</p>`;
  const html =
    `${pre(head)}<details><summary style="cursor:pointer;opacity:0.7">… ${left} more</summary>` +
    `<div style="max-height:24em;overflow:auto;border-left:3px solid rgba(128,128,128,0.4);padding-left:0.5em">${pre(shown)}${note}</div></details>${pre(tail)}`;
  return { "text/html": html, "text/plain": plain };
}

function amount(text: string): string {
  const lines = linesOf(text.replace(/^\n|\n$/g, ""), Number.POSITIVE_INFINITY);
  return lines > 1 ? `${counted(lines, "line")} (${bytes(text.length)})` : bytes(text.length);
}

function pre(text: string): string {
  const inner = text.replace(/^\n|\n$/g, "");
  return inner === "" ? "" : `<pre style="white-space:pre-wrap;margin:0">${escapeHtml(inner)}</pre>`;
}

function joined(...parts: readonly string[]): string {
  return parts.map((part) => part.replace(/^\n|\n$/g, "")).join("\n");
}

function linesOf(text: string, most: number): number {
  let lines = 1;
  for (let at = text.indexOf("\n"); at >= 0 && lines < most; at = text.indexOf("\n", at + 1)) lines++;
  return lines;
}

function start(text: string, lines: number, letters: number): string {
  let at = -1;
  for (let line = 0; line < lines; line++) {
    const next = text.indexOf("\n", at + 1);
    if (next < 0 || next > letters) return text.slice(0, at > letters / 2 ? at : letters);
    at = next;
  }
  return text.slice(0, at);
}

function ending(text: string, lines: number, letters: number): string {
  let at = text.length;
  for (let line = 0; line < lines && at > 0; line++) {
    const before = text.lastIndexOf("\n", at - 1);
    if (before < 0 || text.length - before > letters) break;
    at = before;
  }
  return at === text.length ? text.slice(-letters) : text.slice(at);
}

/** A beginning of `text`, long but of at most `most` bytes as HTML. */
function within(text: string, most: number): string {
  let shown = text.slice(0, Math.max(most, 0));
  while (shown !== "" && htmlBytes(shown) > most) {
    shown = shown.slice(0, Math.floor((shown.length * Math.max(most, 0)) / htmlBytes(shown)) - 1);
  }
  return shown;
}

function htmlBytes(text: string): number {
  return jsonBytes(escapeHtml(text));
}

/** The size in the notebook's file, in which line ends and quotation marks take two bytes. */
function jsonBytes(text: string): number {
  return Buffer.byteLength(JSON.stringify(text));
}
