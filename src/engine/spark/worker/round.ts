import type { AggregateState, Operation } from "../../aggregate";
import { inputRows, writeRow } from "./lines";
import { cuts, type RoundHeader, scalarCount } from "./messages";
import { numbersOf, textOf } from "./numbers";
import { BlockSums } from "./partition";
import { localFit } from "./start";

/** The most bytes of rows that the local fit of a partition keeps; the others only count. */
const mostKept = 1 << 30;

/**
 * Sums a round over blocks `partition, number in it, rows, stored values, header, parameters, block`, of which the first of
 * each partition has header and parameters, and writes slices `slice, partition, rows, scalars, sums`.
 */
export function round(): void {
  let partition: Partition | null = null;
  for (const [part, sequence, rows, nonzeros, header, parameters, block] of inputRows()) {
    if (block === undefined) throw new Error("a row has fewer fields than a block of rows");
    const own = Number(part.toString("latin1"));
    if (sequence.toString("latin1") === "0") {
      partition?.end();
      partition = new Partition(own, JSON.parse(header.toString()), numbersOf(parameters.toString("latin1")));
    }
    if (partition === null) throw new Error(`partition ${own} comes without its first block`);
    partition.add(
      own,
      Number(sequence.toString("latin1")),
      Number(rows.toString("latin1")),
      Number(nonzeros.toString("latin1")),
      block,
    );
  }
  partition?.end();
}

class Partition {
  readonly #part: number;
  readonly #header: RoundHeader;
  readonly #state: AggregateState;
  readonly #operation: Operation;
  readonly #sums: BlockSums;
  readonly #scalars = new Float64Array(scalarCount);
  readonly #kept: ReturnType<BlockSums["load"]>[] = [];
  #next = 0;
  #rows = 0;

  constructor(part: number, header: RoundHeader, parameters: Float64Array) {
    const { columns, valued, positive, factors } = header;
    if (parameters.length !== columns + 1) {
      throw new Error(`${parameters.length} parameters came, not ${columns + 1}`);
    }
    this.#part = part;
    this.#header = header;
    this.#operation = operationOf(header);
    this.#state = {
      loss: { kind: "logistic", positive },
      parameters,
      factors: Float64Array.from(factors),
      part: null,
    };
    this.#sums = new BlockSums(columns, valued);
    this.#sums.begin(this.#state);
  }

  add(part: number, sequence: number, rows: number, nonzeros: number, text: Buffer): void {
    if (part !== this.#part || sequence !== this.#next) {
      throw new Error(`block ${sequence} of partition ${part} came, not ${this.#next} of ${this.#part}`);
    }
    this.#next++;
    this.#rows += rows;
    const kept = this.#header.kind === "start" && this.#sums.bytes < mostKept;
    const block = this.#sums.load(text, rows, nonzeros, kept);
    if (kept) this.#kept.push(block);
    this.#scalars[0] += this.#sums.add(block, this.#operation, this.#state, this.#scalars.subarray(1));
  }

  end(): void {
    const { kind, slices, chosen } = this.#header;
    let sums = this.#sums.sum;
    if (kind === "start") {
      const { factors } = this.#state;
      const { positive, lambda, iterations, fitIntercept } = this.#header;
      // The diagonal at zero is a quarter of the squares.
      const squares = sums.map((x) => 4 * x);
      const task = { positive, factors, lambda, iterations, fitIntercept };
      sums = localFit(this.#sums, this.#kept, squares, task);
    }
    if (chosen !== null) sums = Float64Array.from(chosen, (j) => sums[j]);
    const at = cuts(sums.length, slices);
    const scalars = textOf(this.#scalars);
    for (let k = 0; k < slices; k++) {
      writeRow(k, this.#part, this.#rows, scalars, textOf(sums.slice(at[k], at[k + 1])));
    }
  }
}

function operationOf({ kind, below, above, factor }: RoundHeader): Operation {
  const dual = { kind: "sides", below, above } as const;
  if (kind === "gradient") return { kind };
  if (kind === "diagonal" || kind === "start") return { kind: "diagonal" };
  if (kind === "correlate") return { kind, dual };
  if (kind === "divergence") return { kind, dual, factor };
  throw new Error(`unknown operation ${kind}`);
}
