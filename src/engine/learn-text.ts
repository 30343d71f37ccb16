import type { CompleteText } from "../frame/encoder-spec";
import type { TextState } from "../frame/encoder-state";
import { keptTerms, type VocabularyPlan } from "../frame/fit-vocabulary";
import { TermCounts } from "../frame/term-counts";
import type { Database } from "./database";
import { rowsView } from "./open-source";
import { quoted } from "./source";

/** N-grams whose counts take some 20 MB. */
const heldTerms = 2 ** 18;

const table = "logitpress_terms";

/**
 * How a column of text is read: with the vocabulary that is listed, or that its rows have, by one look at all of them.
 * @param held n-grams that are held at a time
 */
export async function learnText(
  database: Database,
  { state, vocabulary }: Pick<CompleteText, "state" | "vocabulary">,
  held: number = heldTerms,
): Promise<TextState> {
  if (vocabulary === null) return state;
  if (!("minRows" in vocabulary)) return { ...state, vocabulary };
  return { ...state, vocabulary: await learnVocabulary(database, state, vocabulary, held) };
}

/**
 * The vocabulary that `TableEncoder` learns in memory: n-grams are counted here, so many at a time, and their counts added up by DuckDB,
 * on disk where memory does not hold them.
 * @throws `empty-data` where none is in enough rows; `failed` where the disk is full; `cancelled`
 */
async function learnVocabulary(
  database: Database,
  state: TextState,
  { minRows, most }: VocabularyPlan,
  held: number,
): Promise<readonly string[]> {
  const counts = new TermCounts(state, null);
  const filled = await database.filled(table, "term BLOB, n INTEGER");
  let parts = 0;
  const flush = (): void => {
    for (const { text, rows } of counts.terms(1)) {
      filled.appender.appendBlob(sortable(text));
      filled.appender.appendInteger(rows);
      filled.appender.endRow();
    }
    counts.forget();
    parts++;
  };
  try {
    const name = quoted(state.name);
    await database.stream(`SELECT r.${name} FROM ${rowsView} r WHERE r.${name} IS NOT NULL`, (chunk) => {
      const cells = chunk.getColumnVector(0);
      for (let i = 0; i < chunk.rowCount; i++) {
        counts.add(String(cells.getItem(i)));
        if (counts.size >= held) flush();
      }
    });
    if (parts === 0) return keptTerms([...counts.terms(minRows)], most, state.name).map(({ text }) => text);
    flush();
    filled.appender.flushSync();
    const often = await database.rows(
      `SELECT hex(term) AS term, CAST(sum(n) AS DOUBLE) AS n FROM ${table} GROUP BY term HAVING sum(n) >= ${minRows} ORDER BY sum(n) DESC, term LIMIT ${most}`,
    );
    return keptTerms(often.map(termOf), most, state.name).map(({ text }) => text);
  } finally {
    filled.close();
    await database.run(`DROP TABLE ${table}`);
  }
}

/** A text as bytes that sort as its code units do. */
function sortable(text: string): Buffer {
  return Buffer.from(text, "utf16le").swap16();
}

/** A text again, of the hexadecimal digits of {@link sortable}, and its rows. */
export function termOf({ term, n }: Readonly<Record<string, unknown>>): { text: string; rows: number } {
  return { text: Buffer.from(String(term), "hex").swap16().toString("utf16le"), rows: Number(n) };
}
