import { SparseMatrix } from "../matrix/sparse";

/** Puts a sparse matrix together from rows of ascending columns, in arrays that grow as needed. */
export class RowBuilder {
  #pointers = new Uint32Array(1024);
  #indices = new Uint32Array(4096);
  #values = new Float32Array(4096);
  #size = 0;
  #rows = 0;
  #ones = true;

  /** Adds one value to the row. */
  add(column: number, value: number): void {
    if (this.#size === this.#indices.length) this.#reserve(1);
    this.#indices[this.#size] = column;
    this.#values[this.#size++] = value;
    if (value !== 1) this.#ones = false;
  }

  /** Adds the first `count` of the columns and their values to the row. */
  addAll(columns: Uint32Array, values: Float32Array, count: number): void {
    if (this.#size + count > this.#indices.length) this.#reserve(count);
    this.#indices.set(columns.subarray(0, count), this.#size);
    this.#values.set(values.subarray(0, count), this.#size);
    this.#size += count;
    if (count > 0) this.#ones = false;
  }

  /** Ends the row. */
  endRow(): void {
    if (++this.#rows === this.#pointers.length) {
      const pointers = new Uint32Array(2 * this.#rows);
      pointers.set(this.#pointers);
      this.#pointers = pointers;
    }
    this.#pointers[this.#rows] = this.#size;
  }

  /** The matrix of all rows; without values where each is one. */
  build(columns: number): SparseMatrix {
    return new SparseMatrix(
      this.#rows,
      columns,
      this.#pointers.slice(0, this.#rows + 1),
      this.#indices.slice(0, this.#size),
      this.#ones ? null : this.#values.slice(0, this.#size),
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
