import { mkdir, readFile } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { checkKeys } from "../../base/check";
import { displaySymbol, type MimeBundle } from "../../base/display";
import { fail } from "../../base/errors";
import { checkText } from "../../base/shape";
import { writeWhole } from "../../base/whole-file";
import { escapeHtml } from "../../chart/escape";
import { Figure } from "../../chart/figure";
import { pictureHtml, scriptSafe } from "../../chart/upgrade";
import { plotlyLibrary } from "../plotly-library";
import { bundleOf } from "../render";
import { partsOf, textsHtml } from "../results";
import { type TableView, tableHtml, tableText } from "../table";
import { Card } from "./card";
import { LiveFront } from "./live-front";
import { liveFrontHtml, liveScript } from "./live-front-html";
import { reportStyle } from "./style";

/** A part of a report. */
export interface ReportSection {
  /** The heading of the part. */
  readonly title: string;
  /**
   * In the order shown: strings are paragraphs, figures are live charts, a {@link LiveFront} is alive, cards and all other
   * values are shown as in a notebook (results as a table with their charts).
   */
  readonly content: readonly unknown[];
}

/** What a report holds. */
export interface ReportOptions {
  /** The heading of the page. */
  readonly title: string;
  /** What the reader should know first. Default: nothing. */
  readonly summary?: string;
  /** The parts, in order. */
  readonly sections: readonly ReportSection[];
}

/** A page that stands alone: text, tables and live charts in one HTML file that needs no network. */
export class Report {
  constructor(
    /** The heading of the page. */
    readonly title: string,
    /** What stands below it; empty for nothing. */
    readonly summary: string,
    /** The parts, in order. */
    readonly sections: readonly ReportSection[],
  ) {}

  /** What a notebook shows of it: its parts as a table, and how it is written. */
  toBundle(): MimeBundle {
    const view: TableView = {
      title: `Report: ${this.title}`,
      columns: ["part", "holds"],
      words: [0, 1],
      named: true,
      rows: this.sections.flatMap(({ title, content }) =>
        content.slice(0, mostNamed).map((value, i) => [i === 0 ? title : "", nameOf(value)]),
      ),
      note: 'await save("report.html") writes it as one page',
    };
    return { "text/html": tableHtml(view), "text/plain": tableText(view) };
  }

  /** The page; the same content gives the same bytes. @throws `missing-dependency` where plotly.js is not installed */
  async toHtml(): Promise<string> {
    const figures: Figure[] = [];
    const fronts: LiveFront[] = [];
    const sections: string[] = [];
    const script = this.sections.some(({ content }) => content.some((value) => value instanceof LiveFront))
      ? scriptText(liveScript())
      : "";
    for (const { title, content } of this.sections) {
      const parts: string[] = [];
      for (const value of content) {
        if (value instanceof LiveFront)
          parts.push(liveFrontHtml(value, fronts.push(value) - 1, script.length));
        else parts.push(await contentHtml(value, figures));
      }
      sections.push(`<section><h2>${escapeHtml(title)}</h2>${parts.join("")}</section>`);
    }
    const live =
      (script === "" ? "" : `<script>${script}</script>`) +
      (figures.length === 0 ? "" : await scriptsOf(figures));
    const summary = this.summary === "" ? "" : `<div class="summary">${paragraphs(this.summary)}</div>`;
    return (
      `<!doctype html>\n<html lang="en"><head><meta charset="utf-8">` +
      `<meta name="viewport" content="width=device-width,initial-scale=1">` +
      `<meta http-equiv="Content-Security-Policy" content="${policy}">` +
      `<title>${escapeHtml(this.title)}</title><style>${reportStyle}</style></head><body>` +
      `<header><h1>${escapeHtml(this.title)}</h1>${summary}</header>` +
      `<main>${sections.join("")}</main>${live}</body></html>\n`
    );
  }

  /** Writes the page: to a temporary file that is then renamed, so that no half page is ever seen. Returns the path. */
  async save(path: string): Promise<string> {
    checkText(path, "path", "the path of a file");
    const target = resolve(path);
    const html = await this.toHtml();
    await mkdir(dirname(target), { recursive: true });
    await writeWhole(target, html);
    return target;
  }
}

const mostNamed = 30;

Object.defineProperty(Report.prototype, displaySymbol, { value: Report.prototype.toBundle });

function nameOf(value: unknown): string {
  if (value instanceof Card) return value.title;
  if (value instanceof Figure) return value.layout.title.text;
  if (value instanceof LiveFront) return "the front, alive";
  if (typeof value === "string") return "text";
  return partsOf(value)?.table.title ?? "a value";
}

/** Puts a report together; nothing is written before `save`. @throws `unknown-option`; `invalid-option` */
export function report(options: ReportOptions): Report {
  checkKeys(options, ["title", "summary", "sections"], "report");
  const { title, summary = "", sections } = options;
  if (typeof title !== "string" || title === "") {
    fail("invalid-option", { thing: "title of the report", value: title, expected: "a text" });
  }
  if (!Array.isArray(sections)) {
    fail("invalid-option", { thing: "sections of the report", value: sections, expected: "an array" });
  }
  for (const section of sections) checkKeys(section, ["title", "content"], "section of the report");
  return new Report(title, summary, sections);
}

const policy =
  "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data: blob:; " +
  "base-uri 'none'; form-action 'none'";

// Its own height, since plotly gives a chart that is resized what its place has. The picture stays for print: a live chart is laid out
// for the screen, and does not fit the page.
const draw =
  "JSON.parse(document.getElementById('figures').textContent).forEach(function(f,i){" +
  "var h=document.getElementById('chart-'+i),p=h.previousElementSibling.querySelector('img');" +
  "h.style.height=f.layout.height+'px';h.setAttribute('role','img');h.setAttribute('aria-label',p.alt);" +
  "h.parentNode.className='live';Plotly.newPlot(h,f.data,f.layout,f.config)})";

async function contentHtml(value: unknown, figures: Figure[]): Promise<string> {
  if (typeof value === "string") return paragraphs(value);
  if (value instanceof Figure) return figureHtml(value, figures);
  if (value instanceof Card) return value.toHtml((figure) => figureHtml(figure, figures));
  const view = partsOf(value);
  if (view !== undefined) {
    return textsHtml(view) + view.figures.map((figure) => figureHtml(figure, figures)).join("");
  }
  return bundleHtml(await bundleOf(value));
}

function figureHtml(figure: Figure, figures: Figure[]): string {
  const at = figures.push(figure) - 1;
  const wide = isWide(figure) ? " panels" : "";
  return (
    `<figure><div class="still${wide}">${pictureHtml(figure)}</div>` +
    `<div class="chart${wide}" id="chart-${at}"></div></figure>`
  );
}

/** Whether a figure has panels or texts that a phone has no room for beside each other, and is scrolled there. */
function isWide({ data, layout }: Figure): boolean {
  return layout.xaxis2 !== undefined || data.some(({ mode }) => mode === "text");
}

function bundleHtml(bundle: MimeBundle): string {
  const html = bundle["text/html"];
  if (typeof html === "string") return html;
  // Errors are coloured by ANSI codes, which only notebooks and terminals draw.
  return `<pre>${escapeHtml(stripVTControlCharacters(String(bundle["text/plain"] ?? "")))}</pre>`;
}

function paragraphs(text: string): string {
  return text
    .split(/\n\s*\n/)
    .map((paragraph) => `<p>${escapeHtml(paragraph.trim())}</p>`)
    .join("");
}

async function scriptsOf(figures: readonly Figure[]): Promise<string> {
  const plotly = await readFile(plotlyLibrary(), "utf8");
  return (
    `<script>${scriptText(plotly)}</script>` +
    `<script type="application/json" id="figures">${scriptSafe(figures)}</script><script>${draw}</script>`
  );
}

/** A program as it may stand in a script element. */
function scriptText(program: string): string {
  return program.replace(/<(?=\/script|!--)/gi, "\\x3c");
}
