import type { TextState } from "../../../frame/encoder-state";
import { TermCounts } from "../../../frame/term-counts";
import { inputRows, writeRow } from "./lines";

/** N-grams that are held at a time. */
const heldTerms = 2 ** 18;

/**
 * Counts in how many rows `number of the column, [text]` n-grams occur, and writes `n-gram, rows`: its code units in hexadecimal digits, which
 * sort as they do; an n-gram may come more than once. The empty one stands for all rows that were seen.
 */
export function terms(columns: readonly TextState[]): void {
  let counts: TermCounts | null = null;
  const flush = (): void => {
    for (const { text, rows } of counts?.terms(1) ?? []) {
      writeRow(Buffer.from(text, "utf16le").swap16().toString("hex"), rows);
    }
    counts?.forget();
  };
  for (const [column, cells] of inputRows()) {
    counts ??= new TermCounts(columns[Number(column.toString("latin1"))], null);
    const [text] = JSON.parse(cells.toString()) as (string | null)[];
    counts.add(text ?? "");
    if (counts.size >= heldTerms) flush();
  }
  flush();
  if (counts !== null) writeRow("", counts.rows);
}
