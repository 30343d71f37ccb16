import { escapeHtml } from "../escape";
import type { Axis, Layout, Trace } from "../figure";
import { type AxisKey, axesOf, placesOfNames, type Suffix } from "../places";
import { fontFamily, grid, ink } from "../theme";
import { axisTexts, bottomMargin, leftMargin } from "./axes";
import { legendOf } from "./legend";
import { colourOf, marksOf } from "./marks";
import { px } from "./path";
import { type Scale, scaleOf } from "./scale";
import { fitting, text } from "./text";

const usualWidth = 760;
const usualRight = 24;
const titleRoom = 68;
const lineHeight = 17;

/** What a picture is drawn of. */
interface Drawable {
  readonly data: readonly Trace[];
  readonly layout: Layout;
}

/** Draws a figure as an SVG document: the marks, axes and texts that plotly would draw, at rest. */
export function pictureOf({ data, layout }: Drawable): string {
  const width = sizeOf(layout.width, usualWidth);
  const lines = (layout.title.subtitle?.text ?? "").split("<br>");
  const panels = (["", "2", "3"] as const).filter((s) => layout[`xaxis${s}`] && layout[`yaxis${s}`]);
  const names = (key: AxisKey) => namesOf(key, layout, data);
  const left = Math.max(
    ...panels.map((s) =>
      (axis(layout, "x", s).domain?.[0] ?? 0) === 0
        ? leftMargin(axis(layout, "y", s), yLabels(axis(layout, "y", s), names(`yaxis${s}`), layout.height))
        : 0,
    ),
    24,
  );
  const right = sizeOf((layout.margin as { readonly r?: number } | undefined)?.r, usualRight, 0);
  const legend = legendOf(data, layout, width - left - right);
  const spans = panels.map((s) => domainOf(axis(layout, "x", s), left, width - right));
  const under = Math.max(
    ...panels.map((s, k) =>
      (axis(layout, "y", s).domain?.[0] ?? 0) === 0
        ? bottomMargin(axis(layout, "x", s), names(`xaxis${s}`), spans[k][1] - spans[k][0])
        : 0,
    ),
    24,
  );
  const top = titleRoom + lineHeight * (lines.length - 1) + (legend.below ? 0 : legend.height);
  const height = Math.max(sizeOf(layout.height, 380), top + under + 80 + (legend.below ? legend.height : 0));
  const bottom = height - under - (legend.below ? legend.height : 0);
  const drawn = panels.map((suffix, k) => {
    const [low, high] = axis(layout, "y", suffix).domain ?? [0, 1];
    return panelOf({ data, layout }, suffix, names, {
      ...{ from: spans[k][0], to: spans[k][1] },
      ...{ top: bottom - high * (bottom - top), bottom: bottom - low * (bottom - top) },
    });
  });
  const legendAt = legend.below ? height - legend.height : top - legend.height;
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" width="${px(width)}" height="${px(height)}" ` +
    `viewBox="0 0 ${px(width)} ${px(height)}" font-family="${fontFamily}" font-size="12.5">` +
    text(12, 24, fitting(layout.title.text, width - 24, 16), `class="title" font-size="16"`) +
    `<g class="subtitle">${lines.map((line, i) => text(12, 44 + lineHeight * i, fitting(line, width - 24))).join("")}</g>` +
    (legend.svg === ""
      ? ""
      : `<g class="legend" transform="translate(${px(left)} ${px(legendAt)})">${legend.svg}</g>`) +
    `${drawn.map((panel) => `<g class="panel">${panel}</g>`).join("")}</svg>`
  );
}

/** A panel's place in the picture. */
export interface Box {
  readonly from: number;
  readonly to: number;
  readonly top: number;
  readonly bottom: number;
}

function panelOf(
  { data, layout }: Drawable,
  suffix: Suffix,
  names: (key: AxisKey) => ReadonlyMap<string, number>,
  box: Box,
): string {
  const { from, to, top, bottom } = box;
  const [width, height] = [to - from, bottom - top];
  const [xaxis, yaxis] = [axis(layout, "x", suffix), axis(layout, "y", suffix)];
  const x = scaleOf(xaxis, names(`xaxis${suffix}`), 0, width);
  const y = scaleOf(yaxis, names(`yaxis${suffix}`), height, 0);
  const traces = data.filter((trace) => axesOf(trace)[0] === `xaxis${suffix}`);
  const bars = traces.filter((trace) => trace.type === "bar");
  const panel = { x, y, width, height, bars, layout };
  const marks = traces.map((trace) => marksOf(trace, colourOf(trace, data.indexOf(trace)), panel));
  // A nested picture clips like plotly's plot area, needs no names, and keeps coordinates short.
  const clip = traces.some((trace) => trace.cliponaxis === false) ? ` overflow="visible"` : "";
  return (
    gridOf(xaxis, yaxis, x, y, box) +
    `<svg class="plot" x="${px(from)}" y="${px(top)}" width="${px(width)}" height="${px(height)}"${clip}>` +
    `${marks.join("")}</svg>` +
    `<path d="M${px(from)} ${px(top)}V${px(bottom)}H${px(to)}" fill="none" stroke="${ink}"/>` +
    `${axisTexts(xaxis, yaxis, x, y, box)}`
  );
}

function gridOf(xaxis: Axis, yaxis: Axis, x: Scale, y: Scale, { from, to, top, bottom }: Box): string {
  const upright = xaxis.showgrid === false || xaxis.type === "category" ? [] : x.ticks;
  const level = yaxis.showgrid === false || yaxis.type === "category" ? [] : y.ticks;
  const rules = [
    ...upright.map(({ at }) => `M${px(from + at)} ${px(top)}V${px(bottom)}`),
    ...level.map(({ at }) => `M${px(from)} ${px(top + at)}H${px(to)}`),
  ];
  return rules.length === 0 ? "" : `<path d="${rules.join("")}" stroke="${escapeHtml(grid)}"/>`;
}

/** The labels that a y axis will have, before its height is known to the pixel. */
function yLabels(yaxis: Axis, names: ReadonlyMap<string, number>, height: number): readonly string[] {
  if (yaxis.type === "category") return [...names.keys()];
  const [low, high] = yaxis.domain ?? [0, 1];
  const pixels = Math.max((high - low) * (sizeOf(height, 380) - titleRoom - 56), 1);
  return scaleOf(yaxis, names, pixels, 0).ticks.map(({ label }) => label);
}

function axis(layout: Layout, side: "x" | "y", suffix: Suffix): Axis {
  return layout[`${side}axis${suffix}`] as Axis;
}

function namesOf(key: AxisKey, layout: Layout, data: readonly Trace[]): ReadonlyMap<string, number> {
  const values = data.flatMap((trace) => {
    const [x, y] = axesOf(trace);
    return x === key ? [trace.x] : y === key ? [trace.y] : [];
  });
  return placesOfNames(layout[key] as Axis, values);
}

function domainOf({ domain = [0, 1] }: Axis, left: number, end: number): readonly [number, number] {
  return [left + domain[0] * (end - left), left + domain[1] * (end - left)];
}

function sizeOf(given: number | undefined, usual: number, least = 120): number {
  return given !== undefined && Number.isFinite(given) ? Math.min(Math.max(given, least), 5_000) : usual;
}
