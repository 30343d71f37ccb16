import type { Arena } from "../../../simd/memory";
import type { Aggregate, AggregateState, Operation } from "../../aggregate";
import {
  addAbsolutes,
  addChanges,
  addCorrelations,
  addDiagonal,
  addSides,
  divergenceOf,
  gradientCall,
  movesOf,
  outputsOf,
} from "../../block-terms";
import type { Block, BlockRoom } from "./block-room";
import { GramSum } from "./gram-sum";
import { scalarCount } from "./messages";
import { type PartSum, weigh } from "./part-sum";

const empty = new Float64Array(0);

/** An aggregate over blocks of rows by the library's kernels, block after block on one thread. */
export class AggregateSum implements PartSum {
  readonly #room: BlockRoom;
  readonly #arena: Arena;
  readonly #operation: Operation;
  readonly #state: AggregateState;
  readonly #chosen: ArrayLike<number> | null;
  readonly #w: Float64Array;
  readonly #sum: Float64Array;
  /** Where gradients go that are by-products. */
  readonly #unused: Float64Array;
  readonly #margins: Float64Array;
  readonly #sides: Float64Array;
  readonly #moves: Float64Array;
  readonly #gram: GramSum | null;
  #loss = 0;
  #rows = 0;

  /** @param chosen the parameters whose sums are wanted, `null` for all */
  constructor(
    room: BlockRoom,
    operation: Operation,
    state: AggregateState,
    chosen: ArrayLike<number> | null = null,
  ) {
    const K = outputsOf(state.loss);
    const size = (room.columns + 1) * K;
    if (state.parameters.length !== size) {
      throw new Error(`${state.parameters.length} parameters came, not ${size}`);
    }
    const arena = room.arena.lend();
    this.#room = room;
    this.#arena = arena;
    this.#operation = operation;
    this.#state = state;
    this.#chosen = chosen;
    this.#w = arena.copy(state.parameters);
    const none = operation.kind === "divergence" || operation.kind === "curvature";
    this.#sum = arena.floats(none ? 0 : size);
    this.#unused = operation.kind === "gradient" ? this.#sum : arena.floats(size);
    this.#margins = arena.floats(K);
    this.#sides = arena.floats(scalarCount - 1);
    this.#moves = operation.kind === "changes" ? movesOf(operation, new Float64Array(size)) : empty;
    this.#gram =
      operation.kind === "curvature" ? new GramSum(room, arena, operation.parameters, state.loss) : null;
  }

  add(block: Block): void {
    const { kernels } = this.#room;
    const { loss, factors, part } = this.#state;
    const operation = this.#operation;
    weigh(block, factors, part);
    this.#rows += block.rows;
    const rows = { ...block, kept: this.#room.beside(2 * outputsOf(loss) * block.rows) };
    const [w, out] = [this.#w.byteOffset, this.#unused.byteOffset];
    const call = gradientCall(loss, rows, w, out, this.#margins.byteOffset);
    const value = (kernels[call.name] as (...args: readonly number[]) => number)(...call.arguments);
    if (operation.kind === "gradient") {
      this.#loss += value;
      if (loss.kind === "logistic") addSides(kernels, rows, this.#sides);
    } else if (operation.kind === "diagonal") addDiagonal(kernels, loss, rows, this.#sum);
    else if (operation.kind === "absolute") addAbsolutes(loss, rows, this.#sum);
    else if (operation.kind === "changes") addChanges(loss, rows, this.#moves, this.#sum);
    else if (operation.kind === "curvature") this.#gram!.add(rows);
    else if (operation.kind === "correlate") addCorrelations(kernels, loss, rows, operation.dual, this.#sum);
    else this.#loss += divergenceOf(kernels, loss, rows, operation.dual, operation.factor);
  }

  finish(): Float64Array {
    const chosen = this.#chosen;
    const sum = this.#sum;
    const vector = this.#gram?.finish() ?? (chosen === null ? sum : Float64Array.from(chosen, (j) => sum[j]));
    const out = new Float64Array(scalarCount + vector.length);
    out[0] = this.#loss;
    out.set(this.#sides, 1);
    out.set(vector, scalarCount);
    this.#room.arena.takeBack(this.#arena);
    return out;
  }

  /** The sums as an aggregate. */
  aggregate(): Aggregate {
    const rows = this.#rows;
    return aggregateOf(this.#operation, rows, this.finish());
  }
}

/** The numbers of a sum over all parameters as an aggregate. */
export function aggregateOf(operation: Operation, rows: number, numbers: Float64Array): Aggregate {
  const vector = numbers.slice(scalarCount);
  const { kind } = operation;
  const curved = kind === "diagonal" || kind === "curvature";
  return {
    rows,
    loss: numbers[0],
    gradient: curved || kind === "divergence" ? empty : vector,
    curvature: !curved ? empty : kind === "diagonal" ? vector : squareOf(vector, operation.parameters.length),
    sides: numbers.slice(1, scalarCount),
  };
}

/** A square whose lower triangle comes row after row. */
function squareOf(triangle: Float64Array, size: number): Float64Array {
  const H = new Float64Array(size * size);
  for (let a = 0, at = 0; a < size; a++) {
    for (let b = 0; b <= a; b++) H[a * size + b] = triangle[at++];
  }
  return H;
}

/** An aggregate over blocks that are in memory. */
export function sumOver(
  room: BlockRoom,
  blocks: readonly Block[],
  operation: Operation,
  state: AggregateState,
): Aggregate {
  const sum = new AggregateSum(room, operation, state);
  for (const block of blocks) sum.add(block);
  return sum.aggregate();
}
