import { counted, inThrees } from "../base/grouped";
import { calibrationChart } from "../chart/calibration";
import { coefficientsChart } from "../chart/coefficients";
import { comparisonChart } from "../chart/comparison";
import { confusionChart } from "../chart/confusion";
import { differenceChart } from "../chart/difference";
import type { Figure } from "../chart/figure";
import { bytes, chosen, grouped, percent, significant } from "../chart/format";
import { importanceChart } from "../chart/importance";
import { ledgerChart } from "../chart/ledger";
import { levelsChart } from "../chart/levels";
import { lossChart } from "../chart/loss";
import { rocChart } from "../chart/roc";
import { weightsChart } from "../chart/weights";
import type { Comparison } from "../evaluate/compare";
import type { Evaluation } from "../evaluate/evaluate";
import type { Recalibration } from "../evaluate/recalibrate";
import type { Dataset } from "../matrix/dataset";
import { LinearModel } from "../model/linear";
import type { Scorer } from "../model/scorer";
import type { FitWarning } from "../model/warning";
import type { Ledger } from "../pack/ledger";
import { storedBytes } from "../pack/stored";
import { PrunedModel } from "../prune/pruned";
import { IntegerModel } from "../quantize/integer-model";
import { QuantizedModel } from "../quantize/quantized";
import type { CompressedTraining } from "../quantize/train-compressed";
import { aligned } from "./column";
import { fitFacts, reasonOf } from "./fit-view";
import { rankingTable, roundFacts } from "./pruning-view";
import { integerFacts, quantizedFacts } from "./quantized-facts";
import { factsView, type TableView } from "./table";

/** What is shown of a result: a table, and charts where they help. */
export interface ResultView {
  readonly table: TableView;
  /** What the reader should know, shown in full below the table. */
  readonly warnings?: readonly (FitWarning | string)[];
  /** More of the same kind, folded under its title where a front end can fold, and left out of plain text. */
  readonly folded?: TableView & { readonly title: string };
  /** A text as it is in a file, folded likewise. */
  readonly source?: { readonly title: string; readonly text: string };
  readonly figures: readonly Figure[];
}

/** Size, shape and what its stage adds, with a chart of the loss or of the weights. */
export function modelView(model: Scorer): ResultView {
  const all = model.features * model.outputs;
  const facts: [string, string][] = [
    ["classes", model.classes.map(String).join(", ")],
    ["features", grouped(model.features)],
    ["link", model.link],
    ["nonzero weights", `${grouped(model.nonzeros)} of ${grouped(all)}`],
    ["stored bytes", bytes(storedBytes(model))],
  ];
  return {
    table: factsView(
      `Model, ${model.stage}`,
      [...facts, ...stageFacts(model)],
      model instanceof LinearModel ? reasonOf(model.fit) : undefined,
    ),
    warnings: warningsOf(model),
    ...(model instanceof PrunedModel ? { folded: rankingTable(model) } : {}),
    figures: chartsOf(model),
  };
}

/** Of fewer weights a histogram says nothing that their names do not. */
const fewWeights = 30;

function chartsOf(model: Scorer): Figure[] {
  if (model instanceof LinearModel && model.fit.history.length > 1)
    return [lossChart(model.fit, model.classes)];
  if (model instanceof QuantizedModel) return [levelsChart(model)];
  if (!(model instanceof PrunedModel))
    return [
      model.nonzeros > fewWeights ? weightsChart(model) : coefficientsChart(model, { count: fewWeights }),
    ];
  return [importanceChart(model), ...(model.nonzeros > fewWeights ? [weightsChart(model)] : [])];
}

function stageFacts(model: Scorer): [string, string][] {
  if (model instanceof LinearModel) {
    const { fit, lambda } = model;
    return [["lambda", chosen(lambda)], ...fitFacts(fit)];
  }
  if (model instanceof PrunedModel) {
    const { strategy, removed, sparsity, refitLambda } = model.pruning;
    return [
      ["pruned by", strategy],
      ["removed", grouped(removed)],
      ["sparsity", percent(sparsity)],
      ["refit", refitLambda === null ? "no" : `lambda ${chosen(refitLambda)}`],
      ...roundFacts(model),
    ];
  }
  if (model instanceof IntegerModel) return integerFacts(model);
  return model instanceof QuantizedModel ? quantizedFacts(model) : [];
}

/** What a reader should know of how a model came about. */
export function warningsOf(model: Scorer): readonly FitWarning[] {
  if (model instanceof LinearModel) return model.fit.warnings;
  if (model instanceof PrunedModel) return model.pruning.warnings ?? [];
  return model instanceof QuantizedModel ? (model.quantization?.warnings ?? []) : [];
}

/** The model of the best epoch, with the loss of every epoch. */
export function trainingView({ model, best, history }: CompressedTraining): ResultView {
  const { table, warnings } = modelView(model);
  const facts: [string, string][] = [
    ["best epoch", `${best.epoch} of ${history.at(-1)!.epoch}`],
    ["its loss", significant(best.loss)],
  ];
  return {
    table: { ...table, rows: [...table.rows, ...facts] },
    warnings,
    figures: [lossChart(history), levelsChart(model)],
  };
}

/** Every measurement, with the confusion matrix, the ROC curve and the calibration. */
export function evaluationView(evaluation: Evaluation): ResultView {
  const e = evaluation;
  return {
    table: factsView(`Evaluation on ${counted(e.rows, "row")} (${e.stage} model)`, [
      ["accuracy", percent(e.accuracy)],
      ["balanced accuracy", percent(e.balancedAccuracy)],
      ["log-loss", significant(e.logLoss)],
      ["AUC", significant(e.auc)],
      ["F1 (macro)", significant(e.f1)],
      ["Brier score", significant(e.brier)],
      ["calibration error", significant(e.ece, 3)],
      ["stored bytes", bytes(e.bytes)],
      ["nonzero weights", grouped(e.nonzeros)],
      ["multiplications a row", significant(e.operations, 3)],
      ["latency of a row", latencyText(e.latency)],
    ]),
    figures: [
      confusionChart(e),
      ...(e.roc.length > 0 ? [rocChart(e)] : []),
      ...(e.calibration.length > 0 ? [calibrationChart(e)] : []),
    ],
  };
}

/** One line a model, each against the first. */
export function comparisonView(comparison: Comparison): ResultView {
  const numbers = (of: (e: Evaluation) => number) =>
    aligned(comparison.rows.map(({ evaluation }) => of(evaluation)));
  const [losses, areas] = [numbers((e) => e.logLoss), numbers((e) => e.auc)];
  return {
    table: {
      title: `Comparison on ${counted(comparison.observations, "row")}`,
      columns: [
        "model",
        "bytes",
        "times smaller",
        "nonzeros",
        "accuracy",
        "log-loss",
        "AUC",
        "latency",
        "changed",
        "could change",
        "p",
        "verdict",
      ],
      words: [0, 11],
      rows: comparison.rows.map(({ name, evaluation: e, difference: d }, i) => [
        name,
        grouped(e.bytes),
        d === null ? "1" : significant(d.timesSmaller, 3),
        grouped(e.nonzeros),
        percent(e.accuracy),
        losses[i],
        areas[i],
        latencyText(e.latency),
        d === null ? "" : grouped(d.changed),
        d === null ? "" : grouped(d.changeable),
        d === null ? "" : significant(d.mcNemar.pValue, 2),
        d === null ? "" : d.verdict,
      ]),
      note:
        "bytes: of the file where packed, else of plain storage; changed: rows given another class than by the first model; could change: all but the rows whose class is certain " +
        "to stay; p: McNemar's test of equal accuracy; no loss: the 95 % interval of the log-loss lies below a rise of " +
        `${percent(comparison.margin)}, and that test finds no fall.`,
    },
    figures: [
      comparisonChart(comparison),
      ...(comparison.rows.length > 1 ? [differenceChart(comparison)] : []),
    ],
  };
}

/** Shape and classes of a dataset. */
export function datasetView(data: Dataset): ResultView {
  const { counts, features } = data;
  const shown = data.classes.slice(0, 20);
  return {
    table: {
      title: `Dataset, ${counted(data.rows, "row")} x ${counted(data.columns, "feature")}`,
      columns: ["class", "rows", "share"],
      words: [0],
      rows: shown.map((label, k) => [String(label), grouped(counts[k]), percent(counts[k] / data.rows)]),
      note: [
        features.kind === "csr"
          ? `sparse, ${counted(features.nonzeros, "nonzero")}, ${significant(features.nonzeros / data.rows, 3)} a row`
          : "dense",
        ...(data.weights === null ? [] : ["rows are weighted"]),
        ...(shown.length < data.classes.length ? [`${data.classes.length - shown.length} more classes`] : []),
      ].join("; "),
    },
    figures: [],
  };
}

/** What a repair of the probabilities gained, on the rows that it was fitted to. */
export function recalibrationView({ temperature, before, after, model }: Recalibration): ResultView {
  return {
    table: {
      title: `Recalibration, temperature ${significant(temperature)}`,
      columns: ["", "before", "after"],
      words: [0],
      rows: [
        ["log-loss", significant(before.logLoss), significant(after.logLoss)],
        ["calibration error", significant(before.ece), significant(after.ece)],
      ],
      note: `packed in ${counted(model.bytes, "byte")}`,
    },
    figures: [],
  };
}

/** The bytes of each section of a file. */
export function ledgerView(ledger: Ledger): ResultView {
  return {
    table: {
      title: `Packed file, ${counted(ledger.bytes, "byte")}`,
      columns: ["section", "bytes", "bits", "share"],
      words: [0],
      rows: ledger.sections.map((s) => [
        s.name,
        grouped(s.bytes),
        tenths(s.bits),
        percent(s.bytes / ledger.bytes),
      ]),
      note:
        `entropy bound of random positions ${tenths(ledger.bound.positions)} bytes, ` +
        `of independent codes ${tenths(ledger.bound.codes)} bytes; ` +
        `what is stored of both is ${significant(Math.abs(ledger.overBound), 3)} bytes ${ledger.overBound < 0 ? "below" : "above"} it`,
    },
    figures: [ledgerChart(ledger)],
  };
}

function tenths(value: number): string {
  const [whole, decimal] = value.toFixed(1).split(".");
  return `${inThrees(whole)}.${decimal}`;
}

function latencyText(microseconds: number): string {
  return Number.isNaN(microseconds) ? "–" : `${significant(microseconds, 2)} µs`;
}
