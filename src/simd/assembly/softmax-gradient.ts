import { addOuter, begin, CSR, Csr, DENSE, Dense, kindOf, Ones, storage, timesRow } from "./row";

/**
 * The weighted multinomial loss in one pass: adds its gradient to `g`, writes each row's probabilities, and returns
 * the sum. `scratch` holds `outputs` numbers.
 */
export function softmaxGradient(
  pointers: usize,
  indices: usize,
  values: usize,
  rows: u32,
  columns: u32,
  outputs: u32,
  labels: usize,
  shares: usize,
  w: usize,
  g: usize,
  probabilities: usize,
  scratch: usize,
): f64 {
  const kind = storage(pointers, values);
  if (kind == DENSE)
    return body<Dense>(pointers, indices, values, rows, columns, outputs, labels, shares, w, g, probabilities, scratch);
  if (kind == CSR)
    return body<Csr>(pointers, indices, values, rows, columns, outputs, labels, shares, w, g, probabilities, scratch);
  return body<Ones>(pointers, indices, values, rows, columns, outputs, labels, shares, w, g, probabilities, scratch);
}

function body<T>(
  pointers: usize,
  indices: usize,
  values: usize,
  rows: u32,
  columns: u32,
  outputs: u32,
  labels: usize,
  shares: usize,
  w: usize,
  g: usize,
  probabilities: usize,
  scratch: usize,
): f64 {
  const kind = kindOf<T>();
  const intercepts = ((<usize>columns) * <usize>outputs) << 3;
  const stride = (<usize>outputs) << 3;
  let sum: f64 = 0;
  let from = begin(kind, pointers, columns, 0);
  for (let i: u32 = 0; i < rows; i++) {
    const to = begin(kind, pointers, columns, i + 1);
    const p = probabilities + (<usize>i) * stride;
    timesRow(kind, indices, values, from, to, outputs, w, p);
    const label = (<usize>load<u32>(labels + ((<usize>i) << 2))) << 3;
    const share = load<f64>(shares + ((<usize>i) << 3));
    sum += share * softmax(p, w + intercepts, stride, label);
    for (let o: usize = 0; o < stride; o += 8) {
      store<f64>(scratch + o, share * load<f64>(p + o));
    }
    const b = g + intercepts;
    store<f64>(scratch + label, share * missing(p, stride, label));
    for (let o: usize = 0; o < stride; o += 8) store<f64>(b + o, load<f64>(b + o) + load<f64>(scratch + o));
    addOuter(kind, indices, values, from, to, outputs, scratch, g);
    from = to;
  }
  return sum;
}

/** Turns the margins at `p` into probabilities; returns the loss of `label`. */
// @ts-expect-error: decorator
@inline
function softmax(p: usize, b: usize, stride: usize, label: usize): f64 {
  let top: f64 = -Infinity;
  for (let o: usize = 0; o < stride; o += 8) {
    const margin = load<f64>(p + o) + load<f64>(b + o);
    store<f64>(p + o, margin);
    top = max<f64>(top, margin);
  }
  const margin = load<f64>(p + label);
  let total: f64 = 0;
  for (let o: usize = 0; o < stride; o += 8) {
    const e = NativeMath.exp(load<f64>(p + o) - top);
    store<f64>(p + o, e);
    total += e;
  }
  for (let o: usize = 0; o < stride; o += 8) store<f64>(p + o, load<f64>(p + o) / total);
  return top - margin + NativeMath.log(total);
}

/** p - 1 of the label, summed from the others, so that it keeps its digits where p is near 1. */
// @ts-expect-error: decorator
@inline
function missing(p: usize, stride: usize, label: usize): f64 {
  let others: f64 = 0;
  for (let o: usize = 0; o < stride; o += 8) if (o != label) others += load<f64>(p + o);
  return -others;
}
