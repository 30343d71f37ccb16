import type { CurvedLoss } from "../train/losses/curved";
import { ColumnCounts } from "../train/solvers/column-counts";
import { Descent } from "../train/solvers/descent";
import { WorkingSet } from "../train/solvers/working-set";
import type { StreamedProblem } from "./shrink";
import { StreamedModel } from "./streamed-model";

const smallest = 128;
const mostSweeps = 2000;
/** What a descent leaves of the violation: it costs no pass. */
const accuracy = 1e-3;

/** What a gradient over all columns says of a point. */
export interface Look {
  readonly gradient: Float64Array;
  readonly loss: number;
  /** The blocks not at zero or not held there, ascending. */
  readonly stirred: Uint32Array;
  /** The violation of each. */
  readonly excess: Float64Array;
  readonly violation: number;
}

/** A working set as it can be taken up again. */
export interface KeptSet {
  /** The numbers of its blocks. */
  readonly blocks: Float64Array;
  /** How many blocks the next set may have. */
  readonly size: number;
  /** Where its Hessian was taken. */
  readonly curvedAt: Float64Array;
}

/** The working set of a streamed problem, and the model on it. */
export class StreamedSet {
  readonly #problem: StreamedProblem;
  readonly #design: StreamedProblem["design"];
  readonly #start: readonly [number, number];
  #set: WorkingSet | null = null;
  #model: StreamedModel | null = null;
  #descent: Descent | null = null;
  #u: Float64Array = new Float64Array(0);
  #g: Float64Array = new Float64Array(0);
  #next: Float64Array = new Float64Array(0);
  #size = 0;
  #blocks: Uint32Array = new Uint32Array(0);

  constructor(problem: StreamedProblem) {
    this.#problem = problem;
    this.#design = problem.design.beside(problem.design.arena.lend());
    this.#start = this.#design.arena.mark();
  }

  close(): void {
    this.#problem.design.arena.takeBack(this.#design.arena);
  }

  /** The numbers of the parameters in the full table. */
  get parameters(): Uint32Array {
    return this.#set!.parameters;
  }

  /** The set as it can be taken up again. @param w where its Hessian is taken */
  kept(w: Float64Array): KeptSet {
    return { blocks: Float64Array.from(this.#blocks), size: this.#size, curvedAt: w.slice() };
  }

  /** Takes a set up again, but for its Hessian. */
  restore({ blocks, size }: KeptSet): void {
    this.#size = size;
    this.#renew(Uint32Array.from(blocks));
  }

  /** About what the duality gap is. */
  guess(w: Float64Array, look: Look): number {
    if (this.#set === null || !this.#set.covers(this.#needed(w, look))) {
      const norm = look.stirred.reduce((sum, b) => sum + Math.abs(w[b]), 1);
      return look.violation * norm;
    }
    this.#move(w, look.gradient);
    return this.#set.distance(this.#u, this.#g, look.loss).gap;
  }

  /**
   * Goes on with the set where it has all that it needs; else takes the blocks not at zero, and of the others those that violate
   * optimality most, twice as many as before where so many do.
   * @param keep whether the set may be gone on with
   * @returns whether it is
   */
  choose(w: Float64Array, look: Look, keep: boolean): boolean {
    const needed = this.#needed(w, look);
    const same = keep && this.#set?.covers(needed) === true;
    if (!same) this.#renew(this.#chosen(w, look));
    else this.#set!.penalise(this.#problem.penalty);
    this.#move(w, look.gradient);
    return same;
  }

  /** Takes the Hessian over the parameters. */
  curve(lower: Float64Array): void {
    this.#model!.curve(lower);
  }

  /** Finds the minimum of the model and the penalty. */
  descend(loss: number, check: () => void): void {
    const { violation } = this.#set!.distance(this.#u, this.#g, loss);
    this.#model!.begin(this.#u, this.#g);
    this.#descent!.run(accuracy * violation, mostSweeps, check);
  }

  /** What the objective falls by at the first instant on the way to the model's minimum, less than 0, or about. */
  slope(): number {
    const set = this.#set!;
    const end = this.#model!.u;
    let slope = set.penalty(end) - set.penalty(this.#u);
    for (let a = 0; a < set.size; a++) slope += this.#g[a] * (end[a] - this.#u[a]);
    return slope;
  }

  /** Puts the point at `t` of the way into a table; returns what the penalty changes by. */
  place(w: Float64Array, t: number): number {
    const set = this.#set!;
    const end = this.#model!.u;
    for (let a = 0; a < set.size; a++) {
      this.#next[a] = t === 1 ? end[a] : this.#u[a] + t * (end[a] - this.#u[a]);
      w[set.parameters[a]] = this.#next[a];
    }
    return set.penalty(this.#next) - set.penalty(this.#u);
  }

  /** The violation within the set at the start of the way. */
  violation(loss: number): number {
    return this.#set!.distance(this.#u, this.#g, loss).violation;
  }

  /** That at the point last placed, given the gradient there. */
  violationThere(gradient: Float64Array, loss: number): number {
    const set = this.#set!;
    const g = this.#g.slice();
    for (let a = 0; a < set.size; a++) g[a] = gradient[set.parameters[a]];
    return set.distance(this.#next, g, loss).violation;
  }

  #move(w: Float64Array, gradient: Float64Array): void {
    this.#set!.parameters.forEach((j, a) => {
      this.#u[a] = w[j];
      this.#g[a] = gradient[j];
    });
  }

  #needed(w: Float64Array, { stirred, excess }: Look): Uint32Array {
    return stirred.filter((b, n) => excess[n] > 0 || !this.#problem.penalty.rests(b, w));
  }

  #chosen(w: Float64Array, { stirred, excess }: Look): Uint32Array {
    const { penalty, largest, loss } = this.#problem;
    const order = Array.from(stirred.keys()).sort((a, b) => excess[b] - excess[a] || a - b);
    const found = order.filter((n) => !penalty.rests(stirred[n], w));
    const others = order.filter((n) => penalty.rests(stirred[n], w));
    const room = Math.max(this.#size - found.length, smallest >> 1);
    const wanted = [...found, ...others.slice(0, room)];
    const lengths = this.#lengths(Uint32Array.from(wanted, (n) => stirred[n]));
    const all = lengths.reduce((sum, length) => sum + length, 0);
    let left = Math.max(1, largest - (loss.kind === "softmax" ? loss.classes : 1));
    // Where not all fit, those that violate most go first, and the others have their turn after them.
    const rank = all <= left ? wanted.keys() : order.map((n) => wanted.indexOf(n)).filter((at) => at >= 0);
    const taken: number[] = [];
    for (const at of rank) {
      left -= lengths[at];
      if (left < 0 && taken.length > 0) break;
      taken.push(stirred[wanted[at]]);
    }
    this.#size = Math.max(smallest, 2 * taken.length);
    return Uint32Array.from(taken).sort();
  }

  /** The parameters of some blocks. */
  #lengths(blocks: Uint32Array): number[] {
    const { arena } = this.#design;
    const mark = arena.mark();
    const { starts } = this.#problem.penalty.terms(blocks, arena);
    const lengths = Array.from(blocks, (_, b) => starts[b + 1] - starts[b]);
    arena.rewind(mark);
    return lengths;
  }

  #renew(blocks: Uint32Array): void {
    this.#blocks = blocks;
    const { penalty, freeIntercepts, loss } = this.#problem;
    const design = this.#design;
    const { arena } = design;
    arena.rewind(this.#start);
    const outputs = loss.kind === "softmax" ? loss.classes : 1;
    const counts = new ColumnCounts(design);
    const set = new WorkingSet(design, elsewhere(outputs), penalty, counts, blocks, freeIntercepts, "rows");
    this.#set = set;
    this.#u = arena.floats(set.size);
    this.#g = arena.floats(set.size);
    this.#next = arena.floats(set.size);
    this.#model = new StreamedModel(set);
    this.#descent = new Descent(set, this.#model);
  }
}

/** A loss whose rows are elsewhere: a working set needs no more of it than its outputs. */
function elsewhere(outputs: number): CurvedLoss {
  const refuse = (): never => {
    throw new Error("the rows of this loss are elsewhere");
  };
  return {
    ...{ name: "elsewhere", outputs, within: () => elsewhere(outputs), curvature: refuse, gradient: refuse },
    ...{ product: refuse, diagonal: refuse, hessian: refuse, reserve() {}, correlate: refuse },
    ...{ divergence: refuse, separates: refuse },
  };
}
