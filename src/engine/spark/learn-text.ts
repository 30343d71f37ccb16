import { fail } from "../../base/errors";
import type { TextState } from "../../frame/encoder-state";
import { keptTerms } from "../../frame/fit-vocabulary";
import { termOf } from "../learn-text";
import type { OpenRows } from "./learn";
import { termsSql, type WorkerPlace } from "./sql";
import { termsFile } from "./worker/messages";

/**
 * How columns of text are read: with the vocabulary that is listed, or that the rows have, whose n-grams workers count and Spark adds up.
 * @throws `empty-data` where no n-gram is in enough rows; `failed` where rows were lost
 */
export async function learnTexts(
  { client, table, rows, signal }: OpenRows,
  place: WorkerPlace,
): Promise<TextState[]> {
  const columns = table.text.map(({ state }) => state);
  const learns = table.text.some(({ vocabulary }) => vocabulary !== null && "minRows" in vocabulary);
  if (learns) await client.add([{ name: termsFile, bytes: Buffer.from(JSON.stringify(columns)) }]);
  const found: TextState[] = [];
  for (const [k, { state, vocabulary }] of table.text.entries()) {
    if (vocabulary === null) found.push(state);
    else if (!("minRows" in vocabulary)) found.push({ ...state, vocabulary });
    else {
      const { minRows, most } = vocabulary;
      const [all, ...often] = await client.rows(termsSql(place, k, state.name, minRows, most), signal);
      const seen = all === undefined || all.term !== "" ? 0 : Number(all.n);
      if (seen !== rows) {
        fail("failed", {
          thing: `rows seen for the vocabulary of ${state.name}`,
          value: seen,
          expected: String(rows),
          remedy: "Look into the executors' logs for what ended a worker early.",
        });
      }
      const kept = keptTerms(often.map(termOf), most, state.name);
      found.push({ ...state, vocabulary: kept.map(({ text }) => text) });
    }
  }
  return found;
}
