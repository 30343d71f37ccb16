import type { Heap } from "./heap";

/** The scalar twin of the kernel: each index replaced by its number in `places`. */
export function renumber({ u32 }: Heap, indices: number, count: number, places: number): void {
  for (let k = 0; k < count; k++) u32[indices / 4 + k] = u32[places / 4 + u32[indices / 4 + k]];
}
