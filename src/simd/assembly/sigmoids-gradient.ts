import { addOuter, begin, CSR, Csr, DENSE, Dense, kindOf, Ones, storage, timesRow } from "./row";
import { log1p } from "./softplus";

/**
 * The weighted logistic losses of all classes, each against the others, in one pass: adds their gradients to `g`, writes
 * each row's residuals and curvatures (rows x outputs) and the `outputs` losses. Formulas as in `logisticGradient`.
 */
export function sigmoidsGradient(
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
  residuals: usize,
  curvatures: usize,
  losses: usize,
): void {
  const kind = storage(pointers, values);
  if (kind == DENSE)
    body<Dense>(pointers, indices, values, rows, columns, outputs, labels, shares, w, g, residuals, curvatures, losses);
  else if (kind == CSR)
    body<Csr>(pointers, indices, values, rows, columns, outputs, labels, shares, w, g, residuals, curvatures, losses);
  else
    body<Ones>(pointers, indices, values, rows, columns, outputs, labels, shares, w, g, residuals, curvatures, losses);
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
  residuals: usize,
  curvatures: usize,
  losses: usize,
): void {
  const kind = kindOf<T>();
  const intercepts = ((<usize>columns) * <usize>outputs) << 3;
  const stride = (<usize>outputs) << 3;
  for (let o: usize = 0; o < stride; o += 8) store<f64>(losses + o, 0);
  let from = begin(kind, pointers, columns, 0);
  for (let i: u32 = 0; i < rows; i++) {
    const to = begin(kind, pointers, columns, i + 1);
    const r = residuals + (<usize>i) * stride;
    const h = curvatures + (<usize>i) * stride;
    timesRow(kind, indices, values, from, to, outputs, w, r);
    const label = (<usize>load<u32>(labels + ((<usize>i) << 2))) << 3;
    const share = load<f64>(shares + ((<usize>i) << 3));
    for (let o: usize = 0; o < stride; o += 8) {
      const margin = load<f64>(r + o) + load<f64>(w + intercepts + o);
      const hit = o == label;
      const z = hit ? -margin : margin;
      const e = NativeMath.exp(-abs<f64>(z));
      store<f64>(losses + o, load<f64>(losses + o) + share * (max<f64>(z, 0) + log1p(e)));
      const wrong = share * ((z >= 0 ? 1 : e) / (1 + e));
      const residual = hit ? -wrong : wrong;
      store<f64>(r + o, residual);
      store<f64>(h + o, (share * e) / ((1 + e) * (1 + e)));
      const b = g + intercepts + o;
      store<f64>(b, load<f64>(b) + residual);
    }
    addOuter(kind, indices, values, from, to, outputs, r, g);
    from = to;
  }
}
