import { fail } from "../../base/errors";
import { binRanks, binsOf } from "../../frame/blocks/bins";
import { crossOf, TupleKeys } from "../../frame/blocks/cross";
import { ordinalOf } from "../../frame/blocks/ordinal";
import type { BlockState } from "../../frame/blocks/state";
import type { BlockPlan } from "../../frame/encoder-spec";
import { LevelLookup } from "../../frame/level-lookup";
import { fieldsOf } from "../table-fields";
import { featureColumns } from "../table-spec";
import type { OpenRows } from "./learn";
import { levelCells } from "./level-cells";
import type { PartitionSums } from "./partition-sums";
import { rankedOf } from "./ranks";
import { levelTextSql, missingSql, views } from "./sql";
import type { DealtOdds } from "./targets";

/** Learns the blocks of a table, and whose columns' missing values are features where that is wanted. */
export async function learnBlocks(
  open: OpenRows,
  sums: PartitionSums,
  targets: ReadonlyMap<number, DealtOdds>,
): Promise<BlockState[]> {
  const { table } = open;
  const blocks: BlockState[] = [];
  for (const [k, plan] of table.blocks.entries()) {
    blocks.push(targets.get(k)?.state ?? (await learnBlock(open, sums, plan)));
  }
  return table.missing === "indicator" ? [...blocks, ...(await indicators(open))] : blocks;
}

async function learnBlock(open: OpenRows, sums: PartitionSums, plan: BlockPlan): Promise<BlockState> {
  const { client, table, types, rows, signal } = open;
  switch (plan.kind) {
    case "bins": {
      const { name } = plan;
      const count = sums.total(`c${fieldsOf(table).numbers.indexOf(name)}`);
      if (count === 0) fail("empty-data", { thing: "column", value: name, expected: "at least one number" });
      const ranks = binRanks(count, plan.bins);
      return binsOf(name, ranks.map(await rankedOf(client, name, types.get(name)!, count, ranks, signal)));
    }
    case "ordinal": {
      const { name, levels } = plan;
      const [column] = await levelCells(open, [name]);
      const lookup = new LevelLookup(levels);
      const counts = new Float64Array(levels.length);
      column.values.forEach((value, k) => {
        const place = lookup.find(value);
        if (place >= 0) counts[place] += column.counts[k];
        else if (place !== LevelLookup.missing) {
          fail("invalid-data", {
            thing: `level in column "${name}"`,
            value,
            expected: `one of ${levels.slice(0, 12).join(", ")}`,
            remedy: "List the level, or leave its rows out in select.",
          });
        }
      });
      return ordinalOf(name, levels, counts, rows);
    }
    case "cross": {
      const { rare } = plan;
      return crossOf(plan.names, await tupleCounts(open, plan.names), { rare, unseen: table.unseen });
    }
    default:
      return plan as Extract<BlockPlan, BlockState>;
  }
}

/** How many rows have each key of the levels of some columns. */
async function tupleCounts(
  { client, types, signal }: OpenRows,
  names: readonly string[],
): Promise<Map<string, number>> {
  const cells = names.map((name, c) => `${levelTextSql(name, types.get(name)!)} AS c${c}`).join(", ");
  const each = names.map((_, c) => `c${c}`).join(", ");
  const present = names.map((_, c) => `c${c} IS NOT NULL`).join(" AND ");
  const tuples = await client.rows(
    `SELECT ${each}, count(*) AS n FROM (SELECT ${cells} FROM ${views.rows}) WHERE ${present} GROUP BY ${each}`,
    signal,
  );
  const keys = new TupleKeys(names.length);
  const found = new Map<string, number>();
  for (const tuple of tuples) {
    const key = names.reduce((before, _, c) => keys.add(before, c, String(tuple[`c${c}`]))!, "");
    found.set(key, (found.get(key) ?? 0) + Number(tuple.n));
  }
  return found;
}

async function indicators({ client, table, types, signal }: OpenRows): Promise<BlockState[]> {
  const texts = table.text.map(({ state }) => state.name);
  const names = featureColumns(table).filter((name) => !texts.includes(name));
  if (names.length === 0) return [];
  const counts = names.map((name, k) => `count_if(${missingSql(name, types.get(name)!)}) AS n${k}`);
  const [row] = await client.rows(`SELECT ${counts.join(", ")} FROM ${views.rows}`, signal);
  return names.flatMap((name, k) => (Number(row[`n${k}`]) > 0 ? [{ kind: "indicator", name }] : []));
}
