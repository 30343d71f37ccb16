/**
 * Looks at the columns of `[from, to)` of a matrix stored column after column: c_j was the product of column j with the numbers that `r`
 * held when they had gone a way v, and bases[j] is |c_j| - norms[j] v, so bases[j] + norms[j] way is at least the size of the product
 * with the numbers of now. Where this is at least `hold` times the column's corner, and where its weight is not zero, c_j is computed
 * anew. Returns how many stored values that took. Writes to `list` the columns with such a weight or |c_j| above that, and how many to `count`. Corners are `step` bytes apart.
 * The base of a column that was never read is infinite; its norm, about its mean where `centred`, is computed then.
 */
export function screenColumns(
  pointers: usize,
  indices: usize,
  values: usize,
  rows: u32,
  from: u32,
  to: u32,
  r: usize,
  way: f64,
  bases: usize,
  norms: usize,
  c: usize,
  w: usize,
  corners: usize,
  step: u32,
  hold: f64,
  centred: u32,
  list: usize,
  count: usize,
): f64 {
  let next = list;
  let read: usize = 0;
  const ways = f64x2.splat(way);
  const zero = f64x2.splat(0);
  const one = f64x2.splat(hold * load<f64>(corners));
  for (let j: usize = from; j < <usize>to; j++) {
    const at = j << 3;
    if (j + 2 <= <usize>to) {
      const bound = f64x2.add(v128.load(bases + at), f64x2.mul(v128.load(norms + at), ways));
      const least = step == 0 ? one : f64x2.mul(f64x2.splat(hold), v128.load(corners + at));
      const moving = f64x2.ne(v128.load(w + at), zero);
      if (!v128.any_true(v128.or(moving, f64x2.ge(bound, least)))) {
        j++;
        continue;
      }
    }
    const base = load<f64>(bases + at);
    const least = hold * load<f64>(corners + j * <usize>step);
    const moves = load<f64>(w + at) != 0;
    if (!moves && base + load<f64>(norms + at) * way < least) continue;
    const first = load<u32>(pointers + (j << 2));
    const last = load<u32>(pointers + (j << 2), 4);
    if (base == Infinity) store<f64>(norms + at, norm(values, first, last, rows, centred));
    const product = values == 0 ? sumOnes(indices, first, last, r) : sum(indices, values, first, last, r);
    read += last - first;
    store<f64>(c + at, product);
    store<f64>(bases + at, abs<f64>(product) - load<f64>(norms + at) * way);
    if (moves || abs<f64>(product) > least) {
      store<u32>(next, <u32>j);
      next += 4;
    }
  }
  store<u32>(count, <u32>((next - list) >> 2));
  return <f64>read;
}

function norm(values: usize, from: usize, to: usize, rows: u32, centred: u32): f64 {
  let total: f64 = 0;
  let square: f64 = 0;
  if (values == 0) {
    total = <f64>(to - from);
    square = total;
  } else {
    for (let k = from; k < to; k++) {
      const x = <f64>load<f32>(values + (k << 2));
      total += x;
      square += x * x;
    }
  }
  // A little more than it is, so that no rounding makes a bound too low.
  return sqrt<f64>(max<f64>(0, square * (1 + 1e-9) - (centred != 0 ? (total * total) / <f64>rows : 0)));
}

// @ts-expect-error: decorator
@inline
function place(indices: usize, k: usize): usize {
  return (<usize>load<u32>(indices + (k << 2))) << 3;
}

// @ts-expect-error: decorator
@inline
function term(indices: usize, values: usize, k: usize, r: usize): f64 {
  return <f64>load<f32>(values + (k << 2)) * load<f64>(r + place(indices, k));
}

function sum(indices: usize, values: usize, from: usize, to: usize, r: usize): f64 {
  let a: f64 = 0;
  let b: f64 = 0;
  let k = from;
  for (; k + 4 <= to; k += 4) {
    a += term(indices, values, k, r) + term(indices, values, k + 1, r);
    b += term(indices, values, k + 2, r) + term(indices, values, k + 3, r);
  }
  for (; k < to; k++) a += term(indices, values, k, r);
  return a + b;
}

function sumOnes(indices: usize, from: usize, to: usize, r: usize): f64 {
  let a: f64 = 0;
  let b: f64 = 0;
  let k = from;
  for (; k + 4 <= to; k += 4) {
    a += load<f64>(r + place(indices, k)) + load<f64>(r + place(indices, k + 1));
    b += load<f64>(r + place(indices, k + 2)) + load<f64>(r + place(indices, k + 3));
  }
  for (; k < to; k++) a += load<f64>(r + place(indices, k));
  return a + b;
}
