import { zero } from "./bytes";
import { logisticFour, logisticOne } from "./logistic-four";
import { logisticGradient } from "./logistic-gradient";

/** Rows whose parts of the gradient are summed in 32-bit floats before the sums are added to it; a multiple of four. */
const PANEL: u32 = 64;

/**
 * As `logisticGradient`, but a row's margin and loss are 32-bit floats, and so are the parts of the gradient and their sums over 64
 * rows: six digits in less than half the time. Sparse rows as there. `scratch` holds `columns + 4` numbers.
 */
export function roughGradient(
  pointers: usize,
  indices: usize,
  values: usize,
  rows: u32,
  columns: u32,
  labels: usize,
  positive: u32,
  shares: usize,
  w: usize,
  g: usize,
  residuals: usize,
  curvatures: usize,
  scratch: usize,
): f64 {
  if (pointers != 0)
    return logisticGradient(pointers, indices, values, rows, columns, labels, positive, shares, w, g, residuals, curvatures);
  const bytes = (<usize>columns) << 2;
  const sums = scratch + ((bytes + 15) & ~15);
  for (let o: usize = 0; o < bytes; o += 4) store<f32>(scratch + o, <f32>load<f64>(w + (o << 1)));
  const intercept = <f32>load<f64>(w + (bytes << 1));
  let total = f64x2.splat(0);
  let loss: f64 = 0;
  let residualSum: f64 = 0;
  for (let first: u32 = 0; first < rows; first += PANEL) {
    const end = min<u32>(rows, first + PANEL);
    zero(sums, bytes);
    let i = first;
    for (; i + 4 <= end; i += 4) {
      const at = (<usize>i) << 3;
      const row = values + <usize>i * bytes;
      const margins = f32x4.add(dotFour(row, bytes, scratch), f32x4.splat(intercept));
      const hits = i32x4.eq(v128.load(labels + ((<usize>i) << 2)), i32x4.splat(positive));
      const signs = v128.bitselect(f32x4.splat(-1), f32x4.splat(1), hits);
      total = f64x2.add(total, logisticFour(margins, signs, shares + at, residuals + at, curvatures + at));
      addFour(row, bytes, residuals + at, sums);
      residualSum += load<f64>(residuals + at) + load<f64>(residuals + at, 8) + (load<f64>(residuals + at, 16) + load<f64>(residuals + at, 24));
    }
    for (; i < end; i++) {
      const at = (<usize>i) << 3;
      const row = values + <usize>i * bytes;
      let margin: f32 = 0;
      for (let o: usize = 0; o < bytes; o += 4) margin += load<f32>(row + o) * load<f32>(scratch + o);
      const sign: f32 = load<u32>(labels + ((<usize>i) << 2)) == positive ? -1 : 1;
      loss += logisticOne(margin + intercept, sign, load<f64>(shares + at), residuals + at, curvatures + at);
      const r = <f32>load<f64>(residuals + at);
      for (let o: usize = 0; o < bytes; o += 4) store<f32>(sums + o, load<f32>(sums + o) + r * load<f32>(row + o));
      residualSum += load<f64>(residuals + at);
    }
    for (let o: usize = 0; o < bytes; o += 4) {
      store<f64>(g + (o << 1), load<f64>(g + (o << 1)) + <f64>load<f32>(sums + o));
    }
  }
  store<f64>(g + (bytes << 1), load<f64>(g + (bytes << 1)) + residualSum);
  return f64x2.extract_lane(total, 0) + f64x2.extract_lane(total, 1) + loss;
}

/** The products of four rows of `bytes` with the weights. */
// @ts-expect-error: decorator
@inline
function dotFour(row: usize, bytes: usize, w: usize): v128 {
  const second = row + bytes;
  const third = second + bytes;
  const fourth = third + bytes;
  let a = f32x4.splat(0);
  let b = f32x4.splat(0);
  let c = f32x4.splat(0);
  let d = f32x4.splat(0);
  let o: usize = 0;
  for (; o + 16 <= bytes; o += 16) {
    const x = v128.load(w + o);
    a = f32x4.add(a, f32x4.mul(x, v128.load(row + o)));
    b = f32x4.add(b, f32x4.mul(x, v128.load(second + o)));
    c = f32x4.add(c, f32x4.mul(x, v128.load(third + o)));
    d = f32x4.add(d, f32x4.mul(x, v128.load(fourth + o)));
  }
  const ab = i8x16.shuffle(a, b, 0, 1, 2, 3, 16, 17, 18, 19, 4, 5, 6, 7, 20, 21, 22, 23);
  const cd = i8x16.shuffle(c, d, 0, 1, 2, 3, 16, 17, 18, 19, 4, 5, 6, 7, 20, 21, 22, 23);
  const ef = i8x16.shuffle(a, b, 8, 9, 10, 11, 24, 25, 26, 27, 12, 13, 14, 15, 28, 29, 30, 31);
  const gh = i8x16.shuffle(c, d, 8, 9, 10, 11, 24, 25, 26, 27, 12, 13, 14, 15, 28, 29, 30, 31);
  const low = f32x4.add(i64x2.shuffle(ab, cd, 0, 2), i64x2.shuffle(ab, cd, 1, 3));
  const high = f32x4.add(i64x2.shuffle(ef, gh, 0, 2), i64x2.shuffle(ef, gh, 1, 3));
  let margins = f32x4.add(low, high);
  for (; o < bytes; o += 4) {
    const four = f32x4(load<f32>(row + o), load<f32>(second + o), load<f32>(third + o), load<f32>(fourth + o));
    margins = f32x4.add(margins, f32x4.mul(v128.load32_splat(w + o), four));
  }
  return margins;
}

/** Adds four rows of `bytes`, each times its number at `r`, to sums of 32 bits. */
// @ts-expect-error: decorator
@inline
function addFour(row: usize, bytes: usize, r: usize, sums: usize): void {
  const second = row + bytes;
  const third = second + bytes;
  const fourth = third + bytes;
  const first = <f32>load<f64>(r);
  const next = <f32>load<f64>(r, 8);
  const then = <f32>load<f64>(r, 16);
  const last = <f32>load<f64>(r, 24);
  const a = f32x4.splat(first);
  const b = f32x4.splat(next);
  const c = f32x4.splat(then);
  const d = f32x4.splat(last);
  let o: usize = 0;
  for (; o + 16 <= bytes; o += 16) {
    const ab = f32x4.add(f32x4.mul(a, v128.load(row + o)), f32x4.mul(b, v128.load(second + o)));
    const cd = f32x4.add(f32x4.mul(c, v128.load(third + o)), f32x4.mul(d, v128.load(fourth + o)));
    v128.store(sums + o, f32x4.add(v128.load(sums + o), f32x4.add(ab, cd)));
  }
  for (; o < bytes; o += 4) {
    const ab = first * load<f32>(row + o) + next * load<f32>(second + o);
    const cd = then * load<f32>(third + o) + last * load<f32>(fourth + o);
    store<f32>(sums + o, load<f32>(sums + o) + (ab + cd));
  }
}
