import { shownAs } from "../base/display";
import { fail } from "../base/errors";
import type { Watch } from "../base/progress";
import { binomialTest, type McNemar } from "../evaluate/significance";
import type { Scorer } from "../model/scorer";
import { twoSidedTail } from "../train/inference/normal";
import type { JudgedTable } from "./judged-table";
import { type PackedScores, rowsIn } from "./row-scores";
import { TableEvaluation } from "./table-evaluation";

/** How a model differs from the first one of a comparison, row by row. */
export interface TableDifference {
  /** The first model's accuracy subtracted from this one's. */
  readonly accuracy: number;
  /** The rise of the log-loss over the first model's. */
  readonly logLoss: number;
  /** Its 95 % interval, of the mean of paired differences, which is normal with so many rows. */
  readonly logLossInterval: readonly [number, number];
  /** Rows by their weights: where these are counts, the test is exact. */
  readonly mcNemar: McNemar;
  /** The weight of the rows that are given another class. */
  readonly changed: number;
}

/** One line of a {@link TableComparison}. */
export interface TableComparisonRow {
  /** The name that it was given. */
  readonly name: string;
  /** How it does by itself. */
  readonly evaluation: TableEvaluation;
  /** Against the first model; `null` in its own line. */
  readonly difference: TableDifference | null;
}

/** Models judged by the same rows of a table, in the order given. */
export class TableComparison {
  constructor(
    /** A line a model, in the order given; the first is what the others are held against. */ readonly rows: readonly TableComparisonRow[],
  ) {}

  /** The line of that name. @throws `invalid-option` where there is none */
  row(name: string): TableComparisonRow {
    return (
      this.rows.find((row) => row.name === name) ??
      fail("invalid-option", {
        thing: "name of a compared model",
        value: name,
        expected: `one of ${this.rows.map((row) => row.name).join(", ")}`,
      })
    );
  }
}

shownAs("tableComparison", TableComparison);

/** See `PackedTable.evaluate`. */
export async function evaluateOn(table: JudgedTable, model: Scorer, watch: Watch): Promise<TableEvaluation> {
  const [row] = (await compareOn(table, { model }, watch)).rows;
  return row.evaluation;
}

/** See `PackedTable.compare`. */
export async function compareOn(
  table: JudgedTable,
  models: Readonly<Record<string, Scorer>>,
  watch: Watch,
): Promise<TableComparison> {
  const names = Object.keys(models);
  if (names.length === 0) fail("missing-option", { thing: "models to compare", expected: "at least one" });
  const list = Object.values(models);
  for (const model of list) checkJudged(table, model);
  const scores = await table.scores(list, null, true, watch);
  return new TableComparison(
    scores.map((score, m) => ({
      name: names[m],
      evaluation: new TableEvaluation(score, table.classes),
      difference: m === 0 ? null : differenceOf(score),
    })),
  );
}

/** @throws `invalid-model` for other features or classes than the table has */
export function checkJudged({ columns, classes }: JudgedTable, model: Scorer): void {
  const same = model.classes.length === classes.length && model.classes.every((c, k) => c === classes[k]);
  if (same && model.weights.length === columns * model.outputs) return;
  fail("invalid-model", {
    thing: "model to evaluate",
    value: `${model.featureNames.length} features, ${model.classes.length} classes`,
    expected: `${columns} features and the classes of the table`,
  });
}

function differenceOf(scores: PackedScores): TableDifference {
  const { weight, difference, gained, lost, changed } = scores;
  const [sum, squares] = difference;
  const mean = sum / weight;
  const error = Math.sqrt(Math.max(0, squares / weight - mean * mean) / rowsIn(scores));
  return {
    accuracy: (gained - lost) / weight,
    logLoss: mean,
    logLossInterval: [mean - 1.96 * error, mean + 1.96 * error],
    mcNemar: { lost, gained, pValue: pValueOf(Math.round(lost), Math.round(gained)) },
    changed,
  };
}

/** Beyond so many rows the binomial is summed by the normal law (with its correction for continuity). */
const mostExact = 100_000;

function pValueOf(lost: number, gained: number): number {
  const n = lost + gained;
  if (n <= mostExact) return binomialTest(Math.min(lost, gained), n);
  const z = Math.max(0, Math.abs(lost - gained) - 1) / Math.sqrt(n);
  return twoSidedTail(z);
}
