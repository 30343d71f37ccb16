import { confusionChart } from "../chart/confusion";
import { grouped, percent, significant } from "../chart/format";
import type { PackedTable } from "../engine/packed-table";
import type { ClusterTable } from "../engine/spark/cluster-table";
import type { TableComparison } from "../engine/table-comparison";
import type { TableEvaluation } from "../engine/table-evaluation";
import type { TableEncoder } from "../frame/encoder";
import { aligned } from "./column";
import { factsView } from "./table";
import type { ResultView } from "./views";

/** Rows and features of a table on disk, and what was learned of its columns. */
export function packedTableView({ rows, distinctRows, encoder }: PackedTable): ResultView {
  return {
    table: factsView(
      "Table, encoded on disk",
      [["rows", grouped(rows)], ["stored rows", grouped(distinctRows)], ...encodedFacts(encoder)],
      distinctRows < rows ? "equal rows are stored once, with the sum of their weights" : undefined,
    ),
    figures: [],
  };
}

/** Rows, features and rounds so far of a table on a cluster. */
export function clusterTableView({ rows, rounds, encoder }: ClusterTable): ResultView {
  return {
    table: factsView("Table, encoded on a cluster", [
      ["rows", grouped(rows)],
      ...encodedFacts(encoder),
      ["rounds over all rows", grouped(rounds)],
    ]),
    figures: [],
  };
}

function encodedFacts({ columns, label, classes }: TableEncoder): [string, string][] {
  return [
    ["features", grouped(columns)],
    ["label", label],
    ["classes", classes.map(String).join(", ")],
  ];
}

/** Every measurement, with the confusion matrix. */
export function tableEvaluationView(evaluation: TableEvaluation): ResultView {
  const e = evaluation;
  return {
    table: factsView(`Evaluation on rows of the weight ${amount(e.weight)}`, [
      ["accuracy", percent(e.accuracy)],
      ["balanced accuracy", percent(e.balancedAccuracy)],
      ["log-loss", significant(e.logLoss)],
      ...(Number.isNaN(e.auc)
        ? []
        : [["AUC", `${significant(e.auc)} ± ${significant(e.aucError, 1)}`] as const]),
      ["F1 (macro)", significant(e.f1)],
      ["Brier score", significant(e.brier)],
    ]),
    figures: [confusionChart({ classes: e.classes, counts: Float64Array.from(e.confusion.flat()) })],
  };
}

/** One line a model, each against the first. */
export function tableComparisonView({ rows }: TableComparison): ResultView {
  const losses = aligned(rows.map(({ evaluation }) => evaluation.logLoss));
  const areas = aligned(rows.map(({ evaluation }) => evaluation.auc));
  return {
    table: {
      title: `Comparison on rows of the weight ${amount(rows[0].evaluation.weight)}`,
      columns: [
        "model",
        "accuracy",
        "log-loss",
        "AUC",
        "rise of the log-loss",
        "95 % interval",
        "changed",
        "p",
      ],
      words: [0],
      named: true,
      rows: rows.map(({ name, evaluation: e, difference: d }, i) => [
        name,
        percent(e.accuracy),
        losses[i],
        areas[i],
        ...(d === null
          ? ["", "", "", ""]
          : [
              significant(d.logLoss, 2),
              d.logLossInterval.map((bound) => significant(bound, 2)).join(" to "),
              amount(d.changed),
              significant(d.mcNemar.pValue, 2),
            ]),
      ]),
      note: "changed: weight of the rows given another class than by the first model; p: McNemar's test of equal accuracy",
    },
    figures: [],
  };
}

function amount(weight: number): string {
  return Number.isInteger(weight) ? grouped(weight) : significant(weight);
}
