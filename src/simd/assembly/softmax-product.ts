import { addOuter, begin, CSR, Csr, DENSE, Dense, kindOf, Ones, storage, timesRow } from "./row";
import { addTwo, timesTwo } from "./two-rows";

/**
 * out += the multinomial Hessian times v: for each row t = X v + b, then s (diag(p) - p p') t, then X' of it.
 * `scratch` holds twice `outputs` numbers: dense rows are taken two at a time.
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
  let i: u32 = 0;
  for (; kind == DENSE && i + 2 <= rows; i += 2) {
    const x = values + ((<usize>i * <usize>columns) << 2);
    timesTwo(x, columns, outputs, v, scratch);
    const p = probabilities + (<usize>i) * stride;
    const share = shares + ((<usize>i) << 3);
    bend(stride, load<f64>(share), p, v + intercepts, out + intercepts, scratch);
    bend(stride, load<f64>(share, 8), p + stride, v + intercepts, out + intercepts, scratch + stride);
    addTwo(x, columns, outputs, scratch, out);
  }
  let from = begin(kind, pointers, columns, i);
  for (; i < rows; i++) {
    const to = begin(kind, pointers, columns, i + 1);
    timesRow(kind, indices, values, from, to, outputs, v, scratch);
    const p = probabilities + (<usize>i) * stride;
    bend(stride, load<f64>(shares + ((<usize>i) << 3)), p, v + intercepts, out + intercepts, scratch);
    addOuter(kind, indices, values, from, to, outputs, scratch, out);
    from = to;
  }
}

/** Turns the products t of a row into share (diag(p) - p p') (t + b), which is added to the intercepts of `out`, too. */
// @ts-expect-error: decorator
@inline
function bend(stride: usize, share: f64, p: usize, b: usize, out: usize, t: usize): void {
  let mean: f64 = 0;
  for (let o: usize = 0; o < stride; o += 8) {
    const margin = load<f64>(t + o) + load<f64>(b + o);
    store<f64>(t + o, margin);
    mean += load<f64>(p + o) * margin;
  }
  for (let o: usize = 0; o < stride; o += 8) {
    const r = share * load<f64>(p + o) * (load<f64>(t + o) - mean);
    store<f64>(t + o, r);
    store<f64>(out + o, load<f64>(out + o) + r);
  }
}
