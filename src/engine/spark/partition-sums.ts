import type { ConnectClient, Row } from "./client";
import { views } from "./sql";

/** Sums of a query's columns, one row a partition, added in the order of the partitions. */
export class PartitionSums {
  readonly #rows: readonly Row[];

  constructor(rows: readonly Row[]) {
    this.#rows = [...rows].sort((a, b) => Number(a.part) - Number(b.part));
  }

  total(name: string): number {
    return this.#rows.reduce((sum, row) => sum + Number(row[name] ?? 0), 0);
  }
}

/** Each partition adds its rows in their order, and no sum goes across partitions but here, so the bits are the same each time. */
export async function partitionSums(
  client: ConnectClient,
  columns: readonly string[],
  sums: readonly string[],
  signal?: AbortSignal,
): Promise<PartitionSums> {
  const inner = ["spark_partition_id() AS part", ...columns].join(", ");
  const sql = `SELECT part, ${sums.join(", ")} FROM (SELECT ${inner} FROM ${views.rows}) GROUP BY part`;
  return new PartitionSums(await client.rows(sql, signal));
}
