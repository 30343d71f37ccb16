import { plainLabel, shortLabel } from "./escape";
import type { Axis, Layout } from "./figure";
import { spanOf } from "./thin";

/** Colours that people with any kind of colour blindness can tell apart (Okabe and Ito, 2008), on light and dark. */
export const palette: readonly string[] = [
  "#0072b2",
  "#d55e00",
  "#009e73",
  "#cc79a7",
  "#e69f00",
  "#56b4e9",
  "#8c6bb1",
  "#7f7f7f",
];

/** Text and lines in greys that read on light and on dark ground, since a figure can't know where it will stand. */
export const ink = "#7b828c";
/** The lines of the grid, fainter than text. */
export const grid = "rgba(128,128,128,0.22)";
/** The reader's own interface font, so that a figure loads none. */
export const fontFamily = "system-ui, -apple-system, 'Segoe UI', Roboto, Helvetica, Arial, sans-serif";

/** From the ground to deep blue: even steps of lightness, readable in grey. */
export const sequential: readonly (readonly [number, string])[] = [
  [0, "rgb(233,243,249)"],
  [1, "rgb(13,120,182)"],
];

/** The part of a layout that a chart decides itself. */
interface LayoutParts {
  readonly title: string;
  readonly subtitle?: string;
  readonly height?: number;
  /** Pixels to the right of the axes, for texts that stand there. Default 24. */
  readonly right?: number;
  /** Beneath the title, or at the foot of the chart where there are many names. */
  readonly legend?: boolean | "below";
  readonly axes: Readonly<Record<`xaxis${"" | 2 | 3}` | `yaxis${"" | 2 | 3}`, Axis>> | AxisPair;
  readonly barmode?: "group" | "overlay";
  readonly bargap?: number;
}

interface AxisPair {
  readonly xaxis: Axis;
  readonly yaxis: Axis;
  readonly xaxis2?: Axis;
  readonly yaxis2?: Axis;
  readonly xaxis3?: Axis;
  readonly yaxis3?: Axis;
}

/** The layout that all charts share. */
export function layoutOf({
  title,
  subtitle,
  height,
  right,
  legend,
  axes,
  barmode,
  bargap,
}: LayoutParts): Layout {
  const lines = wrapped(subtitle ?? "");
  const more = (subtitle === undefined ? -1 : lines.length - 1) * lineHeight;
  return {
    title: {
      text: title,
      ...(subtitle === undefined
        ? {}
        : { subtitle: { text: lines.join("<br>"), font: { size: 12.5, color: ink } } }),
      x: 0,
      xref: "container",
      xanchor: "left",
      pad: { l: 12, t: 10 },
      y: 1,
      yref: "container",
      yanchor: "top",
      font: { size: 16, color: ink },
    } as Layout["title"],
    height: (height ?? 380) + more,
    autosize: true,
    font: { family: fontFamily, size: 13, color: ink },
    paper_bgcolor: "rgba(0,0,0,0)",
    plot_bgcolor: "rgba(0,0,0,0)",
    colorway: palette,
    margin: { l: 64, r: right ?? 24, t: (legend === true ? 92 : 72) + more, b: 56 },
    hoverlabel: { font: { family: fontFamily, size: 13 } },
    showlegend: legend !== undefined && legend !== false,
    legend: {
      orientation: "h",
      x: 0,
      xanchor: "left",
      ...(legend === "below" ? { y: 0, yref: "container" } : { y: 1.01 }),
      yanchor: "bottom",
    },
    ...(barmode === undefined ? {} : { barmode }),
    ...(bargap === undefined ? {} : { bargap }),
    ...axes,
  };
}

const lineHeight = 17;
const longestLine = 50;
const mostLines = 4;
const longestName = 24;
const mostNames = 60;

/** A subtitle in lines that a phone has room for, broken where a thought ends; plotly itself breaks none. */
function wrapped(subtitle: string): string[] {
  const lines = [""];
  for (const part of subtitle.split(/(?<= · |, |; )/)) {
    const line = `${lines[lines.length - 1]}${part}`;
    const fits = plainLabel(line.trimEnd()).length <= longestLine || lines[lines.length - 1] === "";
    if (fits || lines.length === mostLines) lines[lines.length - 1] = line;
    else lines.push(part);
  }
  return lines.map((line, i) => (i + 1 < lines.length ? line.replace(/ · $/, "") : line).trimEnd());
}

/** The layout with one more line of subtitle, and room for it. */
export function noted(layout: Layout, note: string): Layout {
  const { subtitle } = layout.title;
  const margin = (layout.margin ?? { l: 64, r: 24, t: 72, b: 56 }) as { readonly t: number };
  const text = subtitle?.text ? `${subtitle.text}<br>${note}` : note;
  return {
    ...layout,
    title: { ...layout.title, subtitle: { font: { size: 12.5, color: ink }, ...subtitle, text } },
    height: layout.height + lineHeight,
    margin: { ...margin, t: margin.t + lineHeight },
  } as Layout;
}

/** A logarithmic axis of fewer powers of ten than this has ticks at 1, 2 and 5. */
export const wideLog = 2;

/** How many powers of ten lie between two ticks of a logarithmic axis that spans `span` of them. */
export function logStep(span: number): number {
  return Math.max(1, Math.ceil(span / 3.5));
}

/** An axis in the common look. */
export function axisOf(
  title: string,
  type: Axis["type"],
  range: readonly [number, number],
  more: Partial<Axis> = {},
): Axis {
  const span = Math.abs(range[1] - range[0]);
  return {
    ...(title === "" ? {} : { title: { text: title, standoff: 10, font: { size: 13 } } }),
    type,
    range,
    gridcolor: grid,
    linecolor: ink,
    zeroline: false,
    ticks: "outside",
    ticklen: 4,
    tickcolor: grid,
    automargin: true,
    showgrid: type !== "category",
    ...(type === "category" ? {} : { tickformat: extreme(type, range) ? "~g" : ",~r" }),
    ...(type === "log" ? { dtick: span < wideLog ? "D2" : logStep(span) } : {}),
    ...more,
  };
}

/** How shares of a linear axis are written: with so many decimals, at least one, that no two ticks read alike. */
export function percentFormat(
  [low, high]: readonly [number, number],
  ticks = 8,
): { readonly tickformat: string } {
  const step = (100 * Math.abs(high - low)) / ticks;
  const decimals = step > 0 ? Math.ceil(-Math.log10(step)) : 1;
  return { tickformat: `.${Math.min(Math.max(decimals, 1), 6)}%` };
}

/** Whether the numbers of an axis read better with an exponent. */
function extreme(type: Axis["type"], [low, high]: readonly [number, number]): boolean {
  if (type === "log") return Math.min(low, high) < -5 || Math.max(low, high) > 9;
  const size = Math.max(Math.abs(low), Math.abs(high));
  return size >= 1e9 || size < 1e-5;
}

/** An axis of names, in the order given. */
export function categoryAxis(title: string, names: readonly string[], more: Partial<Axis> = {}): Axis {
  const range = [-0.5, names.length - 0.5] as const;
  const long = names.some((name) => name.length > longestName);
  return axisOf(title, "category", range, {
    categoryarray: names,
    categoryorder: "array",
    ...(long ? shortTicks(names, longestName) : {}),
    ...more,
  });
}

/** The labels of an axis of names: at most `letters` long, and of many names every second, third, ... */
export function shortTicks(names: readonly string[], letters: number): Pick<Axis, "tickvals" | "ticktext"> {
  const step = Math.ceil(names.length / mostNames);
  const tickvals = names.flatMap((_, i) => (i % step === 0 ? [i] : []));
  return { tickvals, ticktext: tickvals.map((i) => shortLabel(names[i], letters)) };
}

/** The range of `values` with a margin; of one value, a little to both sides. */
export function linearRange(values: readonly number[], margin = 0.05): readonly [number, number] {
  const { low, high } = spanOf(values.filter(Number.isFinite));
  if (low > high) return [0, 1];
  const pad = high > low ? (high - low) * margin : Math.max(Math.abs(high), 1) * margin;
  return [low - pad, high + pad];
}

/** The range of positive `values` in powers of ten, with a margin at least of `margin` powers. */
export function logRange(values: readonly number[], margin = 0.1): readonly [number, number] {
  const [low, high] = linearRange(values.filter((v) => v > 0).map(Math.log10));
  return [low - margin, high + margin];
}
