import { displaySymbol, type MimeBundle } from "../base/display";
import { checkShape } from "../base/shape";
import { shortText } from "./escape";
import { pictureOf } from "./picture/picture";
import { type Shown, shownOf } from "./shown";
import { htmlOf } from "./upgrade";

/** A value on an axis: a number, or the name of a category. `null`, NaN and infinities are gaps. */
export type Datum = number | string | null;

/** One trace of plotly: the attributes that our charts use, in plotly's names. */
export interface Trace {
  /** Points and lines, bars, or cells. */
  readonly type: "scatter" | "bar" | "heatmap";
  /** What the legend calls it. */
  readonly name?: string;
  /** Where marks are across. */
  readonly x: readonly Datum[];
  /** Where marks are up. */
  readonly y: readonly Datum[];
  /** Rows of cells, for a heatmap. */
  readonly z?: readonly (readonly (number | null)[])[];
  /** `text` writes each of `text` at its point, and shows nothing where pointed at. */
  readonly mode?: "lines" | "markers" | "lines+markers" | "text";
  /** Whether bars lie or stand. */
  readonly orientation?: "h" | "v";
  /** Words for each mark, or each cell. */
  readonly text?: readonly string[] | readonly (readonly string[])[];
  /** What is written at each mark, in plotly's notation. */
  readonly texttemplate?: string;
  /** Of bars, outside them or not at all; of the mode `text`, on which side of its point. */
  readonly textposition?: "outside" | "none" | "middle right" | "middle left" | "top center" | "top left";
  /** The size of that writing. */
  readonly textfont?: { readonly size: number };
  /** That nothing is shown where pointed at. */
  readonly hoverinfo?: "skip";
  /** What is shown where pointed at, in plotly's notation. */
  readonly hovertemplate?: string;
  /** How wide bars are, in units of the axis. */
  readonly width?: number | readonly number[];
  /** Colour, width and dash of a line. */
  readonly line?: { readonly color: string; readonly width: number; readonly dash?: "dot" };
  /** Colour and size of marks. */
  readonly marker?: { readonly color: string; readonly size?: number };
  /** From 0 to 1. */
  readonly opacity?: number;
  /** The colours of cells, from the least value at 0 to the largest at 1. */
  readonly colorscale?: readonly (readonly [number, string])[];
  /** Whether the scale of colours is shown. */
  readonly showscale?: boolean;
  /** The value of the first colour. */
  readonly zmin?: number;
  /** The value of the last colour. */
  readonly zmax?: number;
  /** Pixels between cells across. */
  readonly xgap?: number;
  /** Pixels between cells up. */
  readonly ygap?: number;
  /** The axis of `x`. Default `x`. */
  readonly xaxis?: "x" | "x2" | "x3";
  /** The axis of `y`. Default `y`. */
  readonly yaxis?: "y" | "y2" | "y3";
  /** Whether the legend has it. Default true. */
  readonly showlegend?: boolean;
  /** Whether marks end where the axes do. Default true. */
  readonly cliponaxis?: boolean;
}

/** An axis of plotly. `range` is in powers of ten for a logarithmic axis, in places from -0.5 for categories. */
export interface Axis {
  /** What is along it, with its unit. */
  readonly title?: {
    readonly text: string;
    readonly standoff?: number;
    readonly font?: { readonly size: number };
  };
  /** How values become places. */
  readonly type: "linear" | "log" | "category";
  /** Where it begins and ends. */
  readonly range: readonly [number, number];
  /** The part of the figure that it takes, from 0 at the left or at the bottom to 1. */
  readonly domain?: readonly [number, number];
  /** Another axis whose range it follows, e.g. `x`. */
  readonly matches?: string;
  /** The axis that it stands at, e.g. `y2`. */
  readonly anchor?: string;
  /** The names in order, for categories. */
  readonly categoryarray?: readonly string[];
  /** That `categoryarray` gives the order. */
  readonly categoryorder?: "array";
  /** Where ticks are, if not where plotly puts them: values, on a logarithmic axis too. */
  readonly tickvals?: readonly number[];
  /** What stands at `tickvals`. */
  readonly ticktext?: readonly string[];
  /** How numbers at ticks are written, in d3's notation. */
  readonly tickformat?: string;
  /** How many ticks there are at most. */
  readonly nticks?: number;
  /** The step between ticks: on a logarithmic axis in powers of ten, or `D2` for 1, 2 and 5. */
  readonly dtick?: number | "D2";
  /** Whether ticks have words. */
  readonly showticklabels?: boolean;
  /** Whether lines cross the figure at ticks. */
  readonly showgrid?: boolean;
  /** Whether the margin grows with long labels. */
  readonly automargin?: boolean;
  /** Any other attribute of plotly's. */
  readonly [style: string]: unknown;
}

/** The layout of plotly: title, axes, and the look that `theme.ts` gives all charts. */
export interface Layout {
  /** What the chart is of, and the line below it. */
  readonly title: { readonly text: string; readonly subtitle?: { readonly text: string } };
  /** Pixels across. Default: what there is. */
  readonly width?: number;
  /** Pixels down. */
  readonly height: number;
  /** The horizontal axis. */
  readonly xaxis: Axis;
  /** The vertical axis. */
  readonly yaxis: Axis;
  /** That of a second panel. */
  readonly xaxis2?: Axis;
  /** That of a second panel. */
  readonly yaxis2?: Axis;
  /** That of a third panel. */
  readonly xaxis3?: Axis;
  /** That of a third panel. */
  readonly yaxis3?: Axis;
  /** Whether bars of several traces stand beside or over each other. */
  readonly barmode?: "group" | "overlay";
  /** The share of the room between bars. */
  readonly bargap?: number;
  /** Whether traces are named. */
  readonly showlegend: boolean;
  /** Any other attribute of plotly's. */
  readonly [style: string]: unknown;
}

/** The parts of a {@link Figure}. */
export interface FigureParts {
  /** The traces. */
  readonly data: readonly Trace[];
  /** Title, axes and look. */
  readonly layout: Layout;
  /** One line that says what the chart says. */
  readonly summary: string;
}

/**
 * A chart: a plotly figure that draws itself in a notebook, and as a still picture where nothing can run.
 *
 * `data` holds all that it was given. What is shown takes at most `byteBudget` bytes of JSON: larger figures are
 * thinned (lines keep their shape, scattered points the ground that they cover, bars and cells the largest of
 * neighbours), and say so in their subtitle. What is not finite is a gap.
 */
export class Figure {
  /** The traces, with all their marks. */
  readonly data: readonly Trace[];
  /** Title, axes and look. */
  readonly layout: Layout;
  /** How the live chart behaves, in plotly's terms. */
  readonly config: Readonly<Record<string, unknown>> = { responsive: true, displaylogo: false };
  /** One line that says what the chart says. */
  readonly summary: string;
  #shown: Shown | undefined;

  constructor(parts: FigureParts) {
    checkShape(parts, "parts of a figure", "{ data, layout, summary }", {
      data: "list",
      layout: "object",
      summary: "text",
    });
    const { data, layout, summary } = parts;
    this.data = data;
    this.layout = layout;
    this.summary = summary;
  }

  /** The figure as a still picture, an SVG document of what is shown. */
  toSvg(): string {
    return pictureOf(this.#show());
  }

  /** What plotly takes: data, layout and config, thinned to the byte budget. */
  toJSON(): Readonly<Record<string, unknown>> {
    const { data, layout } = this.#show();
    return { data, layout, config: this.config };
  }

  /** What a notebook shows of it: the live figure, a still picture that a script upgrades, and the summary. */
  toBundle(): MimeBundle {
    const { note } = this.#show();
    const text = shortText(this.summary, 1_000);
    return {
      "application/vnd.plotly.v1+json": this.toJSON(),
      "text/html": htmlOf(this),
      "text/plain": note === "" ? text : `${text} (${note})`,
    };
  }

  #show(): Shown {
    this.#shown ??= shownOf(this);
    return this.#shown;
  }
}

Object.defineProperty(Figure.prototype, displaySymbol, { value: Figure.prototype.toBundle });
