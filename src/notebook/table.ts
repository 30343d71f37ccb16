import { escapeHtml } from "../chart/escape";

/** A table to show. Numbers stand to the right, words to the left. */
export interface TableView {
  readonly title?: string;
  readonly columns: readonly string[];
  /** The columns, by number, whose cells are words. */
  readonly words: readonly number[];
  readonly rows: readonly (readonly string[])[];
  /** A line below the table. */
  readonly note?: string;
}

/** The table as HTML, every string in it escaped. */
export function tableHtml({ title, columns, words, rows, note }: TableView): string {
  const side = (at: number) => (words.includes(at) ? "left" : "right");
  const cell = (tag: "td" | "th", text: string, at: number) =>
    `<${tag}${tag === "th" ? ' scope="col"' : ""} style="text-align:${side(at)};white-space:nowrap">` +
    `${escapeHtml(shorten(text))}</${tag}>`;
  const line = (tag: "td" | "th", texts: readonly string[]) =>
    `<tr>${texts.map((text, at) => cell(tag, text, at)).join("")}</tr>`;
  const caption =
    title === undefined
      ? ""
      : `<caption style="text-align:left;white-space:nowrap;font-weight:600;padding:0.4em 0">${escapeHtml(title)}</caption>`;
  const below =
    note === undefined
      ? ""
      : `<p style="opacity:0.75;margin:0.3em 0 0.8em;font-size:0.92em">${escapeHtml(note)}</p>`;
  return (
    `<div class="logitpress-table" style="overflow-x:auto"><table style="font-variant-numeric:tabular-nums">` +
    `${caption}${columns.length === 0 ? "" : `<thead>${line("th", columns)}</thead>`}<tbody>${rows.map((row) => line("td", row)).join("")}</tbody>` +
    `</table>${below}</div>`
  );
}

/** The table as text, its columns aligned by spaces. */
export function tableText({ title, columns, words, rows, note }: TableView): string {
  const lines = [...(columns.length === 0 ? [] : [columns]), ...rows].map((row) =>
    row.map((text) => shorten(oneLine(text))),
  );
  const widths = (lines[0] ?? []).map((_, at) =>
    Math.max(...lines.map((line) => [...(line[at] ?? "")].length)),
  );
  const body = lines.map((line) =>
    line
      .map((text, at) => {
        const gap = " ".repeat(widths[at] - [...text].length);
        return words.includes(at) ? text + gap : gap + text;
      })
      .join("  ")
      .trimEnd(),
  );
  return [...(title === undefined ? [] : [title]), ...body, ...(note === undefined ? [] : [note])].join("\n");
}

/** A table of names and values. */
export function factsView(
  title: string,
  facts: readonly (readonly [string, string])[],
  note?: string,
): TableView {
  return { title, columns: [], words: [0], rows: facts, ...(note === undefined ? {} : { note }) };
}

const longest = 60;

function shorten(text: string): string {
  const letters = [...text.slice(0, 4 * longest)];
  return letters.length > longest ? `${letters.slice(0, longest - 1).join("")}…` : text;
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, " ");
}
