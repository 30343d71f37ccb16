import type { WorkingSet } from "./working-set";

/** The most parameters whose equations are solved. */
const most = 160;
/** Sweeps that a solution may take the time of. */
const worth = 20;
/** Parameters that may reach an end of their range, one after another, before sweeps choose again. */
const mostEnds = 12;
/** Sweeps after which a leap is tried though they have not come to rest on the same parameters. */
const patience = 5;
/** Pivots of a Hessian with ones on its diagonal that are rounding. */
const leastPivot = 1e-11;

/**
 * Goes to the minimum of a quadratic model plus a penalty over the parameters that move, their signs as they are: where one
 * would pass zero or a bound it stays there, and the others go on (Osborne, Presnell and Turlach, 2000). Sweeps choose the
 * parameters; where columns are alike they would need hundreds to find the minimum over them.
 */
export class Leap {
  readonly #set: WorkingSet;
  readonly #H: Float64Array;
  readonly #u: Float64Array;
  readonly #q: Float64Array;
  readonly #L: Float64Array;
  readonly #p: Float64Array;
  readonly #scale: Float64Array;
  readonly #moving: Uint32Array;
  #before = -1;
  #waited = 0;

  /**
   * @param set whose blocks are of one parameter each
   * @param H the model's Hessian
   * @param u the weights where the model stands
   * @param q the model's gradient there
   */
  constructor(set: WorkingSet, H: Float64Array, u: Float64Array, q: Float64Array) {
    const { arena } = set.design;
    const room = Math.min(most, set.blocks);
    this.#set = set;
    this.#H = H;
    this.#u = u;
    this.#q = q;
    this.#L = arena.floats(room ** 2);
    this.#p = arena.floats(room);
    this.#scale = new Float64Array(room);
    this.#moving = new Uint32Array(room);
  }

  /** Called after a sweep: moves the model to a lower value, or does nothing and returns false. */
  go(): boolean {
    const count = this.#choose();
    const rests = count === this.#before;
    this.#before = count;
    if (count === 0 || count * count > 6 * worth * this.#set.size) return false;
    if (!rests && ++this.#waited < patience) return false;
    this.#waited = 0;
    let moved = false;
    for (let ends = 0, left = count; ends < mostEnds && left > 0 && this.#solve(left); ends++) {
      moved = true;
      if (!this.#move(left)) break;
      left = this.#choose();
    }
    return moved;
  }

  /** Lists the blocks within their ranges: how many there are; 0 where they are too many. */
  #choose(): number {
    const { blocks, l1, lower, upper } = this.#set;
    let count = 0;
    for (let b = 0; b < blocks; b++) {
      const x = this.#u[this.#parameter(b)];
      if ((x === 0 && l1[b] > 0) || x <= lower[b] || x >= upper[b]) continue;
      if (count === this.#moving.length) return 0;
      this.#moving[count++] = b;
    }
    return count;
  }

  /** Writes the step to the minimum over the first `count` moving parameters; false where there is none. */
  #solve(count: number): boolean {
    const { size, l1, l2, design } = this.#set;
    const [L, p, scale] = [this.#L, this.#p, this.#scale];
    for (let i = 0; i < count; i++) {
      const b = this.#moving[i];
      const a = this.#parameter(b);
      const x = this.#u[a];
      scale[i] = 1 / Math.sqrt(this.#H[a * size + a] + l2[b]);
      for (let j = 0; j < i; j++) {
        L[i * count + j] = this.#H[a * size + this.#parameter(this.#moving[j])] * scale[i] * scale[j];
      }
      L[i * count + i] = 1;
      p[i] = -(this.#q[a] + l2[b] * x + l1[b] * Math.sign(x)) * scale[i];
    }
    const { kernels } = design;
    if (kernels.cholesky(count, L.byteOffset, leastPivot) !== count) return false;
    kernels.forwardSolve(count, count, L.byteOffset, p.byteOffset);
    kernels.backwardSolve(count, count, L.byteOffset, p.byteOffset);
    for (let i = 0; i < count; i++) p[i] *= scale[i];
    return p.subarray(0, count).every(Number.isFinite);
  }

  /** Takes the step as far as all parameters stay within their ranges; whether one has reached its end. */
  #move(count: number): boolean {
    const { size, design } = this.#set;
    const [u, p] = [this.#u, this.#p];
    let length = 1;
    let stopped = -1;
    for (let i = 0; i < count; i++) {
      if (p[i] === 0) continue;
      const b = this.#moving[i];
      const reach = (this.#end(b, p[i]) - u[this.#parameter(b)]) / p[i];
      if (!(reach < length)) continue;
      length = reach;
      stopped = i;
    }
    for (let i = 0; i < count; i++) {
      const a = this.#parameter(this.#moving[i]);
      const end = this.#end(this.#moving[i], p[i]);
      const there = i === stopped ? end : u[a] + length * p[i];
      // Others may reach theirs at the same time, and a rounding beyond.
      const next = p[i] < 0 ? Math.max(there, end) : Math.min(there, end);
      const row = this.#H.byteOffset + 8 * a * size;
      design.kernels.axpy(size, next - u[a], row, this.#q.byteOffset);
      u[a] = next;
    }
    return stopped >= 0;
  }

  /** Where a block's range ends in a direction: at zero, where its norm has a corner, or at a bound. */
  #end(b: number, direction: number): number {
    const { l1, lower, upper } = this.#set;
    const x = this.#u[this.#parameter(b)];
    if (direction < 0) return l1[b] > 0 && x > 0 ? Math.max(0, lower[b]) : lower[b];
    return l1[b] > 0 && x < 0 ? Math.min(0, upper[b]) : upper[b];
  }

  #parameter(b: number): number {
    return this.#set.members[this.#set.starts[b]];
  }
}
