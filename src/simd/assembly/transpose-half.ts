import { addRow, begin, CSR, Csr, kindOf, Ones, storage } from "./row";

/** g += X' r for the columns of one half of the rows, without the intercept; see `Kernels`. */
export function transposeHalf(pointers: usize, halves: usize, indices: usize, values: usize, rows: u32, r: usize, g: usize, half: u32): void {
  if (storage(pointers, values) == CSR) body<Csr>(pointers, halves, indices, values, rows, r, g, half);
  else body<Ones>(pointers, halves, indices, values, rows, r, g, half);
}

function body<T>(pointers: usize, halves: usize, indices: usize, values: usize, rows: u32, r: usize, g: usize, half: u32): void {
  const kind = kindOf<T>();
  for (let i: u32 = 0; i < rows; i++) {
    const each = load<f64>(r + ((<usize>i) << 3));
    if (each == 0) continue;
    const middle = <usize>load<u32>(halves + ((<usize>i) << 2));
    const from = half == 0 ? begin(kind, pointers, 0, i) : middle;
    const to = half == 0 ? middle : begin(kind, pointers, 0, i + 1);
    addRow(kind, indices, values, from, to, each, g);
  }
}
