import type { ConnectClient } from "./client";
import { numberSql, views } from "./sql";

/** Of so many rows one is what a rank may be off in Spark's sketch of a column. */
const accuracy = 100_000;

/**
 * The numbers of some ranks, from 0, among the `count` of a column that are there, ascending. Exact: a sketch (Greenwald and Khanna,
 * 2001) tells between which numbers each lies, these are counted, and those below them.
 */
export async function rankedOf(
  client: ConnectClient,
  name: string,
  type: string,
  count: number,
  ranks: readonly number[],
  signal?: AbortSignal,
  margin: number = 2 / accuracy,
): Promise<(rank: number) => number> {
  const x = numberSql(name, type);
  const from = `(SELECT ${x} AS x FROM ${views.rows}) WHERE x IS NOT NULL AND NOT isnan(x)`;
  const shares = ranks.flatMap((rank) => [
    Math.max(0, rank / count - margin),
    Math.min(1, (rank + 1) / count + margin),
  ]);
  const [{ bounds }] = await client.rows(
    `SELECT to_json(approx_percentile(x, array(${shares.map((share) => `double('${share}')`).join(", ")}), ${accuracy})) AS bounds FROM ${from}`,
    signal,
  );
  const limits = JSON.parse(String(bounds)) as number[];
  const spans = joined(ranks.map((_, k) => [limits[2 * k], limits[2 * k + 1]]));
  const within = spans.map(([low, high]) => `x BETWEEN double('${low}') AND double('${high}')`).join(" OR ");
  const below = spans.map(([low], k) => `count_if(x < double('${low}')) AS b${k}`).join(", ");
  const [counts] = await client.rows(`SELECT ${below} FROM ${from}`, signal);
  const numbers = await client.rows(
    `SELECT x, count(*) AS n FROM ${from} AND (${within}) GROUP BY x ORDER BY x`,
    signal,
  );
  const found = new Map<number, number>();
  spans.forEach(([low, high], k) => {
    let passed = Number(counts[`b${k}`]);
    for (const row of numbers) {
      const number = Number(row.x);
      if (number < low || number > high) continue;
      const next = passed + Number(row.n);
      for (const rank of ranks) if (rank >= passed && rank < next) found.set(rank, number);
      passed = next;
    }
  });
  if (ranks.some((rank) => !found.has(rank))) {
    return await rankedOf(client, name, type, count, ranks, signal, 10 * margin);
  }
  return (rank) => found.get(rank)!;
}

/** Spans of numbers as few that have none in common. */
function joined(spans: readonly (readonly number[])[]): [number, number][] {
  const found: [number, number][] = [];
  for (const [low, high] of [...spans].sort((a, b) => a[0] - b[0])) {
    const last = found.at(-1);
    if (last !== undefined && low <= last[1]) last[1] = Math.max(last[1], high);
    else found.push([low, high]);
  }
  return found;
}
