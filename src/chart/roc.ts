import type { Evaluation } from "../evaluate/evaluate";
import { escapeLabel, plainLabel } from "./escape";
import { Figure, type Trace } from "./figure";
import { significant } from "./format";
import { axisOf, layoutOf, palette } from "./theme";
import { thinLine } from "./thin";

/** True against false positive rates: of each class of one evaluation, or of several evaluations by name. */
export function rocChart(of: Evaluation | Readonly<Record<string, Evaluation>>): Figure {
  const curves = namedCurves(of);
  const thinned = curves.map(({ curve }) =>
    thinLine(curve.falsePositiveRate, curve.truePositiveRate, curves.length),
  );
  const lines = curves.map(({ name, curve }, i): Trace => {
    return {
      type: "scatter",
      mode: "lines",
      name: `${escapeLabel(name)} (${significant(curve.area)})`,
      x: thinned[i].x,
      y: thinned[i].y,
      line: { color: palette[i % palette.length], width: 2 },
      hovertemplate: "false positives %{x:.2%}<br>true positives %{y:.2%}<extra></extra>",
    };
  });
  const chance: Trace = {
    type: "scatter",
    mode: "lines",
    name: "chance",
    x: [0, 1],
    y: [0, 1],
    line: { color: palette[7], width: 1, dash: "dot" },
    showlegend: false,
    hovertemplate: "chance<extra></extra>",
  };
  const areas = curves.map(({ name, curve }) => `${escapeLabel(name)} ${significant(curve.area)}`);
  const note = thinned.find((line) => line.note !== "")?.note;
  const subtitle = [
    areas.length === 1 ? `area ${significant(curves[0].curve.area)}` : "area in brackets",
    ...(note === undefined ? [] : [note]),
  ].join(" · ");
  return new Figure({
    data: [chance, ...lines],
    layout: layoutOf({
      title: "ROC curve",
      subtitle,
      height: 420,
      legend: curves.length > 1,
      axes: {
        xaxis: axisOf("False positive rate", "linear", [-0.01, 1.01], { tickformat: ".0%" }),
        yaxis: axisOf("True positive rate", "linear", [-0.01, 1.02], { tickformat: ".0%" }),
      },
    }),
    summary: plainLabel(`ROC curve, area under it: ${areas.join(", ")}`),
  });
}

function namedCurves(of: Evaluation | Readonly<Record<string, Evaluation>>) {
  if (isEvaluation(of)) return of.roc.map((curve) => ({ name: String(curve.positive), curve }));
  return Object.entries(of).flatMap(([name, evaluation]) =>
    evaluation.roc.map((curve) => ({
      name: evaluation.roc.length === 1 ? name : `${name}, ${curve.positive}`,
      curve,
    })),
  );
}

function isEvaluation(of: Evaluation | Readonly<Record<string, Evaluation>>): of is Evaluation {
  return Array.isArray(of.roc);
}
