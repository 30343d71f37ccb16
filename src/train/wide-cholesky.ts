import type { Design } from "./design";

/** Columns that are finished at a time: few, since the rows that they end in are one thread's. */
const panel = 32;
/** The fewest numbers a row for which threads are asked. */
const wide = 128;
/** Rows are parted in as many blocks at most. */
const mostBlocks = 8;

/**
 * Replaces the lower triangle of A, `n x n` row after row in the design's memory, by its Cholesky factor, the rows below each
 * panel of columns by all threads; false where a pivot is not above `floor`.
 */
export function wideCholesky({ kernels, team }: Design, n: number, A: number, floor: number): boolean {
  if (n < wide) return kernels.cholesky(n, A, floor) === n;
  for (let first = 0; first < n; first += panel) {
    const last = Math.min(n, first + panel);
    if (kernels.choleskyCorner(n, A, floor, first, last) !== last) return false;
    const blocks = Math.min(mostBlocks, Math.ceil((n - last) / panel));
    if (blocks === 0) continue;
    const bound = (block: number) => last + 2 * Math.floor(((n - last) * block) / blocks / 2);
    team.run("choleskyRows", blocks, (block) => {
      const to = block + 1 === blocks ? n : bound(block + 1);
      return [n, A, bound(block), to, first, last];
    });
  }
  return true;
}
