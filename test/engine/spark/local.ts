import { spawnSync } from "node:child_process";
import { mkdtempSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Random } from "../../../src/base/random";
import type { Aggregate, AggregateState, Operation } from "../../../src/engine/aggregate";
import { workerFiles } from "../../../src/engine/spark/cluster";
import type { Choosing } from "../../../src/engine/spark/shrink";
import { type PackPlan, planFile } from "../../../src/engine/spark/worker/messages";
import { BlockSums } from "../../../src/engine/spark/worker/partition";
import { Dataset } from "../../../src/matrix/dataset";
import { SparseMatrix } from "../../../src/matrix/sparse";
import { folder } from "../tables";

/** A worker as executors have it: a folder with its files, and Node. */
export class LocalWorker {
  readonly folder: string = mkdtempSync(join(folder, "worker-"));

  constructor(plan?: PackPlan) {
    for (const { name, bytes } of workerFiles()) writeFileSync(join(this.folder, name), bytes);
    if (plan !== undefined) writeFileSync(join(this.folder, planFile), JSON.stringify(plan));
  }

  /** Runs a task with rows of fields, through pipes. */
  run(
    task: string,
    rows: readonly (readonly (string | number)[])[],
  ): { rows: string[][]; status: number; said: string } {
    const input = rows.map((row) => `${row.join("\t")}\n`).join("");
    const { stdout, stderr, status } = spawnSync(process.execPath, [join(this.folder, "worker.cjs"), task], {
      input: Buffer.from(input),
      encoding: "latin1",
      maxBuffer: 1e9,
    });
    const lines = stdout === "" ? [] : stdout.replace(/\n$/, "").split("\n");
    return { rows: lines.map((line) => line.split("\t")), status: status ?? -1, said: stderr };
  }
}

/** One row of people: label, number, two levels. */
export type Cells = readonly [label: string, age: string, city: string | null, code: string | null];

const cities = ["Köln", "Par\tis", 'Rom"e', "x\ny"];

/** Rows to pack, and how. */
export function drawn(rows: number, seed: number): { cells: Cells[]; plan: PackPlan } {
  const random = new Random(seed);
  const pick = (count: number): number => Math.floor(random.uniform() * count);
  const cells = Array.from({ length: rows }, (): Cells => {
    const city = pick(cities.length);
    const age = 20 + pick(80) / 2;
    const late = random.uniform() < 1 / (1 + Math.exp(-(city - 1.5 + (age - 40) / 10)));
    return [
      late ? "yes" : "no",
      String(age),
      random.uniform() < 0.05 ? null : cities[city],
      String(pick(12)),
    ];
  });
  const codes = Array.from({ length: 12 }, (_, k) => String(k));
  const plan: PackPlan = {
    columns: 1 + cities.length + codes.length,
    labels: { cells: ["no", "yes"], numbers: [0, 1] },
    classes: 2,
    weighted: false,
    numeric: [{ mean: 40, scale: 11.5 }],
    categorical: [
      { cells: cities, features: cities.map((_, k) => 1 + k) },
      { cells: codes, features: codes.map((_, k) => 1 + cities.length + k) },
    ],
  };
  return { cells, plan };
}

/** The same rows in memory. */
export function dataset(cells: readonly Cells[], plan: PackPlan): Dataset {
  const pointers = [0];
  const indices: number[] = [];
  const values: number[] = [];
  for (const [, age, city, code] of cells) {
    const x = (Number(age) - plan.numeric[0].mean) / plan.numeric[0].scale;
    if (x !== 0) {
      indices.push(0);
      values.push(x);
    }
    [city, code].forEach((cell, k) => {
      const at = cell === null ? -1 : plan.categorical[k].cells.indexOf(cell);
      if (at < 0) return;
      indices.push(plan.categorical[k].features[at]);
      values.push(1);
    });
    pointers.push(indices.length);
  }
  const features = new SparseMatrix(
    cells.length,
    plan.columns,
    Uint32Array.from(pointers),
    Uint32Array.from(indices),
    Float32Array.from(values),
  );
  return Dataset.from({ features, labels: cells.map(([label]) => label) });
}

/** Sums over packed blocks in this process, of the chosen parameters alone, as a cluster's. */
export class LocalRounds implements Choosing {
  readonly columns: number;
  count = 0;
  /** The most parameters that a round was asked for beside the intercept. */
  readonly widths: number[] = [];
  readonly #sums: BlockSums;
  readonly #blocks: ReturnType<BlockSums["load"]>[];
  #chosen: Uint32Array | null = null;

  constructor(blocks: readonly (readonly string[])[], columns: number) {
    this.columns = columns;
    this.#sums = new BlockSums(columns, true);
    this.#blocks = blocks.map(([, , rows, nonzeros, , block]) =>
      this.#sums.load(Buffer.from(block), Number(rows), Number(nonzeros), true),
    );
  }

  choose(parameters: Uint32Array | null): void {
    this.#chosen = parameters;
  }

  async aggregate(operation: Operation, state: AggregateState): Promise<Aggregate> {
    this.count++;
    const chosen = this.#chosen;
    this.widths.push(chosen === null ? this.columns : chosen.length - 1);
    const sums = this.#sums.over(this.#blocks, operation, state);
    if (chosen === null) return sums;
    const gradient = sums.gradient.map((x, j) => (chosen.includes(j) ? x : 0));
    return { ...sums, gradient };
  }
}
