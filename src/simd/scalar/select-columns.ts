import type { Heap } from "./heap";
import { Rows } from "./row";

/** The scalar twin of the kernel: chosen columns as compressed rows. See `Kernels`. */
export function selectColumns(
  heap: Heap,
  pointers: number,
  indices: number,
  values: number,
  rows: number,
  columns: number,
  chosen: number,
  start: number,
  outPointers: number,
  outIndices: number,
  outValues: number,
): void {
  const { u32, f32 } = heap;
  const x = new Rows(heap, pointers, indices, values, columns);
  const places = new Map<number, number>();
  for (let j = 0; j < columns; j++) {
    if ((u32[chosen / 4 + 2 * (j >>> 5)] >>> (j & 31)) & 1) places.set(j, places.size);
  }
  let at = start;
  u32[outPointers / 4] = at;
  for (let i = 0; i < rows; i++) {
    for (let k = x.begin(i); k < x.begin(i + 1); k++) {
      const place = places.get(x.column(i, k));
      if (place === undefined || (pointers === 0 && x.value(k) === 0)) continue;
      u32[outIndices / 4 + at] = place;
      if (values !== 0) f32[outValues / 4 + at] = x.value(k);
      at++;
    }
    u32[outPointers / 4 + i + 1] = at;
  }
}
