import type { Heap } from "./heap";

/** The scalar twin of the kernel: sorts each row into two halves by columns. See `Kernels`. */
export function halveRows(
  { u32 }: Heap,
  pointers: number,
  indices: number,
  values: number,
  rows: number,
  bound: number,
  _longest: number,
  _work: number,
  halves: number,
): void {
  const second = (j: number) => (j < bound ? 0 : 1);
  for (let i = 0; i < rows; i++) {
    const from = u32[pointers / 4 + i];
    const places = Array.from({ length: u32[pointers / 4 + i + 1] - from }, (_, k) => from + k);
    const columns = places.map((k) => u32[indices / 4 + k]);
    const order = Array.from(places.keys()).sort((a, b) => second(columns[a]) - second(columns[b]) || a - b);
    const stored = values === 0 ? null : places.map((k) => u32[values / 4 + k]);
    order.forEach((k, at) => {
      u32[indices / 4 + from + at] = columns[k];
      if (stored !== null) u32[values / 4 + from + at] = stored[k];
    });
    u32[halves / 4 + i] = from + columns.filter((j) => second(j) === 0).length;
  }
}
