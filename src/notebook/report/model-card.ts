import { checkKeys, checkNumber } from "../../base/check";
import { fail } from "../../base/errors";
import { calibrationChart } from "../../chart/calibration";
import { confusionChart } from "../../chart/confusion";
import { bytes, grouped, percent, significant } from "../../chart/format";
import type { Interval } from "../../evaluate/bootstrap";
import { type Evaluation, evaluate } from "../../evaluate/evaluate";
import { Dataset } from "../../matrix/dataset";
import type { FitReport } from "../../model/linear";
import { Scorer } from "../../model/scorer";
import { storedBytes } from "../../pack/stored";
import { factsView, type TableView } from "../table";
import { warningsOf } from "../views";
import { Card, type CardPart } from "./card";
import { checkText, checkTexts } from "./check-texts";
import { type MetricIntervals, metricIntervals } from "./intervals";
import { type Subgroups, subgroupsOf } from "./subgroups";

/** What a model card says. */
export interface ModelCardOptions {
  /** The model as it is used. */
  readonly model: Scorer;
  /** What it is for, and what it is not for. */
  readonly purpose: string;
  /** Rows that no step has seen. */
  readonly data: Dataset;
  /**
   * Groups of these rows that are judged by themselves: for each name the value of every row (a group a value), or
   * booleans (one group, of the true rows). Default: none.
   */
  readonly subgroups?: Subgroups;
  /** What it can't do and where it was not tried: one text or several, not none. */
  readonly limits: string | readonly string[];
  /** The fit that the model comes from, whose warnings a compressed model has no more: `trained.fit`. */
  readonly fit?: FitReport;
  /** What it is called. Default: its stage. */
  readonly name?: string;
  /** The seed of the bootstrap, an integer. Default 0. */
  readonly seed?: number;
}

/** Rows below which a group is said to be small. */
const few = 30;

/**
 * What a model is for, what it does on rows that no step has seen, and what it can't do (after Mitchell et al., 2019, "Model cards for
 * model reporting"): metrics with 95 % intervals by the bootstrap, calibration, subgroups, limits, warnings of the fit.
 * @throws `unknown-option`, `missing-option`, `invalid-option`; `length-mismatch` for a subgroup that has not one value a row; as `evaluate`
 */
export function modelCard(options: ModelCardOptions): Card {
  checkKeys(options, ["model", "purpose", "data", "subgroups", "limits", "fit", "name", "seed"], "modelCard");
  const { model, data, fit } = options;
  if (!(model instanceof Scorer)) {
    fail(without(model), { thing: "model of the card", value: model, expected: "a model" });
  }
  if (!(data instanceof Dataset)) {
    fail(without(data), { thing: "data of the model card", value: data, expected: "a Dataset" });
  }
  const purpose = checkText(options.purpose, "purpose of the model");
  const limits = limitsOf(options.limits);
  const name = checkText(options.name ?? model.stage, "name of the model");
  const seed = checkNumber(options.seed ?? 0, "seed", { integer: true });
  const evaluation = evaluate(model, data, { latencyRows: 0 });
  const intervals = metricIntervals(model, data, seed);
  const warnings = fit?.warnings ?? warningsOf(model);
  return new Card(`Model: ${name}`, [
    { kind: "heading", text: "Purpose" },
    { kind: "text", text: purpose },
    { kind: "heading", text: "Facts" },
    { kind: "table", table: factsOf(model) },
    { kind: "heading", text: "Metrics" },
    { kind: "table", table: metricsTable(evaluation, intervals) },
    { kind: "figure", figure: confusionChart(evaluation) },
    { kind: "heading", text: "Calibration" },
    {
      kind: "text",
      text:
        `Claimed and true frequencies differ by ${percent(evaluation.ece)} on average (expected calibration error of the ` +
        "predicted class, bins of equal width). Bars are 95 % intervals: where one reaches the dotted line, chance alone may be the difference.",
    },
    { kind: "figure", figure: calibrationChart(evaluation) },
    ...subgroupParts(options.subgroups ?? {}, model, data, intervals, seed),
    { kind: "heading", text: "Limits" },
    { kind: "list", items: limits },
    ...warnings.map((warning): CardPart => ({ kind: "warning", warning })),
  ]);
}

/** A card that names no limits reads as if there were none. */
function limitsOf(value: unknown): readonly string[] {
  const limits = checkTexts(value, "limits of the model");
  if (limits.length > 0) return limits;
  return fail("invalid-option", {
    thing: "limits of the model",
    value,
    expected: "at least one text",
    remedy: "Say where it was not tried, for whom it may be wrong and what it must not decide.",
  });
}

function without(value: unknown): "missing-option" | "invalid-option" {
  return value === undefined ? "missing-option" : "invalid-option";
}

function factsOf(model: Scorer): TableView {
  return factsView(`Logistic regression, ${model.stage}`, [
    ["classes", model.classes.slice(0, 20).map(String).join(", ")],
    ["features", grouped(model.features)],
    ["weights that are not zero", grouped(model.nonzeros)],
    ["stored bytes", bytes(storedBytes(model))],
    ["probabilities by", model.link === "binary" ? "sigmoid" : model.link],
    ...(model.link === "binary" ? [["threshold", significant(model.threshold)] as const] : []),
  ]);
}

function metricsTable(evaluation: Evaluation, of: MetricIntervals): TableView {
  const line = (name: string, estimate: number, interval: Interval | null, show: (x: number) => string) => [
    name,
    show(estimate),
    interval === null ? "–" : between(interval, show),
  ];
  const plain = (x: number) => significant(x, 3);
  return {
    title: `On ${grouped(evaluation.rows)} rows that no step has seen`,
    columns: ["", "estimate", "95 % interval"],
    words: [0],
    named: true,
    rows: [
      line("accuracy", evaluation.accuracy, of.accuracy, percent),
      line("balanced accuracy", evaluation.balancedAccuracy, of.balancedAccuracy, percent),
      line("log-loss (nats a row)", evaluation.logLoss, of.logLoss, plain),
      line("Brier score", evaluation.brier, of.brier, plain),
      line("AUC", evaluation.auc, of.auc, plain),
      line("F1 (macro)", evaluation.f1, of.f1, plain),
    ],
    note: "intervals by the bootstrap over these rows; they know nothing of other places and times",
  };
}

function subgroupParts(
  subgroups: Subgroups,
  model: Scorer,
  data: Dataset,
  all: MetricIntervals,
  seed: number,
): CardPart[] {
  const groups = subgroupsOf(subgroups, data.rows);
  if (groups.length === 0) return [];
  const judged = groups.map(({ name, rows }) => {
    if (rows.length === 0) return { name, rows: 0, found: null };
    return { name, rows: rows.length, found: metricIntervals(model, data.take(rows), seed) };
  });
  const plain = (x: number) => significant(x, 3);
  const told = judged.flatMap(({ name, rows, found }) => {
    if (found === null || rows < few) return [];
    if (found.accuracy.high < all.accuracy.estimate)
      return [`${name}: accuracy is lower than of all rows, beyond chance.`];
    if (found.logLoss.low > all.logLoss.estimate)
      return [`${name}: log-loss is higher than of all rows, beyond chance.`];
    return [];
  });
  const table: TableView = {
    title: "The same model, group by group",
    columns: ["", "rows", "accuracy", "95 % interval", "log-loss", "95 % interval"],
    words: [0],
    named: true,
    rows: [{ name: "all rows", rows: data.rows, found: all }, ...judged].map(({ name, rows, found }) => [
      name,
      grouped(rows),
      ...(found === null
        ? ["–", "–", "–", "–"]
        : [
            percent(found.accuracy.estimate),
            between(found.accuracy, percent),
            plain(found.logLoss.estimate),
            between(found.logLoss, plain),
          ]),
    ]),
    note: `a group of fewer than ${few} rows says little; each interval is by itself, not corrected for how many groups there are`,
  };
  return [
    { kind: "heading", text: "Subgroups" },
    { kind: "table", table },
    ...told.map((warning): CardPart => ({ kind: "warning", warning })),
  ];
}

function between({ low, high }: Interval, show: (x: number) => string): string {
  return `${show(low)} to ${show(high)}`;
}
