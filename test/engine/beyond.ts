import assert from "node:assert/strict";
import { encodeTable } from "../../src/engine/encode-table";
import { parseEngine } from "../../src/engine/options";
import { PackedTable } from "../../src/engine/packed-table";
import { parseTable } from "../../src/engine/source";
import { clusterSums } from "../../src/engine/spark/sums";
import { prunedBySums } from "../../src/engine/table-prune";
import { quantizedBySums } from "../../src/engine/table-quantize";
import { TableEncoder } from "../../src/frame/encoder";
import type { Dataset } from "../../src/matrix/dataset";
import type { LinearModel } from "../../src/model/linear";
import { LogisticRegression } from "../../src/train/logistic-regression";
import type { LogisticRegressionOptions } from "../../src/train/options";
import { drawn, dataset as drawnRows, LocalRounds, LocalWorker } from "./spark/local";
import { people, temporary, write } from "./tables";

const spec = { label: "label", numeric: "age", categorical: ['ci"ty', "code"] } as const;

/** A table whose rows do not fit what a step may take, and the same rows in memory. */
export interface BeyondMemory {
  readonly name: string;
  readonly table: Pick<PackedTable, "prune" | "quantize">;
  readonly data: Dataset;
  readonly model: LinearModel;
  close(): void;
}

/** Tables on disk and on a cluster, of each kind of model. */
export async function beyondMemory(): Promise<BeyondMemory[]> {
  const cases: BeyondMemory[] = [];
  for (const [name, classes, multiclass] of [
    ["two classes", ["no", "yes"], "softmax"],
    ["three, softmax", ["a", "b", "c"], "softmax"],
    ["three, ovr", ["a", "b", "c"], "ovr"],
  ] as const) {
    const options = { penalty: "l2", lambda: 1e-3, tolerance: 1e-13, multiclass } as const;
    cases.push(await onDisk(name, classes, options), await onCluster(name, classes, options));
  }
  return cases;
}

async function onDisk(
  name: string,
  classes: readonly string[],
  options: LogisticRegressionOptions,
): Promise<BeyondMemory> {
  const rows = people(5000, 6, classes);
  const source = parseTable({ parquet: await write(rows, "parquet", `beyond-${name}.parquet`), ...spec });
  const encoded = await encodeTable(source, parseEngine({ temporaryFolder: temporary }), {});
  const table = new PackedTable({ ...encoded, room: 300_000 });
  const { data } = TableEncoder.fitTransform(rows, spec);
  const all = Uint32Array.from({ length: data.columns }, (_, j) => j);
  await assert.rejects(table.reduced(all.subarray(0, 13)), { code: "invalid-data" });
  const model = await new LogisticRegression(options).fit(data);
  return { name, table, data, model, close: () => table.close() };
}

/** Rows as a cluster's executors pack and add them up. */
async function onCluster(
  name: string,
  classes: readonly string[],
  options: LogisticRegressionOptions,
): Promise<BeyondMemory> {
  const { cells, plan } = drawn(1500, 8, classes);
  const lines = cells.map((row, i) => [Math.floor(i / 400), JSON.stringify(row)]);
  const blocks = new LocalWorker(plan).run("pack", lines).rows;
  const data = drawnRows(cells, plan);
  const masses = new Float64Array(plan.classes);
  for (const label of data.labels) masses[label]++;
  const { featureNames } = data;
  const rounds = new LocalRounds(blocks, plan);
  const sums = clusterSums({ rounds, classes, featureNames, scale: null, masses, rows: cells.length });
  return {
    ...{ name: `${name} on a cluster`, data },
    table: {
      prune: async (model, own) => await prunedBySums(sums, model, own, {}),
      quantize: async (model, own) => await quantizedBySums(sums, model, own, {}),
    },
    model: await new LogisticRegression(options).fit(data),
    close: () => {},
  };
}
