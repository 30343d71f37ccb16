import { escapeHtml, proseHtml } from "../chart/escape";

/** A cell of a table that is more than its text. */
export interface Cell {
  readonly text: string;
  /** What stands for it in plain text, where colour can't tell it from words; `text` without it. */
  readonly plain?: string;
  /** The whole of what `text` shows shortened, for the tip of the pointer. */
  readonly title?: string;
  /** Drawn fainter: what is no datum, such as a missing value. */
  readonly faint?: boolean;
}

/** A table to show. Numbers stand to the right, words to the left. */
export interface TableView {
  readonly title?: string;
  readonly columns: readonly (string | Cell)[];
  /** A second, fainter line of the head, such as types. */
  readonly types?: readonly string[];
  /** The columns, by number, whose cells are words. */
  readonly words: readonly number[];
  /** True where the first cell of a row names it. */
  readonly named?: boolean;
  readonly rows: readonly (readonly (string | Cell)[])[];
  /** A line below the table. */
  readonly note?: string;
}

/** Letters that a cell shows; the rest is cut off. */
export const longest = 60;
const longestTip = 400;
const tipsBytes = 40_000;

/** The table as HTML, every string in it escaped. Colours are the reader's own, so that it reads on any ground. */
export function tableHtml({ title, columns, types, words, named, rows, note }: TableView): string {
  const wordy = new Set(words);
  let room = tipsBytes;
  const tip = (cell: Cell) => {
    const full = cell.title ?? (cell.text.length > longest ? cell.text : undefined);
    if (full === undefined) return "";
    const text = ` title="${escapeHtml(cut(full, longestTip))}"`;
    room -= text.length;
    return room < 0 ? "" : text;
  };
  const cellHtml = (tag: "td" | "th", given: string | Cell, at: number, scope: string, style = "") => {
    const cell = typeof given === "string" ? { text: given } : given;
    const faint = cell.faint ? ";opacity:0.7;font-style:italic" : "";
    return (
      `<${tag}${tag === "th" ? ` scope="${scope}"` : ""}${tip(cell)} ` +
      `style="text-align:${wordy.has(at) ? "left" : "right"};white-space:nowrap${style}${faint}">` +
      `${escapeHtml(cut(cell.text, longest))}</${tag}>`
    );
  };
  const head = (cells: readonly (string | Cell)[], style = "") =>
    `<tr>${cells.map((cell, at) => cellHtml("th", cell, at, "col", style)).join("")}</tr>`;
  const line = (cells: readonly (string | Cell)[]) =>
    `<tr>${cells.map((cell, at) => (named && at === 0 ? cellHtml("th", cell, at, "row") : cellHtml("td", cell, at, ""))).join("")}</tr>`;
  const caption =
    title === undefined
      ? ""
      : `<caption style="text-align:left;white-space:nowrap;font-weight:600;padding:0.4em 0">${escapeHtml(title)}</caption>`;
  const heads =
    columns.length === 0
      ? ""
      : `<thead>${head(columns)}${types === undefined ? "" : head(types, ";font-weight:400;opacity:0.65")}</thead>`;
  const below =
    note === undefined
      ? ""
      : `<p style="opacity:0.75;margin:0.3em 0 0.8em;font-size:0.92em">${proseHtml(note)}</p>`;
  return (
    `<div class="logitpress-table" style="overflow-x:auto"><table style="font-variant-numeric:tabular-nums">` +
    `${caption}${heads}<tbody>${rows.map(line).join("")}</tbody></table>${below}</div>`
  );
}

/** The table as text, its columns aligned by spaces. */
export function tableText({ title, columns, types, words, rows, note }: TableView): string {
  const wordy = new Set(words);
  const heads = columns.length === 0 ? [] : types === undefined ? [columns] : [columns, types];
  const lines = [...heads, ...rows].map((row) =>
    row.map((cell) => cut(oneLine(typeof cell === "string" ? cell : (cell.plain ?? cell.text)), longest)),
  );
  const widths = (lines[0] ?? []).map((_, at) => Math.max(...lines.map((line) => wide(line[at] ?? ""))));
  const body = lines.map((line) =>
    line
      .map((text, at) => {
        const gap = " ".repeat(Math.max(widths[at] - wide(text), 0));
        return wordy.has(at) ? text + gap : gap + text;
      })
      .join("  ")
      .trimEnd(),
  );
  return [
    ...(title === undefined ? [] : [title]),
    ...body.filter((text) => text !== ""),
    ...(note === undefined ? [] : [note]),
  ].join("\n");
}

/** A table of names and values. */
export function factsView(
  title: string,
  facts: readonly (readonly [string, string])[],
  note?: string,
): TableView {
  return { title, columns: [], words: [0], rows: facts, ...(note === undefined ? {} : { note }) };
}

/** At most `most` letters of a text, the last a sign that there were more. */
export function cut(text: string, most: number): string {
  if (text.length <= most) return text;
  const letters = [...text.slice(0, 4 * most)];
  return letters.length > most ? `${letters.slice(0, most - 1).join("")}…` : text;
}

// East Asian letters and pictures take two places in a fixed-width font, marks on letters none.
const twoPlaces =
  /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|\p{Emoji_Presentation}/u;
const noPlace = /\p{Mn}|[\u200b-\u200f]/u;

function wide(text: string): number {
  let places = 0;
  for (const letter of text) places += noPlace.test(letter) ? 0 : twoPlaces.test(letter) ? 2 : 1;
  return places;
}

function oneLine(text: string): string {
  return text.replace(/[^\S ]+/g, " ");
}
