import { join } from "node:path";
import type { ClusterRows } from "../../../src/engine/spark/cluster-plan";
import { TableEncoder } from "../../../src/frame/encoder";
import type { Dataset } from "../../../src/matrix/dataset";
import { folder, sql } from "../tables";
import { type Cells, dataset, drawn, LocalRounds, LocalWorker } from "./local";

/** Rows in a file, with how they are encoded, and the same rows as a cluster has them, in this process. */
export interface PackedTwice {
  readonly encoder: TableEncoder;
  readonly table: {
    readonly parquet: string;
    readonly label: "label";
    readonly numeric: "age";
    readonly categorical: readonly ["city", "code"];
    readonly missing: "mean";
  };
  readonly local: ClusterRows & { readonly rounds: LocalRounds };
  readonly data: Dataset;
}

const text = (cell: string): string => `'${cell.replaceAll("'", "''")}'`;

/**
 * Rows of people as a file and packed in partitions of 700, in the same order.
 * @param classes their names
 * @param group the most rows of a group of the file, which one partition of a cluster reads
 */
export async function packedTwice(
  name: string,
  rows: number,
  seed: number,
  classes: readonly string[],
  group: number = 122_880,
): Promise<PackedTwice> {
  const { cells: some, plan } = drawn(rows, seed, classes);
  // Where a level is missing DuckDB's joins put the row after others, which then are other numbers and other folds.
  const cells = some.map(([label, age, city, code]): Cells => [label, age, city ?? "Köln", code]);
  const blocks = new LocalWorker(plan).run(
    "pack",
    cells.map((row, i) => [Math.floor(i / 700), JSON.stringify(row)]),
  ).rows;
  const written = cells.map(
    ([label, age, city, code], i) => `(${i}, ${text(label)}, ${age}::DOUBLE, ${text(city!)}, ${text(code!)})`,
  );
  const parquet = join(folder, `${name}.parquet`);
  const values = `SELECT * EXCLUDE i FROM (VALUES ${written.join(", ")}) t(i, label, age, city, code) ORDER BY i`;
  await sql([`COPY (${values}) TO '${parquet}' (FORMAT parquet, ROW_GROUP_SIZE ${group})`]);
  const encoder = TableEncoder.fromState({
    label: "label",
    classes,
    numeric: [{ name: "age", ...plan.numeric[0] }],
    categorical: plan.categorical.map(({ cells: levels }, k) => ({ name: ["city", "code"][k], levels })),
    text: [],
    missing: "mean",
    unseen: "zero",
  });
  const masses = Float64Array.from(classes, (own) => cells.filter(([label]) => label === own).length);
  const { featureNames } = encoder;
  const rounds = new LocalRounds(blocks, plan);
  return {
    encoder,
    table: { parquet, label: "label", numeric: "age", categorical: ["city", "code"], missing: "mean" },
    local: { rounds, classes, featureNames, scale: null, masses, rows: cells.length },
    data: dataset(cells, plan),
  };
}
