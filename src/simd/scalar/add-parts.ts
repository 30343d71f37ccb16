import type { Heap } from "./heap";

/** The scalar twin of the kernel: vectors added to another, and emptied. See `Kernels`. */
export function addParts(
  { f64 }: Heap,
  count: number,
  parts: number,
  stride: number,
  from: number,
  out: number,
): void {
  for (let part = 0; part < parts; part++) {
    const first = (from + part * stride) / 8;
    for (let i = 0; i < count; i++) f64[out / 8 + i] += f64[first + i];
    f64.fill(0, first, first + count);
  }
}
