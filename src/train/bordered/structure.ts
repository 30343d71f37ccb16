import type { Design } from "../design";
import { Forest } from "./forest";

/** The most columns of a block. */
const mostBlock = 256;
/** The most columns of the border, the intercept included. */
const mostBorder = 1024;
/** Rows that are looked at to find which columns meet. */
const sampled = 2 ** 14;
/** The longest rows, on average, whose products of all pairs of values are worth adding up. */
const longestRow = 24;
const mostColumns = 2 ** 16;
/** The most places of a table of blocks times columns of the border, and numbers of the factor, at most. */
const mostPlaces = 2 ** 23;
const mostNumbers = 2 ** 25;
/** The most of the address space that is filled before. */
const mostBytes = 3 * 2 ** 30;

/** The number of a column's block where it is of the border. */
export const border = 0xffffffff;

/**
 * Columns parted so that each row has columns of one block at most beside those of the border: with the border last,
 * X' D X has blocks along its diagonal and a full border, and its Cholesky factor has no other places than that.
 */
export interface Bordered {
  /** The number of each column's block, or {@link border}; the intercept is the last column. */
  readonly blocks: Uint32Array;
  /** Each column's place in its block or in the border, ascending with the columns; the intercept's is the last. */
  readonly places: Uint32Array;
  /** The number of columns of each block. */
  readonly sizes: Uint32Array;
  readonly borderSize: number;
}

/**
 * Finds blocks of columns, e.g. of one-hot categories: where routes and hours of an airport meet in no row with those of
 * another, they are a block, and what meets with all of them, as the weekday, is the border. Columns join from the
 * rarest on, the blocks of all columns that they meet becoming one; a column that would make one too large is of the
 * border. `null` where rows are long, or the border would be.
 */
export function borderedBlocks(design: Design): Bordered | null {
  const { arena, kernels, rows, columns, nonzeros, matrix } = design;
  if (matrix[0] === 0 || nonzeros > longestRow * rows || columns > mostColumns) return null;
  if (arena.bytes > mostBytes) return null;
  const { buffer } = arena.memory;
  const data: Rows = {
    pointers: new Uint32Array(buffer, matrix[0], rows + 1),
    indices: new Uint32Array(buffer, matrix[1], nonzeros),
  };
  const mark = arena.mark();
  const counts = arena.integers(columns);
  kernels.countColumns(...matrix, counts.byteOffset);
  const forest = new Forest(columns, mostBlock);
  const inBorder = new Uint8Array(columns);
  joinSampled(data, counts, forest, inBorder);
  joinAll(design, data, counts, forest, inBorder);
  arena.rewind(mark);
  return numbered(forest, inBorder);
}

interface Rows {
  readonly pointers: Uint32Array;
  readonly indices: Uint32Array;
}

/** Joins columns from the rarest on by the rows of a sample. */
function joinSampled(
  { pointers, indices }: Rows,
  counts: Uint32Array,
  forest: Forest,
  inBorder: Uint8Array,
): void {
  const rows = pointers.length - 1;
  const columns = counts.length;
  const stride = Math.ceil(rows / sampled);
  const starts = new Uint32Array(columns + 2);
  for (let i = 0; i < rows; i += stride) {
    for (let e = pointers[i]; e < pointers[i + 1]; e++) starts[indices[e] + 2]++;
  }
  for (let j = 2; j < columns + 2; j++) starts[j] += starts[j - 1];
  const met = new Uint32Array(starts[columns + 1]);
  for (let i = 0; i < rows; i += stride) {
    for (let e = pointers[i]; e < pointers[i + 1]; e++) met[starts[indices[e] + 1]++] = i;
  }
  const joined = new Uint8Array(columns);
  // As numbers, since these are sorted without a call for each pair.
  const order = Float64Array.from(counts, (count, j) => count * columns + j).sort();
  const seen = new Int32Array(columns).fill(-1);
  for (const key of order) {
    const j = key % columns;
    const roots: number[] = [];
    let size = 1;
    for (let m = starts[j]; m < starts[j + 1] && size <= mostBlock; m++) {
      for (let e = pointers[met[m]]; e < pointers[met[m] + 1]; e++) {
        if (joined[indices[e]] === 0) continue;
        const root = forest.rootOf(indices[e]);
        if (seen[root] === j) continue;
        seen[root] = j;
        roots.push(root);
        size += forest.sizeOf(root);
      }
    }
    if (size > mostBlock) inBorder[j] = 1;
    else {
      joined[j] = 1;
      for (const root of roots) forest.join(root, j);
    }
  }
}

/** Joins what meets in the other rows, or puts the more frequent column to the border. */
function joinAll(
  { arena, kernels, matrix, rows }: Design,
  { pointers, indices }: Rows,
  counts: Uint32Array,
  forest: Forest,
  inBorder: Uint8Array,
): void {
  // Sets only grow, so what stands in one of those before still does.
  const sets = arena.integers(counts.length);
  for (let j = 0; j < sets.length; j++) sets[j] = inBorder[j] === 1 ? border : forest.rootOf(j);
  const next = (from: number) => kernels.rowAcross(matrix[0], matrix[1], from, rows, sets.byteOffset);
  for (let i = next(0); i < rows; i = next(i + 1)) {
    let first = -1;
    for (let e = pointers[i]; e < pointers[i + 1]; e++) {
      const j = indices[e];
      if (inBorder[j] === 1) continue;
      if (first < 0) first = j;
      else if (sets[first] === sets[j]) continue;
      else if (forest.join(first, j)) sets[j] = sets[first] = forest.rootOf(j);
      else {
        const frequent = counts[j] >= counts[first] ? j : first;
        inBorder[frequent] = 1;
        sets[frequent] = border;
        if (frequent === first) {
          first = -1;
          e = pointers[i] - 1;
        }
      }
    }
  }
}

function numbered(forest: Forest, inBorder: Uint8Array): Bordered | null {
  const columns = inBorder.length;
  const blocks = new Uint32Array(columns + 1).fill(border);
  const places = new Uint32Array(columns + 1);
  const sizes: number[] = [];
  let borderSize = 0;
  const blockOf = new Int32Array(columns).fill(-1);
  for (let j = 0; j < columns; j++) {
    if (inBorder[j] === 1) places[j] = borderSize++;
    else {
      const root = forest.rootOf(j);
      if (blockOf[root] < 0) blockOf[root] = sizes.push(0) - 1;
      blocks[j] = blockOf[root];
      places[j] = sizes[blocks[j]]++;
    }
  }
  places[columns] = borderSize++;
  if (borderSize > mostBorder || sizes.length * borderSize > mostPlaces) return null;
  const numbers = sizes.reduce((sum, size) => sum + size * (size + borderSize), 0);
  if (numbers > mostNumbers) return null;
  return { blocks, places, sizes: Uint32Array.from(sizes), borderSize };
}
