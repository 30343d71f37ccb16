import { mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { DuckDBDataChunk } from "@duckdb/node-api";
import { fail } from "../base/errors";
import { grouped } from "../base/grouped";
import type { Watch } from "../base/progress";
import { levelNumbers } from "../frame/categorical";
import type { TableEncoder } from "../frame/encoder";
import { type EncoderState, levelWidth, textWidth, widthOf } from "../frame/encoder-state";
import { scaleOf } from "../frame/fit-encoder";
import { TextHasher } from "../frame/text";
import { inverseFrequencies } from "../frame/vocabulary";
import { distinctLabels, type Label } from "../matrix/dataset";
import { type PackedRows, typicalTerms } from "./block-layout";
import { BlockWriter } from "./block-writer";
import { explained } from "./csv-files";
import { beside, Database } from "./database";
import { checkNumbers, checkPresent, levelsOf, levelTable, momentsOf, numberSql } from "./learn";
import { listed, openSource, rowsView } from "./open-source";
import type { EngineSettings } from "./options";
import { type CompleteTable, quoted } from "./source";
import { checkGiven } from "./table-spec";

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
  const { types, several } = await openSource(database, table);
  const { label, numeric, categorical, weights, missing, unseen } = table;
  const rows = await countRows(database);
  const steps = categorical.length + 4;
  database.tell(0, steps, "checking values");
  await checkPresent(database, table, types, several);
  await checkNumbers(database, numeric, types, missing, several);
  if (weights !== null) await checkNumbers(database, [weights], types, "error", several);
  const labels = (await levelsOf(database, label, true)) as readonly Label[];
  const levels: (readonly unknown[])[] = [];
  for (const name of categorical) {
    database.tell(levels.length + 1, steps, `levels of ${name}`);
    levels.push(await levelsOf(database, name, false));
  }
  const state = given ?? {
    label,
    classes: checkClasses(label, distinctLabels(labels)),
    numeric: await momentsOf(database, numeric, types, settings.threads),
    categorical: categorical.map((name, k) => ({ name, levels: distinctTexts(name, levels[k]) })),
    text: table.text,
    missing,
    unseen,
  };
  database.tell(categorical.length + 1, steps, "counting distinct rows");
  const merged = await worthMerging(database, table, rows);
  const writer = new BlockWriter(
    path,
    {
      columns: widthOf(state),
      width: numeric.length + categorical.length + typicalTerms * state.text.length,
      valued: numeric.length + state.text.length > 0,
      counted: weights === null,
    },
    settings.diskLimit,
  );
  try {
    const counted = table.tfidf.map((tfidf) => tfidf && given === undefined);
    const packer = new Packer(state, labels, levels, counted, writer, weights !== null, merged);
    await database.stream(rowsSql(table, types, merged), (chunk) => {
      packer.pack(chunk);
      const share = Math.min(1, writer.rows / rows);
      database.tell(categorical.length + 2 + share, steps, `${grouped(writer.rows)} rows packed`);
    });
    const packed = writer.finish();
    database.tell(steps, steps, `${grouped(rows)} rows, ${grouped(writer.rows)} packed`);
    const scale = like === undefined ? scaleOf(state, packer.inverseFrequencies()) : like.scale;
    return { state, scale, packed, rows, distinct: writer.rows, masses: packer.masses };
  } finally {
    writer.close();
  }
}

async function countRows(database: Database): Promise<number> {
  const [{ n }] = await database.rows(`SELECT CAST(count(*) AS DOUBLE) AS n FROM ${rowsView}`);
  if (n === 0) fail("empty-data", { thing: "table", value: "0 rows", expected: "at least one" });
  return Number(n);
}

function checkClasses(label: string, classes: Label[]): Label[] {
  if (classes.length >= 2) return classes;
  return fail("invalid-label", {
    thing: `label column "${label}"`,
    value: `only the class ${String(classes[0])}`,
    expected: "two classes or more",
  });
}

function distinctTexts(name: string, levels: readonly unknown[]): string[] {
  const texts = new Set(levels.filter((level): level is string => level !== null));
  if (texts.size === 0) fail("empty-data", { thing: "column", value: name, expected: "at least one level" });
  return [...texts].sort();
}

async function worthMerging(database: Database, table: CompleteTable, rows: number): Promise<boolean> {
  const { label, numeric, categorical, text, weights } = table;
  if (text.length > 0) return false;
  const names = [label, ...numeric, ...categorical, ...(weights === null ? [] : [weights])].map(quoted);
  const [{ n }] = await database.rows(
    `SELECT CAST(approx_count_distinct(hash(${names.join(", ")})) AS DOUBLE) AS n FROM ${rowsView}`,
  );
  return rows > pays * Number(n);
}

/** Rows as numbers of levels and raw numbers; merged rows are sorted, so that their order is that of no thread. */
function rowsSql(table: CompleteTable, types: ReadonlyMap<string, string>, merged: boolean): string {
  const { label, numeric, categorical, text, weights } = table;
  const coded = [label, ...categorical];
  const codes = coded.map((_, k) => `COALESCE(l${k}.n, -1) AS c${k}`);
  const numbers = [...numeric, ...(weights === null ? [] : [weights])];
  const values = numbers.map(
    (name, k) => `COALESCE(${numberSql(name, types.get(name)!)}, CAST('nan' AS DOUBLE)) AS x${k}`,
  );
  const joins = coded.map((name, k) => `LEFT JOIN ${levelTable(name)} l${k} ON r.${quoted(name)} = l${k}.v`);
  const body = `FROM ${rowsView} r ${joins.join(" ")}`;
  const texts = text.map(({ name }, k) => `COALESCE(r.${quoted(name)}, '') AS t${k}`);
  const columns = [...codes, ...values, ...texts].join(", ");
  return merged
    ? `SELECT ${columns}, CAST(count(*) AS DOUBLE) AS w ${body} GROUP BY ALL ORDER BY ALL`
    : `SELECT ${columns} ${body}`;
}

/** Packs chunks of rows. */
class Packer {
  /** The sum of weights of each class. */
  readonly masses: Float64Array;
  readonly #state: EncoderState;
  readonly #classes: Int32Array;
  readonly #levels: readonly Int32Array[];
  readonly #texts: readonly {
    readonly hasher: TextHasher;
    readonly offset: number;
    /** In how many rows each column occurs, where that is counted. */
    readonly frequencies: Uint32Array | null;
  }[];
  readonly #writer: BlockWriter;
  readonly #weighted: boolean;
  readonly #merged: boolean;

  constructor(
    state: EncoderState,
    labels: readonly Label[],
    levels: readonly (readonly unknown[])[],
    counted: readonly boolean[],
    writer: BlockWriter,
    weighted: boolean,
    merged: boolean,
  ) {
    this.#state = state;
    this.#classes = classNumbers(state, labels);
    let offset = state.numeric.length;
    this.#levels = state.categorical.map((column, k) => {
      const numbers = levelNumbers(column, levels[k], state).map((n) => (n < 0 ? -1 : n + offset));
      offset += levelWidth(column);
      return numbers;
    });
    this.#texts = state.text.map((column, k) => {
      const width = textWidth(column);
      const frequencies = counted[k] ? new Uint32Array(width) : null;
      const own = { hasher: new TextHasher(column), offset, frequencies };
      offset += width;
      return own;
    });
    this.#writer = writer;
    this.#weighted = weighted;
    this.#merged = merged;
    this.masses = new Float64Array(state.classes.length);
  }

  /** The inverse document frequencies of each column of text, by the rows so far; `null` where they are not counted. */
  inverseFrequencies(): (Float32Array | null)[] {
    const { rows } = this.#writer;
    return this.#texts.map(({ frequencies }) =>
      frequencies === null ? null : inverseFrequencies(frequencies, rows),
    );
  }

  pack(chunk: DuckDBDataChunk): void {
    const numbered = 1 + this.#levels.length + this.#state.numeric.length + Number(this.#weighted);
    const columns = Array.from({ length: numbered }, (_, j) => itemsOf(chunk, j));
    const texts = this.#texts.map((own, k) => ({ ...own, cells: chunk.getColumnVector(numbered + k) }));
    const levels = this.#levels;
    const { numeric } = this.#state;
    const writer = this.#writer;
    const firstNumber = 1 + levels.length;
    const weight = this.#weighted ? columns[firstNumber + numeric.length] : null;
    const count = this.#merged ? itemsOf(chunk, chunk.columnCount - 1) : null;
    for (let i = 0; i < chunk.rowCount; i++) {
      for (let j = 0; j < numeric.length; j++) {
        const { mean, scale } = numeric[j];
        const x = (columns[firstNumber + j][i] - mean) / scale;
        if (x !== 0 && !Number.isNaN(x)) writer.add(j, x);
      }
      for (let k = 0; k < levels.length; k++) {
        const code = columns[1 + k][i];
        if (code >= 0 && levels[k][code] >= 0) writer.add(levels[k][code], 1);
      }
      for (const { hasher, offset, frequencies, cells } of texts) {
        hasher.hash(String(cells.getItem(i)));
        const { columns, values, size } = hasher;
        for (let t = 0; t < size; t++) writer.add(offset + columns[t], values[t]);
        if (frequencies !== null) for (let t = 0; t < size; t++) frequencies[columns[t]]++;
      }
      const own = this.#classes[columns[0][i]];
      const w = checkWeight(weight === null ? 1 : weight[i]) * (count === null ? 1 : count[i]);
      this.masses[own] += w;
      writer.endRow(own, w);
    }
  }
}

function checkWeight(weight: number): number {
  if (weight < 0) fail("invalid-option", { thing: "weight of a row", value: weight, expected: "at least 0" });
  return weight;
}

/** The numbers of a column as DuckDB holds them. */
function itemsOf(chunk: DuckDBDataChunk, column: number): Int32Array | Float64Array {
  return (chunk.getColumnVector(column) as unknown as { items: Int32Array | Float64Array }).items;
}

function classNumbers({ classes, label }: EncoderState, labels: readonly Label[]): Int32Array {
  const numbers = new Map(classes.map((name, k) => [String(name), k]));
  return Int32Array.from(labels, (value) => {
    const number = numbers.get(String(value));
    if (number !== undefined) return number;
    return fail("invalid-label", {
      thing: `label in column "${label}"`,
      value,
      expected: `one of ${classes.slice(0, 12).map(String).join(", ")}`,
    });
  });
}
