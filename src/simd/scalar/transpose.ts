import type { Heap } from "./heap";

/** The twin of the WebAssembly kernel of the same name. */
export function transpose(
  { u32, f32 }: Heap,
  pointers: number,
  indices: number,
  values: number,
  rows: number,
  columns: number,
  toPointers: number,
  toIndices: number,
  toValues: number,
): void {
  if (pointers === 0) {
    for (let i = 0; i < rows; i++) {
      for (let j = 0; j < columns; j++) f32[toValues / 4 + j * rows + i] = f32[values / 4 + i * columns + j];
    }
    return;
  }
  const ends = u32.subarray(toPointers / 4 + 1);
  for (let k = 0; k < u32[pointers / 4 + rows]; k++) ends[u32[indices / 4 + k] + 1]++;
  for (let j = 1; j <= columns; j++) ends[j] += ends[j - 1];
  for (let i = 0; i < rows; i++) {
    for (let k = u32[pointers / 4 + i]; k < u32[pointers / 4 + i + 1]; k++) {
      const at = ends[u32[indices / 4 + k]]++;
      u32[toIndices / 4 + at] = i;
      if (values !== 0) f32[toValues / 4 + at] = f32[values / 4 + k];
    }
  }
}
