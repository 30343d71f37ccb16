import type { Arena } from "../../simd/memory";
import type { Block } from "../blocks";
import type { Design } from "../design";
import { type Bordered, border } from "./structure";

/** The most parts of the work; each has a square of the border of its own. */
const mostParts = 4;
/** Multiplications that are worth setting and adding up one more number of such a square. */
const worthwhile = 16;

/** The time of a multiplication in the factor, and of a product of two values of a row, beside that of a value in a pass. */
const perFactor = 0.12;
const perPair = 2;

/** Blocks and border as kernels take them, all arrays in the design's memory, and the work parted for threads. */
export interface BorderedParts {
  /** Six numbers a block; see `Kernels.borderedGram`. */
  readonly tables: Uint32Array;
  /** For each block the place of each column of the border among those that its rows have. */
  readonly local: Uint32Array;
  /** The columns of the border that the rows of each block have, by place, one block after another. */
  readonly borders: Uint32Array;
  /** The columns of each block, one block after another. */
  readonly members: Uint32Array;
  /** The rows, those of each block together, those of the border alone last. */
  readonly order: Uint32Array;
  /** The numbers of all squares and sides. */
  readonly length: number;
  /** The greatest width of a side. */
  readonly widest: number;
  /** Ranges of `order`, with whole blocks of rows. */
  readonly rows: readonly Block[];
  /** Ranges of blocks of about as much work in the factor, and in a solution. */
  readonly factor: readonly Block[];
  readonly solve: readonly Block[];
  /** The time of a factor in passes over the data, about. */
  readonly passes: number;
}

/** What the rows tell of a structure, by where they have values alone. */
export interface BorderedRows {
  /** The rows, those of each block together, those of the border alone last, and where each block's begin. */
  readonly order: Uint32Array;
  readonly starts: Uint32Array;
  /** The places of the border's columns that the rows of each block have, ascending, one block after another, and how many they are. */
  readonly list: Uint32Array;
  readonly widths: Uint32Array;
}

/** Looks through the rows for what a structure asks of them. */
export function borderedRows(design: Design, structure: Bordered): BorderedRows {
  const { arena, columns, rows, matrix, team } = design;
  const { sizes, borderSize } = structure;
  const [pointers, indices] = matrix;
  const mark = arena.mark();
  const [blocks, places] = [structure.blocks, structure.places].map((view) => arena.copy(view).byteOffset);
  const rowBlocks = arena.integers(rows);
  const ranges = design.blocks(1);
  team.run("rowBlocks", ranges.length, (index) => {
    const { from, to } = ranges[index];
    return [pointers + 4 * from, indices, to - from, blocks, rowBlocks.byteOffset + 4 * from];
  });
  const { order, starts } = inOrder(rowBlocks, sizes.length, arena.integers(rows));
  const local = arena.integers(sizes.length * borderSize);
  team.run("markBorders", ranges.length, (index) => {
    const { from, to } = ranges[index];
    const listed = [order.byteOffset + 4 * from, to - from, columns, rowBlocks.byteOffset];
    return [pointers, indices, ...listed, blocks, places, borderSize, local.byteOffset];
  });
  const found = { order: order.slice(), starts, ...bordersOf(local, sizes.length, borderSize) };
  arena.rewind(mark);
  return found;
}

/** Lays out and parts what a structure asks for; the parts depend on the shape alone. */
export function borderedParts(
  design: Design,
  structure: Bordered,
  { order, starts, list, widths }: BorderedRows,
): BorderedParts {
  const { arena, rows, nonzeros } = design;
  const { sizes, borderSize } = structure;
  const local = localOf(widths, list, borderSize, arena);
  const tables = arena.integers(6 * sizes.length);
  const work = new Float64Array(sizes.length);
  const stored = new Float64Array(sizes.length);
  let [length, edge, own] = [0, 0, 0];
  sizes.forEach((size, q) => {
    const width = widths[q];
    tables.set([length, size, length + size * size, width, edge, own], 6 * q);
    work[q] = (size * (size * size + 3 * size * width + 3 * width * width)) / 6;
    stored[q] = size * (size + width);
    length += stored[q];
    edge += width;
    own += size;
  });
  const longest = nonzeros / rows + 1;
  const pairs = (rows * longest * (longest + 1)) / 2;
  const all = work.reduce((sum, x) => sum + x, 0);
  const count = Math.max(1, Math.min(mostParts, Math.floor((all + pairs) / (worthwhile * borderSize ** 2))));
  return {
    ...{ tables, local, order: arena.copy(order), length },
    borders: arena.copy(list),
    members: arena.copy(membersOf(structure)),
    widest: widths.reduce((most, width) => Math.max(most, width), 0),
    rows: rowsOf(starts, rows, count),
    factor: evenParts(work, count),
    solve: evenParts(stored, count),
    passes: (perFactor * (all + borderSize ** 3 / 6) + perPair * pairs) / nonzeros,
  };
}

/** Of each block the places of the border that it has to do with, ascending. @param marks of these, by block */
function bordersOf(
  marks: Uint32Array,
  blocks: number,
  borderSize: number,
): Pick<BorderedRows, "list" | "widths"> {
  const list = new Uint32Array(marks.length);
  const widths = new Uint32Array(blocks);
  let length = 0;
  for (let q = 0; q < blocks; q++) {
    const before = length;
    for (let b = 0; b < borderSize; b++) if (marks[q * borderSize + b] !== 0) list[length++] = b;
    widths[q] = length - before;
  }
  return { list: list.slice(0, length), widths };
}

/** For each block the number of each of its places among them; at others whatever was there. */
function localOf(widths: Uint32Array, list: Uint32Array, borderSize: number, arena: Arena): Uint32Array {
  const room = arena.scratch(Math.ceil((widths.length * borderSize) / 2));
  const local = new Uint32Array(room.buffer, room.byteOffset, widths.length * borderSize);
  for (let q = 0, at = 0; q < widths.length; q++) {
    for (let n = 0; n < widths[q]; n++) local[q * borderSize + list[at++]] = n;
  }
  return local;
}

/** The columns of each block by their places, one block after another. */
function membersOf({ blocks, places, sizes }: Bordered): Uint32Array {
  const starts = new Uint32Array(sizes.length + 1);
  for (let q = 0; q < sizes.length; q++) starts[q + 1] = starts[q] + sizes[q];
  const members = new Uint32Array(starts[sizes.length]);
  for (let j = 0; j < blocks.length; j++) {
    if (blocks[j] !== border) members[starts[blocks[j]] + places[j]] = j;
  }
  return members;
}

/** Rows by their blocks, those of none last, and where each block's begin. */
function inOrder(
  rowBlocks: Uint32Array,
  blocks: number,
  order: Uint32Array,
): { readonly order: Uint32Array; readonly starts: Uint32Array } {
  const starts = new Uint32Array(blocks + 1);
  for (let i = 0; i < rowBlocks.length; i++) if (rowBlocks[i] !== border) starts[rowBlocks[i] + 1]++;
  for (let q = 0; q < blocks; q++) starts[q + 1] += starts[q];
  const next = starts.slice();
  for (let i = 0; i < rowBlocks.length; i++) {
    const q = rowBlocks[i] === border ? blocks : rowBlocks[i];
    order[next[q]++] = i;
  }
  return { order, starts };
}

/** Ranges of about as many rows, none of which begins within a block. */
function rowsOf(starts: Uint32Array, rows: number, count: number): Block[] {
  let q = 0;
  const bounds = Array.from({ length: count + 1 }, (_, part) => {
    const bound = Math.floor((rows * part) / count);
    while (q + 1 < starts.length && starts[q] < bound) q++;
    return Math.max(bound, starts[q]);
  });
  return bounds.slice(1).map((to, part) => ({ from: bounds[part], to }));
}

/** Ranges of about as much work. */
function evenParts(work: Float64Array, count: number): Block[] {
  const total = work.reduce((sum, x) => sum + x, 0);
  const parts: Block[] = [];
  let [from, to, sum] = [0, 0, 0];
  for (let part = 1; part <= count; part++) {
    while (to < work.length && (part === count || sum < (total * part) / count)) sum += work[to++];
    parts.push({ from, to });
    from = to;
  }
  return parts;
}
