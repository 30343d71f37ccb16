import type { Heap } from "./heap";
import { Rows } from "./row";

/** The scalar twin of the kernel: the columns with a place, as compressed rows. See `Kernels`. */
export function selectColumns(
  heap: Heap,
  pointers: number,
  indices: number,
  values: number,
  rows: number,
  columns: number,
  places: number,
  outPointers: number,
  outIndices: number,
  outValues: number,
): void {
  const { u32, f32 } = heap;
  const x = new Rows(heap, pointers, indices, values, columns);
  let at = 0;
  u32[outPointers / 4] = 0;
  for (let i = 0; i < rows; i++) {
    for (let k = x.begin(i); k < x.begin(i + 1); k++) {
      const place = u32[places / 4 + x.column(i, k)];
      if (place === 0xffffffff || x.value(k) === 0) continue;
      u32[outIndices / 4 + at] = place;
      if (values !== 0) f32[outValues / 4 + at] = x.value(k);
      at++;
    }
    u32[outPointers / 4 + i + 1] = at;
  }
}
