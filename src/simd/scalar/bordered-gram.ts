import type { Heap } from "./heap";
import { Rows } from "./row";

const border = 0xffffffff;

/** The scalar twin of the kernel: the blocks and the border of [X 1]' diag(h) [X 1]; `scratch` is left alone. */
export function borderedGram(
  heap: Heap,
  pointers: number,
  indices: number,
  values: number,
  order: number,
  count: number,
  columns: number,
  h: number,
  blocks: number,
  places: number,
  tables: number,
  local: number,
  borderSize: number,
  numbers: number,
  corner: number,
  _scratch: number,
): void {
  const { f64, u32 } = heap;
  const x = new Rows(heap, pointers, indices, values, columns);
  for (let n = 0; n < count; n++) {
    const i = u32[order / 4 + n];
    const begin = x.begin(i);
    const own = Array.from({ length: x.begin(i + 1) - begin }, (_, e) => ({
      column: x.column(i, begin + e),
      value: x.value(begin + e),
    }));
    own.push({ column: columns, value: 1 });
    const block = Math.min(...own.map(({ column }) => u32[blocks / 4 + column]));
    const [first, size, side, width] = u32.subarray(tables / 4 + 6 * block, tables / 4 + 6 * block + 4);
    own.forEach((one, k) => {
      const a = f64[h / 8 + i] * one.value;
      for (const other of own.slice(0, k + 1)) {
        const [high, low] = [one.column, other.column]
          .map((column) => ({ inside: u32[blocks / 4 + column] !== border, place: u32[places / 4 + column] }))
          .sort((p, q) => q.place - p.place);
        const at =
          high.inside !== low.inside
            ? numbers / 8 +
              side +
              (high.inside ? high : low).place * width +
              u32[local / 4 + block * borderSize + (high.inside ? low : high).place]
            : high.inside
              ? numbers / 8 + first + high.place * size + low.place
              : corner / 8 + high.place * borderSize + low.place;
        f64[at] += a * other.value;
      }
    });
  }
}
