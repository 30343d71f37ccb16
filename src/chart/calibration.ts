import { checkShape } from "../base/shape";
import type { CalibrationBin } from "../evaluate/calibration";
import type { Evaluation } from "../evaluate/evaluate";
import { Figure } from "./figure";
import { counted, percent, significant } from "./format";
import { axisOf, layoutOf, palette } from "./theme";
import { rounded } from "./thin";

/**
 * How often what the model claims comes true, with the 95 % interval of each bin: on the dotted line, as often as it says. A bin whose
 * interval reaches the line may lie off it by chance.
 */
export function calibrationChart(evaluation: Evaluation): Figure {
  checkShape(evaluation, "evaluation", "what evaluate(model, data) returns", {
    calibration: "list",
    confusion: "object",
  });
  const { calibration, ece } = evaluation;
  const bins = counted(calibration.length, "bin");
  const subtitle = `expected calibration error ${significant(ece, 3)} · ${bins} with 95 % intervals`;
  const binary = evaluation.confusion.classes.length === 2;
  return new Figure({
    data: [
      {
        type: "scatter",
        mode: "lines",
        x: [0, 1],
        y: [0, 1],
        line: { color: palette[7], width: 1, dash: "dot" },
        hovertemplate: "perfect<extra></extra>",
      },
      {
        type: "scatter",
        mode: "lines",
        x: calibration.flatMap(({ predicted }) => [rounded(predicted), rounded(predicted), null]),
        y: calibration.flatMap(({ low, high }) => [rounded(low), rounded(high), null]),
        line: { color: palette[7], width: 2 },
        hoverinfo: "skip",
      },
      {
        type: "scatter",
        mode: calibration.length <= 60 ? "lines+markers" : "lines",
        x: calibration.map((bin) => rounded(bin.predicted)),
        y: calibration.map((bin) => rounded(bin.observed)),
        text: calibration.map(told),
        line: { color: palette[0], width: 2 },
        marker: { color: palette[0], size: 8 },
        hovertemplate: "claimed %{x:.1%}<br>came true %{y:.1%}<br>%{text}<extra></extra>",
      },
    ],
    layout: layoutOf({
      title: "Calibration",
      subtitle,
      height: 420,
      axes: {
        xaxis: axisOf(
          binary ? "Predicted probability (mean of bin)" : "Confidence (mean of bin)",
          "linear",
          [-0.02, 1.02],
          { tickformat: ".0%" },
        ),
        yaxis: axisOf("Observed share", "linear", [-0.02, 1.04], { tickformat: ".0%" }),
      },
    }),
    summary: `Calibration: ${subtitle}`,
  });
}

function told({ rows, low, high }: CalibrationBin): string {
  return `95 % interval ${percent(low)} to ${percent(high)}<br>${counted(rows, "row")}`;
}
