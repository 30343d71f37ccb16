import type { Axis, Layout } from "./figure";

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
export interface LayoutParts {
  readonly title: string;
  readonly subtitle?: string;
  readonly height?: number;
  readonly legend?: boolean;
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
export function layoutOf({ title, subtitle, height, legend, axes, barmode, bargap }: LayoutParts): Layout {
  return {
    title: {
      text: title,
      ...(subtitle === undefined ? {} : { subtitle: { text: subtitle, font: { size: 12.5, color: ink } } }),
      x: 0,
      xref: "container",
      xanchor: "left",
      pad: { l: 12 },
      y: 0.98,
      yref: "container",
      yanchor: "top",
      font: { size: 16, color: ink },
    } as Layout["title"],
    height: height ?? 380,
    autosize: true,
    font: { family: fontFamily, size: 13, color: ink },
    paper_bgcolor: "rgba(0,0,0,0)",
    plot_bgcolor: "rgba(0,0,0,0)",
    colorway: palette,
    margin: { l: 64, r: 24, t: legend ? 92 : 72, b: 56 },
    hoverlabel: { font: { family: fontFamily, size: 13 } },
    showlegend: legend ?? false,
    legend: { orientation: "h", x: 0, xanchor: "left", y: 1.01, yanchor: "bottom" },
    ...(barmode === undefined ? {} : { barmode }),
    ...(bargap === undefined ? {} : { bargap }),
    ...axes,
  };
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
  const span = range[1] - range[0];
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
    ...(type === "log" ? { dtick: span < wideLog ? "D2" : logStep(span), tickformat: ",~r" } : {}),
    ...more,
  };
}

/** An axis of names, in the order given. */
export function categoryAxis(title: string, names: readonly string[], more: Partial<Axis> = {}): Axis {
  const range = [-0.5, names.length - 0.5] as const;
  return axisOf(title, "category", range, { categoryarray: names, categoryorder: "array", ...more });
}

/** The range of `values` with a margin; of one value, a little to both sides. */
export function linearRange(values: readonly number[], margin = 0.05): readonly [number, number] {
  const finite = values.filter(Number.isFinite);
  if (finite.length === 0) return [0, 1];
  const low = Math.min(...finite);
  const high = Math.max(...finite);
  const pad = high > low ? (high - low) * margin : Math.max(Math.abs(high), 1) * margin;
  return [low - pad, high + pad];
}

/** The range of positive `values` in powers of ten, with a margin at least of `margin` powers. */
export function logRange(values: readonly number[], margin = 0.1): readonly [number, number] {
  const [low, high] = linearRange(values.filter((v) => v > 0).map(Math.log10));
  return [low - margin, high + margin];
}
