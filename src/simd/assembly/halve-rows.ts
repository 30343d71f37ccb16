import { copyWords } from "./bytes";

/**
 * Sorts the stored values of each row into those of columns before `bound` and the others, in place, and writes where the second half
 * begins; see `Kernels`. `work` has room for the indices, then the values, of the longest row.
 */
export function halveRows(pointers: usize, indices: usize, values: usize, rows: u32, bound: u32, longest: u32, work: usize, halves: usize): void {
  const moved = work + ((<usize>longest) << 2);
  for (let i: usize = 0; i < <usize>rows; i++) {
    const from = (<usize>load<u32>(pointers + (i << 2))) << 2;
    const to = (<usize>load<u32>(pointers + ((i + 1) << 2))) << 2;
    let kept = from;
    let left: usize = 0;
    for (let k = from; k < to; k += 4) {
      const j = load<u32>(indices + k);
      const x = values == 0 ? 0 : load<u32>(values + k);
      // Both places are written and one of them advances: a branch would be guessed wrong every other time.
      store<u32>(work + left, j);
      store<u32>(indices + kept, j);
      if (values != 0) {
        store<u32>(moved + left, x);
        store<u32>(values + kept, x);
      }
      const second = j < bound ? <usize>0 : 4;
      left += second;
      kept += 4 - second;
    }
    store<u32>(halves + (i << 2), <u32>(kept >> 2));
    copyWords(work, indices + kept, left);
    if (values != 0) copyWords(moved, values + kept, left);
  }
}
