import { fail } from "../base/errors";
import { checkShape, isPlain } from "../base/shape";
import type { Evaluation } from "../evaluate/evaluate";
import { escapeLabel, plainLabel, shortLabel } from "./escape";
import { Figure, type Trace } from "./figure";
import { grouped, significant } from "./format";
import { axisOf, layoutOf, palette } from "./theme";
import { rounded, spanOf } from "./thin";

const mostNamed = 12;

/** True against false positive rates: of each class of one evaluation, or of several evaluations by name. */
export function rocChart(of: Evaluation | Readonly<Record<string, Evaluation>>): Figure {
  const curves = namedCurves(of);
  const lines = curves.map(({ name, curve }, i): Trace => {
    return {
      type: "scatter",
      mode: "lines",
      name: `${shortLabel(escapeLabel(name), 40)} (${significant(curve.area)})`,
      x: Array.from(curve.falsePositiveRate, rounded),
      y: Array.from(curve.truePositiveRate, rounded),
      line: { color: palette[i % palette.length], width: 2 },
      hovertemplate: "false positives %{x:.2%}<br>true positives %{y:.2%}<extra>%{fullData.name}</extra>",
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
  const { low, high } = spanOf(curves.map(({ curve }) => curve.area));
  const range = `areas ${significant(low)} to ${significant(high)}`;
  const subtitle =
    areas.length === 1
      ? `area ${significant(curves[0].curve.area)}`
      : areas.length <= mostNamed
        ? "area in brackets"
        : `${grouped(curves.length)} curves, ${range}; names where pointed at`;
  return new Figure({
    data: [chance, ...lines],
    layout: layoutOf({
      title: "ROC curve",
      subtitle,
      height: 420,
      legend: curves.length > 2 && curves.length <= mostNamed ? "below" : curves.length === 2,
      axes: {
        xaxis: axisOf("False positive rate", "linear", [-0.01, 1.01], { tickformat: ".0%" }),
        yaxis: axisOf("True positive rate", "linear", [-0.01, 1.02], { tickformat: ".0%" }),
      },
    }),
    summary: plainLabel(`ROC curve, area under it: ${areas.length > mostNamed ? range : areas.join(", ")}`),
  });
}

function namedCurves(of: Evaluation | Readonly<Record<string, Evaluation>>) {
  const expected = "what evaluate(model, data) returns, or several by name";
  checkShape(of, "evaluation", expected, {});
  if (!isEvaluation(of) && !isPlain(of)) fail("invalid-option", { thing: "evaluation", value: of, expected });
  if (isEvaluation(of)) return of.roc.map((curve) => ({ name: String(curve.positive), curve }));
  return Object.entries(of).flatMap(([name, evaluation]) => {
    checkShape(evaluation, `evaluation ${name}`, "what evaluate(model, data) returns", { roc: "list" });
    return evaluation.roc.map((curve) => ({
      name: evaluation.roc.length === 1 ? name : `${name}, ${curve.positive}`,
      curve,
    }));
  });
}

function isEvaluation(of: Evaluation | Readonly<Record<string, Evaluation>>): of is Evaluation {
  return Array.isArray(of.roc);
}
