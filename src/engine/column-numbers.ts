import { fail } from "../base/errors";
import type { NumericState } from "../frame/encoder-state";
import { standardFrom } from "../frame/numeric";
import { type Database, itemsOf } from "./database";
import { numberSql } from "./number-sql";
import { rowsView } from "./open-source";

/** Of a column of numbers: mean and deviation, and how many are there. */
interface Moments {
  readonly standard: NumericState;
  readonly count: number;
}

/** Means and standard deviations, on one thread, so that their last bits do not depend on the order of sums. */
export async function momentsOf(
  database: Database,
  names: readonly string[],
  types: ReadonlyMap<string, string>,
  threads: number,
): Promise<Moments[]> {
  if (names.length === 0) return [];
  await database.run("SET threads = 1");
  const moments = await database.ofColumns(
    names,
    (some) => momentsSql(some, types),
    (row, k) => ({
      mean: Number(row[`m${k}`]),
      variance: Number(row[`s${k}`]),
      count: Number(row[`c${k}`]),
      total: Number(row.total),
    }),
  );
  await database.run(`SET threads = ${threads}`);
  return moments.map(({ mean, variance, count, total }, k) => {
    const name = names[k];
    if (count === 0) fail("empty-data", { thing: "column", value: name, expected: "at least one number" });
    return { standard: standardFrom(name, mean, (variance * count) / total), count };
  });
}

function momentsSql(names: readonly string[], types: ReadonlyMap<string, string>): string {
  // Each number has a name of its own: the plan of many long expressions would take longer than they do.
  const numbers = names.map((name, k) => `${numberSql(name, types.get(name)!)} AS v${k}`);
  const present = names.map((_, k) => `CASE WHEN isnan(v${k}) THEN NULL ELSE v${k} END AS x${k}`);
  const parts = names.map(
    (_, k) => `avg(x${k}) AS m${k}, var_pop(x${k}) AS s${k}, CAST(count(x${k}) AS DOUBLE) AS c${k}`,
  );
  return `SELECT CAST(count(*) AS DOUBLE) AS total, ${parts.join(", ")}
    FROM (SELECT ${present.join(", ")} FROM (SELECT ${numbers.join(", ")} FROM ${rowsView} r))`;
}

/**
 * The numbers of some ranks, from 0, among those of a column that are there, ascending: DuckDB sorts the distinct ones, beyond memory
 * on disk.
 */
export async function rankedOf(
  database: Database,
  name: string,
  type: string,
  ranks: readonly number[],
): Promise<(rank: number) => number> {
  const wanted = [...new Set(ranks)].sort((a, b) => a - b);
  const found = new Map<number, number>();
  let passed = 0;
  let next = 0;
  await database.stream(
    `SELECT x, CAST(count(*) AS DOUBLE) AS c FROM (SELECT ${numberSql(name, type)} AS x FROM ${rowsView} r)
     WHERE x IS NOT NULL AND NOT isnan(x) GROUP BY x ORDER BY x`,
    (chunk) => {
      const [numbers, counts] = [0, 1].map((column) => itemsOf(chunk, column));
      for (let i = 0; i < chunk.rowCount; i++) {
        passed += counts[i];
        while (next < wanted.length && wanted[next] < passed) found.set(wanted[next++], numbers[i]);
      }
    },
  );
  return (rank) => found.get(rank)!;
}
