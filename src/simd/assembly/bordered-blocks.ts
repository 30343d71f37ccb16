import { zero } from "./bytes";
import { backwardSolve } from "./backward-solve";
import { TABLE } from "./bordered-gram";
import { cholesky } from "./cholesky";
import { dot } from "./dot";
import { eliminate } from "./eliminate";
import { forwardSolve } from "./forward-solve";

/** Factors the blocks from one to another and takes what they leave from the border's square; see `Kernels`. */
export function eliminateBlocks(
  from: u32,
  to: u32,
  tables: usize,
  borders: usize,
  borderSize: u32,
  numbers: usize,
  corner: usize,
  scratch: usize,
): u32 {
  let failed: u32 = 0;
  for (let q = from; q < to; q++) {
    const table = tables + <usize>q * TABLE;
    const square = numbers + ((<usize>load<u32>(table)) << 3);
    const size = load<u32>(table, 4);
    const side = numbers + ((<usize>load<u32>(table, 8)) << 3);
    const width = load<u32>(table, 12);
    if (cholesky(size, square, 0) != size) {
      failed++;
      continue;
    }
    eliminate(size, width, square, side, scratch);
    const places = borders + ((<usize>load<u32>(table, 16)) << 2);
    for (let a: usize = 0; a < <usize>width; a++) {
      const row = corner + ((<usize>load<u32>(places + (a << 2)) * <usize>borderSize) << 3);
      const own = scratch + ((a * <usize>width) << 3);
      for (let b: usize = 0; b <= a; b++) {
        const at = row + ((<usize>load<u32>(places + (b << 2))) << 3);
        store<f64>(at, load<f64>(at) - load<f64>(own + (b << 3)));
      }
    }
  }
  return failed;
}

/** The first half of a solution over the blocks from one to another: x = L1^-1 r, edge -= W' x; see `Kernels`. */
export function forwardBlocks(
  from: u32,
  to: u32,
  tables: usize,
  borders: usize,
  members: usize,
  numbers: usize,
  r: usize,
  x: usize,
  edge: usize,
  scratch: usize,
): void {
  for (let q = from; q < to; q++) {
    const table = tables + <usize>q * TABLE;
    const size = load<u32>(table, 4);
    const width = <usize>load<u32>(table, 12);
    const own = members + ((<usize>load<u32>(table, 20)) << 2);
    const part = x + ((<usize>load<u32>(table, 20)) << 3);
    for (let i: usize = 0; i < <usize>size; i++) {
      store<f64>(part + (i << 3), load<f64>(r + ((<usize>load<u32>(own + (i << 2))) << 3)));
    }
    forwardSolve(size, size, numbers + ((<usize>load<u32>(table)) << 3), part);
    timesRows(size, width << 3, numbers + ((<usize>load<u32>(table, 8)) << 3), part, scratch);
    const places = borders + ((<usize>load<u32>(table, 16)) << 2);
    for (let b: usize = 0; b < width; b++) {
      const at = edge + ((<usize>load<u32>(places + (b << 2))) << 3);
      store<f64>(at, load<f64>(at) - load<f64>(scratch + (b << 3)));
    }
  }
}

/** The second half over the blocks from one to another: out = L1'^-1 (x - W edge); see `Kernels`. */
export function backwardBlocks(
  from: u32,
  to: u32,
  tables: usize,
  borders: usize,
  members: usize,
  numbers: usize,
  edge: usize,
  x: usize,
  out: usize,
  scratch: usize,
): void {
  for (let q = from; q < to; q++) {
    const table = tables + <usize>q * TABLE;
    const size = load<u32>(table, 4);
    const width = <usize>load<u32>(table, 12);
    const places = borders + ((<usize>load<u32>(table, 16)) << 2);
    for (let b: usize = 0; b < width; b++) {
      store<f64>(scratch + (b << 3), load<f64>(edge + ((<usize>load<u32>(places + (b << 2))) << 3)));
    }
    const part = x + ((<usize>load<u32>(table, 20)) << 3);
    const stride = width << 3;
    let row = numbers + ((<usize>load<u32>(table, 8)) << 3);
    for (let i: usize = 0; i < <usize>size; i++, row += stride) {
      store<f64>(part + (i << 3), load<f64>(part + (i << 3)) - dot(<u32>width, row, scratch));
    }
    backwardSolve(size, size, numbers + ((<usize>load<u32>(table)) << 3), part);
    const own = members + ((<usize>load<u32>(table, 20)) << 2);
    for (let i: usize = 0; i < <usize>size; i++) {
      store<f64>(out + ((<usize>load<u32>(own + (i << 2))) << 3), load<f64>(part + (i << 3)));
    }
  }
}

/** out = B' x, two rows of B at a time. */
// @ts-expect-error: decorator
@inline
function timesRows(size: u32, stride: usize, B: usize, x: usize, out: usize): void {
  zero(out, stride);
  const pairs = stride & ~15;
  let i: u32 = 0;
  let row = B;
  for (; i + 2 <= size; i += 2) {
    const a = load<f64>(x + ((<usize>i) << 3));
    const b = load<f64>(x + ((<usize>i) << 3), 8);
    const aa = f64x2.splat(a);
    const bb = f64x2.splat(b);
    const next = row + stride;
    let o: usize = 0;
    for (; o < pairs; o += 16) {
      const both = f64x2.add(f64x2.mul(aa, v128.load(row + o)), f64x2.mul(bb, v128.load(next + o)));
      v128.store(out + o, f64x2.add(v128.load(out + o), both));
    }
    if (o < stride) store<f64>(out + o, load<f64>(out + o) + (a * load<f64>(row + o) + b * load<f64>(next + o)));
    row = next + stride;
  }
  if (i < size) {
    const a = load<f64>(x + ((<usize>i) << 3));
    for (let o: usize = 0; o < stride; o += 8) store<f64>(out + o, load<f64>(out + o) + a * load<f64>(row + o));
  }
}
