import { begin, CSR, Csr, DENSE, Dense, kindOf, ONES, Ones, storage } from "./row";

/** The block of a column of the border. */
export const BORDER: u32 = 0xffffffff;
/** The bytes of a block's six numbers in `tables`. */
export const TABLE: usize = 24;

/**
 * Adds [X 1]' diag(h) [X 1] of listed rows to its blocks and border, lower triangles, where each row has columns of one
 * block at most beside those of the border; see `Kernels`.
 */
export function borderedGram(
  pointers: usize,
  indices: usize,
  values: usize,
  order: usize,
  count: u32,
  columns: u32,
  h: usize,
  blocks: usize,
  places: usize,
  tables: usize,
  local: usize,
  borderSize: u32,
  numbers: usize,
  corner: usize,
  scratch: usize,
): void {
  const kind = storage(pointers, values);
  if (kind == DENSE)
    body<Dense>(pointers, indices, values, order, count, columns, h, blocks, places, tables, local, borderSize, numbers, corner, scratch);
  else if (kind == CSR)
    body<Csr>(pointers, indices, values, order, count, columns, h, blocks, places, tables, local, borderSize, numbers, corner, scratch);
  else
    body<Ones>(pointers, indices, values, order, count, columns, h, blocks, places, tables, local, borderSize, numbers, corner, scratch);
}

function body<T>(
  pointers: usize,
  indices: usize,
  values: usize,
  order: usize,
  count: u32,
  columns: u32,
  h: usize,
  blocks: usize,
  places: usize,
  tables: usize,
  local: usize,
  borderSize: u32,
  numbers: usize,
  corner: usize,
  scratch: usize,
): void {
  const kind = kindOf<T>();
  const edge = scratch + ((<usize>columns + 1) << 4);
  const width = (<usize>borderSize) << 3;
  for (let n: u32 = 0; n < count; n++) {
    const i = load<u32>(order + ((<usize>n) << 2));
    const from = begin(kind, pointers, columns, i);
    const to = begin(kind, pointers, columns, i + 1);
    const curvature = load<f64>(h + ((<usize>i) << 3));
    let block = BORDER;
    let inner = scratch;
    let outer = edge;
    for (let k = from; k <= to; k++) {
      const j = (k == to ? <usize>columns : column(kind, indices, from, k)) << 2;
      const own = load<u32>(blocks + j);
      const place = load<u32>(places + j);
      const x: f64 = kind == ONES || k == to ? 1 : <f64>load<f32>(values + (k << 2));
      if (own != BORDER) {
        block = own;
        store<u32>(inner, place << 3);
        if (kind != ONES) store<f64>(inner, x, 8);
        inner += 16;
      } else {
        store<u32>(outer, place << 3);
        if (kind != ONES) store<f64>(outer, x, 8);
        outer += 16;
      }
    }
    for (let k = edge; k < outer; k += 16) {
      addUpTo<T>(k, edge, corner + <usize>load<u32>(k) * <usize>borderSize, k + 16, curvature);
    }
    if (block == BORDER) continue;
    const table = tables + <usize>block * TABLE;
    const square = numbers + ((<usize>load<u32>(table)) << 3);
    const size = <usize>load<u32>(table, 4);
    const side = numbers + ((<usize>load<u32>(table, 8)) << 3);
    const sideWidth = <usize>load<u32>(table, 12);
    const map = local + ((<usize>block * width) >> 1);
    for (let l = edge; l < outer; l += 16) store<u32>(l, load<u32>(map + ((<usize>load<u32>(l)) >> 1)) << 3);
    for (let k = scratch; k < inner; k += 16) {
      const place = <usize>load<u32>(k);
      addUpTo<T>(k, scratch, square + place * size, k + 16, curvature);
      addUpTo<T>(k, edge, side + place * sideWidth, outer, curvature);
    }
  }
}

/** Adds h times entry `k` of a list times those of another to where these belong in a row of numbers. */
// @ts-expect-error: decorator
@inline
function addUpTo<T>(k: usize, from: usize, row: usize, to: usize, h: f64): void {
  const ones = kindOf<T>() == ONES;
  const a = ones ? h : h * load<f64>(k, 8);
  for (let l = from; l < to; l += 16) addTo(row + <usize>load<u32>(l), ones ? a : a * load<f64>(l, 8));
}

// @ts-expect-error: decorator
@inline
function addTo(at: usize, x: f64): void {
  store<f64>(at, load<f64>(at) + x);
}

/** The column of stored value `k` of a row that begins at `from`. */
// @ts-expect-error: decorator
@inline
function column(kind: i32, indices: usize, from: usize, k: usize): usize {
  return kind == DENSE ? k - from : <usize>load<u32>(indices + (k << 2));
}
