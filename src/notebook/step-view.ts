import { bytes, counted, grouped, percent, significant } from "../chart/format";
import type { ModelCount, StepReport } from "../evaluate/step-report";
import type { ResultView } from "./views";

/** A line for each count, before and after, and what was lost. */
export function stepView({
  before,
  after,
  squaredError,
  largestError,
  removed,
  loss,
}: StepReport): ResultView {
  const line = (name: string, of: (count: ModelCount) => string): string[] => [name, of(before), of(after)];
  return {
    table: {
      title: `${before.stage} → ${after.stage}`,
      columns: ["", "before", "after"],
      words: [0],
      rows: [
        line("stored bytes", (c) => bytes(c.bytes)),
        line("nonzero weights", (c) => grouped(c.nonzeros)),
        line("stored bits a weight", (c) => significant(c.bitsPerWeight, 3)),
        line("entropy of the values", (c) => `${significant(c.entropyBits, 3)} bits`),
        ...(loss === null
          ? []
          : [
              line("multiplications a row", (c) => significant(c.operations, 3)),
              ["log-loss", significant(loss.before), significant(loss.after)],
              [
                "rows given another class",
                "",
                `${grouped(loss.changed)} (${percent(loss.changed / loss.rows)})`,
              ],
            ]),
        ["weights removed", "", grouped(removed)],
        ["squared error of the weights", "", significant(squaredError, 3)],
        ["largest error of a weight", "", significant(largestError, 3)],
      ],
      ...(loss === null ? {} : { note: `log-loss and classes on ${counted(loss.rows, "row")}` }),
    },
    figures: [],
  };
}
