import type { Arena } from "../../../simd/memory";
import { addScores, emptyScores, firstAnswers, flatScores, type ScoreSums } from "../../row-scores";
import type { Block, BlockRoom } from "./block-room";
import type { ScoresTask } from "./messages";
import { type PartSum, weigh } from "./part-sum";

/** How models do on the rows of a partition, each measured against the first. */
export class ScoresSum implements PartSum {
  readonly #room: BlockRoom;
  readonly #task: ScoresTask;
  readonly #classes: number;
  readonly #outputs: number;
  readonly #arena: Arena;
  readonly #tables: readonly Float64Array[];
  readonly #sums: readonly ScoreSums[];
  #first = firstAnswers(0);

  /** @param parameters of one model after another, the weights of each and then its intercepts */
  constructor(room: BlockRoom, task: ScoresTask, classes: number, parameters: Float64Array) {
    this.#room = room;
    this.#task = task;
    this.#classes = classes;
    this.#outputs = classes === 2 ? 1 : classes;
    this.#arena = room.arena.lend();
    const size = (room.columns + 1) * this.#outputs;
    this.#tables = task.models.map((_, m) => this.#arena.copy(parameters.subarray(m * size, (m + 1) * size)));
    this.#sums = task.models.map(() => emptyScores(classes, task.ranked));
  }

  add(block: Block): void {
    const { models, part } = this.#task;
    const K = this.#outputs;
    weigh(block, null, part);
    if (this.#first.losses.length < block.rows) this.#first = firstAnswers(block.rows);
    const kept = this.#room.beside(block.rows * K);
    models.forEach(({ link, threshold }, m) => {
      this.#room.kernels.times(...block.matrix, K, this.#tables[m].byteOffset, kept.byteOffset);
      const rule = { classes: this.#classes, link, threshold, counted: false };
      addScores({ ...block, kept }, rule, this.#sums[m], this.#first, m === 0);
    });
  }

  finish(): Float64Array {
    this.#room.arena.takeBack(this.#arena);
    const all = this.#sums.map(flatScores);
    const out = new Float64Array(all.length * all[0].length);
    all.forEach((own, m) => {
      out.set(own, m * own.length);
    });
    return out;
  }
}
