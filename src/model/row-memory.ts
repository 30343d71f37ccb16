import { type Alone, loadAlone } from "../simd/alone";
import type { MarginParts } from "./score-rows";

/** The weights and intercepts of a model, and those weights as 32-bit floats where they are one output's and exact. */
export interface RowParts extends MarginParts {
  readonly features: number;
  /** Then `weights` is empty. */
  readonly singles: Float32Array | null;
}

/** The table of a model of several outputs and room for a sparse row in a memory of the kernels. */
export class RowMemory {
  /** How many stored values there is room for. */
  readonly capacity: number;
  readonly #alone: Alone;
  readonly #pointers: Uint32Array;
  readonly #margins: Float64Array;
  readonly #indices: Uint32Array;
  readonly #values: Float32Array;
  readonly #features: number;

  /** @throws `invalid-data` beyond 4 GB */
  constructor({ weights, intercepts, outputs, features }: RowParts, capacity: number) {
    const table = 8 * (weights.length + outputs);
    const alone = loadAlone(table + 8 * outputs + 8 + 8 * capacity);
    const { start, memory } = alone;
    const { buffer } = memory;
    new Float64Array(buffer, start, weights.length).set(weights);
    new Float64Array(buffer, start + 8 * weights.length, outputs).set(intercepts);
    const after = start + table;
    this.#margins = new Float64Array(buffer, after, outputs);
    this.#pointers = new Uint32Array(buffer, after + 8 * outputs, 2);
    this.#indices = new Uint32Array(buffer, after + 8 * outputs + 8, capacity);
    this.#values = new Float32Array(buffer, after + 8 * outputs + 8 + 4 * capacity, capacity);
    this.#alone = alone;
    this.#features = features;
    this.capacity = capacity;
  }

  /** Writes the margins of the row that is stored in `[from, to)`, NaN where an index is no feature; values are ones where `null`. */
  score(
    indices: Uint32Array,
    values: Float32Array | null,
    from: number,
    to: number,
    margins: Float64Array,
  ): void {
    const { kernels, start } = this.#alone;
    const count = to - from;
    this.#indices.set(indices.subarray(from, to));
    if (values !== null) this.#values.set(values.subarray(from, to));
    const at = this.#indices.byteOffset;
    if (count > 0 && kernels.largest(at, count) >>> 0 >= this.#features) {
      margins.fill(Number.NaN);
      return;
    }
    this.#pointers[1] = count;
    const x = values === null ? 0 : this.#values.byteOffset;
    const out = this.#margins;
    const outputs = margins.length;
    kernels.score(this.#pointers.byteOffset, at, x, 1, this.#features, outputs, start, out.byteOffset);
    for (let k = 0; k < outputs; k++) margins[k] = out[k];
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
