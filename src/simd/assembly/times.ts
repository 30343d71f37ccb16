import { begin, CSR, Csr, DENSE, Dense, dotRow, kindOf, Ones, storage, timesRow } from "./row";

/** out = X W + b, rows x outputs; `w` holds `columns x outputs` weights, then `outputs` intercepts. */
export function times(
  pointers: usize,
  indices: usize,
  values: usize,
  rows: u32,
  columns: u32,
  outputs: u32,
  w: usize,
  out: usize,
): void {
  const kind = storage(pointers, values);
  if (kind == DENSE) body<Dense>(pointers, indices, values, rows, columns, outputs, w, out);
  else if (kind == CSR) body<Csr>(pointers, indices, values, rows, columns, outputs, w, out);
  else body<Ones>(pointers, indices, values, rows, columns, outputs, w, out);
}

function body<T>(
  pointers: usize,
  indices: usize,
  values: usize,
  rows: u32,
  columns: u32,
  outputs: u32,
  w: usize,
  out: usize,
): void {
  const kind = kindOf<T>();
  const b = w + (((<usize>columns) * <usize>outputs) << 3);
  let from = begin(kind, pointers, columns, 0);
  for (let i: u32 = 0; i < rows; i++) {
    const to = begin(kind, pointers, columns, i + 1);
    const at = out + (((<usize>i) * <usize>outputs) << 3);
    if (outputs == 1) store<f64>(at, dotRow(kind, indices, values, from, to, w) + load<f64>(b));
    else {
      timesRow(kind, indices, values, from, to, outputs, w, at);
      for (let k: u32 = 0; k < outputs; k++) {
        const o = (<usize>k) << 3;
        store<f64>(at + o, load<f64>(at + o) + load<f64>(b + o));
      }
    }
    from = to;
  }
}
