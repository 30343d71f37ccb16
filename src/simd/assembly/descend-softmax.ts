import { blockLength, blockPart, coordinateMinimum } from "./block";
import { CSR, ONES } from "./row";

/**
 * One sweep as `descendGram`, with the model of the multinomial loss in place of its Hessian: parameter j is column
 * `features[j]` of the compressed columns, that numbered `columns` a column of ones, for class `classes[j]`. `y` holds the
 * change of the margins times the rows' shares, `mean` a row's sum of p y, and `g` the gradient where both are zero, so
 * that the model's gradient is g_j + sum_i x_ij p_ik (y_ik - mean_i).
 */
export function descendSoftmax(
  list: usize,
  count: u32,
  starts: usize,
  members: usize,
  l1: usize,
  l2: usize,
  lower: usize,
  upper: usize,
  units: usize,
  d: usize,
  w: usize,
  v: usize,
  pointers: usize,
  indices: usize,
  values: usize,
  rows: u32,
  columns: u32,
  outputs: u32,
  features: usize,
  classes: usize,
  shares: usize,
  p: usize,
  g: usize,
  y: usize,
  mean: usize,
): f64 {
  if (values == 0)
    return body(ONES, list, count, starts, members, l1, l2, lower, upper, units, d, w, v, pointers, indices, values, rows, columns, outputs, features, classes, shares, p, g, y, mean);
  return body(CSR, list, count, starts, members, l1, l2, lower, upper, units, d, w, v, pointers, indices, values, rows, columns, outputs, features, classes, shares, p, g, y, mean);
}

// @ts-expect-error: decorator
@inline
function body(
  kind: i32,
  list: usize,
  count: u32,
  starts: usize,
  members: usize,
  l1: usize,
  l2: usize,
  lower: usize,
  upper: usize,
  units: usize,
  d: usize,
  w: usize,
  v: usize,
  pointers: usize,
  indices: usize,
  values: usize,
  rows: u32,
  columns: u32,
  outputs: u32,
  features: usize,
  classes: usize,
  shares: usize,
  p: usize,
  g: usize,
  y: usize,
  mean: usize,
): f64 {
  const stride = (<usize>outputs) << 3;
  let worst: f64 = 0;
  for (let n: u32 = 0; n < count; n++) {
    const block: usize = load<u32>(list + ((<usize>n) << 2));
    const from = load<u32>(starts + (block << 2));
    const to = load<u32>(starts + (block << 2), 4);
    const b = block << 3;
    const bytes = (<usize>(to - from)) << 3;
    const single = to - from == 1;
    for (let a = from; a < to; a++) {
      const j: usize = load<u32>(members + ((<usize>a) << 2));
      const at = j << 3;
      const output: usize = (<usize>load<u32>(classes + (j << 2))) << 3;
      const column = load<u32>(features + (j << 2));
      let slope = load<f64>(g + at);
      if (column < columns) {
        const end = (<usize>load<u32>(pointers + ((<usize>column) << 2), 4)) << 2;
        for (let k = (<usize>load<u32>(pointers + ((<usize>column) << 2))) << 2; k < end; k += 4) {
          const i: usize = load<u32>(indices + k);
          const x = term(i, output, stride, p, y, mean);
          slope += kind == ONES ? x : <f64>load<f32>(values + k) * x;
        }
      } else for (let i: u32 = 0; i < rows; i++) slope += term(i, output, stride, p, y, mean);
      const o = (<usize>(a - from)) << 3;
      const c = load<f64>(d + at);
      const unit = load<f64>(units + at);
      store<f64>(v + o, single ? slope : (c * load<f64>(w + at) - slope) * unit);
      store<f64>(v + bytes + o, (single ? c : c * unit * unit) + load<f64>(l2 + b));
    }
    const length = single ? 0 : blockLength(to - from, v, load<f64>(l1 + b));
    for (let a = from; a < to; a++) {
      const j: usize = load<u32>(members + ((<usize>a) << 2));
      const at = j << 3;
      const old = load<f64>(w + at);
      const o = (<usize>(a - from)) << 3;
      const own = load<f64>(v + o);
      const c = load<f64>(v + bytes + o);
      const unit = single ? 1 : load<f64>(units + at);
      const next = single
        ? coordinateMinimum(
            old, own, load<f64>(d + at), load<f64>(l1 + b), load<f64>(l2 + b), load<f64>(lower + b), load<f64>(upper + b),
          )
        : unit * blockPart(own, c, length, load<f64>(l1 + b));
      const step = next - old;
      if (step == 0) continue;
      store<f64>(w + at, next);
      worst = max<f64>(worst, (abs<f64>(step) * c) / (unit * unit));
      const output: usize = (<usize>load<u32>(classes + (j << 2))) << 3;
      const column = load<u32>(features + (j << 2));
      if (column < columns) {
        const end = (<usize>load<u32>(pointers + ((<usize>column) << 2), 4)) << 2;
        for (let k = (<usize>load<u32>(pointers + ((<usize>column) << 2))) << 2; k < end; k += 4) {
          const i: usize = load<u32>(indices + k);
          move(i, output, stride, kind == ONES ? step : step * <f64>load<f32>(values + k), shares, p, y, mean);
        }
      } else for (let i: u32 = 0; i < rows; i++) move(i, output, stride, step, shares, p, y, mean);
    }
  }
  return worst;
}

// @ts-expect-error: decorator
@inline
function term(i: usize, o: usize, stride: usize, p: usize, y: usize, mean: usize): f64 {
  const at = i * stride + o;
  return load<f64>(p + at) * (load<f64>(y + at) - load<f64>(mean + (i << 3)));
}

// @ts-expect-error: decorator
@inline
function move(i: usize, o: usize, stride: usize, step: f64, shares: usize, p: usize, y: usize, mean: usize): void {
  const at = i * stride + o;
  const change = step * load<f64>(shares + (i << 3));
  store<f64>(y + at, load<f64>(y + at) + change);
  store<f64>(mean + (i << 3), load<f64>(mean + (i << 3)) + load<f64>(p + at) * change);
}
