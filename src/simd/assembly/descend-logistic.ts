import { blockLength, blockPart, coordinateMinimum } from "./block";
import { CSR, ONES } from "./row";

/**
 * One sweep as `descendGram`, with the model of the logistic loss in place of its Hessian: parameter j is column j of the
 * compressed columns, that numbered `columns` a column of ones; `h` holds the rows' curvatures and `r` their residuals
 * plus h times the change of the margins, so that the model's gradient is X' r.
 */
export function descendLogistic(
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
  h: usize,
  r: usize,
): f64 {
  if (values == 0)
    return body(ONES, list, count, starts, members, l1, l2, lower, upper, units, d, w, v, pointers, indices, values, rows, columns, h, r);
  return body(CSR, list, count, starts, members, l1, l2, lower, upper, units, d, w, v, pointers, indices, values, rows, columns, h, r);
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
  h: usize,
  r: usize,
): f64 {
  let worst: f64 = 0;
  for (let n: u32 = 0; n < count; n++) {
    const block: usize = load<u32>(list + ((<usize>n) << 2));
    const from = load<u32>(starts + (block << 2));
    const to = load<u32>(starts + (block << 2), 4);
    const b = block << 3;
    const bytes = (<usize>(to - from)) << 3;
    const single = to - from == 1;
    for (let a = from; a < to; a++) {
      const j = load<u32>(members + ((<usize>a) << 2));
      const at = (<usize>j) << 3;
      const slope = j < columns ? correlation(kind, pointers, indices, values, j, r) : total(rows, r);
      const o = (<usize>(a - from)) << 3;
      const c = load<f64>(d + at);
      const unit = load<f64>(units + at);
      store<f64>(v + o, single ? slope : (c * load<f64>(w + at) - slope) * unit);
      store<f64>(v + bytes + o, (single ? c : c * unit * unit) + load<f64>(l2 + b));
    }
    const length = single ? 0 : blockLength(to - from, v, load<f64>(l1 + b));
    for (let a = from; a < to; a++) {
      const j = load<u32>(members + ((<usize>a) << 2));
      const at = (<usize>j) << 3;
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
      if (j < columns) move(kind, pointers, indices, values, j, step, h, r);
      else for (let i: usize = 0; i < (<usize>rows) << 3; i += 8) add(r + i, step * load<f64>(h + i));
      worst = max<f64>(worst, (abs<f64>(step) * c) / (unit * unit));
    }
  }
  return worst;
}

// @ts-expect-error: decorator
@inline
function add(at: usize, x: f64): void {
  store<f64>(at, load<f64>(at) + x);
}

function total(rows: u32, r: usize): f64 {
  let a: f64 = 0;
  let b: f64 = 0;
  const bytes = (<usize>rows) << 3;
  let i: usize = 0;
  for (; i + 16 <= bytes; i += 16) {
    a += load<f64>(r + i);
    b += load<f64>(r + i, 8);
  }
  return i < bytes ? a + b + load<f64>(r + i) : a + b;
}

// @ts-expect-error: decorator
@inline
function row(indices: usize, k: usize): usize {
  return (<usize>load<u32>(indices + k)) << 3;
}

// @ts-expect-error: decorator
@inline
function correlation(kind: i32, pointers: usize, indices: usize, values: usize, j: u32, r: usize): f64 {
  let k: usize = (<usize>load<u32>(pointers + ((<usize>j) << 2))) << 2;
  const end: usize = (<usize>load<u32>(pointers + ((<usize>j) << 2), 4)) << 2;
  let a: f64 = 0;
  let b: f64 = 0;
  let c: f64 = 0;
  let d: f64 = 0;
  for (; k + 16 <= end; k += 16) {
    if (kind == ONES) {
      a += load<f64>(r + row(indices, k));
      b += load<f64>(r + row(indices, k + 4));
      c += load<f64>(r + row(indices, k + 8));
      d += load<f64>(r + row(indices, k + 12));
    } else {
      a += <f64>load<f32>(values + k) * load<f64>(r + row(indices, k));
      b += <f64>load<f32>(values + k, 4) * load<f64>(r + row(indices, k + 4));
      c += <f64>load<f32>(values + k, 8) * load<f64>(r + row(indices, k + 8));
      d += <f64>load<f32>(values + k, 12) * load<f64>(r + row(indices, k + 12));
    }
  }
  for (; k < end; k += 4) {
    const x = load<f64>(r + row(indices, k));
    a += kind == ONES ? x : <f64>load<f32>(values + k) * x;
  }
  return a + b + (c + d);
}

// @ts-expect-error: decorator
@inline
function move(kind: i32, pointers: usize, indices: usize, values: usize, j: u32, step: f64, h: usize, r: usize): void {
  let k: usize = (<usize>load<u32>(pointers + ((<usize>j) << 2))) << 2;
  const end: usize = (<usize>load<u32>(pointers + ((<usize>j) << 2), 4)) << 2;
  for (; k < end; k += 4) {
    const i = row(indices, k);
    add(r + i, (kind == ONES ? step : step * <f64>load<f32>(values + k)) * load<f64>(h + i));
  }
}
