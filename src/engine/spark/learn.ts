import { fail } from "../../base/errors";
import { levelNumbers } from "../../frame/categorical";
import { typedCells } from "../../frame/cells";
import { type EncoderState, levelWidth, widthOf } from "../../frame/encoder-state";
import { checkColumn } from "../../frame/names";
import { distinctLabels, type Label } from "../../matrix/dataset";
import { checkGiven } from "../table-spec";
import type { ConnectClient, Row } from "./client";
import { numberSql, quoted, views } from "./sql";
import type { CompleteSparkTable } from "./table";
import type { PackPlan } from "./worker/messages";

/** What one look at a table found. */
export interface Learnt {
  readonly state: EncoderState;
  readonly plan: PackPlan;
  readonly types: ReadonlyMap<string, string>;
  readonly rows: number;
}

const asIs = /^(?:string|varchar|char)/;
const asText = /^(?:string|varchar|char|boolean|tinyint|smallint|int|bigint|float|double|decimal)/;

/**
 * Checks the values of the view of rows and learns how they become features, as `TableEncoder` does in memory: levels in the
 * same order, means and deviations to the last bits, whose sums go partition by partition.
 * @param given the state of an encoder to go by; left out, one is learnt
 * @throws `missing-column`, `invalid-label`, `invalid-data`, `not-finite`, `empty-data`; `invalid-option` for an encoder of
 * other columns
 */
export async function learn(
  client: ConnectClient,
  table: CompleteSparkTable,
  given?: EncoderState,
  signal?: AbortSignal,
): Promise<Learnt> {
  if (given !== undefined) checkGiven(table, given);
  const types = await typesOf(client, table);
  const sums = await sumsOf(client, table, types, signal);
  const rows = sums.total("n");
  if (rows === 0) fail("empty-data", { thing: "table", value: "0 rows", expected: "at least one" });
  checkSums(sums, table);
  const { label, categorical } = table;
  const cells = await cellsOf(client, [label, ...categorical], signal);
  const values = [label, ...categorical].map((name, k) => typed(cells[k], types.get(name)!));
  const state = given ?? (await learntState(client, table, types, sums, values, signal));
  return { state, plan: packPlan(table, state, cells, values), types, rows };
}

async function learntState(
  client: ConnectClient,
  table: CompleteSparkTable,
  types: ReadonlyMap<string, string>,
  sums: PartitionSums,
  [labels, ...values]: readonly (readonly unknown[])[],
  signal?: AbortSignal,
): Promise<EncoderState> {
  const { label, numeric, categorical, missing, unseen } = table;
  const classes = checkClasses(label, distinctLabels(labels as readonly Label[]));
  const means = numeric.map((_, k) => sums.total(`x${k}`) / Math.max(1, sums.total(`c${k}`)));
  const squares = await squaresOf(client, table, types, means, signal);
  return {
    label,
    classes,
    numeric: numeric.map((name, k) => {
      if (sums.total(`c${k}`) === 0)
        fail("empty-data", { thing: "column", value: name, expected: "at least one number" });
      const deviation = Math.sqrt(squares.total(`q${k}`) / sums.total("n"));
      return { name, mean: means[k], scale: deviation <= 1e-14 * Math.abs(means[k]) ? 1 : deviation };
    }),
    categorical: categorical.map((name, k) => ({ name, levels: levelsOf(name, values[k]) })),
    text: table.text,
    missing,
    unseen,
  };
}

function packPlan(
  { label, weights, numeric }: CompleteSparkTable,
  state: EncoderState,
  cells: readonly (readonly string[])[],
  [labels, ...values]: readonly (readonly unknown[])[],
): PackPlan {
  let first = numeric.length;
  return {
    columns: widthOf(state),
    labels: { cells: cells[0], numbers: classNumbers(state, label, labels as readonly Label[]) },
    classes: state.classes.length,
    weighted: weights !== null,
    numeric: state.numeric.map(({ mean, scale }) => ({ mean, scale })),
    categorical: state.categorical.map((column, k) => {
      const found = levelNumbers(column, values[k], { missing: "mean", unseen: state.unseen });
      const features = Array.from(found, (level) => (level < 0 ? -1 : first + level));
      first += levelWidth(column);
      return { cells: cells[k + 1], features };
    }),
    text: state.text,
  };
}

function classNumbers({ classes }: EncoderState, label: string, labels: readonly Label[]): number[] {
  const numbers = new Map(classes.map((name, k) => [String(name), k]));
  return labels.map((value) => {
    const number = numbers.get(String(value));
    if (number !== undefined) return number;
    return fail("invalid-label", {
      thing: `label in column "${label}"`,
      value,
      expected: `one of ${classes.slice(0, 12).map(String).join(", ")}`,
    });
  });
}

async function typesOf(client: ConnectClient, table: CompleteSparkTable): Promise<Map<string, string>> {
  const described = await client.rows(`DESCRIBE TABLE ${views.rows}`);
  const types = new Map(described.map((row) => [String(row.col_name), String(row.data_type)]));
  const { label, weights, numeric, categorical } = table;
  const text = table.text.map(({ name }) => name);
  for (const name of [label, ...(weights === null ? [] : [weights]), ...numeric, ...categorical, ...text]) {
    checkColumn(name, [...types.keys()]);
  }
  for (const name of [label, ...categorical, ...text]) {
    const pattern = text.includes(name) ? asIs : asText;
    if (pattern.test(types.get(name)!)) continue;
    fail("invalid-data", {
      thing: `type of column "${name}"`,
      value: types.get(name)!,
      expected: text.includes(name) ? "text" : "text, numbers or booleans",
      remedy: `Cast it in select, e.g. CAST(${quoted(name)} AS STRING) AS ${quoted(name)}.`,
    });
  }
  return types;
}

/** Sums of a query's columns, one row a partition, added in the order of the partitions. */
class PartitionSums {
  readonly #rows: readonly Row[];

  constructor(rows: readonly Row[]) {
    this.#rows = [...rows].sort((a, b) => Number(a.part) - Number(b.part));
  }

  total(name: string): number {
    return this.#rows.reduce((sum, row) => sum + Number(row[name] ?? 0), 0);
  }
}

/** Each partition adds its rows in their order, and no sum goes across partitions but here, so the bits are the same each time. */
async function partitionSums(
  client: ConnectClient,
  columns: readonly string[],
  sums: readonly string[],
  signal?: AbortSignal,
): Promise<PartitionSums> {
  const inner = ["spark_partition_id() AS part", ...columns].join(", ");
  const sql = `SELECT part, ${sums.join(", ")} FROM (SELECT ${inner} FROM ${views.rows}) GROUP BY part`;
  return new PartitionSums(await client.rows(sql, signal));
}

async function sumsOf(
  client: ConnectClient,
  { label, categorical, numeric, weights }: CompleteSparkTable,
  types: ReadonlyMap<string, string>,
  signal?: AbortSignal,
): Promise<PartitionSums> {
  const numbers = [...numeric, ...(weights === null ? [] : [weights])];
  const present = [label, ...categorical];
  const finite = (k: number): string =>
    `v${k} IS NOT NULL AND NOT isnan(v${k}) AND abs(v${k}) < double('inf')`;
  return await partitionSums(
    client,
    [
      ...present.map((name, k) => `${absentSql(name, types.get(name)!, name === label)} AS m${k}`),
      ...numbers.map((name, k) => `${numberSql(name, types.get(name)!)} AS v${k}`),
      ...numbers.map((name, k) => `${givenSql(name, types.get(name)!)} AS g${k}`),
    ],
    [
      "count(*) AS n",
      ...present.map((_, k) => `count_if(m${k}) AS m${k}`),
      ...numbers.map((_, k) => `sum(CASE WHEN ${finite(k)} THEN v${k} END) AS x${k}`),
      ...numbers.map((_, k) => `count_if(${finite(k)}) AS c${k}`),
      ...numbers.map((_, k) => `count_if(g${k} AND (v${k} IS NULL OR abs(v${k}) = double('inf'))) AS w${k}`),
      ...numbers.map((_, k) => `count_if(v${k} < 0) AS l${k}`),
    ],
    signal,
  );
}

function absentSql(name: string, type: string, isLabel: boolean): string {
  const column = quoted(name);
  if (!/^(?:double|float)$/.test(type)) return `${column} IS NULL`;
  const infinite = isLabel ? ` OR abs(${column}) = double('inf')` : "";
  return `(${column} IS NULL OR isnan(${column})${infinite})`;
}

function givenSql(name: string, type: string): string {
  return type === "string" ? `nullif(trim(${quoted(name)}), '') IS NOT NULL` : `${quoted(name)} IS NOT NULL`;
}

function checkSums(
  sums: PartitionSums,
  { label, categorical, numeric, weights, missing }: CompleteSparkTable,
): void {
  const rows = sums.total("n");
  [label, ...categorical].forEach((name, k) => {
    const count = sums.total(`m${k}`);
    if (count === 0 || (k > 0 && missing === "mean")) return;
    fail(k === 0 ? "invalid-label" : "invalid-data", {
      thing: `${k === 0 ? "label" : "level"} in column "${name}"`,
      value: `${count} rows without one`,
      expected: "one in every row",
      remedy:
        k === 0 ? "Leave these rows out in select." : 'Fill them in select, or encode with missing: "mean".',
    });
  });
  [...numeric, ...(weights === null ? [] : [weights])].forEach((name, k) => {
    const wrong = sums.total(`w${k}`);
    const absent = rows - sums.total(`c${k}`) - wrong;
    const forgiven = missing === "mean" && k < numeric.length;
    if (wrong > 0 || (absent > 0 && !forgiven)) {
      fail("not-finite", {
        thing: `values of column "${name}"`,
        value: `${wrong + (forgiven ? 0 : absent)} of ${rows} rows`,
        expected: "finite numbers",
        remedy: 'Drop or fill missing values in select, or encode with missing: "mean".',
      });
    }
    if (k >= numeric.length && sums.total(`l${k}`) > 0) {
      fail("invalid-option", {
        thing: `weights of column "${name}"`,
        value: "below 0",
        expected: "at least 0",
      });
    }
  });
}

async function squaresOf(
  client: ConnectClient,
  { numeric }: CompleteSparkTable,
  types: ReadonlyMap<string, string>,
  means: readonly number[],
  signal?: AbortSignal,
): Promise<PartitionSums> {
  if (numeric.length === 0) return new PartitionSums([]);
  const values = numeric.map(
    (name, k) => `${numberSql(name, types.get(name)!)} - double('${means[k]}') AS v${k}`,
  );
  const sums = numeric.map((_, k) => `sum(CASE WHEN NOT isnan(v${k}) THEN v${k} * v${k} END) AS q${k}`);
  return await partitionSums(client, values, sums, signal);
}

/** The distinct cells of columns as text, sorted by code units, each at most once. */
async function cellsOf(
  client: ConnectClient,
  names: readonly string[],
  signal?: AbortSignal,
): Promise<string[][]> {
  const stacked = names.map((name, k) => `${k}, CAST(${quoted(name)} AS STRING)`).join(", ");
  const rows = await client.rows(
    `SELECT DISTINCT k, v FROM (SELECT stack(${names.length}, ${stacked}) AS (k, v) FROM ${views.rows}) WHERE v IS NOT NULL`,
    signal,
  );
  const cells: string[][] = names.map(() => []);
  for (const { k, v } of rows) cells[Number(k)].push(String(v));
  return cells.map((own) => own.sort());
}

/** The values of cells of a column as the reading of files in memory has them. */
function typed(cells: readonly string[], type: string): readonly unknown[] {
  if (asIs.test(type)) return typedCells(cells);
  if (type === "boolean") return cells.map((cell) => cell === "true");
  return cells.map((cell) => {
    const number = Number(cell);
    return /^[+-]?\d+$/.test(cell) && !Number.isSafeInteger(number) ? cell : number;
  });
}

function levelsOf(name: string, values: readonly unknown[]): string[] {
  const levels = new Set(values.filter((value) => !Number.isNaN(value)).map(String));
  if (levels.size === 0) fail("empty-data", { thing: "column", value: name, expected: "at least one level" });
  return [...levels].sort();
}

function checkClasses(label: string, classes: Label[]): Label[] {
  if (classes.length >= 2) return classes;
  return fail("invalid-label", {
    thing: `label column "${label}"`,
    value: `only the class ${String(classes[0])}`,
    expected: "two classes or more",
  });
}
