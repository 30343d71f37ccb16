import { join } from "node:path";
import { escapeHtml } from "../../chart/escape";
import { bytes, grouped } from "../../chart/format";
import { scriptSafe } from "../../chart/upgrade";
import { tableHtml } from "../table";
import { scriptOf } from "./bundle";
import { frontChartSvg } from "./front-chart";
import type { LiveFront } from "./live-front";
import type { PageField, PagePayload } from "./page/payload";

/** The script that makes live fronts live, once a page. */
export function liveScript(): string {
  return scriptOf(join(__dirname, "page", "main"));
}

/** A live front as HTML; `at` sets apart those of one page. `scriptBytes` is the size of {@link liveScript}, which is told. */
export function liveFrontHtml(front: LiveFront, at: number, scriptBytes: number): string {
  const { payload, points, chosen, baseline } = front;
  const chart = (title: string, of: "accuracy" | "logLoss", share: boolean) =>
    frontChartSvg({
      title,
      points: points.map((point) => ({ bytes: point.point.bytes, value: point[of] })),
      chosen,
      share,
      ...(baseline === null ? {} : { baseline: baseline[of] }),
    });
  const data = scriptSafe(payload);
  return (
    `<div class="front" data-live-front="${at}">` +
    `<div class="charts">${chart("Accuracy", "accuracy", true)}${chart("Log-loss (nats a row)", "logLoss", false)}</div>` +
    `<details><summary>All ${grouped(points.length)} models as a table</summary>${tableHtml(front.table)}</details>` +
    `<div data-part="live" hidden>${controls(payload, at)}` +
    `<dl class="facts" data-part="facts" aria-live="polite"></dl>` +
    `<p class="note">${rowsNote(payload)} The numbers above are computed in this page, from the bytes below.</p>` +
    `<h3>The whole file, as text</h3><pre class="file" tabindex="0" aria-label="the file in base64" data-part="file"></pre>` +
    `<div data-part="confusion"></div><div data-part="kept"></div>` +
    `<h3>Try it</h3>${form(payload, at)}` +
    `<div data-part="verdict" aria-live="polite"></div><div data-part="spoke"></div>` +
    `<p class="note">Nothing leaves this page. It carries ${grouped(points.length)} models in ` +
    `${bytes(sum(points.map(({ point }) => point.bytes)))}, with rows and names ${bytes(Buffer.byteLength(data))}, and ` +
    `${bytes(scriptBytes)} of script that decodes and encodes.</p></div>` +
    `<script type="application/json">${data}</script></div>`
  );
}

function controls({ files, chosen }: PagePayload, at: number): string {
  return (
    `<p class="slide"><label for="slider-${at}">Model on the front, from small to large</label>` +
    `<output data-part="place" for="slider-${at}"></output>` +
    `<input type="range" id="slider-${at}" data-part="slider" min="0" max="${files.length - 1}" step="1" value="${chosen}"></p>`
  );
}

function rowsNote({ rows: { count, of } }: PagePayload): string {
  return count === of
    ? `Judged by ${grouped(count)} rows.`
    : `Judged by ${grouped(count)} rows, drawn at random from ${grouped(of)}; the charts and the table know all of them.`;
}

function form({ fields, examples }: PagePayload, at: number): string {
  const shown = fields.flatMap((field, i) => (field.shown ? [control(field, i, at)] : []));
  const left = fields.length - shown.length;
  const note =
    left === 0
      ? ""
      : `<p class="note">${left === 1 ? "1 more stays as it is" : `${grouped(left)} more stay as they are`} in the example: what ${left === 1 ? "it says" : "they say"} is little or nothing.</p>`;
  const buttons = examples.map(
    ({ name }, i) => `<button type="button" data-example="${i}">${escapeHtml(name)}</button>`,
  );
  const start = buttons.length === 0 ? "" : `<p class="examples">Begin with ${buttons.join(" ")}</p>`;
  return `${start}<div class="fields">${shown.join("")}</div>${note}`;
}

function control({ name, kind, levels = [], value }: PageField, i: number, at: number): string {
  const id = `field-${at}-${i}`;
  const common = `id="${id}" data-field="${i}"`;
  const shown = escapeHtml(value);
  const inner = {
    // A line break right after the tag is not part of the text.
    text: () =>
      `<textarea ${common} rows="8" spellcheck="false" placeholder="Type or paste a text">\n${shown}</textarea>`,
    number: () => `<input ${common} type="text" inputmode="decimal" autocomplete="off" value="${shown}">`,
    line: () => `<input ${common} type="text" autocomplete="off" value="${shown}">`,
    choice: () =>
      `<select ${common}>${[...levels, ""].map((level) => option(level, value)).join("")}</select>`,
  };
  const wide = kind === "text" ? ' class="wide"' : "";
  return `<p${wide}><label for="${id}">${escapeHtml(name)}</label>${inner[kind]()}</p>`;
}

function option(level: string, value: string): string {
  const chosen = level === value ? " selected" : "";
  return `<option value="${escapeHtml(level)}"${chosen}>${level === "" ? "(another)" : escapeHtml(level)}</option>`;
}

function sum(values: readonly number[]): number {
  return values.reduce((all, value) => all + value, 0);
}
