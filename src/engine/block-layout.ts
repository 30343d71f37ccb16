/** One block of packed rows in a file. */
export interface PackedBlock {
  /** Where its bytes begin. */
  readonly offset: number;
  readonly rows: number;
  readonly nonzeros: number;
  /** The number of its first row. */
  readonly first: number;
}

/** A file of packed rows: blocks one after another, each as kernels read it, so that it is read in one piece. */
export interface PackedRows {
  readonly path: string;
  readonly blocks: readonly PackedBlock[];
  readonly columns: number;
  /** Whether values are stored; else each stored value is 1. */
  readonly valued: boolean;
  /** Whether a row's weight is the number of equal rows that it stands for; else it may be any. */
  readonly counted: boolean;
  /** The rows of the largest block. */
  readonly mostRows: number;
  /** The bytes of the largest block. */
  readonly mostBytes: number;
}

/** Where the parts of a block lie: weights (f64), row pointers, labels, column indices (u32), values (f32). */
interface BlockLayout {
  readonly weights: number;
  readonly pointers: number;
  readonly labels: number;
  readonly indices: number;
  readonly values: number;
  readonly bytes: number;
}

/** The layout of a block of so many rows and stored values, its bytes a multiple of 8. */
export function blockLayout(rows: number, nonzeros: number, valued: boolean): BlockLayout {
  const pointers = 8 * rows;
  const labels = pointers + 4 * (rows + 1);
  const indices = labels + 4 * rows;
  const values = indices + 4 * nonzeros;
  const bytes = values + (valued ? 4 * nonzeros : 0);
  return { weights: 0, pointers, labels, indices, values, bytes: Math.ceil(bytes / 8) * 8 };
}

const blockBytes = 2 ** 21;
const mostRowsABlock = 65536;

/** Stored values that a text has about: rows of texts are cut into blocks by it, and a block ends when it has as many. */
export const typicalTerms = 128;

/** How many rows of so many stored values make a block of about 2 MB. */
export function rowsABlock(width: number, valued: boolean): number {
  const each = 16 + width * (valued ? 8 : 4);
  return Math.max(256, Math.min(mostRowsABlock, Math.floor(blockBytes / each)));
}
