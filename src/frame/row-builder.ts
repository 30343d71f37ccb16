import { SparseMatrix } from "../matrix/sparse";

/** Puts a sparse matrix together from rows of ascending columns, in arrays that grow as needed. */
export class RowBuilder {
  readonly #pointers: Uint32Array;
  #indices = new Uint32Array(4096);
  #values = new Float32Array(4096);
  #size = 0;
  #rows = 0;

  constructor(
    rows: number,
    readonly columns: number,
    readonly binary: boolean,
  ) {
    this.#pointers = new Uint32Array(rows + 1);
  }

  /** Adds one value to the row. */
  add(column: number, value: number): void {
    if (this.#size === this.#indices.length) this.#reserve(1);
    this.#indices[this.#size] = column;
    this.#values[this.#size++] = value;
  }

  /** Adds the first `count` of the columns, shifted by `offset`, and their values to the row. */
  addAll(columns: Uint32Array, values: Float32Array, count: number, offset: number): void {
    if (this.#size + count > this.#indices.length) this.#reserve(count);
    for (let k = 0; k < count; k++) this.#indices[this.#size + k] = columns[k] + offset;
    this.#values.set(values.subarray(0, count), this.#size);
    this.#size += count;
  }

  /** Ends the row. */
  endRow(): void {
    this.#pointers[++this.#rows] = this.#size;
  }

  /** The matrix of all rows; without values where it is binary. */
  build(): SparseMatrix {
    const values = this.binary ? null : this.#values.slice(0, this.#size);
    return new SparseMatrix(
      this.#rows,
      this.columns,
      this.#pointers,
      this.#indices.slice(0, this.#size),
      values,
    );
  }

  #reserve(count: number): void {
    const length = 2 * (this.#size + count);
    const indices = new Uint32Array(length);
    indices.set(this.#indices);
    this.#indices = indices;
    const values = new Float32Array(length);
    values.set(this.#values);
    this.#values = values;
  }
}
