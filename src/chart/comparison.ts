import { checkShape } from "../base/shape";
import type { Comparison } from "../evaluate/compare";
import { escapeLabel, plainLabel, shortLabel } from "./escape";
import { Figure, type Trace } from "./figure";
import { bytes, percent, significant } from "./format";
import {
  axisOf,
  categoryAxis,
  layoutOf,
  linearRange,
  logRange,
  logStep,
  palette,
  percentFormat,
  shortTicks,
} from "./theme";

/** Bytes, accuracy and log-loss of each model, side by side. */
export function comparisonChart(comparison: Comparison): Figure {
  checkShape(comparison, "comparison", "what compare({ name: model }, data) returns", { rows: "list" });
  const { rows } = comparison;
  const names = rows.map((row) => escapeLabel(row.name));
  const order = [...names].reverse();
  const short = shortTicks(order, 20);
  const sizes = rows.map((row) => row.evaluation.bytes);
  const accuracies = rows.map((row) => row.evaluation.accuracy);
  const losses = rows.map((row) => row.evaluation.logLoss);
  const logs = logRange(sizes);
  const bars: Trace = {
    type: "bar",
    orientation: "h",
    x: sizes,
    y: names,
    text: sizes.map(bytes),
    textposition: "outside",
    cliponaxis: false,
    marker: { color: palette[0] },
    hovertemplate: "%{y}: %{x:,} bytes<extra></extra>",
  };
  const dots = (x: number[], text: string[], color: string, axes: "2" | "3"): Trace => ({
    type: "scatter",
    mode: "markers",
    x,
    y: names,
    text,
    marker: { color, size: 12 },
    xaxis: `x${axes}`,
    yaxis: `y${axes}`,
    hovertemplate: "%{y}: %{text}<extra></extra>",
  });
  const bare = (anchor: string) => ({ anchor, showticklabels: false, showgrid: true });
  const first = rows[0];
  const smallest = rows.reduce((least, row) => (row.evaluation.bytes < least.evaluation.bytes ? row : least));
  const saved =
    smallest.evaluation.bytes === first.evaluation.bytes
      ? []
      : [
          `smallest ${bytes(smallest.evaluation.bytes)} (${shortLabel(escapeLabel(smallest.name), 40)})`,
          `${significant(first.evaluation.bytes / smallest.evaluation.bytes, 3)} times fewer`,
        ];
  const subtitle = `${comparison.observations.toLocaleString("en")} rows · ${[
    `${shortLabel(escapeLabel(first.name), 40)} ${bytes(first.evaluation.bytes)}`,
    ...saved,
  ].join(", ")}`;
  return new Figure({
    data: [
      bars,
      dots(accuracies, accuracies.map(percent), palette[2], "2"),
      dots(
        losses,
        losses.map((v) => significant(v)),
        palette[1],
        "3",
      ),
    ],
    layout: layoutOf({
      title: "Size and quality",
      subtitle,
      height: Math.min(190 + 44 * names.length, 2_000),
      bargap: 0.4,
      axes: {
        xaxis: axisOf("Bytes (log scale)", "log", [Math.min(Math.floor(logs[0]), logs[0]), logs[1] + 0.9], {
          domain: [0, 0.4],
          dtick: logStep(logs[1] + 0.9 - logs[0]),
        }),
        yaxis: categoryAxis("", order, short),
        xaxis2: axisOf("Accuracy", "linear", linearRange(accuracies, 0.2), {
          domain: [0.46, 0.71],
          anchor: "y2",
          ...percentFormat(linearRange(accuracies, 0.2), 3),
          nticks: 3,
          tickangle: 0,
        }),
        yaxis2: categoryAxis("", order, bare("x2")),
        xaxis3: axisOf("Log-loss", "linear", linearRange(losses, 0.2), {
          domain: [0.75, 1],
          anchor: "y3",
          nticks: 3,
          tickangle: 0,
        }),
        yaxis3: categoryAxis("", order, bare("x3")),
      },
    }),
    summary: `Size and quality on ${plainLabel(subtitle)}`.replace(" · ", ": "),
  });
}
