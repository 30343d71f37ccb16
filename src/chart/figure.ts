import { displaySymbol, type MimeBundle } from "../base/display";
import { shortText } from "./escape";
import { pictureOf } from "./picture/picture";
import { type Shown, shownOf } from "./shown";
import { htmlOf } from "./upgrade";

/** A value on an axis: a number, or the name of a category. `null`, NaN and infinities are gaps. */
export type Datum = number | string | null;

/** One trace of plotly: the attributes that our charts use, in plotly's names. */
export interface Trace {
  readonly type: "scatter" | "bar" | "heatmap";
  readonly name?: string;
  readonly x: readonly Datum[];
  readonly y: readonly Datum[];
  /** Rows of cells, for a heatmap. */
  readonly z?: readonly (readonly (number | null)[])[];
  /** `text` writes each of `text` at its point, and shows nothing where pointed at. */
  readonly mode?: "lines" | "markers" | "lines+markers" | "text";
  readonly orientation?: "h" | "v";
  readonly text?: readonly string[] | readonly (readonly string[])[];
  readonly texttemplate?: string;
  /** Of bars, outside them or not at all; of the mode `text`, on which side of its point. */
  readonly textposition?: "outside" | "none" | "middle right" | "middle left" | "top center" | "top left";
  readonly textfont?: { readonly size: number };
  readonly hoverinfo?: "skip";
  readonly hovertemplate?: string;
  readonly width?: number | readonly number[];
  readonly line?: { readonly color: string; readonly width: number; readonly dash?: "dot" };
  readonly marker?: { readonly color: string; readonly size?: number };
  readonly opacity?: number;
  readonly colorscale?: readonly (readonly [number, string])[];
  readonly showscale?: boolean;
  readonly zmin?: number;
  readonly zmax?: number;
  readonly xgap?: number;
  readonly ygap?: number;
  readonly xaxis?: "x" | "x2" | "x3";
  readonly yaxis?: "y" | "y2" | "y3";
  readonly showlegend?: boolean;
  readonly cliponaxis?: boolean;
}

/** An axis of plotly. `range` is in powers of ten for a logarithmic axis, in places from -0.5 for categories. */
export interface Axis {
  readonly title?: {
    readonly text: string;
    readonly standoff?: number;
    readonly font?: { readonly size: number };
  };
  readonly type: "linear" | "log" | "category";
  readonly range: readonly [number, number];
  /** The part of the figure that it takes, from 0 at the left or at the bottom to 1. */
  readonly domain?: readonly [number, number];
  /** Another axis whose range it follows, e.g. `x`. */
  readonly matches?: string;
  readonly anchor?: string;
  readonly categoryarray?: readonly string[];
  readonly categoryorder?: "array";
  readonly tickvals?: readonly number[];
  readonly ticktext?: readonly string[];
  readonly tickformat?: string;
  readonly nticks?: number;
  /** The step between ticks: on a logarithmic axis in powers of ten, or `D2` for 1, 2 and 5. */
  readonly dtick?: number | "D2";
  readonly showticklabels?: boolean;
  readonly showgrid?: boolean;
  readonly automargin?: boolean;
  readonly [style: string]: unknown;
}

/** The layout of plotly: title, axes, and the look that `theme.ts` gives all charts. */
export interface Layout {
  readonly title: { readonly text: string; readonly subtitle?: { readonly text: string } };
  readonly width?: number;
  readonly height: number;
  readonly xaxis: Axis;
  readonly yaxis: Axis;
  readonly xaxis2?: Axis;
  readonly yaxis2?: Axis;
  readonly xaxis3?: Axis;
  readonly yaxis3?: Axis;
  readonly barmode?: "group" | "overlay";
  readonly bargap?: number;
  readonly showlegend: boolean;
  readonly [style: string]: unknown;
}

/** The parts of a {@link Figure}. */
export interface FigureParts {
  readonly data: readonly Trace[];
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
  readonly data: readonly Trace[];
  readonly layout: Layout;
  readonly config: Readonly<Record<string, unknown>> = { responsive: true, displaylogo: false };
  /** One line that says what the chart says. */
  readonly summary: string;
  #shown: Shown | undefined;

  constructor({ data, layout, summary }: FigureParts) {
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
