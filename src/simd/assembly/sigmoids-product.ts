import { addOuter, begin, CSR, Csr, DENSE, Dense, kindOf, Ones, storage, timesRow } from "./row";

/**
 * out += the logistic Hessian of each output times its part of v. `curvatures` is rows x outputs; `scratch` holds
 * `outputs` numbers.
 */
export function sigmoidsProduct(
  pointers: usize,
  indices: usize,
  values: usize,
  rows: u32,
  columns: u32,
  outputs: u32,
  curvatures: usize,
  v: usize,
  out: usize,
  scratch: usize,
): void {
  const kind = storage(pointers, values);
  if (kind == DENSE) body<Dense>(pointers, indices, values, rows, columns, outputs, curvatures, v, out, scratch);
  else if (kind == CSR) body<Csr>(pointers, indices, values, rows, columns, outputs, curvatures, v, out, scratch);
  else body<Ones>(pointers, indices, values, rows, columns, outputs, curvatures, v, out, scratch);
}

function body<T>(
  pointers: usize,
  indices: usize,
  values: usize,
  rows: u32,
  columns: u32,
  outputs: u32,
  curvatures: usize,
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
    const h = curvatures + (<usize>i) * stride;
    for (let o: usize = 0; o < stride; o += 8) {
      const r = load<f64>(h + o) * (load<f64>(scratch + o) + load<f64>(v + intercepts + o));
      store<f64>(scratch + o, r);
      const b = out + intercepts + o;
      store<f64>(b, load<f64>(b) + r);
    }
    addOuter(kind, indices, values, from, to, outputs, scratch, out);
    from = to;
  }
}
