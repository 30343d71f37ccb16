import { spawnSync } from "node:child_process";
import { mkdtempSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Random } from "../../../src/base/random";
import type { Aggregate, AggregateState, FoldPart, Operation } from "../../../src/engine/aggregate";
import type { JudgedModel } from "../../../src/engine/judged-table";
import { type PackedScores, scoresFrom } from "../../../src/engine/row-scores";
import { workerFiles } from "../../../src/engine/spark/cluster";
import type { ClusterRounds } from "../../../src/engine/spark/cluster-rounds";
import { sumOver } from "../../../src/engine/spark/worker/aggregate-sum";
import { type Block, BlockRoom } from "../../../src/engine/spark/worker/block-room";
import { CountsSum } from "../../../src/engine/spark/worker/counts-sum";
import { MassesSum } from "../../../src/engine/spark/worker/masses-sum";
import { hasValues, type PackPlan, planFile } from "../../../src/engine/spark/worker/messages";
import type { PartSum } from "../../../src/engine/spark/worker/part-sum";
import { ScoresSum } from "../../../src/engine/spark/worker/scores-sum";
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

/** Rows to pack, and how. @param classes their names */
export function drawn(
  rows: number,
  seed: number,
  classes: readonly string[] = ["no", "yes"],
): { cells: Cells[]; plan: PackPlan } {
  const random = new Random(seed);
  const pick = (count: number): number => Math.floor(random.uniform() * count);
  const cells = Array.from({ length: rows }, (): Cells => {
    const city = pick(cities.length);
    const age = 20 + pick(80) / 2;
    const late = random.uniform() < 1 / (1 + Math.exp(-(city - 1.5 + (age - 40) / 10)));
    return [
      classes[late ? 1 + pick(classes.length - 1) : 0],
      String(age),
      random.uniform() < 0.05 ? null : cities[city],
      String(pick(12)),
    ];
  });
  const codes = Array.from({ length: 12 }, (_, k) => String(k)).sort();
  const plan: PackPlan = {
    columns: 1 + cities.length + codes.length,
    labels: { cells: classes, numbers: classes.map((_, k) => k) },
    classes: classes.length,
    weighted: false,
    numeric: [{ mean: 40, scale: 11.5 }],
    categorical: [
      { cells: cities, features: cities.map((_, k) => 1 + k) },
      { cells: codes, features: codes.map((_, k) => 1 + cities.length + k) },
    ],
    text: [],
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

/** Rounds over packed blocks in this process, as a cluster's, by the same code that workers run. */
export class LocalRounds implements ClusterRounds {
  readonly columns: number;
  readonly curved = true;
  readonly start = null;
  readonly sample = null;
  count = 0;
  /** The most parameters that a round was asked for beside the intercept. */
  readonly widths: number[] = [];
  readonly #room: BlockRoom;
  readonly #blocks: readonly Block[];
  readonly #classes: number;

  constructor(blocks: readonly (readonly string[])[], plan: PackPlan) {
    this.columns = plan.columns;
    this.#classes = plan.classes;
    this.#room = new BlockRoom(plan.columns, hasValues(plan));
    let first = 0;
    this.#blocks = blocks.map(([, , rows, nonzeros, , block]) => {
      first += Number(rows);
      const at = first - Number(rows);
      return this.#room.load(Buffer.from(block), Number(rows), Number(nonzeros), at, true);
    });
  }

  async aggregate(
    operation: Operation,
    state: AggregateState,
    chosen: Uint32Array | null = null,
  ): Promise<Aggregate> {
    this.count++;
    this.widths.push(chosen === null ? this.columns : chosen.length - 1);
    const sums = sumOver(this.#room, this.#blocks, operation, state);
    if (chosen === null) return sums;
    const gradient = sums.gradient.map((x, j) => (chosen.includes(j) ? x : 0));
    return { ...sums, gradient };
  }

  async scores(
    models: readonly JudgedModel[],
    part: FoldPart | null,
    ranked: boolean,
  ): Promise<PackedScores[]> {
    const rules = models.map(({ link, threshold }) => ({ link, threshold }));
    const parameters = models.flatMap(({ weights, intercepts }) => [...weights, ...intercepts]);
    const task = { kind: "scores", models: rules, part, ranked } as const;
    const numbers = this.#sum(new ScoresSum(this.#room, task, this.#classes, Float64Array.from(parameters)));
    const each = numbers.length / models.length;
    return models.map((_, m) => scoresFrom(numbers.subarray(m * each, (m + 1) * each), this.#classes));
  }

  async counts(): Promise<Float64Array> {
    return this.#sum(new CountsSum(this.columns));
  }

  async masses(folds: number, seed: number): Promise<Float64Array[]> {
    const K = this.#classes;
    const numbers = this.#sum(new MassesSum({ kind: "masses", folds, seed }, K));
    return Array.from({ length: folds }, (_, fold) => numbers.slice(fold * K, (fold + 1) * K));
  }

  #sum(sum: PartSum): Float64Array {
    this.count++;
    for (const block of this.#blocks) sum.add(block);
    return sum.finish();
  }
}
