import { counted, duration, grouped, percent, points, significant } from "../chart/format";
import { frontChart } from "../chart/front";
import type { CompressedPoint, Compression } from "../compress/compression";
import type { Interval } from "../evaluate/bootstrap";
import { aligned } from "./column";
import type { TableView } from "./table";
import type { ResultView } from "./views";

const mostFolded = 100;

/** The chosen model beside the uncompressed one, the front folded below, and the chart of all. */
export function compressionView(found: Compression): ResultView {
  const { chosen, baseline, front, seconds } = found;
  const v = chosen.crossValidated;
  const shown = front.slice(0, mostFolded);
  return {
    table: {
      title: `Compression to ${counted(chosen.bytes, "byte")}, ${counted(found.points.length, "model")} in ${duration(seconds)}`,
      columns: ["", "uncompressed", "chosen", "difference, 95 % interval"],
      words: [0, 3],
      rows: [
        [
          "bytes",
          grouped(baseline.bytes),
          grouped(chosen.bytes),
          `${significant(baseline.bytes / chosen.bytes, 3)} times fewer`,
        ],
        ["nonzeros", "", grouped(chosen.nonzeros), ""],
        [
          "accuracy",
          percent(baseline.accuracy),
          percent(v.accuracy),
          `drop of ${between(v.accuracyDrop, points)} points`,
        ],
        [
          "log-loss",
          significant(baseline.logLoss),
          significant(v.logLoss),
          `rise of ${between(v.logLossIncrease, percent)}`,
        ],
        ...allRowsOf(chosen),
        ["rows of another class", "", percent(v.flips.estimate), between(v.flips, percent)],
      ],
      note:
        `${judgesOf(found)}; ${settingsOf(chosen)}; ` +
        "choose(budget) chooses again, front[i].model is a model",
    },
    warnings: found.warnings,
    folded: {
      title:
        shown.length < front.length
          ? `${shown.length} of ${grouped(front.length)} models of the front`
          : "The front",
      ...lines(shown, chosen),
    },
    figures: [frontChart(found)],
  };
}

/** What all rows of a table say of the model that a search by a sample of them chose. */
function allRowsOf({ allRows }: CompressedPoint): string[][] {
  if (allRows === undefined) return [];
  const by = `by all ${grouped(allRows.rows)} rows`;
  return [
    [`accuracy ${by}`, "", percent(allRows.accuracy), ""],
    [`log-loss ${by}`, "", significant(allRows.logLoss), ""],
  ];
}

function lines(
  front: readonly CompressedPoint[],
  chosen: CompressedPoint,
): Omit<TableView, "title" | "note"> {
  const losses = aligned(front.map((p) => p.crossValidated.logLoss));
  const byAll = front.some(({ allRows }) => allRows !== undefined);
  const lossesByAll = aligned(front.map(({ allRows }) => allRows?.logLoss ?? Number.NaN));
  return {
    columns: [
      ...["", "bytes", "nonzeros", "log-loss", "accuracy"],
      ...(byAll ? ["log-loss, all rows", "accuracy, all rows"] : []),
      ...["levels", "lambda", "mu"],
    ],
    words: [0],
    rows: front.map((p, i) => [
      p === chosen ? "chosen" : p.input,
      grouped(p.bytes),
      grouped(p.nonzeros),
      losses[i],
      percent(p.crossValidated.accuracy),
      ...(byAll ? [lossesByAll[i], percent(p.allRows?.accuracy ?? Number.NaN)] : []),
      grouped(p.levels),
      significant(p.lambda, 2),
      significant(p.mu, 2),
    ]),
  };
}

function judgesOf({ chosen, folds, rows }: Compression): string {
  return chosen.bySample === undefined
    ? `by ${folds} folds of ${grouped(rows)} rows`
    : `by ${grouped(rows)} rows that a sample left, beside fits to the table without one of ${folds} folds`;
}

function settingsOf({ levels, lambda, input }: CompressedPoint): string {
  return `${counted(levels, "level")}, lambda ${significant(lambda, 2)}${input === "" ? "" : `, input ${input}`}`;
}

function between({ estimate, low, high }: Interval, show: (x: number) => string): string {
  return `${show(estimate)} (${show(low)} to ${show(high)})`;
}
