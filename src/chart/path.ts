import { checkShape } from "../base/shape";
import type { PathStep, RegularizationPath } from "../train/regularization-path";
import { escapeLabel, shortLabel } from "./escape";
import { Figure, type Trace } from "./figure";
import { counted, grouped, percent, significant } from "./format";
import { countRow, inside, noBreak, spread } from "./labels";
import { strengthOf, strongest } from "./strongest";
import { axisOf, layoutOf, linearRange, logRange, palette } from "./theme";

const named = 12;
const faint = 40;
/** Steps of which more would not be seen. */
const mostSteps = 60;
const height = 580;
/** The share of the height that the coefficients take, and its pixels about. */
const upper = 0.62;
const upperPixels = 270;
const lineHeight = 16;
const grey = "#8a8f98";

/**
 * The coefficients of a path against lambda, the strongest named where they end, above the share of the deviance that
 * is explained; the sparse models stand to the left. Of more than two classes, each feature's norm over the classes.
 */
export function pathChart(path: RegularizationPath): Figure {
  checkShape(path, "path", "what await regularizationPath(data) returns", { steps: "list" });
  const steps = drawnSteps(path.steps);
  const { model } = steps[steps.length - 1];
  const columns = strongest(model, named + faint);
  const lambdas = steps.map(({ lambda }) => rounded(lambda));
  const lines = columns.map((column) => steps.map((step) => rounded(strengthOf(step.model, column))));
  const [low, high] = logRange(lambdas, steps.length === 1 ? 0.5 : 0.02);
  const range = [high, low] as const;
  const values = linearRange([0, ...lines.flat()], 0.04);
  const explained = path.steps.map(({ devianceExplained }) => devianceExplained);
  const most = Math.max(...explained.filter(Number.isFinite), 0.01);
  const upperAxes = { xaxis: "x2", yaxis: "y2" } as const;
  const names = columns
    .slice(0, named)
    .map((column) => shortLabel(escapeLabel(path.featureNames.at(column)), 18));
  const hues = names.map((_, i) => palette[i % (palette.length - 1)]);
  const curves = lines.map((line, i): Trace => lineOf(path, columns[i], lambdas, line, hues[i]));
  const subtitle = subtitleOf(path, columns.length);
  return new Figure({
    data: [
      devianceLine(path.steps),
      zeroLine(range),
      ...curves.slice(named),
      ...curves.slice(0, named).reverse(),
      ...endLabels(names, hues, lines, lambdas[lambdas.length - 1], inside(low, high), values),
      ...countRow(path.steps, range, values[1], upperAxes),
    ],
    layout: layoutOf({
      title: "Regularization path",
      subtitle,
      height,
      right: columns.length === 0 ? 24 : 132,
      axes: {
        xaxis: axisOf("lambda (log scale, the sparsest to the left)", "log", range, { anchor: "y" }),
        yaxis: axisOf("Deviance explained", "linear", [0, most * 1.06], {
          domain: [0, 0.27],
          anchor: "x",
          tickformat: most < 0.05 ? ".1%" : ".0%",
          nticks: 6,
        }),
        xaxis2: axisOf("", "log", range, { anchor: "y2", matches: "x", showticklabels: false }),
        yaxis2: axisOf(titleOf(model.outputs, model.scale !== null), "linear", values, {
          domain: [1 - upper, 1],
          anchor: "x2",
          nticks: 7,
        }),
      },
    }),
    summary: `Regularization path: ${subtitle}`,
  });
}

function titleOf(outputs: number, scaled: boolean): string {
  if (outputs > 1) return scaled ? "Norm of scaled coefficients" : "Norm of a feature's coefficients";
  return scaled ? "Scaled coefficient (log-odds)" : "Coefficient (log-odds per unit)";
}

function subtitleOf({ steps, endedEarly }: RegularizationPath, drawn: number): string {
  const [first, last] = [steps[0], steps[steps.length - 1]];
  const shown = Math.min(drawn, named);
  return [
    `${counted(steps.length, "step")}, lambda ${fromTo(significant(first.lambda, 3), significant(last.lambda, 3))}`,
    `${fromTo(grouped(first.nonzeros), grouped(last.nonzeros))} weights`,
    `${percent(last.devianceExplained)} of the deviance explained`,
    ...(drawn > named ? [`the ${shown} strongest features named, ${drawn - shown} more faint`] : []),
    ...(endedEarly === null ? [] : [`ended early: ${escapeLabel(endedEarly)}`]),
  ].join(" · ");
}

function fromTo(first: string, last: string): string {
  return first === last ? last : `${first} → ${last}`;
}

/** Not more steps than can be told apart, the first and the last among them. */
function drawnSteps(steps: readonly PathStep[]): readonly PathStep[] {
  if (steps.length <= mostSteps) return steps;
  return Array.from({ length: mostSteps }, (_, i) => {
    return steps[Math.round((i * (steps.length - 1)) / (mostSteps - 1))];
  });
}

function lineOf(
  path: RegularizationPath,
  column: number,
  lambdas: readonly number[],
  line: readonly number[],
  hue: string | undefined,
): Trace {
  // From the last zero before it enters on: what lies before is the axis.
  const from = Math.max(line.findIndex((value) => value !== 0) - 1, 0);
  const what = path.classes.length > 2 ? "norm" : "coefficient";
  return {
    type: "scatter",
    mode: line.length - from === 1 ? "lines+markers" : "lines",
    name: shortLabel(escapeLabel(path.featureNames.at(column)), 40),
    x: lambdas.slice(from),
    y: line.slice(from),
    xaxis: "x2",
    yaxis: "y2",
    line: { color: hue ?? grey, width: hue === undefined ? 1 : 2 },
    marker: { color: hue ?? grey, size: 6 },
    opacity: hue === undefined ? 0.35 : 1,
    showlegend: false,
    hovertemplate: `%{fullData.name}<br>lambda %{x:.3g}<br>${what} %{y:.4g}<extra></extra>`,
  };
}

/** The names to the right of the panel, each joined to the end of its line. */
function endLabels(
  names: readonly string[],
  hues: readonly string[],
  lines: readonly (readonly number[])[],
  from: number,
  to: number,
  [low, high]: readonly [number, number],
): readonly Trace[] {
  if (names.length === 0) return [];
  const ends = names.map((_, i) => lines[i][lines[i].length - 1]);
  const unit = (high - low) / upperPixels;
  const places = spread(ends, lineHeight * unit, low + 6 * unit, high - 6 * unit).map(rounded);
  const common = { xaxis: "x2", yaxis: "y2", showlegend: false, hoverinfo: "skip" } as const;
  return [
    ...places.map((place, i): Trace => {
      const line = { color: hues[i], width: 1 };
      return { ...common, type: "scatter", mode: "lines", x: [from, rounded(to)], y: [ends[i], place], line };
    }),
    {
      ...common,
      type: "scatter",
      mode: "text",
      x: places.map(() => rounded(to)),
      y: places,
      text: names.map((name) => `${noBreak}${name}`),
      textposition: "middle right",
      textfont: { size: 12 },
      cliponaxis: false,
    },
  ];
}

function zeroLine([from, to]: readonly [number, number]): Trace {
  return {
    type: "scatter",
    mode: "lines",
    x: [inside(from, to), inside(to, from)].map(rounded),
    y: [0, 0],
    xaxis: "x2",
    yaxis: "y2",
    line: { color: grey, width: 1 },
    opacity: 0.6,
    showlegend: false,
    hoverinfo: "skip",
  };
}

function devianceLine(steps: readonly PathStep[]): Trace {
  return {
    type: "scatter",
    mode: steps.length <= mostSteps ? "lines+markers" : "lines",
    x: steps.map(({ lambda }) => rounded(lambda)),
    y: steps.map(({ devianceExplained }) => rounded(devianceExplained)),
    text: steps.map(({ nonzeros }) => counted(nonzeros, "weight")),
    line: { color: palette[0], width: 2 },
    marker: { color: palette[0], size: 4 },
    showlegend: false,
    hovertemplate: "lambda %{x:.3g}<br>%{y:.2%} of the deviance<br>%{text}<extra></extra>",
  };
}

/** Four digits, more than the panel can show. */
function rounded(value: number): number {
  return Number(value.toPrecision(5));
}
