import { escapeHtml, plainLabel, shortLabel } from "../escape";
import type { Axis, Figure, Trace } from "../figure";
import { fontFamily, grid, ink } from "../theme";
import { marksOf, px } from "./marks";
import { type Scale, scaleOf } from "./scale";

const width = 760;
const right = 24;

type Suffix = "" | "2" | "3";

/** Draws a figure as an SVG document: the marks, axes and texts that plotly would draw, at rest. */
export function pictureOf(figure: Figure): string {
  const { layout, data } = figure;
  const { height } = layout;
  const top = layout.showlegend ? 92 : 68;
  const bottom = height - 56;
  const panels = (["", "2", "3"] as const).filter((s) => layout[`xaxis${s}`] !== undefined);
  const left = leftMargin(layout.yaxis);
  const drawn = panels.map((suffix) => panelOf(figure, suffix, { left, top, bottom }));
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" ` +
    `font-family="${fontFamily}" font-size="12.5">` +
    text(12, 24, layout.title.text, `font-size="16"`) +
    text(12, 44, layout.title.subtitle?.text ?? "", "") +
    (layout.showlegend ? legend(data, left) : "") +
    `${drawn.join("")}</svg>`
  );
}

function panelOf(figure: Figure, suffix: Suffix, { left, top, bottom }: Frame): string {
  const { layout, data } = figure;
  const xaxis = layout[`xaxis${suffix}`] as Axis;
  const yaxis = layout[`yaxis${suffix}`] as Axis;
  const span = width - right - left;
  const [from, to] = (xaxis.domain ?? [0, 1]).map((share) => left + share * span);
  const x = scaleOf(xaxis, from, to);
  const y = scaleOf(yaxis, bottom, top);
  const marks = data
    .filter((trace) => (trace.xaxis ?? "x") === `x${suffix}`)
    .map((trace) => marksOf(trace, { x, y, bottom, left: from }, layout));
  return (
    gridOf(xaxis, yaxis, x, y, { from, to, top, bottom }) +
    marks.join("") +
    axisTexts(xaxis, yaxis, x, y, { from, to, top, bottom })
  );
}

interface Frame {
  readonly left: number;
  readonly top: number;
  readonly bottom: number;
}

interface Box {
  readonly from: number;
  readonly to: number;
  readonly top: number;
  readonly bottom: number;
}

function gridOf(xaxis: Axis, yaxis: Axis, x: Scale, y: Scale, { from, to, top, bottom }: Box): string {
  const upright = xaxis.showgrid === false ? [] : x.ticks.map(({ at }) => rule(at, top, at, bottom));
  const level = yaxis.showgrid === false || yaxis.type === "category" ? [] : y.ticks;
  return [...upright, ...level.map(({ at }) => rule(from, at, to, at))].join("");
}

function axisTexts(xaxis: Axis, yaxis: Axis, x: Scale, y: Scale, { from, to, top, bottom }: Box): string {
  const below = x.ticks.map(({ at, label }) => text(at, bottom + 18, label, `text-anchor="middle"`));
  const beside = yaxis.showticklabels === false ? [] : y.ticks;
  const middle = (top + bottom) / 2;
  const side = from - leftMargin(yaxis) + 16;
  return [
    ...below,
    ...beside.map(({ at, label }) =>
      text(from - 8, at + 4, plainLabel(shortLabel(label, 28)), `text-anchor="end"`),
    ),
    text((from + to) / 2, bottom + 42, xaxis.title?.text ?? "", `text-anchor="middle"`),
    text(
      side,
      middle,
      yaxis.title?.text ?? "",
      `text-anchor="middle" transform="rotate(-90 ${px(side)} ${px(middle)})"`,
    ),
  ].join("");
}

function leftMargin(axis: Axis): number {
  const names = axis.type === "category" ? (axis.ticktext ?? axis.categoryarray ?? []) : ["0.00000"];
  const longest = Math.max(...names.map((name) => plainLabel(shortLabel(name, 28)).length), 1);
  return 20 + 7 * longest + (axis.title === undefined ? 0 : 22);
}

function legend(data: readonly Trace[], left: number): string {
  let at = left;
  return data
    .filter((trace) => trace.showlegend !== false && trace.name !== undefined)
    .map((trace) => {
      const name = plainLabel(trace.name ?? "");
      const colour = trace.line?.color ?? trace.marker?.color ?? ink;
      const start = at;
      at += 32 + 7 * name.length;
      return (
        `<rect x="${px(start)}" y="62" width="14" height="10" fill="${colour}" fill-opacity="${trace.opacity ?? 1}"/>` +
        text(start + 20, 71, name, "")
      );
    })
    .join("");
}

function text(x: number, y: number, content: string, attributes: string): string {
  if (content === "") return "";
  return `<text x="${px(x)}" y="${px(y)}" fill="${ink}" ${attributes}>${escapeHtml(plainLabel(content))}</text>`;
}

function rule(x1: number, y1: number, x2: number, y2: number): string {
  return `<line x1="${px(x1)}" y1="${px(y1)}" x2="${px(x2)}" y2="${px(y2)}" stroke="${grid}"/>`;
}
