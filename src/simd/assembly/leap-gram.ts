import { axpy } from "./axpy";
import { backwardSolve } from "./backward-solve";
import { cholesky } from "./cholesky";
import { forwardSolve } from "./forward-solve";

/** Sweeps that a solution may take the time of, where fewer were made since the last one. */
const WORTH: f64 = 20;
/** Parameters that may reach an end of their range, one after another, before sweeps choose again. */
const MOST_ENDS: u32 = 12;
/** Sweeps after which a leap is tried though they have not come to rest on the same parameters. */
const PATIENCE: f64 = 5;
/** Pivots of a Hessian with ones on its diagonal that are rounding. */
const LEAST_PIVOT: f64 = 1e-11;

/**
 * Between sweeps of `descendGram` over blocks of one parameter each, goes to the minimum over those that move; see `Kernels`.
 * `work` holds the factor, then the step, the scale and the numbers of the moving blocks, each of `room`.
 */
export function leapGram(
  blocks: u32,
  starts: usize,
  members: usize,
  l1: usize,
  l2: usize,
  lower: usize,
  upper: usize,
  w: usize,
  size: u32,
  H: usize,
  q: usize,
  room: u32,
  work: usize,
  state: usize,
): u32 {
  const side = (<usize>room) << 3;
  const step = work + <usize>room * side;
  const scale = step + side;
  const moving = scale + side;
  let left = choose(blocks, starts, members, l1, lower, upper, w, room, moving);
  const rests = <f64>left == load<f64>(state);
  store<f64>(state, <f64>left);
  if (left == 0) return 0;
  const waited = load<f64>(state, 8) + 1;
  const worth = 6 * <f64>size * max<f64>(WORTH, waited);
  if (<f64>left * <f64>left > worth || (!rests && waited < PATIENCE)) {
    store<f64>(state, waited, 8);
    return 0;
  }
  store<f64>(state, 0, 8);
  let moved: u32 = 0;
  for (let ends: u32 = 0; ends < MOST_ENDS && left > 0; ends++) {
    if (!solve(left, starts, members, l1, l2, w, size, H, q, work, step, scale, moving)) break;
    moved = 1;
    if (!move(left, starts, members, l1, lower, upper, w, size, H, q, step, moving)) break;
    left = choose(blocks, starts, members, l1, lower, upper, w, room, moving);
  }
  return moved;
}

/** Lists the blocks within their ranges: how many there are; 0 where they are too many. */
function choose(
  blocks: u32,
  starts: usize,
  members: usize,
  l1: usize,
  lower: usize,
  upper: usize,
  w: usize,
  room: u32,
  moving: usize,
): u32 {
  let count: u32 = 0;
  for (let block: u32 = 0; block < blocks; block++) {
    const b = (<usize>block) << 3;
    const x = load<f64>(w + parameter(starts, members, block));
    if ((x == 0 && load<f64>(l1 + b) > 0) || x <= load<f64>(lower + b) || x >= load<f64>(upper + b)) continue;
    if (count == room) return 0;
    store<u32>(moving + ((<usize>count) << 2), block);
    count++;
  }
  return count;
}

/** Writes the step to the minimum over the moving parameters, their signs as they are; false where there is none. */
function solve(
  count: u32,
  starts: usize,
  members: usize,
  l1: usize,
  l2: usize,
  w: usize,
  size: u32,
  H: usize,
  q: usize,
  L: usize,
  step: usize,
  scale: usize,
  moving: usize,
): bool {
  const stride = (<usize>size) << 3;
  const width = (<usize>count) << 3;
  const bytes = width;
  let row = L;
  for (let o: usize = 0; o < bytes; o += 8) {
    const block = load<u32>(moving + (o >> 1));
    const b = (<usize>block) << 3;
    const a = parameter(starts, members, block);
    const own = H + (a >> 3) * stride;
    const x = load<f64>(w + a);
    const unit = 1 / sqrt<f64>(load<f64>(own + a) + load<f64>(l2 + b));
    store<f64>(scale + o, unit);
    for (let p: usize = 0; p < o; p += 8) {
      const other = parameter(starts, members, load<u32>(moving + (p >> 1)));
      store<f64>(row + p, load<f64>(own + other) * unit * load<f64>(scale + p));
    }
    store<f64>(row + o, 1);
    const corner = x > 0 ? load<f64>(l1 + b) : x < 0 ? -load<f64>(l1 + b) : 0;
    store<f64>(step + o, -(load<f64>(q + a) + load<f64>(l2 + b) * x + corner) * unit);
    row += width;
  }
  if (cholesky(count, L, LEAST_PIVOT) != count) return false;
  forwardSolve(count, count, L, step);
  backwardSolve(count, count, L, step);
  let finite: f64 = 0;
  for (let o: usize = 0; o < bytes; o += 8) {
    const p = load<f64>(step + o) * load<f64>(scale + o);
    store<f64>(step + o, p);
    // The difference of a number and itself is 0 unless it is NaN or infinite.
    finite += p - p;
  }
  return finite == 0;
}

/** Takes the step as far as all parameters stay within their ranges; whether one has reached its end. */
function move(
  count: u32,
  starts: usize,
  members: usize,
  l1: usize,
  lower: usize,
  upper: usize,
  w: usize,
  size: u32,
  H: usize,
  q: usize,
  step: usize,
  moving: usize,
): bool {
  const stride = (<usize>size) << 3;
  const bytes = (<usize>count) << 3;
  let length: f64 = 1;
  let stopped: usize = bytes;
  for (let o: usize = 0; o < bytes; o += 8) {
    const p = load<f64>(step + o);
    if (p == 0) continue;
    const block = load<u32>(moving + (o >> 1));
    const x = load<f64>(w + parameter(starts, members, block));
    const reach = (endOf(block, x, p, l1, lower, upper) - x) / p;
    if (!(reach < length)) continue;
    length = reach;
    stopped = o;
  }
  for (let o: usize = 0; o < bytes; o += 8) {
    const p = load<f64>(step + o);
    const block = load<u32>(moving + (o >> 1));
    const a = parameter(starts, members, block);
    const x = load<f64>(w + a);
    const end = endOf(block, x, p, l1, lower, upper);
    const there = o == stopped ? end : x + length * p;
    // Others may reach theirs at the same time, and a rounding beyond.
    const next = p < 0 ? max<f64>(there, end) : min<f64>(there, end);
    axpy(size, next - x, H + (a >> 3) * stride, q);
    store<f64>(w + a, next);
  }
  return stopped < bytes;
}

/** Where a block's range ends in a direction: at zero, where its norm has a corner, or at a bound. */
// @ts-expect-error: decorator
@inline
function endOf(block: u32, x: f64, direction: f64, l1: usize, lower: usize, upper: usize): f64 {
  const b = (<usize>block) << 3;
  const corner = load<f64>(l1 + b) > 0;
  if (direction < 0) return corner && x > 0 ? max<f64>(0, load<f64>(lower + b)) : load<f64>(lower + b);
  return corner && x < 0 ? min<f64>(0, load<f64>(upper + b)) : load<f64>(upper + b);
}

/** Where the number of a block's only parameter is. */
// @ts-expect-error: decorator
@inline
function parameter(starts: usize, members: usize, block: u32): usize {
  const from: usize = load<u32>(starts + ((<usize>block) << 2));
  return (<usize>load<u32>(members + (from << 2))) << 3;
}
