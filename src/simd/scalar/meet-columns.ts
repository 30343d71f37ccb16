import type { Heap } from "./heap";

/** The scalar twin of the kernel: counts columns and lists them in the order in which they come. See `Kernels`. */
export function meetColumns(
  { u32 }: Heap,
  indices: number,
  count: number,
  counts: number,
  met: number,
): number {
  let found = 0;
  for (let k = 0; k < count; k++) {
    const column = u32[indices / 4 + k];
    if (u32[counts / 4 + column]++ === 0) u32[met / 4 + found++] = column;
  }
  return found;
}
