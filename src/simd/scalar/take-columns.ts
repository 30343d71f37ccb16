import type { Heap } from "./heap";

/** The scalar twin of the kernel: some columns of dense rows. See `Kernels`. */
export function takeColumns(
  { f32, u32 }: Heap,
  values: number,
  rows: number,
  columns: number,
  list: number,
  count: number,
  out: number,
): void {
  for (let i = 0; i < rows; i++) {
    for (let k = 0; k < count; k++) {
      f32[out / 4 + i * count + k] = f32[values / 4 + i * columns + u32[list / 4 + k]];
    }
  }
}
