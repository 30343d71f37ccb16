import { escapeHtml } from "../../chart/escape";
import { grouped, percent, significant } from "../../chart/format";
import { scaleOf } from "../../chart/picture/scale";
import { axisOf, linearRange, logRange } from "../../chart/theme";

/** A point of a chart that can be chosen. */
interface ChartPoint {
  /** The size of the file. */
  readonly bytes: number;
  /** Its quality. */
  readonly value: number;
}

/** A chart of bytes against one measure of quality. */
interface ChartParts {
  /** What is measured, with its unit. */
  readonly title: string;
  /** In order of bytes. */
  readonly points: readonly ChartPoint[];
  /** The number of the chosen point. */
  readonly chosen: number;
  /** The level of the uncompressed model, where it is known. */
  readonly baseline?: number;
  /** Whether quality is a share, shown in percent. */
  readonly share: boolean;
}

const width = 420;
const height = 270;
const frame = { left: 62, right: 408, top: 34, bottom: 222 };

/** The chart as SVG whose colours are the page's, with a mark a point that a script can move along. */
export function frontChartSvg({ title, points, chosen, baseline, share }: ChartParts): string {
  const values = [...points.map(({ value }) => value), ...(baseline === undefined ? [] : [baseline])];
  const sizes = points.map(({ bytes }) => bytes);
  const xAxis = axisOf("Bytes", "log", logRange(sizes));
  const yAxis = axisOf(title, "linear", linearRange(values), share ? { tickformat: ".1%" } : {});
  const x = scaleOf(xAxis, new Map(), frame.left, frame.right);
  const y = scaleOf(yAxis, new Map(), frame.bottom, frame.top);
  // A short stretch of a logarithmic axis may hold a single round number, which tells no scale.
  const xTicks =
    x.ticks.length > 1
      ? x.ticks
      : [...new Set([sizes[0], sizes[sizes.length - 1]])].map((size) => ({
          at: x.place(size),
          label: grouped(size),
        }));
  const show = share ? percent : (value: number) => significant(value);
  const at = (value: number) => String(Math.round(10 * value) / 10);
  const marks = points.map(({ bytes, value }, i) => {
    const name = `${grouped(bytes)} bytes, ${show(value)}${i === chosen ? ", chosen" : ""}`;
    return (
      `<circle data-point="${i}" class="${i === chosen ? "chosen" : ""}" cx="${at(x.place(bytes))}" cy="${at(y.place(value))}" r="5">` +
      `<title>${escapeHtml(name)}</title></circle>`
    );
  });
  const ends = [points[0], points[points.length - 1]].map(
    ({ bytes, value }) => `${grouped(bytes)} bytes: ${show(value)}`,
  );
  return (
    `<svg viewBox="0 0 ${width} ${height}" role="img" aria-label="${escapeHtml(`${title} by size of the file; ${ends.join(" to ")}`)}">` +
    `<text x="0" y="16" class="head">${escapeHtml(title)}</text>` +
    xTicks
      .map(
        (tick) =>
          `<line class="grid" x1="${at(tick.at)}" x2="${at(tick.at)}" y1="${frame.top}" y2="${frame.bottom}"/>` +
          `<text x="${at(tick.at)}" y="${frame.bottom + 18}" text-anchor="middle">${escapeHtml(tick.label)}</text>`,
      )
      .join("") +
    y.ticks
      .map(
        (tick) =>
          `<line class="grid" x1="${frame.left}" x2="${frame.right}" y1="${at(tick.at)}" y2="${at(tick.at)}"/>` +
          `<text x="${frame.left - 8}" y="${at(tick.at + 4)}" text-anchor="end">${escapeHtml(tick.label)}</text>`,
      )
      .join("") +
    `<text x="${(frame.left + frame.right) / 2}" y="${height - 10}" text-anchor="middle">Bytes of the file (log scale)</text>` +
    (baseline === undefined
      ? ""
      : `<line class="level" x1="${frame.left}" x2="${frame.right}" y1="${at(y.place(baseline))}" y2="${at(y.place(baseline))}"/>` +
        `<text x="${frame.right}" y="16" text-anchor="end">- - uncompressed ${escapeHtml(show(baseline))}</text>`) +
    `<polyline class="front" points="${points.map(({ bytes, value }) => `${at(x.place(bytes))},${at(y.place(value))}`).join(" ")}"/>` +
    `${marks.join("")}</svg>`
  );
}
