import { fail } from "../base/errors";
import { binRanks, binsOf } from "../frame/blocks/bins";
import { crossOf, TupleKeys } from "../frame/blocks/cross";
import { ordinalOf } from "../frame/blocks/ordinal";
import type { BlockState } from "../frame/blocks/state";
import { categoricalOf } from "../frame/categorical";
import type { BlockPlan } from "../frame/encoder-spec";
import type { EncoderState } from "../frame/encoder-state";
import { LevelLookup } from "../frame/level-lookup";
import { classesOf } from "../frame/names";
import { quartileRanks, robustOf } from "../frame/numeric";
import type { Label } from "../matrix/dataset";
import { countsOf } from "./check-values";
import { momentsOf, rankedOf } from "./column-numbers";
import { type Database, itemsOf } from "./database";
import { learnText } from "./learn-text";
import { type LevelColumn, textCounts } from "./level-columns";
import { numberSql } from "./number-sql";
import { rowsView } from "./open-source";
import { RowFault } from "./row-fault";
import { tuplesSql } from "./row-layout";
import type { CompleteTable } from "./source";
import { missingSql } from "./table-fields";
import { featureColumns } from "./table-spec";
import { type TargetOdds, targetsOf } from "./target-counts";

/** A table that is open, and what is known of it. */
export interface OpenTable {
  readonly database: Database;
  readonly table: CompleteTable;
  readonly types: ReadonlyMap<string, string>;
  readonly rows: number;
  /** The levels of each column whose levels are numbered. */
  readonly levels: ReadonlyMap<string, LevelColumn>;
  readonly threads: number;
}

/** What a table teaches. */
interface LearntState {
  readonly state: EncoderState;
  /** What the rows of each fold are encoded by, of each block of log-odds, by its number. */
  readonly targets: ReadonlyMap<number, TargetOdds>;
}

/** Learns how the rows of a table become features, as `TableEncoder` does of a frame. @throws `empty-data`, `invalid-label`, `invalid-data` */
export async function learnState(open: OpenTable): Promise<LearntState> {
  const { database, table, types, threads, levels } = open;
  const { label, numeric, categorical, text, missing, unseen } = table;
  const classes = classesOf(label, levels.get(label)!.values as readonly Label[]);
  const moments = await momentsOf(
    database,
    numeric.map(({ name }) => name),
    types,
    threads,
  );
  const numbers: EncoderState["numeric"][number][] = [];
  for (const [k, { standard, count }] of moments.entries()) {
    const { name, scale } = numeric[k];
    if (scale === "standard") numbers.push(standard);
    else {
      const ranked = await rankedOf(database, name, types.get(name)!, quartileRanks(count));
      numbers.push(robustOf(standard, count, ranked));
    }
  }
  const targets = await targetsOf(open, classes);
  const blocks: BlockState[] = [];
  for (const [k, plan] of table.blocks.entries()) {
    blocks.push(targets.get(k)?.state ?? (await learnBlock(open, plan)));
  }
  if (missing === "indicator") blocks.push(...(await indicators(open)));
  const texts: EncoderState["text"][number][] = [];
  for (const column of text) texts.push(await learnText(database, column));
  const state: EncoderState = {
    ...{ label, classes, numeric: numbers },
    categorical: categorical.map(({ name, rare }) =>
      categoricalOf(name, textCounts(levels.get(name)!), { rare, unseen }),
    ),
    text: texts,
    ...(blocks.length > 0 ? { blocks } : {}),
    missing: missing === "error" ? "error" : "mean",
    unseen: unseen === "error" ? "error" : "zero",
  };
  return { state, targets };
}

async function learnBlock(open: OpenTable, plan: BlockPlan): Promise<BlockState> {
  const { levels, rows, table } = open;
  switch (plan.kind) {
    case "bins":
      return await learnBins(open, plan.name, plan.bins);
    case "ordinal": {
      const column = levels.get(plan.name)!;
      const lookup = new LevelLookup(plan.levels);
      const counts = new Float64Array(plan.levels.length);
      column.values.forEach((value, number) => {
        const place = lookup.find(value);
        if (place >= 0) counts[place] += column.counts[number];
        else if (place !== LevelLookup.missing) {
          const cell = { name: plan.name, number, value };
          throw RowFault.unseen([cell], plan.levels, "List the level, or leave its rows out in select.");
        }
      });
      return ordinalOf(plan.name, plan.levels, counts, rows);
    }
    case "cross": {
      const { rare } = plan;
      return crossOf(plan.names, await tupleCounts(open, plan.names), { rare, unseen: table.unseen });
    }
    default:
      return plan as Extract<BlockPlan, BlockState>;
  }
}

async function learnBins({ database, types }: OpenTable, name: string, bins: number): Promise<BlockState> {
  const type = types.get(name)!;
  const x = numberSql(name, type);
  const [{ n }] = await database.rows(
    `SELECT CAST(count(*) AS DOUBLE) AS n FROM ${rowsView} r WHERE ${x} IS NOT NULL AND NOT isnan(${x})`,
  );
  if (n === 0) fail("empty-data", { thing: "column", value: name, expected: "at least one number" });
  const ranks = binRanks(Number(n), bins);
  const ranked = await rankedOf(database, name, type, ranks);
  return binsOf(name, ranks.map(ranked));
}

/** How many rows have each key of the levels of some columns. */
async function tupleCounts(
  { database, levels }: OpenTable,
  names: readonly string[],
): Promise<Map<string, number>> {
  const columns = names.map((name) => levels.get(name)!.values);
  const keys = new TupleKeys(names.length);
  const found = new Map<string, number>();
  await database.stream(tuplesSql(names), (chunk) => {
    const codes = names.map((_, c) => itemsOf(chunk, c));
    const counts = itemsOf(chunk, names.length);
    for (let i = 0; i < chunk.rowCount; i++) {
      let key: string | undefined = "";
      for (let c = 0; c < names.length && key !== undefined; c++) {
        key = keys.add(key, c, columns[c][codes[c][i]]);
      }
      if (key !== undefined) found.set(key, (found.get(key) ?? 0) + counts[i]);
    }
  });
  return found;
}

/** A feature for each column that has a missing value. */
async function indicators({ database, table, types }: OpenTable): Promise<BlockState[]> {
  const texts = table.text.map(({ state }) => state.name);
  const names = featureColumns(table).filter((name) => !texts.includes(name));
  const counts = await countsOf(database, names, (name) => missingSql(name, types.get(name)!));
  return names.flatMap((name, k) => (counts[k] > 0 ? [{ kind: "indicator", name }] : []));
}
