import type { WorkingSet } from "./working-set";

/** The second-order model of a loss around a point, over the parameters of a working set, as sweeps of descent move it. */
export interface Model {
  /** The weights where the model stands. */
  readonly u: Float64Array;
  /** What the sweeps keep beside the weights; affine in them. */
  readonly states: readonly Float64Array[];
  /** Whether a sweep over a block that does not move costs next to nothing. */
  readonly idle: boolean;
  /** Takes the loss's last point, its weights and gradient as its own. */
  begin(u: Float64Array, g: Float64Array): void;
  /** One sweep over the first `count` blocks of `list`; the greatest change in the gradient's units. */
  sweep(list: Uint32Array, count: number): number;
  /** The model of the loss, less its value at the point. */
  value(): number;
}

/** The most parameters whose Hessian is formed. */
const mostDense = 4096;
/** Sweeps that a model is good for, about. */
const sweeps = 100;
/** The time of a stored value in a sweep by columns beside that of a number of the Hessian. */
const gather = 6;

/** The model that should take the least time: by the Hessian unless rows are few or long beside the parameters. */
export function modelOf(set: WorkingSet): Model {
  const { rows } = set.design;
  const work = set.work + rows * set.outputs;
  const moving = Math.min(set.size, rows * set.outputs);
  const dense = (work * work) / rows + sweeps * set.size * moving;
  if (set.size <= mostDense && dense < sweeps * gather * work) return new GramModel(set);
  return set.loss.curvature().kind === "rows" ? new LogisticModel(set) : new SoftmaxModel(set);
}

/** The arguments that all sweeps have first, see `Kernels.descendGram`. */
type CommonArguments = readonly [
  number,
  number,
  number,
  number,
  number,
  number,
  number,
  number,
  number,
  number,
  number,
  number,
];

/** What all models keep: weights, their start, the majorizer, and the kernels' common arguments. */
abstract class SweptModel {
  readonly u: Float64Array;
  protected readonly set: WorkingSet;
  protected readonly start: Float64Array;
  protected readonly g: Float64Array;
  protected readonly d: Float64Array;
  readonly #scratch: Float64Array;
  readonly #factors: Float64Array | null;

  constructor(set: WorkingSet) {
    const { arena } = set.design;
    this.set = set;
    this.u = arena.floats(set.size);
    this.start = arena.floats(set.size);
    this.g = arena.floats(set.size);
    this.d = arena.floats(set.size);
    this.#scratch = arena.floats(2 * set.longest);
    this.#factors = set.longest === 1 ? null : majorizing(set);
  }

  protected take(u: Float64Array, g: Float64Array): void {
    this.u.set(u);
    this.start.set(u);
    this.g.set(g);
  }

  /** Raises the diagonal until it majorizes the Hessian within blocks. */
  protected majorize(): void {
    this.#factors?.forEach((factor, a) => {
      this.d[a] *= factor;
    });
  }

  protected common(list: Uint32Array, count: number): CommonArguments {
    const { starts, members, l1, l2, lower, upper, units } = this.set;
    return [
      list.byteOffset,
      count,
      starts.byteOffset,
      members.byteOffset,
      l1.byteOffset,
      l2.byteOffset,
      lower.byteOffset,
      upper.byteOffset,
      units.byteOffset,
      this.d.byteOffset,
      this.u.byteOffset,
      this.#scratch.byteOffset,
    ];
  }
}

/**
 * By how much the diagonal of the Hessian must be raised for each parameter so that the blocks' Hessians lie below: by the
 * most columns of the block that meet in a row (Cauchy and Schwarz), and twice that where classes meet, since
 * diag(p) - p p' lies below twice its diagonal.
 */
function majorizing(set: WorkingSet): Float64Array {
  const { design, starts, members, features, outputs } = set;
  const [pointers, indices, , rows, columns] = design.matrix;
  const { buffer } = design.arena.memory;
  const row = new Uint32Array(buffer, pointers, rows + 1);
  const column = new Uint32Array(buffer, indices, row[rows]);
  const owner = new Uint32Array(columns);
  const meeting = new Uint32Array(set.blocks).fill(1);
  const long = new Uint8Array(set.blocks);
  for (let b = 0; b < set.blocks; b++) {
    for (let at = starts[b]; at < starts[b + 1]; at++) {
      const feature = features[members[at]];
      if (feature === columns) continue;
      if (feature !== features[members[starts[b]]]) long[b] = 1;
      owner[feature] = b;
    }
  }
  if (long.includes(1)) {
    const count = new Uint32Array(set.blocks);
    for (let i = 0; i < rows; i++) {
      for (let e = row[i]; e < row[i + 1]; e++) {
        const b = owner[column[e]];
        count[b]++;
        if (count[b] > meeting[b]) meeting[b] = count[b];
      }
      for (let e = row[i]; e < row[i + 1]; e++) count[owner[column[e]]] = 0;
    }
  }
  const factors = new Float64Array(set.size).fill(1);
  for (let b = 0; b < set.blocks; b++) {
    if (starts[b + 1] - starts[b] === 1) continue;
    for (let at = starts[b]; at < starts[b + 1]; at++)
      factors[members[at]] = meeting[b] * (outputs > 1 ? 2 : 1);
  }
  return factors;
}

/** The model by its Hessian, formed in one pass over the rows: sweeps cost nothing of the rows. */
export class GramModel extends SweptModel implements Model {
  readonly idle = true;
  readonly states: readonly Float64Array[];
  readonly #H: Float64Array;
  readonly #q: Float64Array;
  readonly #first: Uint32Array;
  readonly #lists: Float64Array;

  constructor(set: WorkingSet) {
    super(set);
    const { arena, columns } = set.design;
    this.#H = arena.floats(set.size * set.size);
    this.#q = arena.floats(set.size);
    this.states = [this.#q];
    this.#first = arena.integers(columns + 2);
    set.features.forEach((column) => {
      this.#first[column + 1]++;
    });
    for (let c = 0; c <= columns; c++) this.#first[c + 1] += this.#first[c];
    this.#lists = arena.floats(Math.ceil((set.outputs + 2) / 2) + Math.ceil(1.5 * set.size) + 1);
  }

  begin(u: Float64Array, g: Float64Array): void {
    this.take(u, g);
    this.#q.set(g);
    const { design, size, outputs, loss, classes } = this.set;
    const H = this.#H.fill(0);
    const curvature = loss.curvature();
    const [p, shares] =
      curvature.kind === "rows"
        ? [curvature.curvatures.byteOffset, 0]
        : [curvature.probabilities.byteOffset, curvature.shares.byteOffset];
    design.kernels.gram(
      ...design.matrix,
      outputs,
      p,
      shares,
      this.#first.byteOffset,
      classes.byteOffset,
      size,
      H.byteOffset,
      this.#lists.byteOffset,
    );
    for (let a = 0; a < size; a++) {
      for (let b = 0; b < a; b++) {
        const sum = H[a * size + b] + H[b * size + a];
        H[a * size + b] = sum;
        H[b * size + a] = sum;
      }
      this.d[a] = H[a * size + a];
    }
    this.majorize();
  }

  sweep(list: Uint32Array, count: number): number {
    const { kernels } = this.set.design;
    return kernels.descendGram(
      ...this.common(list, count),
      this.set.size,
      this.#H.byteOffset,
      this.#q.byteOffset,
    );
  }

  value(): number {
    let sum = 0;
    for (let a = 0; a < this.set.size; a++) sum += (this.g[a] + this.#q[a]) * (this.u[a] - this.start[a]);
    return sum / 2;
  }
}

/** The columns of a working set, compressed. */
function columnsOf({ design }: WorkingSet): readonly [number, number, number, number, number] {
  const { arena, columns, kernels, matrix, nonzeros, rows } = design;
  const to = [
    arena.integers(columns + 2).byteOffset,
    arena.integers(nonzeros).byteOffset,
    matrix[2] === 0 ? 0 : arena.singles(nonzeros).byteOffset,
  ] as const;
  kernels.transpose(...matrix, ...to);
  return [...to, rows, columns];
}

/** The logistic model by columns: rows' residuals move with the weights. */
export class LogisticModel extends SweptModel implements Model {
  readonly idle = false;
  readonly states: readonly Float64Array[];
  readonly #r: Float64Array;
  readonly #columns: readonly [number, number, number, number, number];

  constructor(set: WorkingSet) {
    super(set);
    this.#r = set.design.arena.floats(set.design.rows);
    this.states = [this.#r];
    this.#columns = columnsOf(set);
  }

  begin(u: Float64Array, g: Float64Array): void {
    this.take(u, g);
    this.#r.set(this.#curvature().residuals);
    this.set.diagonal(this.d);
    this.majorize();
  }

  sweep(list: Uint32Array, count: number): number {
    const { kernels } = this.set.design;
    const h = this.#curvature().curvatures.byteOffset;
    return kernels.descendLogistic(...this.common(list, count), ...this.#columns, h, this.#r.byteOffset);
  }

  /** With z the change of the margins and r = R + h z: R z + h z^2 / 2 is (r - R) (r + R) / 2 h. */
  value(): number {
    const { residuals, curvatures } = this.#curvature();
    const r = this.#r;
    let sum = 0;
    for (let i = 0; i < r.length; i++) {
      const change = r[i] - residuals[i];
      if (change !== 0) sum += (change * (r[i] + residuals[i])) / curvatures[i];
    }
    return sum / 2;
  }

  #curvature() {
    const curvature = this.set.loss.curvature();
    if (curvature.kind !== "rows") throw new TypeError("not a loss of one output");
    return curvature;
  }
}

/** The multinomial model by columns: the margins' changes move with the weights. */
export class SoftmaxModel extends SweptModel implements Model {
  readonly idle = false;
  readonly states: readonly Float64Array[];
  readonly #y: Float64Array;
  readonly #mean: Float64Array;
  readonly #columns: readonly [number, number, number, number, number];

  constructor(set: WorkingSet) {
    super(set);
    const { arena, rows } = set.design;
    this.#y = arena.floats(rows * set.outputs);
    this.#mean = arena.floats(rows);
    this.states = [this.#y, this.#mean];
    this.#columns = columnsOf(set);
  }

  begin(u: Float64Array, g: Float64Array): void {
    this.take(u, g);
    this.#y.fill(0);
    this.#mean.fill(0);
    this.set.diagonal(this.d);
    this.majorize();
  }

  sweep(list: Uint32Array, count: number): number {
    const { design, outputs, features, classes } = this.set;
    const { shares, probabilities } = this.#curvature();
    return design.kernels.descendSoftmax(
      ...this.common(list, count),
      ...this.#columns,
      outputs,
      features.byteOffset,
      classes.byteOffset,
      shares.byteOffset,
      probabilities.byteOffset,
      this.g.byteOffset,
      this.#y.byteOffset,
      this.#mean.byteOffset,
    );
  }

  value(): number {
    const { shares, probabilities: p } = this.#curvature();
    const K = this.set.outputs;
    const y = this.#y;
    let sum = 0;
    for (let i = 0; i < shares.length; i++) {
      if (!(shares[i] > 0)) continue;
      let square = 0;
      for (let at = i * K; at < (i + 1) * K; at++) square += p[at] * y[at] * y[at];
      sum += (square - this.#mean[i] * this.#mean[i]) / shares[i];
    }
    sum /= 2;
    for (let a = 0; a < this.set.size; a++) sum += this.g[a] * (this.u[a] - this.start[a]);
    return sum;
  }

  #curvature() {
    const curvature = this.set.loss.curvature();
    if (curvature.kind !== "classes") throw new TypeError("not a loss of many outputs");
    return curvature;
  }
}
