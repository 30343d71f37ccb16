import { addOuter, addRow, begin, CSR, Csr, DENSE, Dense, kindOf, Ones, storage } from "./row";

/** g += X' R, and the column sums of R to the `outputs` intercepts behind; `r` is rows x outputs. */
export function transposeTimes(
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
  if (kind == DENSE) body<Dense>(pointers, indices, values, rows, columns, outputs, r, g);
  else if (kind == CSR) body<Csr>(pointers, indices, values, rows, columns, outputs, r, g);
  else body<Ones>(pointers, indices, values, rows, columns, outputs, r, g);
}

function body<T>(
  pointers: usize,
  indices: usize,
  values: usize,
  rows: u32,
  columns: u32,
  outputs: u32,
  r: usize,
  g: usize,
): void {
  const kind = kindOf<T>();
  const b = g + (((<usize>columns) * <usize>outputs) << 3);
  let from = begin(kind, pointers, columns, 0);
  for (let i: u32 = 0; i < rows; i++) {
    const to = begin(kind, pointers, columns, i + 1);
    const at = r + (((<usize>i) * <usize>outputs) << 3);
    if (outputs == 1) addRow(kind, indices, values, from, to, load<f64>(at), g);
    else addOuter(kind, indices, values, from, to, outputs, at, g);
    for (let k: u32 = 0; k < outputs; k++) {
      const o = (<usize>k) << 3;
      store<f64>(b + o, load<f64>(b + o) + load<f64>(at + o));
    }
    from = to;
  }
}
