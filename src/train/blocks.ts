/** A range of rows, the last left out. */
export interface Block {
  readonly from: number;
  readonly to: number;
}

const most = 16;
/** Stored values that are worth handing to another thread. */
const worthwhile = 32768;

/**
 * Ranges of rows of about as many stored values each. Their number follows from the shape alone: as many as leave each
 * enough work, and the sum of their vectors of `length` small beside the pass itself.
 * @param pointers offsets of the rows, or `null` where all are of one length
 */
export function evenBlocks(
  rows: number,
  nonzeros: number,
  pointers: Uint32Array | null,
  length: number,
): Block[] {
  if (nonzeros < 2 * worthwhile) return [{ from: 0, to: rows }];
  const fitting = Math.min(nonzeros / worthwhile, nonzeros / (4 * length), rows, most);
  const count = Math.max(1, 2 ** Math.floor(Math.log2(Math.max(1, fitting))));
  const blocks: Block[] = [];
  let from = 0;
  for (let block = 1; block <= count; block++) {
    const to = block === count ? rows : placeOf(rows, nonzeros, pointers, block / count);
    blocks.push({ from, to });
    from = to;
  }
  return blocks;
}

/** The first row at or after a share of the stored values. */
function placeOf(rows: number, nonzeros: number, pointers: Uint32Array | null, share: number): number {
  if (pointers === null) return Math.floor(rows * share);
  let low = 0;
  let high = rows;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (pointers[middle] < share * nonzeros) low = middle + 1;
    else high = middle;
  }
  return low;
}
