import { setImmediate } from "node:timers/promises";
import { fail } from "../../base/errors";
import type { Aggregate, AggregateState, FoldPart, Operation } from "../aggregate";
import { outputsOf } from "../block-terms";
import type { JudgedModel } from "../judged-table";
import { type PackedScores, scoresFrom } from "../row-scores";
import type { Row } from "./client";
import type { Cluster } from "./cluster";
import type { ClusterRounds, LocalFits } from "./cluster-rounds";
import type { Task } from "./objective";
import { type SampledBlocks, type SampleOptions, sampleHeader } from "./sample";
import { roundSql, sampleSql, views } from "./sql";
import { aggregateOf } from "./worker/aggregate-sum";
import { cuts, numbersFor, type RoundHeader, type RoundTask } from "./worker/messages";
import { numbersOf, textOf } from "./worker/numbers";

/** What the packed rows of a cluster are. */
export interface PackedShape {
  readonly columns: number;
  readonly valued: boolean;
  readonly classes: number;
  readonly rows: number;
  /** The stored values of all rows. */
  readonly nonzeros: number;
  readonly partitions: number;
  /** The number of the first row of each partition. */
  readonly firsts: readonly number[];
}

/** Numbers a task adds up at most in a slice of its own: half a megabyte. */
const sliceNumbers = 65536;
/** Numbers that go to a partition and come from it at most in a round of several tasks. */
const roundNumbers = 2 ** 23;
const empty = new Float64Array(0);

interface Asked {
  readonly task: RoundTask;
  readonly parameters: Float64Array;
  readonly resolve: (numbers: Float64Array) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Sums over the packed rows of a cluster by its workers. What is asked for before the next turn of the event loop, as by the fits
 * of several folds, is one round: starting tasks is what costs, and each has the bits that it would have alone.
 */
export class WorkerRounds implements ClusterRounds {
  readonly columns: number;
  readonly curved = true;
  readonly #cluster: Cluster;
  readonly #shape: PackedShape;
  readonly #signal: AbortSignal | undefined;
  #queue: Asked[] = [];
  #working = false;
  count = 0;

  constructor(cluster: Cluster, shape: PackedShape, signal?: AbortSignal) {
    this.columns = shape.columns;
    this.#cluster = cluster;
    this.#shape = shape;
    this.#signal = signal;
  }

  async aggregate(
    operation: Operation,
    state: AggregateState,
    chosen: Uint32Array | null = null,
  ): Promise<Aggregate> {
    const own = operation.kind === "changes" ? operation.parameters : chosen;
    const some = operation.kind === "divergence" || operation.kind === "curvature" ? null : own;
    const dual = "dual" in operation ? operation.dual : null;
    const task: RoundTask = {
      ...stated(state),
      kind: operation.kind,
      dual: dual?.kind === "mixture" ? { ...dual, mix: Array.from(dual.mix) } : dual,
      factor: operation.kind === "divergence" ? operation.factor : 1,
      chosen: operation.kind === "curvature" ? Array.from(operation.parameters) : some && Array.from(some),
      ...(operation.kind === "changes" ? { by: Array.from(operation.by) } : {}),
    };
    const numbers = await this.#ask(task, state.parameters);
    const sum = aggregateOf(operation, this.#shape.rows, numbers);
    return some === null ? sum : this.#whole(sum, operation, some, outputsOf(state.loss));
  }

  readonly start = async (task: Task, fits: LocalFits): Promise<Float64Array> =>
    await this.#ask({ ...stated(task), ...fits, kind: "start" }, empty);

  readonly counts = async (): Promise<Float64Array> => await this.#ask({ kind: "counts" }, empty);

  /** The blocks of a sample of the rows, see `sampleOf`. */
  readonly sample = async (options: SampleOptions): Promise<SampledBlocks> => {
    const shape = this.#shape;
    const sent = { header: [JSON.stringify(sampleHeader(shape, options))], parameters: [""] };
    this.count++;
    const blocks = await this.#cluster.run(async (client, place) => {
      await client.viewOfRows(views.state, sent);
      return await client.rows(sampleSql(place), this.#signal);
    });
    return { blocks, shape };
  };

  async scores(
    models: readonly JudgedModel[],
    part: FoldPart | null,
    ranked: boolean,
  ): Promise<PackedScores[]> {
    const { classes, columns } = this.#shape;
    const size = (columns + 1) * (classes === 2 ? 1 : classes);
    const parameters = new Float64Array(models.length * size);
    models.forEach(({ weights, intercepts }, m) => {
      parameters.set(weights, m * size);
      parameters.set(intercepts, m * size + weights.length);
    });
    const rules = models.map(({ link, threshold }) => ({ link, threshold }));
    const numbers = await this.#ask({ kind: "scores", models: rules, part, ranked }, parameters);
    const each = numbers.length / models.length;
    return models.map((_, m) => scoresFrom(numbers.subarray(m * each, (m + 1) * each), classes));
  }

  async masses(folds: number, seed: number): Promise<readonly Float64Array[]> {
    const { classes } = this.#shape;
    const numbers = await this.#ask({ kind: "masses", folds, seed }, empty);
    return Array.from({ length: folds }, (_, fold) => numbers.slice(fold * classes, (fold + 1) * classes));
  }

  #whole(sum: Aggregate, { kind }: Operation, chosen: Uint32Array, outputs: number): Aggregate {
    const part = kind === "diagonal" ? sum.curvature : sum.gradient;
    const whole = new Float64Array((this.columns + 1) * outputs);
    chosen.forEach((j, k) => {
      whole[j] = part[k];
    });
    return { ...sum, [kind === "diagonal" ? "curvature" : "gradient"]: whole };
  }

  #ask(task: RoundTask, parameters: Float64Array): Promise<Float64Array> {
    return new Promise((resolve, reject) => {
      this.#queue.push({ task, parameters, resolve, reject });
      if (this.#working) return;
      this.#working = true;
      void this.#work();
    });
  }

  async #work(): Promise<void> {
    for (;;) {
      await setImmediate();
      if (this.#queue.length === 0) break;
      const batch = this.#taken();
      try {
        const found = await this.#round(batch);
        batch.forEach(({ resolve }, t) => {
          resolve(found[t]);
        });
      } catch (error) {
        for (const { reject } of [...batch, ...this.#queue.splice(0)]) reject(error);
      }
    }
    this.#working = false;
  }

  /** As many of those that wait as a round can have. */
  #taken(): Asked[] {
    let room = roundNumbers;
    const { columns, classes } = this.#shape;
    const most = this.#queue.findIndex(({ task, parameters }) => {
      room -= parameters.length + numbersFor(task, columns, classes);
      return room < 0;
    });
    return this.#queue.splice(0, most < 0 ? this.#queue.length : Math.max(1, most));
  }

  async #round(batch: readonly Asked[]): Promise<Float64Array[]> {
    const { columns, valued, classes, firsts } = this.#shape;
    const tasks = batch.map(({ task }) => task);
    const lengths = tasks.map((task) => numbersFor(task, columns, classes));
    const length = lengths.reduce((sum, own) => sum + own, 0);
    const slices = Math.max(1, Math.ceil(length / sliceNumbers));
    const folded = tasks.some((task) => task.kind === "masses" || ("part" in task && task.part !== null));
    const header: RoundHeader = { columns, valued, classes, firsts: folded ? firsts : [], slices, tasks };
    const parameters = concatenated(batch.map((own) => own.parameters));
    const sent = { header: [JSON.stringify(header)], parameters: [textOf(parameters)] };
    this.count++;
    const rows = await this.#cluster.run(async (client, place) => {
      await client.configure({ "spark.sql.shuffle.partitions": String(Math.min(slices, 1024)) });
      await client.viewOfRows(views.state, sent);
      return await client.rows(roundSql(place), this.#signal);
    });
    const sums = joined(rows, slices, length, this.#shape);
    let at = 0;
    return lengths.map((own) => {
      at += own;
      return sums.slice(at - own, at);
    });
  }
}

function stated({ loss, factors, part }: Task) {
  return { loss, factors: Array.from(factors), part };
}

function concatenated(vectors: readonly Float64Array[]): Float64Array {
  if (vectors.length === 1) return vectors[0];
  const all = new Float64Array(vectors.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const vector of vectors) {
    all.set(vector, at);
    at += vector.length;
  }
  return all;
}

/** Puts slices together. @throws `failed` where rows were lost, as when a script ends early without an error */
export function joined(
  rows: readonly Row[],
  slices: number,
  length: number,
  shape: Pick<PackedShape, "rows" | "partitions">,
): Float64Array {
  const sums = new Float64Array(length);
  const at = cuts(length, slices);
  const seen = new Set<number>();
  for (const row of rows) {
    const slice = Number(row.slice ?? Number.NaN);
    if (!(slice >= 0 && slice < slices) || seen.has(slice))
      lost("slice", String(row.slice), `one of ${slices}, once`);
    seen.add(slice);
    if (Number(row.size) !== shape.rows) lost("rows in a round", String(row.size), String(shape.rows));
    if (Number(row.parts) !== shape.partitions) {
      lost("partitions in a round", String(row.parts), String(shape.partitions));
    }
    const own = numbersOf(String(row.sums));
    if (own.length !== at[slice + 1] - at[slice]) {
      lost(`sums of slice ${slice}`, String(own.length), String(at[slice + 1] - at[slice]));
    }
    sums.set(own, at[slice]);
  }
  if (seen.size !== slices) lost("slices of a round", String(seen.size), String(slices));
  return sums;
}

function lost(thing: string, value: string, expected: string): never {
  return fail("failed", {
    thing,
    value,
    expected,
    remedy:
      "Look into the executors' logs for what ended a worker early; the weights so far are in the checkpoint.",
  });
}
