/** Columns whose rows of U stay in the first-level cache while the rows of a call pass by. */
const panel: u32 = 32;

/**
 * A = A - U U' in rows `from` up to `to` of the lower triangle of a matrix of `stride` numbers a row; U has `rank` numbers a
 * row. Two rows against four columns in registers.
 */
export function downdate(from: u32, to: u32, stride: u32, rank: u32, U: usize, A: usize): void {
  const bytes = (<usize>rank) << 3;
  const row = (<usize>stride) << 3;
  for (let left: u32 = 0; left < to; left += panel) {
    const right = min<u32>(left + panel, to);
    let i = max<u32>(from, left);
    for (; i + 2 <= to; i += 2) {
      const u = U + <usize>i * bytes;
      const a = A + <usize>i * row;
      let j = left;
      for (; j + 4 <= min<u32>(right, i + 1); j += 4) {
        reduceTwo(a + ((<usize>j) << 3), row, u, U + <usize>j * bytes, bytes);
      }
      for (; j < min<u32>(right, i + 1); j++) {
        const v = U + <usize>j * bytes;
        reduceOne(a + ((<usize>j) << 3), u, v, bytes);
        reduceOne(a + row + ((<usize>j) << 3), u + bytes, v, bytes);
      }
      if (j == i + 1 && j < right) reduceOne(a + row + ((<usize>j) << 3), u + bytes, u + bytes, bytes);
    }
    if (i < to) {
      for (let j = left; j < min<u32>(right, i + 1); j++) {
        const a = A + <usize>i * row + ((<usize>j) << 3);
        reduceOne(a, U + <usize>i * bytes, U + <usize>j * bytes, bytes);
      }
    }
  }
}

// @ts-expect-error: decorator
@inline
function reduceTwo(a: usize, row: usize, u: usize, v: usize, bytes: usize): void {
  let c00 = f64x2.splat(0);
  let c01 = f64x2.splat(0);
  let c02 = f64x2.splat(0);
  let c03 = f64x2.splat(0);
  let c10 = f64x2.splat(0);
  let c11 = f64x2.splat(0);
  let c12 = f64x2.splat(0);
  let c13 = f64x2.splat(0);
  const w = u + bytes;
  const v1 = v + bytes;
  const v2 = v1 + bytes;
  const v3 = v2 + bytes;
  let o: usize = 0;
  for (; o + 16 <= bytes; o += 16) {
    const x = v128.load(u + o);
    const y = v128.load(w + o);
    const p = v128.load(v + o);
    c00 = f64x2.add(c00, f64x2.mul(x, p));
    c10 = f64x2.add(c10, f64x2.mul(y, p));
    const q = v128.load(v1 + o);
    c01 = f64x2.add(c01, f64x2.mul(x, q));
    c11 = f64x2.add(c11, f64x2.mul(y, q));
    const s = v128.load(v2 + o);
    c02 = f64x2.add(c02, f64x2.mul(x, s));
    c12 = f64x2.add(c12, f64x2.mul(y, s));
    const t = v128.load(v3 + o);
    c03 = f64x2.add(c03, f64x2.mul(x, t));
    c13 = f64x2.add(c13, f64x2.mul(y, t));
  }
  if (o < bytes) {
    const x = f64x2.replace_lane(f64x2.splat(0), 0, load<f64>(u + o));
    const y = f64x2.replace_lane(f64x2.splat(0), 0, load<f64>(w + o));
    c00 = f64x2.add(c00, f64x2.mul(x, f64x2.splat(load<f64>(v + o))));
    c10 = f64x2.add(c10, f64x2.mul(y, f64x2.splat(load<f64>(v + o))));
    c01 = f64x2.add(c01, f64x2.mul(x, f64x2.splat(load<f64>(v1 + o))));
    c11 = f64x2.add(c11, f64x2.mul(y, f64x2.splat(load<f64>(v1 + o))));
    c02 = f64x2.add(c02, f64x2.mul(x, f64x2.splat(load<f64>(v2 + o))));
    c12 = f64x2.add(c12, f64x2.mul(y, f64x2.splat(load<f64>(v2 + o))));
    c03 = f64x2.add(c03, f64x2.mul(x, f64x2.splat(load<f64>(v3 + o))));
    c13 = f64x2.add(c13, f64x2.mul(y, f64x2.splat(load<f64>(v3 + o))));
  }
  subtract(a, c00, c01, c02, c03);
  subtract(a + row, c10, c11, c12, c13);
}

// @ts-expect-error: decorator
@inline
function subtract(at: usize, c0: v128, c1: v128, c2: v128, c3: v128): void {
  store<f64>(at, load<f64>(at) - lanes(c0));
  store<f64>(at, load<f64>(at, 8) - lanes(c1), 8);
  store<f64>(at, load<f64>(at, 16) - lanes(c2), 16);
  store<f64>(at, load<f64>(at, 24) - lanes(c3), 24);
}

// @ts-expect-error: decorator
@inline
function lanes(x: v128): f64 {
  return f64x2.extract_lane(x, 0) + f64x2.extract_lane(x, 1);
}

// @ts-expect-error: decorator
@inline
function reduceOne(at: usize, u: usize, v: usize, bytes: usize): void {
  let a = f64x2.splat(0);
  let o: usize = 0;
  for (; o + 16 <= bytes; o += 16) a = f64x2.add(a, f64x2.mul(v128.load(u + o), v128.load(v + o)));
  let sum = lanes(a);
  if (o < bytes) sum += load<f64>(u + o) * load<f64>(v + o);
  store<f64>(at, load<f64>(at) - sum);
}
