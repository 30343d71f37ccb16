import { crossValidationChart, metricOf } from "../chart/cross-validation";
import { counted, duration, grouped, percent, significant } from "../chart/format";
import { pathChart } from "../chart/path";
import type { CrossValidation, CrossValidationPoint } from "../train/cross-validation-result";
import type { PathStep, RegularizationPath } from "../train/regularization-path";
import { aligned } from "./column";
import type { TableView } from "./table";
import type { ResultView } from "./views";

const mostShown = 12;
const mostFolded = 100;

/** Some steps of a path, all of them folded below, and its chart. */
export function pathView(path: RegularizationPath): ResultView {
  const { steps, endedEarly } = path;
  const shown = evenly(steps, mostShown);
  const all = evenly(steps, mostFolded);
  const ratio = path.penalty === "elasticnet" ? `, l1Ratio ${significant(path.l1Ratio, 3)}` : "";
  const notes = [
    ...(shown.length < steps.length ? [`${shown.length} of ${grouped(steps.length)} steps`] : []),
    ...(endedEarly === null ? [] : [`ended early: ${endedEarly}`]),
    "nearest(lambda).model is a model",
  ];
  return {
    table: {
      title: `Regularization path, ${path.penalty}${ratio}, ${counted(steps.length, "step")} in ${duration(path.seconds)}`,
      ...stepLines(shown),
      note: notes.join("; "),
    },
    warnings: path.warnings,
    ...(shown.length === steps.length
      ? {}
      : {
          folded: {
            title: all.length === steps.length ? `All ${counted(all.length, "step")}` : `${all.length} steps`,
            ...stepLines(all),
          },
        }),
    figures: [pathChart(path)],
  };
}

/** The best point and that of the one-standard-error rule, all points folded below, and the chart. */
export function crossValidationView(cv: CrossValidation): ResultView {
  const { best, oneStandardError: simple, points } = cv;
  const name = (point: CrossValidationPoint) =>
    [
      ...(point === best ? ["best"] : []),
      ...(point === simple ? ["1 SE"] : []),
      ...(point === cv.chosen ? ["chosen"] : []),
    ].join(", ");
  const gain = (point: CrossValidationPoint) => (cv.greaterIsBetter ? -point.mean : point.mean);
  const ranked = points.filter(({ mean }) => !Number.isNaN(mean)).sort((a, b) => gain(a) - gain(b));
  const all = points.length <= mostFolded;
  return {
    table: {
      title: `Cross-validation, ${counted(points.length, "penalty", "penalties")} in ${counted(cv.folds, "fold")}, ${duration(cv.seconds)}`,
      ...pointLines(cv, [...new Set([best, simple])], name),
      note: `1 SE: the simplest within one standard error of the best; model is fitted to all rows at the chosen lambda`,
    },
    warnings: cv.warnings,
    folded: {
      title: all
        ? `All ${counted(points.length, "penalty", "penalties")}`
        : `The ${mostFolded} best of ${grouped(points.length)} penalties`,
      ...pointLines(cv, all ? points : ranked.slice(0, mostFolded), name),
    },
    figures: [crossValidationChart(cv)],
  };
}

function stepLines(steps: readonly PathStep[]): Omit<TableView, "title" | "note"> {
  const objectives = aligned(
    steps.map(({ objective }) => objective),
    5,
  );
  return {
    columns: ["lambda", "nonzeros", "deviance explained", "objective", "duality gap", "iterations"],
    words: [],
    rows: steps.map((step, i) => [
      significant(step.lambda),
      grouped(step.nonzeros),
      percent(step.devianceExplained),
      objectives[i],
      significant(step.dualityGap, 2),
      grouped(step.iterations),
    ]),
  };
}

function pointLines(
  cv: CrossValidation,
  points: readonly CrossValidationPoint[],
  name: (point: CrossValidationPoint) => string,
): Omit<TableView, "title" | "note"> {
  const means = aligned(points.map(({ mean }) => mean));
  const many = new Set(cv.points.map(({ l1Ratio }) => l1Ratio)).size > 1;
  return {
    columns: [
      "",
      "lambda",
      ...(many ? ["l1Ratio"] : []),
      metricOf(cv.metric).word,
      "standard error",
      "nonzeros",
    ],
    words: [0],
    rows: points.map((point, i) => [
      name(point),
      significant(point.lambda),
      ...(many ? [significant(point.l1Ratio)] : []),
      means[i],
      significant(point.standardError, 2),
      grouped(point.nonzeros),
    ]),
  };
}

/** At most `count` of them, evenly apart, the first and the last among them. */
function evenly<T>(items: readonly T[], count: number): readonly T[] {
  if (items.length <= count) return items;
  return Array.from({ length: count }, (_, i) => items[Math.round((i * (items.length - 1)) / (count - 1))]);
}
