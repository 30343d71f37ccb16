import { escapeHtml, plainLabel } from "../escape";
import type { Layout, Trace } from "../figure";
import { ink, palette } from "../theme";
import { spanOf } from "../thin";
import { cells } from "./cells";
import { Path, px } from "./path";
import type { Scale } from "./scale";
import { widthOf } from "./text";

/** The scales of the panel that a trace is drawn in; its upper left corner is the origin. */
interface Panel {
  readonly x: Scale;
  readonly y: Scale;
  readonly width: number;
  readonly height: number;
  /** The traces of bars that stand in it, side by side unless they overlay. */
  readonly bars: readonly Trace[];
  readonly layout: Layout;
}

/** The SVG elements of one trace. */
export function marksOf(trace: Trace, colour: string, panel: Panel): string {
  if (trace.type === "heatmap") return cells(trace, panel.x, panel.y);
  if (trace.type === "bar") return bars(trace, colour, panel);
  if (trace.type !== "scatter") return "";
  return trace.mode === "text" ? texts(trace, panel) : lineAndMarkers(trace, colour, panel);
}

const anchors = { left: "end", center: "middle", right: "start" } as const;

function texts({ x, y, text, textposition = "middle right", textfont }: Trace, panel: Panel): string {
  const [up, side] = textposition.split(" ");
  const rise = up === "top" ? -4 : 4;
  const labels = x.map((value, i) => {
    const [a, b] = [panel.x.place(value), panel.y.place(y[i])];
    const label = text?.[i];
    if (Number.isNaN(a) || Number.isNaN(b) || typeof label !== "string" || label === "") return "";
    return `<text x="${px(a)}" y="${px(b + rise)}">${escapeHtml(plainLabel(label))}</text>`;
  });
  const anchor = anchors[side as keyof typeof anchors] ?? "start";
  const size = textfont === undefined ? "" : ` font-size="${px(textfont.size)}"`;
  return `<g class="labels" fill="${ink}" text-anchor="${anchor}"${size}>${labels.join("")}</g>`;
}

/** The colour of a trace: its own, or that of its place among the traces of the figure. */
export function colourOf({ line, marker }: Trace, place: number): string {
  return line?.color ?? marker?.color ?? palette[place % palette.length];
}

function lineAndMarkers(
  { x, y, mode, line, marker, opacity = 1 }: Trace,
  colour: string,
  panel: Panel,
): string {
  const count = Math.min(x.length, y.length);
  const parts = mode ?? (count < 20 ? "lines+markers" : "lines");
  const [path, dots] = [new Path(), new Path()];
  let open = false;
  for (let i = 0; i < count; i++) {
    const [a, b] = [panel.x.place(x[i]), panel.y.place(y[i])];
    const gap = Number.isNaN(a) || Number.isNaN(b);
    if (!gap && open) path.line(a, b);
    if (!gap && !open) path.move(a, b);
    if (!gap) dots.dot(a, b);
    open = !gap;
  }
  if (count === 0) return "";
  const faint = opacity === 1 ? "" : ` opacity="${opacity}"`;
  const stroke = (path: Path, color: string, width: number, more: string) =>
    `<path d="${path}" fill="none" stroke="${escapeHtml(color)}" stroke-width="${px(width)}"${more}${faint}/>`;
  const dash = line?.dash === undefined ? "" : ` stroke-dasharray="2 4"`;
  return (
    (parts.includes("lines")
      ? stroke(path, colour, line?.width ?? 2, ` stroke-linejoin="round"${dash}`)
      : "") +
    (parts.includes("markers")
      ? stroke(dots, marker?.color ?? colour, marker?.size ?? 6, ` stroke-linecap="round"`)
      : "")
  );
}

function bars(trace: Trace, colour: string, panel: Panel): string {
  const flat = trace.orientation === "h";
  const [along, across] = flat ? [panel.x, panel.y] : [panel.y, panel.x];
  const [values, places] = flat ? [trace.x, trace.y] : [trace.y, trace.x];
  const ground = along.logarithmic ? (flat ? 0 : panel.height) : along.at(0);
  const slot = slotOf(trace, flat, panel);
  const path = new Path();
  const labels: string[] = [];
  for (let i = 0; i < Math.min(values.length, places.length); i++) {
    const end = visible(along.place(values[i]), ground, flat ? 1 : -1);
    const width = typeof trace.width === "object" ? trace.width[i] : trace.width;
    const middle = across.at(across.position(places[i]) + (width === undefined ? slot.offset : 0));
    if (Number.isNaN(end) || Number.isNaN(middle)) continue;
    const thick = Math.abs((width ?? slot.width) * across.unit);
    if (flat) path.box(ground, middle - thick / 2, end, middle + thick / 2);
    else path.box(middle - thick / 2, end, middle + thick / 2, ground);
    const text = trace.text?.[i];
    if (trace.textposition !== "outside" || typeof text !== "string") continue;
    const label = escapeHtml(plainLabel(text));
    if (flat && thick >= 9) labels.push(`<text x="${px(end + 6)}" y="${px(middle + 4)}">${label}</text>`);
    if (!flat && thick >= widthOf(text)) {
      labels.push(`<text x="${px(middle)}" y="${px(end - 5)}" text-anchor="middle">${label}</text>`);
    }
  }
  if (`${path}` === "") return "";
  const opacity = trace.opacity === undefined ? "" : ` fill-opacity="${trace.opacity}"`;
  const texts = labels.length === 0 ? "" : `<g fill="${ink}">${labels.join("")}</g>`;
  return `<path d="${path}" fill="${escapeHtml(colour)}"${opacity}/>${texts}`;
}

/** The end of a bar that is not zero: a pixel from its ground at least, as plotly has it. */
function visible(end: number, ground: number, forward: number): number {
  if (end === ground || !(Math.abs(end - ground) < 1)) return end;
  return ground + Math.sign(end - ground || forward);
}

/** The width of a bar without one of its own, and its offset among those beside it, in units of the axis. */
function slotOf(trace: Trace, flat: boolean, { bars, layout, x, y }: Panel) {
  const scale = flat ? y : x;
  const beside = layout.barmode === "overlay" ? [trace] : bars;
  const all = (layout.barmode === "overlay" ? bars : beside).flatMap((t) => (flat ? t.y : t.x));
  const positions = Float64Array.from(all, (v) => scale.position(v)).sort();
  const steps = positions.map((v, i) =>
    i === 0 || v === positions[i - 1] ? Number.NaN : v - positions[i - 1],
  );
  const { low } = spanOf(steps);
  const room = (Number.isFinite(low) ? low : 1) * (1 - (layout.bargap ?? 0.2));
  const width = room / beside.length;
  return { width, offset: (beside.indexOf(trace) + 0.5) * width - room / 2 };
}
