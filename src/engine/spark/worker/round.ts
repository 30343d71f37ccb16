import type { Operation } from "../../aggregate";
import { AggregateSum } from "./aggregate-sum";
import { BlockRoom } from "./block-room";
import { CountsSum } from "./counts-sum";
import { inputRows, writeRow } from "./lines";
import { MassesSum } from "./masses-sum";
import { cuts, parametersOf, type RoundHeader, type RoundTask, type SumTask } from "./messages";
import { numbersOf, textOf } from "./numbers";
import type { PartSum } from "./part-sum";
import { ScoresSum } from "./scores-sum";
import { StartSum } from "./start-sum";

/**
 * Sums a round over blocks `partition, number in it, rows, stored values, header, parameters, block`, of which the first of
 * each partition has header and parameters, and writes slices `slice, partition, rows, sums`.
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
  readonly #room: BlockRoom;
  readonly #sums: readonly PartSum[];
  readonly #first: number;
  #next = 0;
  #rows = 0;

  constructor(part: number, header: RoundHeader, parameters: Float64Array) {
    const { columns, valued, classes, tasks } = header;
    const lengths = tasks.map((task) => parametersOf(task, columns, classes));
    const all = lengths.reduce((sum, length) => sum + length, 0);
    if (parameters.length !== all) throw new Error(`${parameters.length} parameters came, not ${all}`);
    this.#part = part;
    this.#header = header;
    this.#room = new BlockRoom(columns, valued);
    let at = 0;
    this.#sums = tasks.map((task, t) => {
      at += lengths[t];
      return sumOf(this.#room, task, classes, parameters.subarray(at - lengths[t], at));
    });
    this.#first = header.firsts[part] ?? 0;
  }

  add(part: number, sequence: number, rows: number, nonzeros: number, text: Buffer): void {
    if (part !== this.#part || sequence !== this.#next) {
      throw new Error(`block ${sequence} of partition ${part} came, not ${this.#next} of ${this.#part}`);
    }
    this.#next++;
    const kept = this.#sums.some((sum) => sum instanceof StartSum && sum.keeps);
    const block = this.#room.load(text, rows, nonzeros, this.#first + this.#rows, kept);
    this.#rows += rows;
    for (const sum of this.#sums) {
      if (sum instanceof StartSum) sum.add(block, kept);
      else sum.add(block);
    }
  }

  end(): void {
    const all = this.#sums.map((sum) => sum.finish());
    const numbers = new Float64Array(all.reduce((sum, { length }) => sum + length, 0));
    let to = 0;
    for (const own of all) {
      numbers.set(own, to);
      to += own.length;
    }
    const at = cuts(numbers.length, this.#header.slices);
    for (let k = 0; k < this.#header.slices; k++) {
      writeRow(k, this.#part, this.#rows, textOf(numbers.slice(at[k], at[k + 1])));
    }
  }
}

function sumOf(room: BlockRoom, task: RoundTask, classes: number, parameters: Float64Array): PartSum {
  if (task.kind === "masses") return new MassesSum(task, classes);
  if (task.kind === "counts") return new CountsSum(room.columns);
  if (task.kind === "scores") return new ScoresSum(room, task, classes, parameters);
  if (task.kind === "start") return new StartSum(room, task);
  const { loss, factors, part, chosen } = task;
  const state = { loss, parameters, factors: Float64Array.from(factors), part };
  return new AggregateSum(room, operationOf(task), state, task.kind === "curvature" ? null : chosen);
}

function operationOf({ kind, dual, factor, chosen, by }: SumTask): Operation {
  if (kind === "gradient" || kind === "diagonal") return { kind };
  if (kind === "curvature") return { kind, parameters: Uint32Array.from(chosen!) };
  if (kind === "absolute") return { kind };
  if (kind === "changes") {
    return { kind, parameters: Uint32Array.from(chosen!), by: Float64Array.from(by!) };
  }
  if (dual === null) throw new Error(`${kind} comes without a dual point`);
  const point = dual.kind === "sides" ? dual : { ...dual, mix: Float64Array.from(dual.mix) };
  if (kind === "correlate") return { kind, dual: point };
  if (kind === "divergence") return { kind, dual: point, factor };
  throw new Error(`unknown operation ${kind}`);
}
