import { fail } from "../../base/errors";
import type { CompleteSparkTable } from "./table";

/** The names of the session's views. */
export const views = {
  source: "source",
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

/** The statement that packs the rows; a cell of each row is JSON, which has no tabs and no ends of lines. */
export function packSql(
  place: WorkerPlace,
  table: CompleteSparkTable,
  types: ReadonlyMap<string, string>,
): string {
  const { label, weights, numeric, categorical, text } = table;
  const numbers = [...(weights === null ? [] : [weights]), ...numeric];
  const cells = [
    `CAST(${quoted(label)} AS STRING)`,
    ...numbers.map((name) => `CAST(${numberSql(name, types.get(name)!)} AS STRING)`),
    ...[...categorical, ...text.map(({ name }) => name)].map((name) => `CAST(${quoted(name)} AS STRING)`),
  ];
  const fields = `spark_partition_id(), to_json(array(${cells.join(", ")}))`;
  const columns = "part INT, seq INT, size INT, nonzeros INT, masses STRING, block STRING";
  return transform(workerAt(place, "pack"), fields, columns, views.rows);
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
