import { fail } from "../../base/errors";
import type { Aggregate, AggregateState, Aggregator, Operation } from "../aggregate";
import type { Row } from "./client";
import type { Cluster } from "./cluster";
import { roundSql, views } from "./sql";
import { cuts, type RoundHeader, scalarCount } from "./worker/messages";
import { numbersOf, textOf } from "./worker/numbers";

/** What the packed rows of a cluster are. */
export interface PackedShape {
  readonly columns: number;
  readonly valued: boolean;
  readonly rows: number;
  readonly partitions: number;
}

/** Numbers a task adds up at most in a slice of its own: half a megabyte. */
const sliceNumbers = 65536;
const empty = new Float64Array(0);

/** Sums over the packed rows of a cluster by its workers: one round an aggregate. */
export class WorkerRounds implements Aggregator {
  readonly columns: number;
  readonly #cluster: Cluster;
  readonly #shape: PackedShape;
  readonly #signal: AbortSignal | undefined;
  #chosen: Uint32Array | null = null;
  /** Rounds so far. */
  count = 0;

  constructor(cluster: Cluster, shape: PackedShape, signal?: AbortSignal) {
    this.columns = shape.columns;
    this.#cluster = cluster;
    this.#shape = shape;
    this.#signal = signal;
  }

  /** From now on only these parameters' sums are sent, the others count as zero; `null` for all. */
  choose(parameters: Uint32Array | null): void {
    this.#chosen = parameters;
  }

  async aggregate(operation: Operation, state: AggregateState): Promise<Aggregate> {
    if (state.loss.kind !== "logistic" || state.part !== null || operation.kind === "curvature") {
      return fail("invalid-option", {
        thing: "aggregate on a cluster",
        value: operation.kind,
        expected: "gradients and duals of the logistic loss over all rows",
      });
    }
    const dual =
      "dual" in operation && operation.dual.kind === "sides" ? operation.dual : { below: 1, above: 1 };
    const chosen = operation.kind === "divergence" ? new Uint32Array(0) : this.#chosen;
    const header: RoundHeader = {
      ...this.#header(state),
      kind: operation.kind,
      below: dual.below,
      above: dual.above,
      factor: operation.kind === "divergence" ? operation.factor : 1,
      chosen: chosen === null ? null : Array.from(chosen),
    };
    const length = this.columns + 1;
    const { scalars, sums } = await this.#round(header, state.parameters, chosen?.length ?? length);
    const whole = chosen === null ? sums : new Float64Array(length);
    chosen?.forEach((j, k) => {
      whole[j] = sums[k];
    });
    const diagonal = operation.kind === "diagonal";
    return {
      rows: this.#shape.rows,
      loss: scalars[0],
      gradient: diagonal || operation.kind === "divergence" ? empty : whole,
      curvature: diagonal ? whole : empty,
      sides: scalars.slice(1),
    };
  }

  /** Fits each partition alone: sums of its parameters times its squares, then the squares. */
  async start(
    state: AggregateState,
    task: { readonly lambda: number; readonly iterations: number; readonly fitIntercept: boolean },
  ): Promise<Float64Array> {
    const header: RoundHeader = { ...this.#header(state), ...task, kind: "start" };
    return (await this.#round(header, state.parameters, 2 * (this.columns + 1))).sums;
  }

  #header({ loss, factors }: AggregateState): RoundHeader {
    const { columns, valued } = this.#shape;
    return {
      kind: "gradient",
      columns,
      valued,
      positive: loss.kind === "logistic" ? loss.positive : 0,
      factors: Array.from(factors),
      slices: 1,
      below: 1,
      above: 1,
      factor: 1,
      lambda: 0,
      fitIntercept: true,
      iterations: 0,
      chosen: null,
    };
  }

  async #round(
    header: RoundHeader,
    parameters: Float64Array,
    length: number,
  ): Promise<{ scalars: Float64Array; sums: Float64Array }> {
    const slices = Math.max(1, Math.ceil(length / sliceNumbers));
    const sent = { header: [JSON.stringify({ ...header, slices })], parameters: [textOf(parameters)] };
    this.count++;
    const rows = await this.#cluster.run(async (client, place) => {
      await client.configure({ "spark.sql.shuffle.partitions": String(Math.min(slices, 1024)) });
      await client.viewOfRows(views.state, sent);
      return await client.rows(roundSql(place), this.#signal);
    });
    return joined(rows, slices, length, this.#shape);
  }
}

/** Puts slices together. @throws `failed` where rows were lost, as when a script ends early without an error */
export function joined(
  rows: readonly Row[],
  slices: number,
  length: number,
  shape: Pick<PackedShape, "rows" | "partitions">,
): { scalars: Float64Array; sums: Float64Array } {
  const sums = new Float64Array(length);
  const at = cuts(length, slices);
  let scalars: Float64Array = new Float64Array(scalarCount);
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
    if (slice === 0) scalars = numbersOf(String(row.scalars));
  }
  if (seen.size !== slices) lost("slices of a round", String(seen.size), String(slices));
  return { scalars, sums };
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
