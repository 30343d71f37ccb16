import { addRows } from "./add-rows";
import { zero } from "./bytes";
import { begin, CSR, Csr, kindOf, Ones, ONES } from "./row";

/** Rows that are summed in 32-bit floats before the sums are added to H. */
const PANEL: u32 = 32;

/**
 * `crossProduct` of sparse rows to six digits: they are laid out in panels of 32, four columns beside each other of the scaled
 * ones and eight of the others, so that a tile of the product is two runs of memory; its sums over a panel are 32-bit floats.
 * Rows of zero curvature take no time, nor do columns without a value in a panel.
 */
export function packedProduct(
  kind: i32,
  pointers: usize,
  indices: usize,
  values: usize,
  rows: u32,
  columns: u32,
  h: usize,
  H: usize,
  scratch: usize,
): void {
  if (kind == CSR) body<Csr>(pointers, indices, values, rows, columns, h, H, scratch);
  else body<Ones>(pointers, indices, values, rows, columns, h, H, scratch);
}

function body<T>(
  pointers: usize,
  indices: usize,
  values: usize,
  rows: u32,
  columns: u32,
  h: usize,
  H: usize,
  scratch: usize,
): void {
  const n = <usize>columns + 1;
  const width = (n + 7) & ~7;
  const bytes = (<usize>PANEL * width) << 2;
  const scaled = scratch + bytes;
  const filled = scaled + bytes;
  let first: u32 = 0;
  while (first < rows) {
    zero(scratch, 2 * bytes + width);
    let count: u32 = 0;
    for (; first < rows && count < PANEL; first++) {
      const curvature = load<f64>(h + ((<usize>first) << 3));
      if (curvature == 0) continue;
      lay<T>(pointers, indices, values, columns, first, <f32>curvature, scratch + ((<usize>count) << 5), scaled + ((<usize>count) << 4), filled);
      count++;
    }
    if (count == 0) return;
    for (let i: usize = 0; i < n; i += 4) {
      if (load<u8>(filled + (i >> 2)) == 0) continue;
      for (let j: usize = 0; j <= i; j += 8) {
        if (load<u16>(filled + (j >> 2)) != 0) {
          tile(scaled + ((i * <usize>PANEL) << 2), scratch + ((j * <usize>PANEL) << 2), count, H, n, i, j);
        }
      }
    }
  }
}

/** Writes one row with its one, as it is and times `h`, to its places in the panels, and marks what columns it fills. */
// @ts-expect-error: decorator
@inline
function lay<T>(
  pointers: usize,
  indices: usize,
  values: usize,
  columns: u32,
  row: u32,
  h: f32,
  x: usize,
  hx: usize,
  filled: usize,
): void {
  const from = begin(kindOf<T>(), pointers, columns, row);
  const to = begin(kindOf<T>(), pointers, columns, row + 1);
  for (let k = from; k < to; k++) {
    const value: f32 = kindOf<T>() == ONES ? 1 : load<f32>(values + (k << 2));
    put(<usize>load<u32>(indices + (k << 2)), value, h, x, hx, filled);
  }
  put(<usize>columns, 1, h, x, hx, filled);
}

// @ts-expect-error: decorator
@inline
function put(j: usize, value: f32, h: f32, x: usize, hx: usize, filled: usize): void {
  store<f32>(x + (((j >> 3) * <usize>PANEL) << 5) + ((j & 7) << 2), value);
  store<f32>(hx + (((j >> 2) * <usize>PANEL) << 4) + ((j & 3) << 2), h * value);
  store<u8>(filled + (j >> 2), 1);
}

/** Adds the product of four scaled columns from `i` with eight from `j` over a panel of `count` rows. */
// @ts-expect-error: decorator
@inline
export function tile(a: usize, b: usize, count: u32, H: usize, n: usize, i: usize, j: usize): void {
  let c00 = f32x4.splat(0);
  let c01 = f32x4.splat(0);
  let c10 = f32x4.splat(0);
  let c11 = f32x4.splat(0);
  let c20 = f32x4.splat(0);
  let c21 = f32x4.splat(0);
  let c30 = f32x4.splat(0);
  let c31 = f32x4.splat(0);
  const end = a + ((<usize>count) << 4);
  for (; a < end; a += 16) {
    const low = v128.load(b);
    const high = v128.load(b, 16);
    const a0 = v128.load32_splat(a);
    c00 = f32x4.add(c00, f32x4.mul(a0, low));
    c01 = f32x4.add(c01, f32x4.mul(a0, high));
    const a1 = v128.load32_splat(a, 4);
    c10 = f32x4.add(c10, f32x4.mul(a1, low));
    c11 = f32x4.add(c11, f32x4.mul(a1, high));
    const a2 = v128.load32_splat(a, 8);
    c20 = f32x4.add(c20, f32x4.mul(a2, low));
    c21 = f32x4.add(c21, f32x4.mul(a2, high));
    const a3 = v128.load32_splat(a, 12);
    c30 = f32x4.add(c30, f32x4.mul(a3, low));
    c31 = f32x4.add(c31, f32x4.mul(a3, high));
    b += 32;
  }
  const at = H + ((i * n + j) << 3);
  const step = n << 3;
  addRows(at, c00, c10, c20, c30, step, n - i, i - j);
  if (j + 4 <= i) addRows(at + 32, c01, c11, c21, c31, step, n - i, i - j - 4);
}
