import { checkList, checkShape } from "../base/shape";
import { escapeLabel } from "./escape";
import { Figure } from "./figure";
import { counted, percent, significant } from "./format";
import { axisOf, layoutOf, linearRange, logRange, palette, percentFormat } from "./theme";
import { spanOf } from "./thin";

/** One model of a sweep: how many weights it keeps, and how good it is. */
export interface SparsityPoint {
  /** Weights that are not zero. */
  readonly nonzeros: number;
  /** The share of rows whose class is right. */
  readonly accuracy: number;
  /** The mean log-loss of the rows. */
  readonly logLoss: number;
  /** Shown when pointed at. */
  readonly name?: string;
}

/** Quality against the number of weights that are kept: accuracy to the left, log-loss to the right. */
export function sparsityChart(points: readonly SparsityPoint[]): Figure {
  checkList(points, "points");
  for (const [i, point] of points.entries())
    checkShape(point, `point ${i}`, "{ nonzeros, accuracy, logLoss }", {
      nonzeros: "number",
      accuracy: "number",
    });
  const sorted = [...points].sort((a, b) => a.nonzeros - b.nonzeros);
  const x = sorted.map((p) => Math.max(p.nonzeros, 1));
  const text = sorted.map((p) => escapeLabel(p.name ?? counted(p.nonzeros, "weight")));
  const range = logRange(x);
  const best = sorted.reduce<SparsityPoint | undefined>(
    (top, p) => (top === undefined || p.accuracy > top.accuracy ? p : top),
    undefined,
  );
  const subtitle =
    best === undefined
      ? "no models"
      : `${counted(points.length, "model")}; best accuracy ${percent(best.accuracy)} with ${counted(best.nonzeros, "weight")}`;
  const panel = (y: number[], color: string, axes: "" | "2", format: string, what: string) => ({
    type: "scatter" as const,
    mode: x.length <= 60 ? ("lines+markers" as const) : ("lines" as const),
    x,
    y,
    text,
    line: { color, width: 2 },
    marker: { color, size: 7 },
    xaxis: `x${axes}` as "x" | "x2",
    yaxis: `y${axes}` as "y" | "y2",
    hovertemplate: `%{text}<br>%{x:,} kept<br>${what} %{y:${format}}<extra></extra>`,
  });
  // Ticks at 1, 2 and 5 would touch in panels this narrow.
  const ticks = range[1] - range[0] > 1.2 ? { dtick: 1 } : {};
  const accuracies = sorted.map((p) => p.accuracy);
  const losses = sorted.map((p) => p.logLoss);
  return new Figure({
    data: [
      panel(accuracies, palette[0], "", ".2%", "accuracy"),
      panel(losses, palette[1], "2", ".4g", "log-loss"),
    ],
    layout: layoutOf({
      title: "Quality against sparsity",
      subtitle,
      axes: {
        xaxis: axisOf("Nonzeros (log scale)", "log", range, { domain: [0, 0.41], ...ticks }),
        yaxis: axisOf("Accuracy", "linear", linearRange(accuracies), percentFormat(linearRange(accuracies))),
        xaxis2: axisOf("Nonzeros (log scale)", "log", range, { domain: [0.59, 1], anchor: "y2", ...ticks }),
        yaxis2: axisOf("Log-loss (nats a row)", "linear", linearRange(losses), { anchor: "x2" }),
      },
    }),
    summary: `Quality against sparsity: ${subtitle}${
      best === undefined ? "" : `; log-loss from ${significant(spanOf(losses).low)}`
    }`,
  });
}
