import { checkShape } from "../base/shape";
import type { PruningCurve, PruningPoint } from "../prune/curve";
import { Figure, type Trace } from "./figure";
import { counted, grouped, percent, significant } from "./format";
import { axisOf, layoutOf, linearRange, logRange, palette, percentFormat } from "./theme";

/** The control is told apart by its colour and its dots. */
const controlColor = "#7f7f7f";
const height = 430;
/** The least distance of two ticks, as a share of the axis. */
const leastApart = 0.14;

/**
 * Quality against sparsity for several strategies at once: log-loss to the left, accuracy to the right, by the number of
 * weights that are kept; the random control dotted, the model before as a level line.
 */
export function pruningChart(curve: PruningCurve): Figure {
  checkShape(curve, "pruning curve", "what await pruningCurve(model, { data }) returns", {
    points: "list",
    strategies: "list",
  });
  const { points, whole, strategies } = curve;
  const kept = points.map((point) => Math.max(point.kept, 1));
  const range = logRange(kept);
  const ends = range.map((power) => 10 ** (power + (power === range[0] ? 0.01 : -0.01)));
  const colorOf = (i: number) =>
    strategies[i] === "random" ? controlColor : palette.filter((c) => c !== controlColor)[i % 7];
  const lines = (
    axes: "" | "2",
    of: (point: PruningPoint) => number,
    what: string,
    format: string,
  ): Trace[] =>
    strategies.map((strategy, i) => {
      const own = points.filter((point) => point.strategy === strategy).sort((a, b) => a.kept - b.kept);
      const color = colorOf(i);
      return {
        type: "scatter",
        mode: "lines+markers",
        name: strategy,
        x: own.map((point) => Math.max(point.kept, 1)),
        y: own.map((point) => Number(of(point).toPrecision(6))),
        text: own.map((point) => percent(point.sparsity)),
        line: strategy === "random" ? { color, width: 2, dash: "dot" } : { color, width: 2 },
        marker: { color, size: 6 },
        xaxis: `x${axes}`,
        yaxis: `y${axes}`,
        showlegend: axes === "",
        hovertemplate: `${strategy}<br>%{x:,} kept (sparsity %{text})<br>${what} %{y:${format}}<extra></extra>`,
      };
    });
  const level = (axes: "" | "2", value: number): Trace => ({
    type: "scatter",
    mode: "lines",
    name: "before",
    x: ends,
    y: [value, value],
    line: { color: controlColor, width: 1 },
    xaxis: `x${axes}`,
    yaxis: `y${axes}`,
    showlegend: false,
    hoverinfo: "skip",
  });
  const losses = [...points.map(({ logLoss }) => logLoss), whole.logLoss];
  const accuracies = [...points.map(({ accuracy }) => accuracy), whole.accuracy];
  const subtitle = subtitleOf(curve);
  const ticks = range[1] - range[0] > 1.2 ? { dtick: 1 } : ownTicks(kept, range);
  return new Figure({
    data: [
      level("", whole.logLoss),
      level("2", whole.accuracy),
      ...lines("", ({ logLoss }) => logLoss, "log-loss", ".4g"),
      ...lines("2", ({ accuracy }) => accuracy, "accuracy", ".2%"),
    ],
    layout: layoutOf({
      title: "Quality against sparsity",
      subtitle,
      height: height + 28 * Math.ceil(strategies.length / 5),
      legend: "below",
      axes: {
        xaxis: axisOf("Nonzeros (log scale)", "log", range, { domain: [0, 0.43], ...ticks }),
        yaxis: axisOf("Log-loss (nats a row)", "linear", linearRange(losses)),
        xaxis2: axisOf("Nonzeros (log scale)", "log", range, { domain: [0.57, 1], anchor: "y2", ...ticks }),
        yaxis2: axisOf("Accuracy", "linear", linearRange(accuracies), {
          anchor: "x2",
          ...percentFormat(linearRange(accuracies)),
        }),
      },
    }),
    summary: `Quality against sparsity: ${subtitle}`,
  });
}

/** Of a short axis the numbers of weights themselves, as far as they are apart. */
function ownTicks(kept: readonly number[], [low, high]: readonly [number, number]) {
  const tickvals: number[] = [];
  for (const value of [...new Set(kept)].sort((a, b) => b - a)) {
    const next = tickvals.at(-1);
    if (next === undefined || Math.log10(next / value) > leastApart * (high - low)) tickvals.push(value);
  }
  tickvals.reverse();
  return { tickvals, ticktext: tickvals.map(grouped) };
}

function subtitleOf({ points, whole, rows, heldOut }: PruningCurve): string {
  const best = points.reduce((least, point) => (point.logLoss < least.logLoss ? point : least));
  return [
    `${counted(rows, "row")}${heldOut ? " held out" : " that were fitted"}`,
    `before: log-loss ${significant(whole.logLoss)} with ${counted(whole.kept, "weight")}`,
    `best: ${significant(best.logLoss)} with ${grouped(best.kept)} (${best.strategy})`,
  ].join(" · ");
}
