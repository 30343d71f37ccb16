import { checkChoice, checkKeys } from "../../base/check";
import { fail } from "../../base/errors";
import type { TableSpec } from "../source";

/**
 * A table that a cluster reads: where it lies and what its columns are. Exactly one of `table`, `parquet` and `csv`;
 * sources are read only, never written.
 */
export interface SparkTable
  extends Pick<TableSpec, "label" | "numeric" | "categorical" | "weights" | "missing" | "unseen"> {
  /** A table or view of the cluster's catalog, e.g. `sales.flights`. */
  readonly table?: string;
  /** Parquet files under paths that every executor reads, all with the same columns. */
  readonly parquet?: string | readonly string[];
  /** CSV files with a header, comma-separated, no ends of lines within cells. */
  readonly csv?: string | readonly string[];
  /**
   * A SELECT of one's own over the rows, which are called `source`. Without joins, grouping or sorting, so that the rows of
   * a partition come in one order each time they are read; what needs those is best written to a table first.
   */
  readonly select?: string;
}

/** A table with every default filled in. */
export interface CompleteSparkTable {
  readonly kind: "table" | "parquet" | "csv";
  /** The files, or the name of the table. */
  readonly names: readonly string[];
  readonly select: string | null;
  readonly label: string;
  readonly numeric: readonly string[];
  readonly categorical: readonly string[];
  readonly weights: string | null;
  readonly missing: "error" | "mean";
  readonly unseen: "zero" | "error";
}

const kinds = ["table", "parquet", "csv"] as const;
const known = [...kinds, "select", "label", "numeric", "categorical", "weights", "missing", "unseen"];

/** Checks a table and fills in its defaults. @throws `unknown-option`, `missing-option`, `invalid-option` */
export function parseSparkTable(table: SparkTable): CompleteSparkTable {
  checkKeys(table, known, "the table");
  const given = kinds.filter((kind) => table[kind] !== undefined);
  if (given.length !== 1) {
    fail(given.length === 0 ? "missing-option" : "invalid-option", {
      thing: "source of the table",
      ...(given.length === 0 ? {} : { value: given.join(" and ") }),
      expected: "one of table, parquet and csv",
    });
  }
  const [kind] = given;
  const names = list(table[kind]);
  if (names.length === 0) fail("missing-option", { thing: kind, expected: "one at least" });
  if (typeof table.label !== "string") {
    fail("missing-option", { thing: "label", expected: "the name of a column" });
  }
  const numeric = list(table.numeric);
  const categorical = list(table.categorical);
  const weights = table.weights ?? null;
  checkColumns([...numeric, ...categorical], table.label, weights);
  return {
    kind,
    names,
    select: table.select ?? null,
    label: table.label,
    numeric,
    categorical,
    weights,
    missing: checkChoice(table.missing ?? "error", "missing", ["error", "mean"]),
    unseen: checkChoice(table.unseen ?? "zero", "unseen", ["zero", "error"]),
  };
}

function list(value: string | readonly string[] | undefined): readonly string[] {
  if (value === undefined) return [];
  return typeof value === "string" ? [value] : value;
}

function checkColumns(features: readonly string[], label: string, weights: string | null): void {
  if (features.length === 0) {
    fail("missing-option", { thing: "columns of features", expected: "numeric or categorical" });
  }
  const again = features.find(
    (name, i) => features.indexOf(name) !== i || name === label || name === weights,
  );
  if (again === undefined && weights !== label) return;
  fail("invalid-option", {
    thing: "column",
    value: again ?? label,
    expected: "each column once, as a label, a weight or a feature",
  });
}
