import { addOuter, begin, CSR, Csr, DENSE, Dense, kindOf, Ones, storage, timesRow } from "./row";

/**
 * out += the multinomial Hessian times v: for each row t = X v + b, then s (diag(p) - p p') t, then X' of it.
 * `scratch` holds `outputs` numbers.
 */
export function softmaxProduct(
  pointers: usize,
  indices: usize,
  values: usize,
  rows: u32,
  columns: u32,
  outputs: u32,
  shares: usize,
  probabilities: usize,
  v: usize,
  out: usize,
  scratch: usize,
): void {
  const kind = storage(pointers, values);
  if (kind == DENSE)
    body<Dense>(pointers, indices, values, rows, columns, outputs, shares, probabilities, v, out, scratch);
  else if (kind == CSR)
    body<Csr>(pointers, indices, values, rows, columns, outputs, shares, probabilities, v, out, scratch);
  else body<Ones>(pointers, indices, values, rows, columns, outputs, shares, probabilities, v, out, scratch);
}

function body<T>(
  pointers: usize,
  indices: usize,
  values: usize,
  rows: u32,
  columns: u32,
  outputs: u32,
  shares: usize,
  probabilities: usize,
  v: usize,
  out: usize,
  scratch: usize,
): void {
  const kind = kindOf<T>();
  const intercepts = ((<usize>columns) * <usize>outputs) << 3;
  const stride = (<usize>outputs) << 3;
  let from = begin(kind, pointers, columns, 0);
  for (let i: u32 = 0; i < rows; i++) {
    const to = begin(kind, pointers, columns, i + 1);
    timesRow(kind, indices, values, from, to, outputs, v, scratch);
    const p = probabilities + (<usize>i) * stride;
    let mean: f64 = 0;
    for (let o: usize = 0; o < stride; o += 8) {
      const t = load<f64>(scratch + o) + load<f64>(v + intercepts + o);
      store<f64>(scratch + o, t);
      mean += load<f64>(p + o) * t;
    }
    const share = load<f64>(shares + ((<usize>i) << 3));
    const b = out + intercepts;
    for (let o: usize = 0; o < stride; o += 8) {
      const r = share * load<f64>(p + o) * (load<f64>(scratch + o) - mean);
      store<f64>(scratch + o, r);
      store<f64>(b + o, load<f64>(b + o) + r);
    }
    addOuter(kind, indices, values, from, to, outputs, scratch, out);
    from = to;
  }
}
