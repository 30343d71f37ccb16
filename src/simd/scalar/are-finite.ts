import type { Heap } from "./heap";

/** The scalar twin of the kernel: whether all 32-bit floats are finite, as 1 or 0. See `Kernels`. */
export function areFinite({ f32 }: Heap, values: number, count: number): number {
  return f32.subarray(values / 4, values / 4 + count).every(Number.isFinite) ? 1 : 0;
}
