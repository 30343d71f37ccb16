import type { Arena } from "../simd/memory";
import type { Design } from "../train/design";
import type { Aggregate, AggregateState, DualPoint, Operation } from "./aggregate";
import type { PackedRows } from "./block-layout";
import { BlockPasses, type LoadedBlock } from "./block-passes";
import {
  addAbsolutes,
  addChanges,
  addCorrelations,
  addDiagonal,
  addSides,
  divergenceOf,
  gradientCall,
  movesOf,
} from "./block-terms";
import { PackedGram } from "./packed-gram";

const none: Float64Array = new Float64Array(0);

/**
 * Aggregates over packed rows on disk: each is one pass, and nothing is kept of the rows between passes. Arrays of an answer
 * are good until the next call.
 */
export class PackedAggregates {
  readonly #design: Design;
  readonly #outputs: number;
  readonly #passes: BlockPasses;
  readonly #arena: Arena;
  readonly #parameters: Float64Array;
  readonly #sum: Float64Array;
  /** Gradients that are by-products, one for each block in memory. */
  readonly #unused: readonly Float64Array[];
  readonly #sides: Float64Array;
  readonly #scratch: Float64Array;
  readonly #gram: PackedGram;

  /** @param outputs of the states that will be asked for: 1 for the logistic loss, else the classes */
  constructor(design: Design, packed: PackedRows, outputs: number) {
    this.#design = design;
    this.#outputs = outputs;
    this.#passes = new BlockPasses(design, packed, none, 2 * outputs, false);
    this.#arena = design.arena.lend();
    const size = (design.columns + 1) * outputs;
    this.#parameters = this.#arena.floats(size);
    this.#sum = this.#arena.floats(size);
    this.#unused = Array.from({ length: this.#passes.slots }, () => this.#arena.floats(size));
    this.#sides = this.#arena.floats(4);
    this.#scratch = this.#arena.floats(outputs * this.#passes.slots);
    this.#gram = new PackedGram(this.#passes, outputs);
  }

  close(): void {
    this.#gram.close();
    this.#passes.close();
    this.#design.arena.takeBack(this.#arena);
  }

  /** See `Aggregator.aggregate`. */
  readonly aggregate = (operation: Operation, state: AggregateState): Aggregate => {
    this.#passes.weigh(state.factors, state.part);
    this.#parameters.set(state.parameters);
    const rows = this.#passes.packed.blocks.reduce((sum, block) => sum + block.rows, 0);
    const nothing: Aggregate = { rows, loss: 0, gradient: none, curvature: none, sides: none };
    switch (operation.kind) {
      case "gradient": {
        const loss = this.#gradient(state);
        const sides = state.loss.kind === "logistic" ? this.#sides : none;
        return { ...nothing, loss, gradient: this.#sum, sides };
      }
      case "curvature":
        return { ...nothing, curvature: this.#curvature(state, operation.parameters) };
      case "diagonal":
        return { ...nothing, curvature: this.#diagonal(state) };
      case "absolute":
        return { ...nothing, gradient: this.#absolutes(state) };
      case "changes":
        return { ...nothing, gradient: this.#changes(state, operation) };
      case "correlate":
        return { ...nothing, gradient: this.#correlate(state, operation.dual) };
      case "divergence":
        return { ...nothing, loss: this.#divergence(state, operation.dual, operation.factor) };
    }
  };

  #gradient(state: AggregateState): number {
    const { kernels } = this.#design;
    this.#sides.fill(0);
    const { name, argumentsOf } = this.#point(state);
    return this.#passes.add(name, this.#sum.fill(0), "none", argumentsOf, (block) => {
      if (state.loss.kind === "logistic") addSides(kernels, block, this.#sides);
    });
  }

  #curvature(state: AggregateState, parameters: Uint32Array): Float64Array {
    this.#gram.begin(parameters);
    this.#each(state, (batch) => this.#gram.add(batch, state.loss.kind === "softmax"));
    return this.#gram.finish();
  }

  #diagonal(state: AggregateState): Float64Array {
    const out = this.#sum.fill(0);
    const { kernels } = this.#design;
    this.#each(state, (batch) => {
      for (const block of batch) addDiagonal(kernels, state.loss, block, out);
    });
    return out;
  }

  #absolutes(state: AggregateState): Float64Array {
    const out = this.#sum.fill(0);
    this.#each(state, (batch) => {
      for (const block of batch) addAbsolutes(state.loss, block, out);
    });
    return out;
  }

  #changes(state: AggregateState, asked: Extract<Operation, { kind: "changes" }>): Float64Array {
    const out = this.#sum.fill(0);
    const by = movesOf(asked, new Float64Array(out.length));
    this.#each(state, (batch) => {
      for (const block of batch) addChanges(state.loss, block, by, out);
    });
    return out;
  }

  #correlate(state: AggregateState, dual: DualPoint): Float64Array {
    const out = this.#sum.fill(0);
    const { kernels } = this.#design;
    this.#each(state, (batch) => {
      for (const block of batch) addCorrelations(kernels, state.loss, block, dual, out);
    });
    return out;
  }

  #divergence(state: AggregateState, dual: DualPoint, factor: number): number {
    const { kernels } = this.#design;
    let sum = 0;
    this.#each(state, (batch) => {
      for (const block of batch) sum += divergenceOf(kernels, state.loss, block, dual, factor);
    });
    return sum;
  }

  /** Brings the rows of all blocks to the state: their residuals and curvatures, or their probabilities. */
  #each(state: AggregateState, use: (batch: readonly LoadedBlock[]) => void): void {
    const { name, argumentsOf } = this.#point(state);
    this.#design.passes++;
    this.#passes.each("none", (batch) => {
      this.#design.team.run(name, batch.length, (slot) =>
        argumentsOf(batch[slot], this.#unused[slot].byteOffset, slot),
      );
      use(batch);
    });
  }

  #point({ loss }: AggregateState) {
    const K = this.#outputs;
    const w = this.#parameters.byteOffset;
    return {
      name: loss.kind === "softmax" ? ("softmaxGradient" as const) : ("logisticGradient" as const),
      argumentsOf: (block: LoadedBlock, target: number, slot: number) =>
        gradientCall(loss, block, w, target, this.#scratch.byteOffset + 8 * slot * K).arguments,
    };
  }
}
