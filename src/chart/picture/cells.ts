import { escapeHtml, plainLabel } from "../escape";
import type { Datum, Trace } from "../figure";
import { numberOf } from "../places";
import { sequential } from "../theme";
import { spanOf } from "../thin";
import { Path, px } from "./path";
import type { Scale } from "./scale";
import { widthOf } from "./text";

/** The cells of a heatmap, those of one colour in one path; of a run without gaps, one rectangle. */
export function cells(trace: Trace, x: Scale, y: Scale): string {
  const { z = [], xgap = 0, ygap = 0, text, texttemplate } = trace;
  const found = spanOf(z.map((row) => spanOf(row.map(numberOf)).low));
  const { low: zmin, high: zmax } = {
    low: trace.zmin ?? found.low,
    high: trace.zmax ?? spanOf(z.map((row) => spanOf(row.map(numberOf)).high)).high,
  };
  const columns = edgesOf(trace.x, z[0]?.length ?? 0, x);
  const rows = edgesOf(trace.y, z.length, y);
  const paths = new Map<string, Path>();
  const labels: string[] = [];
  for (const [r, row] of z.entries()) {
    if (rows[r] === undefined) continue;
    const [top, bottom] = inset(rows[r] as Stretch, ygap);
    for (let c = 0; c < row.length; c++) {
      const value = numberOf(row[c]);
      if (Number.isNaN(value) || columns[c] === undefined) continue;
      const colour = colourAt(trace, shareOf(value, zmin, zmax));
      let last = c;
      while (xgap === 0 && texttemplate === undefined && row[last + 1] === row[c] && columns[last + 1])
        last++;
      const [left] = inset(columns[c] as Stretch, xgap);
      const [, right] = inset(columns[last] as Stretch, xgap);
      const fill = hex(colour);
      const path = paths.get(fill) ?? new Path();
      paths.set(fill, path.box(left, top, right, bottom));
      const label = texttemplate === undefined ? "" : plainLabel(String(text?.[r]?.[c] ?? ""));
      if (label !== "" && widthOf(label) < Math.abs(right - left) && Math.abs(bottom - top) >= 12) {
        const at = `x="${px((left + right) / 2)}" y="${px((top + bottom) / 2 + 4.5)}"`;
        labels.push(`<text ${at} fill="${light(colour) ? "#444" : "#fff"}">${escapeHtml(label)}</text>`);
      }
      c = last;
    }
  }
  const texts = labels.length === 0 ? "" : `<g text-anchor="middle">${labels.join("")}</g>`;
  return [...paths].map(([fill, path]) => `<path d="${path}" fill="${fill}"/>`).join("") + texts;
}

type Stretch = readonly [number, number];

/** Where each column or row begins and ends: half-way to its neighbours, or at the edges that are given. */
function edgesOf(values: readonly Datum[], count: number, scale: Scale): (Stretch | undefined)[] {
  const places = values.map((v) => scale.place(v));
  if (values.length > count) return places.slice(0, count).map((place, i) => stretch(place, places[i + 1]));
  return places.map((place, i) => {
    const before = i > 0 ? place - places[i - 1] : Number.NaN;
    const after = i + 1 < places.length ? places[i + 1] - place : Number.NaN;
    const [left, right] = [before || after || scale.unit, after || before || scale.unit];
    return stretch(place - left / 2, place + right / 2);
  });
}

function stretch(from: number, to: number): Stretch | undefined {
  return Number.isNaN(from) || Number.isNaN(to) ? undefined : [Math.min(from, to), Math.max(from, to)];
}

function inset([from, to]: Stretch, gap: number): Stretch {
  const each = Math.min(gap, (to - from) / 2) / 2;
  return [from + each, to - each];
}

function shareOf(value: number, low: number, high: number): number {
  const share = high > low ? (value / 2 - low / 2) / (high / 2 - low / 2) : 0.5;
  // In steps of which no screen shows half, so that equal colours share a path.
  return Math.round(Math.min(Math.max(share, 0), 1) * 255) / 255;
}

type Colour = readonly [number, number, number];

function colourAt({ colorscale = sequential }: Trace, share: number): Colour {
  const above = Math.max(
    colorscale.findIndex(([stop]) => stop >= share),
    1,
  );
  const [[from, start], [to, end]] = [colorscale[above - 1], colorscale[above] ?? colorscale[above - 1]];
  const part = to > from ? (share - from) / (to - from) : 0;
  const [a, b] = [channels(start), channels(end)];
  return a.map((v, k) => Math.round(v + part * (b[k] - v))) as unknown as Colour;
}

function channels(colour: string): Colour {
  const numbers = colour.startsWith("#")
    ? (colour.slice(1).match(colour.length < 7 ? /./g : /../g) ?? []).map((c) =>
        Number.parseInt(c.repeat(3 - c.length), 16),
      )
    : (colour.match(/[\d.]+/g) ?? []).map(Number);
  return [numbers[0] || 0, numbers[1] || 0, numbers[2] || 0];
}

function hex(colour: Colour): string {
  return `#${colour.map((v) => Math.min(v, 255).toString(16).padStart(2, "0")).join("")}`;
}

function light([r, g, b]: Colour): boolean {
  return (299 * r + 587 * g + 114 * b) / 1000 >= 128;
}
