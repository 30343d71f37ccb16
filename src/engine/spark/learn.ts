import { fail } from "../../base/errors";
import { categoricalOf, levelNumbers } from "../../frame/categorical";
import { type EncoderState, levelWidth, widthOf } from "../../frame/encoder-state";
import { checkColumn, classesOf } from "../../frame/names";
import { quartileRanks, robustOf, standardFrom } from "../../frame/numeric";
import type { Label } from "../../matrix/dataset";
import { textCounts } from "../level-columns";
import { fieldsOf } from "../table-fields";
import { checkGiven, featureColumns } from "../table-spec";
import { checkSums, sumsOf } from "./check-sums";
import type { ConnectClient } from "./client";
import { learnBlocks } from "./learn-blocks";
import { learnTexts } from "./learn-text";
import { type LevelCells, levelCells } from "./level-cells";
import { type PartitionSums, partitionSums } from "./partition-sums";
import { rankedOf } from "./ranks";
import { numberSql, quoted, views, type WorkerPlace } from "./sql";
import type { CompleteSparkTable } from "./table";
import { targetsOf } from "./targets";
import type { PackPlan } from "./worker/messages";

/** What one look at a table found. */
export interface Learnt {
  readonly state: EncoderState;
  readonly plan: PackPlan;
  readonly types: ReadonlyMap<string, string>;
  readonly rows: number;
}

/** A table of a cluster that is looked at. */
export interface OpenRows {
  readonly client: ConnectClient;
  readonly table: CompleteSparkTable;
  readonly types: ReadonlyMap<string, string>;
  readonly rows: number;
  readonly signal: AbortSignal | undefined;
}

const asIs = /^(?:string|varchar|char)/;
const asText = /^(?:string|varchar|char|boolean|tinyint|smallint|int|bigint|float|double|decimal)/;
const asDate = /^(?:string|varchar|char|date|timestamp|tinyint|smallint|int|bigint|float|double|decimal)/;

/**
 * Checks the values of the view of rows and learns how they become features, as `TableEncoder` does in memory: levels in the
 * same order, means and deviations to the last bits, whose sums go partition by partition.
 * @param given the state of an encoder to go by; left out, one is learnt
 * @throws `missing-column`, `invalid-label`, `invalid-data`, `not-finite`, `empty-data`; `invalid-option` for an encoder of
 * other columns
 */
export async function learn(
  client: ConnectClient,
  place: WorkerPlace,
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
  const open: OpenRows = { client, table, types, rows, signal };
  const targeted = table.blocks.flatMap((plan) => (plan.kind === "target" ? [plan.name] : []));
  const categorical = table.categorical.map(({ name }) => name);
  const levels = await levelCells(open, [table.label, ...categorical, ...targeted]);
  if (given !== undefined) return { state: given, plan: packPlan(table, given, levels), types, rows };
  const classes = classesOf(table.label, levels[0].values as readonly Label[]);
  const targets = await targetsOf(open, place, classes, levels[0], levels.slice(1 + categorical.length));
  const { missing, unseen } = table;
  const blocks = await learnBlocks(open, sums, targets);
  const state: EncoderState = {
    ...{ label: table.label, classes },
    numeric: await numbersOf(open, sums),
    categorical: table.categorical.map(({ name, rare }, k) =>
      categoricalOf(name, textCounts(levels[k + 1]), { rare, unseen }),
    ),
    text: await learnTexts(open, place),
    ...(blocks.length > 0 ? { blocks } : {}),
    missing: missing === "error" ? "error" : "mean",
    unseen: unseen === "error" ? "error" : "zero",
  };
  const plan = packPlan(table, state, levels);
  const dealt = [...targets].map(
    ([
      block,
      {
        plan: { folds, seed },
        outOfFold,
        before,
      },
    ]) => ({
      ...{ block, folds, seed, outOfFold, before },
    }),
  );
  return { state, plan: { ...plan, ...(dealt.length > 0 ? { dealt } : {}) }, types, rows };
}

async function numbersOf({ table, types, client, rows, signal }: OpenRows, sums: PartitionSums) {
  const { numbers } = fieldsOf(table);
  const names = table.numeric.map(({ name }) => name);
  const counts = names.map((name) => sums.total(`c${numbers.indexOf(name)}`));
  const means = names.map((name, k) => sums.total(`x${numbers.indexOf(name)}`) / Math.max(1, counts[k]));
  const squares = await squaresOf(client, names, types, means, signal);
  const found: EncoderState["numeric"][number][] = [];
  for (const [k, { name, scale }] of table.numeric.entries()) {
    if (counts[k] === 0)
      fail("empty-data", { thing: "column", value: name, expected: "at least one number" });
    const standard = standardFrom(name, means[k], squares.total(`q${k}`) / rows);
    if (scale === "standard") found.push(standard);
    else {
      const type = types.get(name)!;
      const ranked = await rankedOf(client, name, type, counts[k], quartileRanks(counts[k]), signal);
      found.push(robustOf(standard, counts[k], ranked));
    }
  }
  return found;
}

function packPlan(
  { label, weights, numeric }: CompleteSparkTable,
  state: EncoderState,
  [labels, ...levels]: readonly LevelCells[],
): PackPlan {
  let first = numeric.length;
  return {
    columns: widthOf(state),
    labels: { cells: labels.cells, numbers: classNumbers(state, label, labels.values as readonly Label[]) },
    classes: state.classes.length,
    weighted: weights !== null,
    numeric: state.numeric.map(({ mean, scale }) => ({ mean, scale })),
    categorical: state.categorical.map((column, k) => {
      const found = levelNumbers(column, levels[k].values, { missing: "mean", unseen: state.unseen });
      const features = Array.from(found, (level) => (level < 0 ? -1 : first + level));
      first += levelWidth(column);
      return { cells: levels[k].cells, features };
    }),
    text: state.text,
    ...(state.blocks === undefined ? {} : { blocks: state.blocks, unseen: state.unseen }),
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
  const { label, weights } = table;
  for (const name of [label, ...(weights === null ? [] : [weights]), ...featureColumns(table)]) {
    checkColumn(name, [...types.keys()]);
  }
  const { coded, hashed, dates, texts } = fieldsOf(table);
  for (const name of [...coded, ...hashed]) checkType(name, types, asText, "text, numbers or booleans");
  for (const name of dates) checkType(name, types, asDate, "dates, numbers or text");
  for (const name of texts) checkType(name, types, asIs, "text");
  return types;
}

function checkType(name: string, types: ReadonlyMap<string, string>, able: RegExp, expected: string): void {
  const value = types.get(name)!;
  if (able.test(value)) return;
  fail("invalid-data", {
    thing: `type of column "${name}"`,
    ...{ value, expected },
    remedy: `Cast it in select, e.g. CAST(${quoted(name)} AS STRING) AS ${quoted(name)}.`,
  });
}

async function squaresOf(
  client: ConnectClient,
  numeric: readonly string[],
  types: ReadonlyMap<string, string>,
  means: readonly number[],
  signal?: AbortSignal,
): Promise<{ total(name: string): number }> {
  if (numeric.length === 0) return { total: () => 0 };
  const values = numeric.map(
    (name, k) => `${numberSql(name, types.get(name)!)} - double('${means[k]}') AS v${k}`,
  );
  const sums = numeric.map((_, k) => `sum(CASE WHEN NOT isnan(v${k}) THEN v${k} * v${k} END) AS q${k}`);
  return await partitionSums(client, values, sums, signal);
}
