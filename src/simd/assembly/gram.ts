import { CSR, ONES } from "./row";

/**
 * Adds half of H = E' D E to `H`, `size x size`: of H[a, b] and H[b, a], a != b, one gets the sum and the other
 * nothing. Row (i, k) of E is row i of the compressed rows for the parameters of class k, and D holds for each row i the
 * block share (diag(p) - p p') where `shares` is given, else, with one class, the row's curvature at `p`. The parameters
 * of column j are those from `starts[j]` to `starts[j + 1]`, each with its class; a column numbered `columns` holds
 * the intercepts and is one in every row. Cost: a row's pairs of values other than zero. `lists` has room for the longest
 * row's parameters plus the intercepts, 12 bytes each, and `outputs + 1` integers before them.
 */
export function gram(
  pointers: usize,
  indices: usize,
  values: usize,
  rows: u32,
  columns: u32,
  outputs: u32,
  p: usize,
  shares: usize,
  starts: usize,
  classes: usize,
  size: u32,
  H: usize,
  lists: usize,
): void {
  if (shares == 0) {
    if (values == 0) single(ONES, pointers, indices, values, rows, columns, p, size, H, lists);
    else single(CSR, pointers, indices, values, rows, columns, p, size, H, lists);
  } else many(pointers, indices, values, rows, columns, outputs, p, shares, starts, classes, size, H, lists);
}

// @ts-expect-error: decorator
@inline
function add(at: usize, x: f64): void {
  store<f64>(at, load<f64>(at) + x);
}

/** Each row's values and the places of its columns are laid out once; then two rows of H are added to at a time. */
// @ts-expect-error: decorator
@inline
function single(
  kind: i32,
  pointers: usize,
  indices: usize,
  values: usize,
  rows: u32,
  columns: u32,
  h: usize,
  size: u32,
  H: usize,
  lists: usize,
): void {
  const stride = (<usize>size) << 3;
  const free = size > columns;
  const numbers = lists + stride;
  let from: usize = <usize>load<u32>(pointers);
  for (let i: u32 = 0; i < rows; i++) {
    const to: usize = <usize>load<u32>(pointers + ((<usize>i + 1) << 2));
    const curvature = load<f64>(h + ((<usize>i) << 3));
    let count: usize = 0;
    for (let k = from; k < to; k++) {
      store<u32>(numbers + (count << 2), load<u32>(indices + (k << 2)) << 3);
      if (kind != ONES) store<f64>(lists + (count << 3), <f64>load<f32>(values + (k << 2)));
      count++;
    }
    if (free) {
      store<u32>(numbers + (count << 2), columns << 3);
      if (kind != ONES) store<f64>(lists + (count << 3), 1);
      count++;
    }
    let a: usize = 0;
    for (; a + 2 <= count; a += 2) {
      const first = H + ((<usize>load<u32>(numbers + (a << 2))) >> 3) * stride;
      const second = H + ((<usize>load<u32>(numbers + (a << 2), 4)) >> 3) * stride;
      const f = kind == ONES ? curvature : curvature * load<f64>(lists + (a << 3));
      const s = kind == ONES ? curvature : curvature * load<f64>(lists + (a << 3), 8);
      for (let b: usize = 0; b <= a; b++) {
        const at: usize = load<u32>(numbers + (b << 2));
        const x: f64 = kind == ONES ? 1 : load<f64>(lists + (b << 3));
        add(first + at, kind == ONES ? f : f * x);
        add(second + at, kind == ONES ? s : s * x);
      }
      const own: usize = load<u32>(numbers + (a << 2), 4);
      add(second + own, kind == ONES ? s : s * load<f64>(lists + (a << 3), 8));
    }
    if (a < count) {
      const last = H + ((<usize>load<u32>(numbers + (a << 2))) >> 3) * stride;
      const f = kind == ONES ? curvature : curvature * load<f64>(lists + (a << 3));
      for (let b: usize = 0; b <= a; b++) {
        add(last + <usize>load<u32>(numbers + (b << 2)), kind == ONES ? f : f * load<f64>(lists + (b << 3)));
      }
    }
    from = to;
  }
}

function many(
  pointers: usize,
  indices: usize,
  values: usize,
  rows: u32,
  columns: u32,
  outputs: u32,
  p: usize,
  shares: usize,
  starts: usize,
  classes: usize,
  size: u32,
  H: usize,
  lists: usize,
): void {
  const stride = (<usize>size) << 3;
  const ends = lists;
  const parameters = lists + (((<usize>outputs + 2) >> 1) << 3);
  for (let i: u32 = 0; i < rows; i++) {
    const from = load<u32>(pointers + ((<usize>i) << 2));
    const to = load<u32>(pointers + ((<usize>i + 1) << 2));
    for (let k: u32 = 0; k <= outputs; k++) store<u32>(ends + ((<usize>k) << 2), 0);
    for (let e = from; e <= to; e++) {
      const j: usize = e == to ? columns : load<u32>(indices + ((<usize>e) << 2));
      const end = load<u32>(starts + ((j + 1) << 2));
      for (let a = load<u32>(starts + (j << 2)); a < end; a++) {
        const at = ends + ((<usize>load<u32>(classes + ((<usize>a) << 2)) + 1) << 2);
        store<u32>(at, load<u32>(at) + 1);
      }
    }
    for (let k: u32 = 0; k < outputs; k++) {
      const at = ends + ((<usize>k) << 2);
      store<u32>(at, load<u32>(at) + load<u32>(at, 4), 4);
    }
    const count: usize = load<u32>(ends + ((<usize>outputs) << 2));
    const numbers = parameters + (count << 3);
    for (let e = from; e <= to; e++) {
      const j: usize = e == to ? columns : load<u32>(indices + ((<usize>e) << 2));
      const x: f64 = e == to || values == 0 ? 1 : <f64>load<f32>(values + ((<usize>e) << 2));
      const end = load<u32>(starts + ((j + 1) << 2));
      for (let a = load<u32>(starts + (j << 2)); a < end; a++) {
        const next = ends + ((<usize>load<u32>(classes + ((<usize>a) << 2))) << 2);
        const place: usize = load<u32>(next);
        store<u32>(next, <u32>place + 1);
        store<f64>(parameters + (place << 3), x);
        store<u32>(numbers + (place << 2), a);
      }
    }
    const share = load<f64>(shares + ((<usize>i) << 3));
    const q = p + (((<usize>i) * <usize>outputs) << 3);
    let first: usize = 0;
    for (let k: u32 = 0; k < outputs; k++) {
      const end: usize = load<u32>(ends + ((<usize>k) << 2));
      if (first == end) continue;
      let other: usize = 0;
      const pk = load<f64>(q + ((<usize>k) << 3));
      for (let l: u32 = 0; l <= k; l++) {
        const otherEnd: usize = load<u32>(ends + ((<usize>l) << 2));
        const pl = load<f64>(q + ((<usize>l) << 3));
        const c = k == l ? share * pk * (1 - pk) : -share * pk * pl;
        for (let a = first; a < end; a++) {
          const f = c * load<f64>(parameters + (a << 3));
          const row = H + (<usize>load<u32>(numbers + (a << 2))) * stride;
          const until = k == l ? a + 1 : otherEnd;
          for (let b = other; b < until; b++) {
            add(row + ((<usize>load<u32>(numbers + (b << 2))) << 3), f * load<f64>(parameters + (b << 3)));
          }
        }
        other = otherEnd;
      }
      first = end;
    }
  }
}
