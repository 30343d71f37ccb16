import { crossProduct } from "./cross-product";
import { packedProduct, tile } from "./packed-product";
import { storage } from "./row";

/** Rows that are summed in 32-bit floats before the sums are added to H. */
const PANEL: u32 = 32;

/** Square of the columns beside that of a row's values, on average, from which on products of values alone take less time. */
const SPARSE: f64 = 32;

/**
 * As `crossProduct`, but products are 32-bit floats, and so are their sums over 32 rows: half the time or less, six digits. Rows of
 * zero curvature take no time. Sparse rows that fill few of their columns as there.
 */
export function roughProduct(
  pointers: usize,
  indices: usize,
  values: usize,
  rows: u32,
  columns: u32,
  h: usize,
  H: usize,
  scratch: usize,
): void {
  if (pointers != 0) {
    const stored = load<u32>(pointers + ((<usize>rows) << 2)) - load<u32>(pointers);
    const each = <f64>stored / <f64>max<u32>(1, rows);
    if (SPARSE * each * each <= <f64>columns * <f64>columns) {
      crossProduct(pointers, indices, values, rows, columns, h, H, scratch);
    } else packedProduct(storage(pointers, values), pointers, indices, values, rows, columns, h, H, scratch);
    return;
  }
  const n = <usize>columns + 1;
  const width = (n + 7) & ~7;
  const scaled = scratch + (<usize>PANEL * width << 2);
  let first: u32 = 0;
  while (first < rows) {
    let count: u32 = 0;
    for (; first < rows && count < PANEL; first++) {
      const curvature = load<f64>(h + ((<usize>first) << 3));
      if (curvature == 0) continue;
      const row = values + ((<usize>first * <usize>columns) << 2);
      lay(row, columns, width, <f32>curvature, scratch + ((<usize>count) << 5), scaled + ((<usize>count) << 4));
      count++;
    }
    for (let i: usize = 0; i < n; i += 4) {
      for (let j: usize = 0; j <= i; j += 8) {
        tile(scaled + ((i * <usize>PANEL) << 2), scratch + ((j * <usize>PANEL) << 2), count, H, n, i, j);
      }
    }
  }
}

/**
 * Writes one row with its one and the zeros that fill it up to the panels, as it is in runs of eight columns and times `h` in runs of
 * four, so that a tile of the product is two runs of memory.
 */
// @ts-expect-error: decorator
@inline
function lay(row: usize, columns: u32, width: usize, h: f32, x: usize, hx: usize): void {
  const hh = f32x4.splat(h);
  const run: usize = <usize>PANEL << 4;
  let j: usize = 0;
  for (; j + 4 <= <usize>columns; j += 4) {
    const four = v128.load(row + (j << 2));
    v128.store(x + (j >> 3) * (run << 1) + ((j & 4) << 2), four);
    v128.store(hx + (j >> 2) * run, f32x4.mul(hh, four));
  }
  for (; j < width; j++) {
    const value: f32 = j < <usize>columns ? load<f32>(row + (j << 2)) : j == <usize>columns ? 1 : 0;
    store<f32>(x + (j >> 3) * (run << 1) + ((j & 7) << 2), value);
    store<f32>(hx + (j >> 2) * run + ((j & 3) << 2), h * value);
  }
}
