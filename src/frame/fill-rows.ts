import { SparseMatrix } from "../matrix/sparse";
import type { EncodedBlock } from "./blocks/encode";
import type { Pacer } from "./pacer";

/** Rows that are filled together, block after block: what they take fits the processor's cache. */
const tile = 256;

/** Puts the features of blocks side by side into one sparse matrix. @throws `cancelled` */
export function sparseRows(blocks: readonly EncodedBlock[], rows: number, pacer: Pacer): SparseMatrix {
  const pointers = new Uint32Array(rows + 1);
  for (const block of blocks) countRows(block, pointers);
  for (let i = 0; i < rows; i++) pointers[i + 1] += pointers[i];
  const indices = new Uint32Array(pointers[rows]);
  const values = blocks.every(isOnes) ? null : new Float32Array(indices.length);
  const width = blocks.reduce((sum, block) => sum + block.width, 0);
  const ends = pointers.slice(0, rows);
  for (let first = 0; first < rows; first += tile) {
    pacer.at(first);
    const last = Math.min(first + tile, rows);
    let offset = 0;
    for (const block of blocks) {
      if (block.kind === "level") fillLevels(block.numbers, first, last, offset, ends, indices, values);
      else fillOthers(block, first, last, offset, ends, indices, values);
      offset += block.width;
    }
  }
  pacer.at(rows);
  return new SparseMatrix(rows, width, pointers, indices, values);
}

/** Adds what each row has of the block to the pointer after it. */
function countRows(block: EncodedBlock, pointers: Uint32Array): void {
  const rows = pointers.length - 1;
  if (block.kind === "level") {
    const { numbers } = block;
    for (let i = 0; i < rows; i++) if (numbers[i] >= 0) pointers[i + 1]++;
  } else if (block.kind === "rows") {
    const { pointers: own } = block.features;
    for (let i = 0; i < rows; i++) pointers[i + 1] += own[i + 1] - own[i];
  } else {
    const { width, values } = block;
    for (let i = 0, at = 0; i < rows; i++) {
      for (let j = 0; j < width; j++) if (values[at++] !== 0) pointers[i + 1]++;
    }
  }
}

function isOnes(block: EncodedBlock): boolean {
  if (block.kind === "level") return true;
  if (block.kind === "rows") return block.features.values === null;
  return block.values.every((value) => value === 0 || value === 1);
}

function fillLevels(
  numbers: Int32Array,
  first: number,
  last: number,
  offset: number,
  ends: Uint32Array,
  indices: Uint32Array,
  values: Float32Array | null,
): void {
  for (let i = first; i < last; i++) {
    if (numbers[i] < 0) continue;
    const at = ends[i]++;
    indices[at] = offset + numbers[i];
    if (values !== null) values[at] = 1;
  }
}

function fillOthers(
  block: Exclude<EncodedBlock, { kind: "level" }>,
  first: number,
  last: number,
  offset: number,
  ends: Uint32Array,
  indices: Uint32Array,
  values: Float32Array | null,
): void {
  const { width } = block;
  for (let i = first; i < last; i++) {
    if (block.kind === "values") {
      for (let j = 0; j < width; j++) {
        const value = block.values[i * width + j];
        if (value === 0) continue;
        const at = ends[i]++;
        indices[at] = offset + j;
        if (values !== null) values[at] = value;
      }
    } else {
      const own = block.features;
      let at = ends[i];
      for (let k = own.pointers[i]; k < own.pointers[i + 1]; k++, at++) {
        indices[at] = offset + own.indices[k];
        if (values !== null) values[at] = own.values === null ? 1 : own.values[k];
      }
      ends[i] = at;
    }
  }
}
