import { typedCells } from "../../frame/cells";
import type { LevelColumn } from "../level-columns";
import type { OpenRows } from "./learn";
import { quoted, views } from "./sql";

/** The distinct values of a column with their cells, sorted by code units. */
export interface LevelCells extends LevelColumn {
  readonly cells: readonly string[];
}

/** The distinct values of columns, by one query. */
export async function levelCells(
  { client, types, signal }: OpenRows,
  names: readonly string[],
): Promise<LevelCells[]> {
  const stacked = names.map((name, k) => `${k}, CAST(${quoted(name)} AS STRING)`).join(", ");
  const rows = await client.rows(
    `SELECT k, v, count(*) AS n FROM (SELECT stack(${names.length}, ${stacked}) AS (k, v) FROM ${views.rows}) WHERE v IS NOT NULL GROUP BY k, v`,
    signal,
  );
  const found = names.map(() => new Map<string, number>());
  for (const { k, v, n } of rows) found[Number(k)].set(String(v), Number(n));
  return names.map((name, k) => {
    const cells = [...found[k].keys()].sort();
    const values = typed(cells, types.get(name)!).map((value) => (Number.isNaN(value) ? null : value));
    return { name, cells, values, counts: cells.map((cell) => found[k].get(cell)!) };
  });
}

/** The values of cells of a column as the reading of files in memory has them. */
function typed(cells: readonly string[], type: string): readonly unknown[] {
  if (/^(?:string|varchar|char)/.test(type)) return typedCells(cells);
  if (type === "boolean") return cells.map((cell) => cell === "true");
  return cells.map((cell) => {
    const number = Number(cell);
    return /^[+-]?\d+$/.test(cell) && !Number.isSafeInteger(number) ? cell : number;
  });
}
