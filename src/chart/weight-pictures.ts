import { checkKeys, checkNumber } from "../base/check";
import { fail } from "../base/errors";
import { checkModel } from "../model/check-model";
import type { Scorer } from "../model/scorer";
import { escapeLabel, shortLabel } from "./escape";
import { Figure, type Trace } from "./figure";
import { grouped, significant } from "./format";
import { axisOf, layoutOf } from "./theme";

/** The shape of {@link weightPicturesChart}. */
export interface PictureOptions {
  /** Pixels across a picture: features come row by row. Default: the root of their number, where it is whole. */
  readonly width?: number;
}

/** Against a class, nothing, for it: the palette's colours for two sides, whose lightness meets in the middle. */
const diverging: readonly (readonly [number, string])[] = [
  [0, "rgb(213,94,0)"],
  [0.5, "rgb(238,238,238)"],
  [1, "rgb(0,114,178)"],
];
/** Cells between pictures. */
const between = 2;
/** Pixels of the page above each picture for its name, at least, and for each letter of it. */
const nameHeight = 18;
const letterWidth = 8;
/** Pixels across, fixed, so that those of the pictures are squares; 88 are margins. */
const total = 760;
const drawnWidth = total - 88;
/** What few pixels are drawn as, at most. */
const largestPixel = 14;

/**
 * The weights of a model of images, a picture for each output: what speaks for its class in blue, what against it in orange,
 * weights of zero left blank. All pictures share one scale.
 * @throws `missing-option` where the width can't be told from the number of features; `invalid-option` where it does not
 * divide it; `unknown-option`
 */
export function weightPicturesChart(model: Scorer, options: PictureOptions = {}): Figure {
  checkKeys(options, ["width"], "weightPicturesChart");
  checkModel(model);
  const { classes, features } = model;
  const outputs = model.weights.length / features;
  const width = widthOf(features, options.width);
  const height = features / width;
  const across = Math.min(outputs, Math.max(1, Math.ceil(Math.sqrt((outputs * height) / width / 0.4))));
  const down = Math.ceil(outputs / across);
  const columns = across * (width + between) - between;
  const room = Math.max(columns, Math.round(drawnWidth / largestPixel));
  const head = Math.ceil((nameHeight * room) / drawnWidth);
  const rows = down * (height + head);
  const letters = Math.max(Math.floor(((width + between) * drawnWidth) / room / letterWidth), 2);
  const z = Array.from({ length: rows }, () => new Array<number | null>(columns).fill(null));
  const shown = outputs === 1 ? classes.slice(1) : classes;
  let most = 0;
  for (let k = 0; k < outputs; k++) {
    const top = Math.floor(k / across) * (height + head) + head;
    const left = (k % across) * (width + between);
    for (let j = 0; j < features; j++) {
      const weight = model.weights[j * outputs + k];
      if (weight === 0) continue;
      most = Math.max(most, Math.abs(weight));
      z[top + Math.floor(j / width)][left + (j % width)] = Number(weight.toPrecision(3));
    }
  }
  const reach = most || 1;
  const names: Trace = {
    type: "scatter",
    mode: "text",
    x: shown.map((_, k) => (k % across) * (width + between) + (width - 1) / 2),
    y: shown.map((_, k) => Math.floor(k / across) * (height + head) + head - 1),
    text: shown.map((label) => shortLabel(escapeLabel(String(label)), letters)),
    textposition: "top center",
    textfont: { size: 13 },
    hoverinfo: "skip",
    showlegend: false,
    cliponaxis: false,
  };
  const bare = { showgrid: false, showticklabels: false, ticks: "", showline: false } as const;
  const subtitle = `${grouped(model.nonzeros)} of ${grouped(model.weights.length)} weights · blue speaks for the class, orange against it · the largest ${significant(most, 3)} in size`;
  return new Figure({
    data: [
      {
        type: "heatmap",
        x: Array.from({ length: columns }, (_, i) => i),
        y: Array.from({ length: rows }, (_, i) => i),
        z,
        colorscale: diverging,
        zmin: -reach,
        zmax: reach,
        xgap: 0,
        ygap: 0,
        showscale: false,
        hovertemplate: "weight %{z:.3g}<extra></extra>",
      },
      names,
    ],
    layout: {
      width: total,
      ...layoutOf({
        title: "Weights as pictures",
        subtitle,
        height: Math.round((drawnWidth * rows) / room) + 128,
        axes: {
          xaxis: axisOf("", "linear", [-0.5, room - 0.5], bare),
          yaxis: axisOf(`Pixels, ${height} rows of ${width}`, "linear", [rows - 0.5, -0.5], bare),
        },
      }),
    },
    summary: `Weights as pictures of ${width} x ${height} pixels: ${subtitle}`,
  });
}

function widthOf(features: number, given: number | undefined): number {
  if (given === undefined) {
    const root = Math.sqrt(features);
    if (Number.isInteger(root)) return root;
    fail("missing-option", {
      thing: "width of the pictures",
      value: given,
      expected: `the pixels of a row, since ${features} features are no square`,
    });
  }
  const width = checkNumber(given, "width", { min: 1, integer: true });
  if (features % width === 0) return width;
  return fail("invalid-option", {
    thing: "width of the pictures",
    value: width,
    expected: `a divisor of the number of features, ${features}`,
  });
}
