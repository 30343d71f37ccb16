import { checkKeys, checkNumber } from "../../base/check";
import { fail } from "../../base/errors";
import { differenceChart } from "../../chart/difference";
import { bytes, grouped, percent, significant } from "../../chart/format";
import { ledgerChart } from "../../chart/ledger";
import { type ComparisonRow, compare } from "../../evaluate/compare";
import { stepReport } from "../../evaluate/step-report";
import type { Dataset } from "../../matrix/dataset";
import type { Scorer } from "../../model/scorer";
import { ledger } from "../../pack/ledger";
import { PackedModel } from "../../pack/packed";
import { aligned } from "../column";
import { ledgerView } from "../views";
import { Card, type CardPart } from "./card";

/**
 * What each step made of a model, on rows that no step has seen: bytes, weights, quality and what was lost against the first, with
 * 95 % intervals; where the last is a file, what each of its bytes is for.
 * @param models the steps by name in their order, two or more: `{ float, pruned, quantized, packed }`
 * @param data rows that no step has seen
 * @param seed of the bootstrap. Default 0
 * @throws `missing-option` for fewer than two models; as `compare` and `stepReport`
 */
export function compressionStory(
  models: Readonly<Record<string, Scorer>>,
  data: Dataset,
  options: { readonly seed?: number } = {},
): Card {
  checkKeys(options, ["seed"], "compressionStory");
  const { seed = 0 } = options;
  const steps = Object.entries(models ?? {});
  if (steps.length < 2) {
    fail("missing-option", {
      thing: "models of the story",
      expected: "two or more, by name and in the order of the steps",
    });
  }
  checkNumber(seed, "seed", { integer: true });
  const comparison = compare(models, data, { latencyRows: 0, seed });
  const [first] = comparison.rows;
  const last = comparison.rows[comparison.rows.length - 1];
  const final = steps[steps.length - 1][1];
  const losses = aligned(comparison.rows.map(({ evaluation }) => evaluation.logLoss));
  return new Card("From model to file", [
    {
      kind: "text",
      text:
        `${bytes(first.evaluation.bytes)} became ${bytes(last.evaluation.bytes)}, ` +
        `${factor(last.difference!.timesSmaller)}. ${lossOf(first, last, data.rows)}`,
    },
    {
      kind: "table",
      table: {
        title: `The steps, judged by ${grouped(data.rows)} rows`,
        columns: [
          "",
          "bytes",
          "weights",
          "accuracy",
          "log-loss",
          "rise (95 % interval)",
          "other class",
          "verdict",
        ],
        words: [0, 7],
        named: true,
        rows: comparison.rows.map(({ name, evaluation, difference }, i) => [
          name,
          grouped(evaluation.bytes),
          grouped(evaluation.nonzeros),
          percent(evaluation.accuracy),
          losses[i],
          difference === null
            ? ""
            : `${significant(difference.logLoss.estimate, 2)} (${significant(difference.logLoss.low, 2)} to ${significant(difference.logLoss.high, 2)})`,
          difference === null ? "" : grouped(difference.changed),
          difference?.verdict ?? "",
        ]),
        note: `rise: of the log-loss over ${first.name}; other class: rows that are given another class than by ${first.name}; a rise below 1 % counts as no loss`,
      },
    },
    { kind: "list", items: steps.slice(1).map(([name, model], i) => stepLine(steps[i], [name, model])) },
    { kind: "figure", figure: differenceChart(comparison) },
    ...bytesOf(final),
  ]);
}

function factor(timesSmaller: number): string {
  return timesSmaller >= 1
    ? `${significant(timesSmaller, 3)} times fewer`
    : `${significant(1 / timesSmaller, 3)} times as many`;
}

/** What one step did, in a sentence. */
function stepLine([from, before]: readonly [string, Scorer], [to, after]: readonly [string, Scorer]): string {
  if (before.weights.length !== after.weights.length) return `${from} → ${to}: of other features`;
  const { removed, largestError, before: was, after: is } = stepReport(before, after);
  const what = [
    ...(removed > 0 ? [`${grouped(removed)} weights went`] : []),
    ...(largestError === 0
      ? ["every weight stayed as it was"]
      : [`the largest change of a weight is ${significant(largestError, 2)}`]),
    `${bytes(was.bytes)} to ${bytes(is.bytes)}, ${significant(is.bitsPerWeight, 3)} bits a weight`,
  ];
  return `${from} → ${to}: ${what.join("; ")}.`;
}

function lossOf(first: ComparisonRow, last: ComparisonRow, rows: number): string {
  const { accuracy, accuracyInterval, changed, verdict } = last.difference!;
  const points = (x: number) => significant(100 * x, 2);
  const moved =
    accuracy === 0
      ? "Accuracy stayed the same"
      : `Accuracy ${accuracy < 0 ? "fell" : "rose"} by ${points(Math.abs(accuracy))} points`;
  return (
    `${moved} (95 % interval of the change ${points(accuracyInterval.low)} to ${points(accuracyInterval.high)}), log-loss went from ` +
    `${significant(first.evaluation.logLoss)} to ${significant(last.evaluation.logLoss)}, and ${grouped(changed)} of ${grouped(rows)} ` +
    `rows are given another class. What these rows allow to say: ${verdict}.`
  );
}

function bytesOf(final: Scorer): CardPart[] {
  if (!(final instanceof PackedModel)) return [];
  const account = ledger(final);
  return [
    { kind: "heading", text: "Where the bytes are" },
    { kind: "table", table: ledgerView(account).table },
    { kind: "figure", figure: ledgerChart(account) },
  ];
}
