import { fail } from "../../base/errors";
import { type BlockState, blockColumns } from "../../frame/blocks/state";
import { usualMissing } from "../../frame/missing-cells";
import type { CompleteSparkTable } from "./table";

/** The names of the session's views. */
export const views = {
  source: "source",
  cells: "logitpress_cells",
  rows: "logitpress_rows",
  packed: "logitpress_packed",
  state: "logitpress_state",
} as const;

/** A name in Spark's SQL. */
export function quoted(name: string): string {
  return `\`${name.replaceAll("`", "``")}\``;
}

/** The name of a table, each part quoted: "db.table", parts in backticks as they are. */
export function quotedTable(name: string): string {
  const parts = name.match(/`(?:[^`]|``)+`|[^.`]+/g);
  if (parts === null || parts.join(".") !== name) {
    fail("invalid-option", { thing: "table", value: name, expected: "a name such as database.table" });
  }
  return parts.map((part) => (part.startsWith("`") ? part : quoted(part))).join(".");
}

/**
 * How rows go to a script and come back. Spark must be told: left to its default it reads what a script wrote as rows of
 * NULL where columns have other types than text.
 */
const format = "ROW FORMAT DELIMITED FIELDS TERMINATED BY '\\t' LINES TERMINATED BY '\\n'";

/** Where the worker lies on every executor, seen from where scripts run. */
export interface WorkerPlace {
  /** The program Node. */
  readonly node: string;
  /** The server's name of the session, which its files lie under. */
  readonly folder: string;
}

function transform(command: string, fields: string, columns: string, from: string): string {
  return `SELECT TRANSFORM (${fields}) ${format} USING ${literal(command)} AS (${columns}) ${format} FROM ${from}`;
}

function workerAt({ node, folder }: WorkerPlace, task: string): string {
  return `${shellQuoted(node)} ./${folder}/worker.cjs ${task}`;
}

/**
 * The statement that asks executors for their version of Node. Their input is read first: of a script that ends with input
 * unread Spark says that its stream was closed, and not why it ended.
 */
export function probeSql({ node }: WorkerPlace): string {
  const command = `cat > /dev/null; ${shellQuoted(node)} --version`;
  return transform(command, "id", "version STRING", "range(0, 4, 1, 4)");
}

/** The statement that names the cells of CSV as the source, those that `readCsv` takes for missing left out. @param names of the columns */
export function cellsSql(names: readonly string[]): string {
  const missing = usualMissing.map(literal).join(", ");
  const columns = names
    .map(quoted)
    .map((name) => `CASE WHEN ${name} IN (${missing}) THEN NULL ELSE ${name} END AS ${name}`);
  return `CREATE OR REPLACE TEMPORARY VIEW ${views.source} AS SELECT ${columns.join(", ")} FROM ${views.cells}`;
}

/** A text in Spark's SQL, where backslashes escape. */
export function literal(text: string): string {
  return `'${text.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`;
}

function shellQuoted(text: string): string {
  return /^[\w./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}

/** The expression of a column as a 64-bit float; blank text is missing. */
export function numberSql(name: string, type: string): string {
  const column = quoted(name);
  return type === "string" ? `try_cast(nullif(trim(${column}), '') AS DOUBLE)` : `CAST(${column} AS DOUBLE)`;
}

/** The expression of a level as text, numbers with all of their digits. */
export function levelTextSql(name: string, type: string): string {
  const column = quoted(name);
  if (!/^(?:double|float)$/.test(type)) return `CAST(${column} AS STRING)`;
  return `CASE WHEN NOT isnan(${column}) THEN CAST(CAST(${column} AS DOUBLE) AS STRING) END`;
}

/** The expression of a point of time: text as it is, else milliseconds since 1970, in UTC. */
function dateSql(name: string, type: string): string {
  const column = quoted(name);
  if (type === "date") return `CAST(datediff(${column}, DATE'1970-01-01') * 86400000D AS STRING)`;
  if (!type.startsWith("timestamp")) return levelTextSql(name, type);
  // The session's zone is UTC, in which a time without a zone is.
  return `CAST(unix_millis(CAST(${column} AS TIMESTAMP)) AS STRING)`;
}

/** Whether a value is missing as `missing: "indicator"` has it: blank text is. */
export function missingSql(name: string, type: string): string {
  const column = quoted(name);
  if (/^(?:string|varchar|char)/.test(type)) return `(${column} IS NULL OR trim(${column}) = '')`;
  return /^(?:double|float)$/.test(type) ? `(${column} IS NULL OR isnan(${column}))` : `${column} IS NULL`;
}

/** The statement that packs the rows; a cell of each row is JSON, which has no tabs and no ends of lines. */
export function packSql(
  place: WorkerPlace,
  table: CompleteSparkTable,
  types: ReadonlyMap<string, string>,
  blocks: readonly BlockState[],
): string {
  const { label, weights, numeric, categorical, text } = table;
  const numbers = [...(weights === null ? [] : [weights]), ...numeric.map(({ name }) => name)];
  const texts = [...categorical.map(({ name }) => name), ...text.map(({ state }) => state.name)];
  const number = (name: string): string => `CAST(${numberSql(name, types.get(name)!)} AS STRING)`;
  const cells = [
    `CAST(${quoted(label)} AS STRING)`,
    ...numbers.map(number),
    ...texts.map((name) => `CAST(${quoted(name)} AS STRING)`),
    ...blocks.flatMap((block) =>
      blockColumns(block).map((name) => {
        const type = types.get(name)!;
        if (block.kind === "indicator") return `IF(${missingSql(name, type)}, '1', NULL)`;
        if (block.kind === "bins") return number(name);
        return block.kind === "dates" ? dateSql(name, type) : levelTextSql(name, type);
      }),
    ),
  ];
  const fields = `spark_partition_id(), to_json(array(${cells.join(", ")}))`;
  const columns = "part INT, seq INT, size INT, nonzeros INT, masses STRING, block STRING";
  return transform(workerAt(place, "pack"), fields, columns, views.rows);
}

/** The statement that deals the rows to folds and counts them by fold, level and class, for each of some columns. */
export function dealSql(place: WorkerPlace, label: string, names: readonly string[]): string {
  const cells = [label, ...names].map((name) => `CAST(${quoted(name)} AS STRING)`);
  const fields = `spark_partition_id(), to_json(array(${cells.join(", ")}))`;
  const columns = "target INT, fold INT, place INT, own INT, n BIGINT";
  const counts = transform(workerAt(place, "deal"), fields, columns, views.rows);
  return `SELECT target, fold, place, own, sum(n) AS n FROM (${counts}) GROUP BY target, fold, place, own`;
}

/**
 * The statement that counts in how many rows the n-grams of a column of text occur: first all rows that were seen, under the empty
 * n-gram, then those of the most rows.
 * @param column its number in the file of columns
 */
export function termsSql(
  place: WorkerPlace,
  column: number,
  name: string,
  minRows: number,
  most: number,
): string {
  const fields = `${column}, to_json(array(CAST(${quoted(name)} AS STRING)))`;
  const counts = transform(workerAt(place, "terms"), fields, "term STRING, n BIGINT", views.rows);
  const sums = `SELECT coalesce(term, '') AS term, sum(n) AS n FROM (${counts}) GROUP BY coalesce(term, '')`;
  return `SELECT * FROM (${sums}) WHERE n >= ${minRows} OR term = '' ORDER BY term <> '', n DESC, term LIMIT ${most + 1}`;
}

/**
 * The statement of a round: header and parameters go to the first block of each partition, the partitions' sums are cut into
 * slices, and each slice is added up in the order of the partitions by a task of its own.
 */
export function roundSql(place: WorkerPlace): string {
  const sums = "slice INT, part INT, size BIGINT, sums STRING";
  const partitions = transform(workerAt(place, "round"), blockFields, sums, blocksSql());
  const sorted = `(SELECT * FROM (${partitions}) DISTRIBUTE BY slice SORT BY slice, part)`;
  const totals = "slice INT, parts INT, size BIGINT, sums STRING";
  return transform(workerAt(place, "sum"), "slice, part, size, sums", totals, sorted);
}

/** The statement of a sample: the blocks, each with the rows that were drawn of it alone. */
export function sampleSql(place: WorkerPlace): string {
  const columns = "part INT, seq INT, seen INT, size INT, nonzeros INT, block STRING";
  return transform(workerAt(place, "sample"), blockFields, columns, blocksSql());
}

const blockFields = "part, seq, size, nonzeros, header, parameters, block";

/** The packed blocks, with header and parameters beside the first of each partition. */
function blocksSql(): string {
  const first = (name: string): string => `CASE WHEN p.seq = 0 THEN s.${name} ELSE '' END`;
  return `(SELECT /*+ BROADCAST(s) */ p.part, p.seq, p.size, p.nonzeros, ${first("header")} AS header, ${first("parameters")} AS parameters, p.block FROM ${views.packed} p CROSS JOIN ${views.state} s)`;
}
