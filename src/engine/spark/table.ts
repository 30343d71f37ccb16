import { checkKeys } from "../../base/check";
import { fail } from "../../base/errors";
import { list } from "../../frame/check-spec";
import type { TableSpec } from "../source";
import { type CompleteSpec, parseSpec, sourceKind, specKeys } from "../table-spec";

/**
 * A table that a cluster reads: where it lies and what its columns are. Exactly one of `table`, `parquet` and `csv`;
 * sources are read only, never written.
 */
export interface SparkTable extends TableSpec {
  /** A table or view of the cluster's catalog, e.g. `sales.flights`. */
  readonly table?: string;
  /** Parquet files under paths that every executor reads, all with the same columns. */
  readonly parquet?: string | readonly string[];
  /** CSV files with a header, comma-separated, no ends of lines within cells; the cells that `readCsv` takes for missing are. */
  readonly csv?: string | readonly string[];
  /**
   * A SELECT of one's own over the rows, which are called `source`. Without joins, grouping or sorting, so that the rows of
   * a partition come in one order each time they are read; what needs those is best written to a table first.
   */
  readonly select?: string;
}

/** A table with every default filled in. */
export interface CompleteSparkTable extends CompleteSpec {
  readonly kind: "table" | "parquet" | "csv";
  /** The files, or the name of the table. */
  readonly names: readonly string[];
  readonly select: string | null;
}

const kinds = ["table", "parquet", "csv"] as const;
const known = [...kinds, "select", ...specKeys];

/** Checks a table and fills in its defaults. @throws `unknown-option`, `missing-option`, `invalid-option` */
export function parseSparkTable(table: SparkTable): CompleteSparkTable {
  checkKeys(table, known, "the table");
  const kind = sourceKind(table, kinds);
  const names = list(table[kind]);
  if (names.length === 0) fail("missing-option", { thing: kind, expected: "one at least" });
  return { kind, names, select: table.select ?? null, ...parseSpec(table) };
}
