import { closeSync, openSync, writeSync } from "node:fs";
import { fail } from "../base/errors";
import { blockLayout, type PackedBlock, type PackedRows, rowsABlock } from "./block-layout";
import { refused } from "./complaints";

/** Packs rows into blocks and writes each when it is full. */
export class BlockWriter {
  readonly #path: string;
  readonly #columns: number;
  readonly #valued: boolean;
  readonly #counted: boolean;
  readonly #limit: number | null;
  readonly #file: number;
  readonly #blocks: PackedBlock[] = [];
  readonly #weights: Float64Array;
  readonly #pointers: Uint32Array;
  readonly #labels: Uint32Array;
  #indices: Uint32Array;
  #values: Float32Array;
  readonly #full: number;
  #rows = 0;
  #nonzeros = 0;
  #first = 0;
  #bytes = 0;

  /**
   * @param width the most stored values a row, or about as many: a block ends when it has as many as its rows would
   * @param limit the most bytes of the file, or `null`
   */
  constructor(
    path: string,
    shape: {
      readonly columns: number;
      readonly width: number;
      readonly valued: boolean;
      readonly counted: boolean;
    },
    limit: number | null,
  ) {
    const { columns, width, valued, counted } = shape;
    this.#counted = counted;
    this.#path = path;
    this.#columns = columns;
    this.#valued = valued;
    this.#limit = limit;
    const most = rowsABlock(width, valued);
    this.#weights = new Float64Array(most);
    this.#pointers = new Uint32Array(most + 1);
    this.#labels = new Uint32Array(most);
    this.#full = most * width;
    this.#indices = new Uint32Array(this.#full);
    this.#values = new Float32Array(valued ? most * width : 0);
    this.#file = openSync(path, "w", 0o600);
  }

  /** The rows so far. */
  get rows(): number {
    return this.#first + this.#rows;
  }

  /** Adds a stored value to the row. */
  add(column: number, value: number): void {
    if (this.#nonzeros === this.#indices.length) this.#grow();
    this.#indices[this.#nonzeros] = column;
    if (this.#valued) this.#values[this.#nonzeros] = value;
    this.#nonzeros++;
  }

  /** Ends the row. @throws `failed` where the disk is full */
  endRow(label: number, weight: number): void {
    this.#labels[this.#rows] = label;
    this.#weights[this.#rows] = weight;
    this.#pointers[++this.#rows] = this.#nonzeros;
    if (this.#rows === this.#labels.length || this.#nonzeros > this.#full) this.#flush();
  }

  /** Makes room for a row that is longer than the rest of its block. */
  #grow(): void {
    const indices = new Uint32Array(2 * this.#indices.length);
    indices.set(this.#indices);
    this.#indices = indices;
    if (!this.#valued) return;
    const values = new Float32Array(indices.length);
    values.set(this.#values);
    this.#values = values;
  }

  /** Writes what is left. */
  finish(): PackedRows {
    if (this.#rows > 0) this.#flush();
    const blocks = this.#blocks;
    return {
      path: this.#path,
      blocks,
      columns: this.#columns,
      valued: this.#valued,
      counted: this.#counted,
      mostRows: Math.max(...blocks.map(({ rows }) => rows)),
      mostBytes: Math.max(
        ...blocks.map(({ rows, nonzeros }) => blockLayout(rows, nonzeros, this.#valued).bytes),
      ),
    };
  }

  close(): void {
    closeSync(this.#file);
  }

  #flush(): void {
    const rows = this.#rows;
    const nonzeros = this.#nonzeros;
    const { bytes } = blockLayout(rows, nonzeros, this.#valued);
    if (this.#limit !== null && this.#bytes + bytes > this.#limit) {
      fail("failed", {
        thing: "write of packed rows: disk full",
        value: this.#bytes + bytes,
        expected: `at most ${this.#limit} bytes, the diskLimit`,
        remedy: "Raise diskLimit, or take fewer rows.",
      });
    }
    const parts: ArrayBufferView[] = [
      this.#weights.subarray(0, rows),
      this.#pointers.subarray(0, rows + 1),
      this.#labels.subarray(0, rows),
      this.#indices.subarray(0, nonzeros),
      this.#values.subarray(0, this.#valued ? nonzeros : 0),
    ];
    let at = this.#bytes;
    for (const part of parts) at += writeWhole(this.#file, part, at);
    writeWhole(this.#file, new Uint8Array(this.#bytes + bytes - at), at);
    this.#blocks.push({ offset: this.#bytes, rows, nonzeros, first: this.#first });
    this.#bytes += bytes;
    this.#first += rows;
    this.#rows = 0;
    this.#nonzeros = 0;
  }
}

/** Writes all bytes of a view at a place of a file. @throws `failed` where the disk is full */
export function writeWhole(
  file: number,
  { buffer, byteOffset, byteLength }: ArrayBufferView,
  at: number,
): number {
  try {
    let done = 0;
    while (done < byteLength) {
      const left = new Uint8Array(buffer, byteOffset + done, byteLength - done);
      done += writeSync(file, left, 0, left.length, at + done);
    }
  } catch (error) {
    refused(error);
  }
  return byteLength;
}
