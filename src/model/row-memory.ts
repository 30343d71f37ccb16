import { type Alone, loadAlone } from "../simd/alone";
import type { MarginParts } from "./score-rows";

/** The weights and intercepts of a model, and those weights as 32-bit floats where they are one output's and exact. */
export interface RowParts extends MarginParts {
  readonly features: number;
  /** Then `weights` is not looked at. */
  readonly singles: Float32Array | null;
}

/** A model's table and room for sparse rows in a memory of the kernels, which read rows where they are written. */
export class RowMemory {
  /** Where the features of rows are written. */
  readonly indices: Uint32Array;
  /** Where the values of rows are written. */
  readonly values: Float32Array;
  readonly #alone: Alone;
  readonly #pointers: Uint32Array;
  readonly #margins: Float64Array;
  readonly #parts: RowParts;
  /** Where the arrays begin: to ask a typed array takes longer than to add up ten numbers. */
  readonly #indicesAt: number;
  readonly #valuesAt: number;

  /**
   * @param capacity how many stored values there is room for
   * @throws `invalid-data` beyond 4 GB
   */
  constructor(parts: RowParts, capacity: number) {
    const { singles, weights, intercepts, outputs } = parts;
    const table = 8 * Math.ceil((singles === null ? 8 * (weights.length + outputs) : 4 * singles.length) / 8);
    const alone = loadAlone(table + 8 * outputs + 16 + 8 * capacity);
    const { start, memory } = alone;
    const { buffer } = memory;
    if (singles !== null) new Float32Array(buffer, start, singles.length).set(singles);
    else {
      new Float64Array(buffer, start, weights.length).set(weights);
      new Float64Array(buffer, start + 8 * weights.length, outputs).set(intercepts);
    }
    const after = start + table;
    this.#margins = new Float64Array(buffer, after, outputs);
    this.#pointers = new Uint32Array(buffer, after + 8 * outputs, 2);
    this.indices = new Uint32Array(buffer, after + 8 * outputs + 8, capacity);
    this.values = new Float32Array(buffer, after + 8 * outputs + 8 + 4 * capacity, capacity);
    this.#indicesAt = this.indices.byteOffset;
    this.#valuesAt = this.values.byteOffset;
    this.#alone = alone;
    this.#parts = parts;
  }

  /** Copies a row to the beginning of the room; its values are ones where `null`. */
  put(indices: Uint32Array, values: Float32Array | null, from: number, to: number): void {
    // A view takes as long to make as some hundred numbers to copy.
    const whole = from === 0 && to === indices.length;
    this.indices.set(whole ? indices : indices.subarray(from, to));
    if (values === null) return;
    this.values.set(whole && to === values.length ? values : values.subarray(from, to));
  }

  /**
   * Writes the margins of the row whose features are written from `from` on and its values from `at` on, NaN where one is no feature.
   * @param at less than 0 where the values are ones
   */
  score(from: number, at: number, count: number, margins: Float64Array): void {
    const { kernels, start } = this.#alone;
    const { singles, features, outputs, intercepts } = this.#parts;
    const indices = this.#indicesAt + 4 * from;
    const values = at < 0 ? 0 : this.#valuesAt + 4 * at;
    if (singles !== null) {
      margins[0] = kernels.scoreSingles(indices, values, count, features, start) + intercepts[0];
    } else if (count > 0 && kernels.largest(indices, count) >>> 0 >= features) margins.fill(Number.NaN);
    else {
      this.#pointers[1] = count;
      const out = this.#margins.byteOffset;
      kernels.score(this.#pointers.byteOffset, indices, values, 1, features, outputs, start, out);
      for (let k = 0; k < outputs; k++) margins[k] = this.#margins[k];
    }
  }
}

/** A model's table and room for a dense row in a memory of the kernels. */
export class DenseRowMemory {
  readonly #alone: Alone;
  readonly #row: Float32Array;
  readonly #margins: Float64Array;
  readonly #at: number;
  readonly #out: number;

  /** @throws `invalid-data` beyond 4 GB */
  constructor({ weights, singles, intercepts, features, outputs }: RowParts) {
    const alone = loadAlone(8 * (features * outputs + 2 * outputs) + 4 * features);
    const table = new Float64Array(alone.memory.buffer, alone.start, features * outputs + 2 * outputs);
    table.set(singles ?? weights);
    table.set(intercepts, features * outputs);
    this.#margins = table.subarray(features * outputs + outputs);
    this.#row = new Float32Array(alone.memory.buffer, alone.start + table.byteLength, features);
    this.#at = this.#row.byteOffset;
    this.#out = this.#margins.byteOffset;
    this.#alone = alone;
  }

  /** Writes the margins of a row of one number a feature. */
  score(row: ArrayLike<number>, margins: Float64Array): void {
    const { kernels, start } = this.#alone;
    this.#row.set(row);
    kernels.score(0, 0, this.#at, 1, row.length, margins.length, start, this.#out);
    const out = this.#margins;
    for (let k = 0; k < margins.length; k++) margins[k] = out[k];
  }
}

/** The numbers as 32-bit floats, or `null` where one of them is none. */
export function singlesOf(weights: Float64Array): Float32Array | null {
  const singles = new Float32Array(weights);
  for (let j = 0; j < singles.length; j++) if (singles[j] !== weights[j]) return null;
  return singles;
}
