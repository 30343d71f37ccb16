import { fail } from "../base/errors";
import { sigmoid, softmaxInPlace } from "../base/sigmoid";
import type { Label } from "../matrix/dataset";
import type { Kernels } from "../simd/kernels";
import { loadKernels } from "../simd/load";
import { Arena } from "../simd/memory";
import { type MarginParts, scoreSparse } from "./score-rows";
import { scoreSingles, singlesOf } from "./score-singles";
import type { Link, Scorer } from "./scorer";

/**
 * Predicts row after row without allocating. It holds the weights as they were when it was made, as a table of 32-bit floats for
 * sparse rows of two classes where these hold them exactly, which those of a file do. Each call writes `margins` and
 * `probabilities`, the same bits as the model's for the row, and returns the number of the class in `classes`.
 */
export class Predictor {
  /** The classes, in the order of the probabilities. */
  readonly classes: readonly Label[];
  /** How many features a row has. */
  readonly features: number;
  /** One margin an output, of the last row. */
  readonly margins: Float64Array;
  /** One probability a class, of the last row. */
  readonly probabilities: Float64Array;
  readonly #link: Link;
  readonly #least: number;
  readonly #parts: MarginParts;
  readonly #kernels: Kernels;
  readonly #row: Float32Array;
  readonly #table: number;
  /** The weights of a single output where 32-bit floats hold them. */
  readonly #singles: Float32Array | null;

  /** @param model its margins are `x'W + b` in floating point; see `Scorer.predictor` */
  constructor(model: Scorer) {
    const { classes, features, link, outputs, threshold, weights, intercepts } = model;
    this.classes = classes;
    this.features = features;
    this.#link = link;
    this.#least = Math.log(threshold) - Math.log1p(-threshold);
    this.#singles = outputs === 1 ? singlesOf(weights) : null;
    const arena = new Arena();
    const table = arena.floats(weights.length + outputs);
    table.set(weights);
    table.set(intercepts, weights.length);
    this.#table = table.byteOffset;
    const row = arena.singles(features);
    const margins = arena.floats(outputs);
    // The memory may have moved its buffer as it grew: all views are of the last one.
    const { buffer } = arena.memory;
    this.#row = new Float32Array(buffer, row.byteOffset, features);
    this.margins = new Float64Array(buffer, margins.byteOffset, outputs);
    const w = new Float64Array(buffer, this.#table, weights.length + outputs);
    this.#parts = { outputs, weights: w.subarray(0, weights.length), intercepts: w.subarray(weights.length) };
    this.#kernels = loadKernels(arena.memory);
    this.probabilities = new Float64Array(classes.length);
  }

  /**
   * The number of the class of a dense row: one number a feature, taken as 32-bit floats.
   * @throws `width-mismatch`; `not-finite`
   */
  predict(row: ArrayLike<number>): number {
    const { features } = this;
    if (row.length !== features) {
      fail("width-mismatch", { thing: "number of features", value: row.length, expected: String(features) });
    }
    this.#row.set(row);
    const outputs = this.#parts.outputs;
    const { byteOffset } = this.margins;
    this.#kernels.score(0, 0, this.#row.byteOffset, 1, features, outputs, this.#table, byteOffset);
    return this.#decide();
  }

  /**
   * The number of the class of a sparse row, stored in `[from, to)` of both arrays.
   * @param indices distinct features, ascending, as in `SparseMatrix`
   * @param values of each index, or `null` for ones
   * @throws `not-finite` for a value that is not, or an index that is no feature
   */
  predictSparse(
    indices: Uint32Array,
    values: Float32Array | null,
    from: number = 0,
    to: number = indices.length,
  ): number {
    if (this.#singles === null) scoreSparse(this.#parts, indices, values, from, to, this.margins, 0);
    else {
      const sum = scoreSingles(this.#singles, indices, values, from, to);
      this.margins[0] = sum + this.#parts.intercepts[0];
    }
    return this.#decide();
  }

  #decide(): number {
    const { margins, probabilities } = this;
    for (let k = 0; k < margins.length; k++) {
      if (margins[k] - margins[k] !== 0) {
        fail("not-finite", {
          thing: "margin of a row",
          value: margins[k],
          expected: "finite values of known features",
        });
      }
    }
    if (this.#link === "binary") {
      const margin = margins[0];
      probabilities[0] = sigmoid(-margin);
      probabilities[1] = sigmoid(margin);
      return margin > this.#least ? 1 : 0;
    }
    let best = 0;
    for (let k = 0; k < margins.length; k++) {
      probabilities[k] = margins[k];
      if (margins[k] > margins[best]) best = k;
    }
    if (this.#link === "softmax") softmaxInPlace(probabilities, 0, probabilities.length);
    else normalisedSigmoids(probabilities, 0, probabilities.length);
    return best;
  }
}

/** Replaces `count` margins from `offset` by their sigmoids over the sum of these. */
export function normalisedSigmoids(values: Float64Array, offset: number, count: number): void {
  let sum = 0;
  for (let k = 0; k < count; k++) {
    values[offset + k] = sigmoid(values[offset + k]);
    sum += values[offset + k];
  }
  for (let k = 0; k < count; k++) values[offset + k] = sum > 0 ? values[offset + k] / sum : 1 / count;
}
