import type { Heap } from "./heap";

/** The scalar twin of the kernel: tells another thread that it is alone. See `Kernels`. */
export function abandon({ u32 }: Heap, pair: number): void {
  if (u32[pair / 4 + 1] === 0) u32[pair / 4 + 1] = 2;
  u32[pair / 4 + 16] = 0x7fffffff;
  u32[pair / 4 + 272] = 0x7fffffff;
}
