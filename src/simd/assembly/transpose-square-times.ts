import { begin, DENSE, ONES, storage } from "./row";

/** g += (X squared by element)' R, and the column sums of R behind: the diagonal of X' diag(r) X for each output. */
export function transposeSquareTimes(
  pointers: usize,
  indices: usize,
  values: usize,
  rows: u32,
  columns: u32,
  outputs: u32,
  r: usize,
  g: usize,
): void {
  const kind = storage(pointers, values);
  const b = g + (((<usize>columns) * <usize>outputs) << 3);
  let from = begin(kind, pointers, columns, 0);
  for (let i: u32 = 0; i < rows; i++) {
    const to = begin(kind, pointers, columns, i + 1);
    const at = r + (((<usize>i) * <usize>outputs) << 3);
    for (let k = from; k < to; k++) {
      const x: f64 = kind == ONES ? 1 : <f64>load<f32>(values + (k << 2));
      const j = kind == DENSE ? k - from : <usize>load<u32>(indices + (k << 2));
      add(outputs, x * x, at, g + ((j * <usize>outputs) << 3));
    }
    add(outputs, 1, at, b);
    from = to;
  }
}

// @ts-expect-error: decorator
@inline
function add(outputs: u32, factor: f64, r: usize, g: usize): void {
  for (let k: u32 = 0; k < outputs; k++) {
    const o = (<usize>k) << 3;
    store<f64>(g + o, load<f64>(g + o) + factor * load<f64>(r + o));
  }
}
