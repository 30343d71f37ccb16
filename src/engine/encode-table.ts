import { mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fail } from "../base/errors";
import { grouped } from "../base/grouped";
import type { Watch } from "../base/progress";
import { hasNumbers, rowWidth } from "../frame/blocks/state";
import type { TableEncoder } from "../frame/encoder";
import { type EncoderState, widthOf } from "../frame/encoder-state";
import { scaleOf } from "../frame/fit-encoder";
import { type PackedRows, typicalTerms } from "./block-layout";
import { BlockWriter } from "./block-writer";
import { checkNumbers, checkPresent } from "./check-values";
import { explained } from "./csv-files";
import { beside, Database } from "./database";
import { learnState } from "./learn-state";
import { type LevelColumn, levelsOf } from "./level-columns";
import { listed, type OpenSource, openSource, rowsView } from "./open-source";
import type { EngineSettings } from "./options";
import { RowsPacker } from "./pack-rows";
import { located } from "./row-fault";
import { RowLayout } from "./row-layout";
import { type CompleteTable, quoted } from "./source";
import { fieldsOf, indicatorsOf } from "./table-fields";
import { checkGiven, featureColumns } from "./table-spec";
import type { TargetOdds } from "./target-counts";

/** What came of encoding a table. */
export interface EncodedRows {
  readonly state: EncoderState;
  /** See `Dataset.scale`. */
  readonly scale: Float32Array | null;
  readonly packed: PackedRows;
  /** The folder of temporary files, to be removed at the end. */
  readonly folder: string;
  /** The rows of the source. */
  readonly rows: number;
  /** The rows that are stored: fewer where equal ones became one with the sum of their weights. */
  readonly distinct: number;
  /** The sum of weights of each class. */
  readonly masses: Float64Array;
  /** The bytes that a job over them may take. */
  readonly room: number;
}

/** Equal rows are merged where there are this many times more rows than distinct ones. */
const pays = 1.5;

/**
 * Encodes a table in SQL and packs its rows into a file of blocks.
 * @param like an encoder to go by; left out, one is learnt from the table
 */
export async function encodeTable(
  table: CompleteTable,
  settings: EngineSettings,
  watch: Watch,
  like?: TableEncoder,
): Promise<EncodedRows> {
  const folder = mkdtempSync(join(settings.temporaryFolder, "logitpress-"));
  let database: Database | undefined;
  try {
    database = await Database.open(settings, join(folder, "spill"), watch);
    const rows = await encoded(database, table, settings, join(folder, "rows"), like).catch(
      async (error) =>
        await explained(
          error,
          table.kind === "csv" ? await listed(database!, table.files) : [],
          watch.signal,
        ),
    );
    return { ...rows, folder, room: settings.memoryLimit - beside };
  } catch (error) {
    rmSync(folder, { recursive: true, force: true });
    throw error;
  } finally {
    database?.close();
  }
}

async function encoded(
  database: Database,
  table: CompleteTable,
  settings: EngineSettings,
  path: string,
  like: TableEncoder | undefined,
): Promise<Omit<EncodedRows, "folder" | "room">> {
  const given = like?.state();
  if (given !== undefined) checkGiven(table, given);
  const source = await openSource(database, table);
  try {
    return await packed(database, source, table, settings, path, given, like?.scale ?? null);
  } catch (error) {
    return await located(error, database, source.origin);
  }
}

async function packed(
  database: Database,
  { types, origin }: OpenSource,
  table: CompleteTable,
  settings: EngineSettings,
  path: string,
  given: EncoderState | undefined,
  scale: Float32Array | null,
): Promise<Omit<EncodedRows, "folder" | "room">> {
  const { weights, missing } = table;
  const { coded, numbers } = fieldsOf(table);
  const rows = await countRows(database);
  const steps = coded.length + 4;
  database.tell(0, steps, "checking values");
  await checkPresent(database, table, types, origin);
  await checkNumbers(database, numbers, types, missing, origin);
  if (weights !== null) await checkNumbers(database, [weights], types, "error", origin);
  const levels = new Map<string, LevelColumn>();
  for (const name of coded) {
    database.tell(levels.size + 1, steps, `levels of ${name}`);
    levels.set(name, await levelsOf(database, name));
  }
  const { threads } = settings;
  const open = { database, table, types, rows, levels, threads };
  const { state, targets } =
    given === undefined ? await learnState(open) : { state: given, targets: new Map<number, TargetOdds>() };
  database.tell(coded.length + 1, steps, "counting distinct rows");
  const ordered = targets.size > 0;
  const as = ordered ? "ordered" : (await worthMerging(database, table, rows)) ? "merged" : "rows";
  const { blocks = [] } = state;
  const writer = new BlockWriter(
    path,
    {
      columns: widthOf(state),
      width:
        state.numeric.length +
        state.categorical.length +
        typicalTerms * state.text.length +
        blocks.reduce((sum, block) => sum + rowWidth(block), 0),
      valued: state.numeric.length + state.text.length > 0 || blocks.some(hasNumbers),
      counted: weights === null,
    },
    settings.diskLimit,
  );
  try {
    const counted = table.text.map(({ tfidf }) => tfidf && given === undefined);
    const layout = new RowLayout(table, types, indicatorsOf(blocks));
    const packer = new RowsPacker({ state, layout, levels, targets, writer, weights, as, counted });
    await database.stream(layout.sql(as), (chunk) => {
      packer.pack(chunk);
      const share = Math.min(1, writer.rows / rows);
      database.tell(coded.length + 2 + share, steps, `${grouped(writer.rows)} rows packed`);
    });
    const own = given === undefined ? scaleOf(state, packer.inverseFrequencies()) : scale;
    const found = writer.finish();
    database.tell(steps, steps, `${grouped(rows)} rows, ${grouped(writer.rows)} packed`);
    return { state, scale: own, packed: found, rows, distinct: writer.rows, masses: packer.masses };
  } finally {
    writer.close();
  }
}

async function countRows(database: Database): Promise<number> {
  const [{ n }] = await database.rows(`SELECT CAST(count(*) AS DOUBLE) AS n FROM ${rowsView}`);
  if (n === 0) fail("empty-data", { thing: "table", value: "0 rows", expected: "at least one" });
  return Number(n);
}

async function worthMerging(database: Database, table: CompleteTable, rows: number): Promise<boolean> {
  const { label, text, weights } = table;
  if (text.length > 0) return false;
  const names = [...new Set([label, ...featureColumns(table), ...(weights === null ? [] : [weights])])].map(
    quoted,
  );
  const [{ n }] = await database.rows(
    `SELECT CAST(approx_count_distinct(hash(${names.join(", ")})) AS DOUBLE) AS n FROM ${rowsView}`,
  );
  return rows > pays * Number(n);
}
