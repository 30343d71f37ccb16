/**
 * Eliminates a block of a matrix with blocks along the diagonal and a border: B = L^-1 B, `size` rows of `width` numbers,
 * then C = B' B, the lower triangle, row after row.
 */
export function eliminate(size: u32, width: u32, L: usize, B: usize, C: usize): void {
  solve(size, width, L, B);
  const stride = (<usize>width) << 3;
  let a: usize = 0;
  for (; a + 4 <= <usize>width; a += 4) {
    for (let b: usize = 0; b < a; b += 4) square(size, stride, B + (a << 3), B + (b << 3), C + a * stride + (b << 3));
    corner(size, stride, B, C, a, a + 4);
  }
  for (let b: usize = 0; b < a; b += 4) {
    for (let r = a; r < <usize>width; r++) strip(size, stride, B + (r << 3), B + (b << 3), C + r * stride + (b << 3));
  }
  corner(size, stride, B, C, a, <usize>width);
}

/** Row after row, four of the rows above at a time. */
// @ts-expect-error: decorator
@inline
function solve(size: u32, width: u32, L: usize, B: usize): void {
  const stride = (<usize>width) << 3;
  const pairs = stride & ~15;
  for (let i: u32 = 0; i < size; i++) {
    const row = L + (((<usize>i) * (<usize>size)) << 3);
    const own = B + (<usize>i) * stride;
    let k: u32 = 0;
    for (; k + 4 <= i; k += 4) {
      const factors = row + ((<usize>k) << 3);
      const l0 = load<f64>(factors);
      const l1 = load<f64>(factors, 8);
      const l2 = load<f64>(factors, 16);
      const l3 = load<f64>(factors, 24);
      const s0 = f64x2.splat(l0);
      const s1 = f64x2.splat(l1);
      const s2 = f64x2.splat(l2);
      const s3 = f64x2.splat(l3);
      const b0 = B + (<usize>k) * stride;
      const b1 = b0 + stride;
      const b2 = b1 + stride;
      const b3 = b2 + stride;
      let o: usize = 0;
      for (; o < pairs; o += 16) {
        const low = f64x2.add(f64x2.mul(s0, v128.load(b0 + o)), f64x2.mul(s1, v128.load(b1 + o)));
        const high = f64x2.add(f64x2.mul(s2, v128.load(b2 + o)), f64x2.mul(s3, v128.load(b3 + o)));
        v128.store(own + o, f64x2.sub(v128.load(own + o), f64x2.add(low, high)));
      }
      if (o < stride) {
        const low = l0 * load<f64>(b0 + o) + l1 * load<f64>(b1 + o);
        const high = l2 * load<f64>(b2 + o) + l3 * load<f64>(b3 + o);
        store<f64>(own + o, load<f64>(own + o) - (low + high));
      }
    }
    for (; k < i; k++) {
      const l = load<f64>(row + ((<usize>k) << 3));
      const above = B + (<usize>k) * stride;
      for (let o: usize = 0; o < stride; o += 8) {
        store<f64>(own + o, load<f64>(own + o) - l * load<f64>(above + o));
      }
    }
    const pivot = load<f64>(row + ((<usize>i) << 3));
    for (let o: usize = 0; o < stride; o += 8) store<f64>(own + o, load<f64>(own + o) / pivot);
  }
}

/** Four columns against four, below the diagonal. */
function square(size: u32, stride: usize, a: usize, b: usize, c: usize): void {
  let c00 = f64x2.splat(0);
  let c01 = f64x2.splat(0);
  let c10 = f64x2.splat(0);
  let c11 = f64x2.splat(0);
  let c20 = f64x2.splat(0);
  let c21 = f64x2.splat(0);
  let c30 = f64x2.splat(0);
  let c31 = f64x2.splat(0);
  for (let r: u32 = 0; r < size; r++) {
    const b0 = v128.load(b);
    const b1 = v128.load(b, 16);
    const a0 = v128.load64_splat(a);
    c00 = f64x2.add(c00, f64x2.mul(a0, b0));
    c01 = f64x2.add(c01, f64x2.mul(a0, b1));
    const a1 = v128.load64_splat(a, 8);
    c10 = f64x2.add(c10, f64x2.mul(a1, b0));
    c11 = f64x2.add(c11, f64x2.mul(a1, b1));
    const a2 = v128.load64_splat(a, 16);
    c20 = f64x2.add(c20, f64x2.mul(a2, b0));
    c21 = f64x2.add(c21, f64x2.mul(a2, b1));
    const a3 = v128.load64_splat(a, 24);
    c30 = f64x2.add(c30, f64x2.mul(a3, b0));
    c31 = f64x2.add(c31, f64x2.mul(a3, b1));
    a += stride;
    b += stride;
  }
  v128.store(c, c00);
  v128.store(c, c01, 16);
  v128.store(c + stride, c10);
  v128.store(c + stride, c11, 16);
  v128.store(c + 2 * stride, c20);
  v128.store(c + 2 * stride, c21, 16);
  v128.store(c + 3 * stride, c30);
  v128.store(c + 3 * stride, c31, 16);
}

/** One column against four. */
// @ts-expect-error: decorator
@inline
function strip(size: u32, stride: usize, a: usize, b: usize, c: usize): void {
  let low = f64x2.splat(0);
  let high = f64x2.splat(0);
  for (let r: u32 = 0; r < size; r++) {
    const x = v128.load64_splat(a);
    low = f64x2.add(low, f64x2.mul(x, v128.load(b)));
    high = f64x2.add(high, f64x2.mul(x, v128.load(b, 16)));
    a += stride;
    b += stride;
  }
  v128.store(c, low);
  v128.store(c, high, 16);
}

/** The columns from one to another among themselves. */
// @ts-expect-error: decorator
@inline
function corner(size: u32, stride: usize, B: usize, C: usize, from: usize, to: usize): void {
  for (let a = from; a < to; a++) {
    for (let b = from; b <= a; b++) {
      let sum: f64 = 0;
      let row = B;
      for (let r: u32 = 0; r < size; r++) {
        sum += load<f64>(row + (a << 3)) * load<f64>(row + (b << 3));
        row += stride;
      }
      store<f64>(C + a * stride + (b << 3), sum);
    }
  }
}
