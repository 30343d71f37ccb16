import { checkShape } from "../base/shape";
import type {
  CrossValidation,
  CrossValidationChoice,
  CrossValidationPoint,
} from "../train/cross-validation-result";
import { escapeLabel } from "./escape";
import { Figure, type Trace } from "./figure";
import { counted, grouped, significant } from "./format";
import { countRow, noBreak } from "./labels";
import { axisOf, layoutOf, linearRange, logRange, palette } from "./theme";

/** With more ratios than these, whiskers of all would stand in each other. */
const mostWhiskered = 2;
const mostNamed = 12;
const height = 420;
const plotPixels = 280;

/**
 * The score of rows held out against lambda: its mean over the folds with one standard error to both sides, a line for
 * each elastic-net ratio, the best point and that of the one-standard-error rule marked.
 */
export function crossValidationChart(cv: CrossValidation): Figure {
  checkShape(cv, "cross-validation", "what await crossValidate(data) returns", {
    metric: "text",
    points: "list",
    chosen: "object",
  });
  const { chosen, points } = cv;
  const ratios = [...new Set(points.map(({ l1Ratio }) => l1Ratio))].sort((a, b) => a - b);
  const groups = ratios.map((ratio) =>
    points.filter((p) => p.l1Ratio === ratio).sort((a, b) => b.lambda - a.lambda),
  );
  const [low, high] = logRange(
    points.map(({ lambda }) => lambda),
    0.05,
  );
  const range = [high, low] as const;
  const whiskered = (ratio: number) => ratios.length <= mostWhiskered || ratio === chosen.l1Ratio;
  const reached = points.flatMap((p) => {
    const error = whiskered(p.l1Ratio) ? p.standardError : 0;
    return [p.mean - error, p.mean + error];
  });
  const [bottom, top] = linearRange(reached);
  // Room above the lines for the names of the marks.
  const roof = top + (44 / plotPixels) * (top - bottom);
  const metric = metricOf(cv.metric);
  const named = ratios.length > 1 && ratios.length <= mostNamed;
  const subtitle = subtitleOf(cv, metric, ratios);
  return new Figure({
    data: [
      ...groups.flatMap((group, i) =>
        whiskered(ratios[i]) ? [whiskers(group, palette[i % palette.length])] : [],
      ),
      ...groups.map((group, i) => means(group, ratios[i], metric, palette[i % palette.length])),
      ...marksOf(cv, range, [bottom, roof]),
      ...countRow(groups[ratios.indexOf(chosen.l1Ratio)], range, roof, {}),
    ],
    layout: layoutOf({
      title: `Cross-validation in ${counted(cv.folds, "fold")}`,
      subtitle,
      height: height + (named ? 28 * Math.ceil(ratios.length / 5) : 0),
      legend: named ? "below" : false,
      axes: {
        xaxis: axisOf("lambda (log scale, the strongest penalty to the left)", "log", range),
        yaxis: axisOf(metric.axis, "linear", [bottom, roof], { nticks: 7 }),
      },
    }),
    summary: `Cross-validation in ${counted(cv.folds, "fold")}: ${subtitle}`,
  });
}

interface Metric {
  readonly word: string;
  readonly axis: string;
}

const metrics: Readonly<Record<string, Metric>> = {
  logLoss: { word: "log-loss", axis: "Log-loss (nats a row)" },
  accuracy: { word: "accuracy", axis: "Accuracy" },
  balancedAccuracy: { word: "balanced accuracy", axis: "Balanced accuracy" },
  auc: { word: "AUC", axis: "Area under the ROC curve" },
  f1: { word: "F1", axis: "F1 (macro)" },
  brier: { word: "Brier score", axis: "Brier score" },
  ece: { word: "calibration error", axis: "Calibration error" },
};

/** What a metric is called in text and on an axis; own ones by their name. */
export function metricOf(name: string): Metric {
  const own = { word: escapeLabel(name), axis: escapeLabel(name) };
  return Object.hasOwn(metrics, name) ? metrics[name] : own;
}

function subtitleOf(cv: CrossValidation, { word }: Metric, ratios: readonly number[]): string {
  const { best, oneStandardError: simple, choice } = cv;
  const told = (name: string, p: CrossValidationPoint) => {
    const ratio = ratios.length > 1 ? ` at l1Ratio ${significant(p.l1Ratio, 3)}` : "";
    return `${name}: ${word} ${significant(p.mean)} ± ${significant(p.standardError, 2)} with ${counted(p.nonzeros, "weight")}${ratio}`;
  };
  const mine = (name: CrossValidationChoice) => (choice === name ? " (chosen)" : "");
  return [
    ...(best === simple
      ? [told("best and within 1 SE", best)]
      : [told(`best${mine("best")}`, best), told(`1 SE${mine("oneStandardError")}`, simple)]),
    ...(ratios.length > mostWhiskered ? ["standard errors drawn for the chosen ratio alone"] : []),
    ...(ratios.length > mostNamed ? [`${grouped(ratios.length)} ratios told where pointed at`] : []),
  ].join(" · ");
}

function whiskers(group: readonly CrossValidationPoint[], color: string): Trace {
  return {
    type: "scatter",
    mode: "lines",
    x: group.flatMap(({ lambda }) => [rounded(lambda), rounded(lambda), null]),
    y: group.flatMap((p) => [rounded(p.mean - p.standardError), rounded(p.mean + p.standardError), null]),
    line: { color, width: 1 },
    opacity: 0.55,
    showlegend: false,
    hoverinfo: "skip",
  };
}

function means(
  group: readonly CrossValidationPoint[],
  ratio: number,
  { word }: Metric,
  color: string,
): Trace {
  return {
    type: "scatter",
    mode: group.length <= 60 ? "lines+markers" : "lines",
    name: `l1Ratio ${significant(ratio, 3)}`,
    x: group.map(({ lambda }) => rounded(lambda)),
    y: group.map(({ mean }) => rounded(mean)),
    text: group.map((p) => `± ${significant(p.standardError, 2)}<br>${counted(p.nonzeros, "weight")}`),
    line: { color, width: 2 },
    marker: { color, size: 5 },
    hovertemplate: `l1Ratio ${significant(ratio, 3)}<br>lambda %{x:.3g}<br>${word} %{y:.4g} %{text}<extra></extra>`,
  };
}

/** Upright lines through the best point and that of the rule, with their names in the room above the curves. */
function marksOf(
  { best, oneStandardError: simple, choice }: CrossValidation,
  [from, to]: readonly [number, number],
  [bottom, roof]: readonly [number, number],
): readonly Trace[] {
  const across = ({ lambda }: CrossValidationPoint) => (from - Math.log10(lambda)) / (from - to);
  const marks =
    best === simple
      ? [{ name: "best and within 1 SE", point: best, chosen: true }]
      : [
          { name: "best", point: best, chosen: choice === "best" },
          { name: "1 SE", point: simple, chosen: choice === "oneStandardError" },
        ];
  const [first, ...others] = [...marks].sort((a, b) => across(a.point) - across(b.point));
  const last = others[0] ?? first;
  // Outwards, so that no name stands in the line of the other, but for one that has no room there.
  const leftwards = (mark: typeof first) =>
    mark === last ? across(mark.point) > 0.72 : across(mark.point) > 0.28;
  // A name that crosses the other's line stands above the end of it.
  const above = leftwards(last) ? last : first;
  const row = ((18 / plotPixels) * (roof - bottom)) / 1.02;
  return marks.flatMap((mark): Trace[] => {
    const { name, point, chosen } = mark;
    const x = rounded(point.lambda);
    const y = rounded(roof - (mark === above ? 0.6 : 1.6) * row);
    const color = chosen ? palette[1] : palette[7];
    const common = { type: "scatter", showlegend: false, hoverinfo: "skip" } as const;
    const label = `${name}${chosen && marks.length > 1 ? " (chosen)" : ""}: ${significant(point.lambda, 3)}`;
    return [
      { ...common, mode: "lines", x: [x, x], y: [bottom, y], line: { color, width: 1.5, dash: "dot" } },
      { ...common, mode: "markers", x: [x], y: [rounded(point.mean)], marker: { color, size: 10 } },
      {
        ...common,
        mode: "text",
        x: [x],
        y: [y],
        text: [`${noBreak}${label}${noBreak}`],
        textposition: leftwards(mark) ? "middle left" : "middle right",
        textfont: { size: 12 },
      },
    ];
  });
}

function rounded(value: number): number {
  return Number(value.toPrecision(6));
}
