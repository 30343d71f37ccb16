import { liesFar } from "./centring";
import { ClassesModel } from "./classes-model";
import { DenseModel } from "./dense-model";
import { GramModel } from "./gram-model";
import { LogisticModel } from "./logistic-model";
import type { Model } from "./model";
import { PackedModel } from "./packed-model";
import { SoftmaxModel } from "./softmax-model";
import type { WorkingSet } from "./working-set";

/** The share of columns far from zero beyond which sweeps by columns would hardly move: extrapolation makes up for a few. */
const many = 0.25;
/** The most numbers of Hessians that are formed. */
const mostDense = 4096 ** 2;
/** Sweeps that a model is good for, about. */
const sweeps = 100;
/** Sweeps over classes that a model is good for, about; each does several within a class. */
const laps = 10;
/** The most classes whose Hessians are formed side by side. */
const mostClasses = 64;
/** The time of a stored value in a sweep by columns beside that of a number of the Hessian. */
const gather = 6;

/**
 * The model that should take the least time: by the Hessian unless rows are few or long beside the parameters. By columns that lie
 * far from zero sweeps would be without end.
 */
export function modelOf(set: WorkingSet): Model {
  const { rows } = set.design;
  if (set.whole) return new DenseModel(set);
  const work = set.work + rows * set.outputs;
  const byHessian = timeByHessian(set);
  const quick = sweeps * gather * work;
  const byColumns = quick <= byHessian && byHessian < Infinity && manyFar(set) ? Infinity : quick;
  if (set.loss.curvature().kind === "rows") {
    if (!(byHessian < byColumns)) return new LogisticModel(set);
    return PackedModel.suits(set) ? new PackedModel(set) : new GramModel(set);
  }
  const byClasses =
    set.longest > 1 || set.outputs > mostClasses ? Infinity : byHessian / set.outputs + laps * gather * work;
  if (byClasses < Math.min(byHessian, byColumns)) return new ClassesModel(set);
  return byHessian < byColumns ? new GramModel(set) : new SoftmaxModel(set);
}

/** The time of a model by the Hessian, in stored values of a pass. */
export function timeByHessian({ size, work, outputs, design: { rows } }: WorkingSet): number {
  if (size ** 2 > mostDense) return Infinity;
  const stored = work + rows * outputs;
  return (stored * stored) / rows + sweeps * size * Math.min(size, rows * outputs);
}

/** Whether many columns of a set with intercepts lie far from zero, by rows of equal weight. */
function manyFar({ intercepts, design: { arena, matrix, rows, columns, nonzeros } }: WorkingSet): boolean {
  // A column with a tenth of zeros or more is not far from them.
  if (intercepts === null || nonzeros < many * 0.9 * rows * columns) return false;
  const { buffer } = arena.memory;
  const ends = new Uint32Array(buffer, matrix[0], rows + 1);
  const indices = new Uint32Array(buffer, matrix[1], ends[rows]);
  const values = matrix[2] === 0 ? null : new Float32Array(buffer, matrix[2], ends[rows]);
  const sums = new Float64Array(columns);
  const squares = new Float64Array(columns);
  for (let e = ends[0]; e < ends[rows]; e++) {
    const x = values === null ? 1 : values[e];
    sums[indices[e]] += x;
    squares[indices[e]] += x * x;
  }
  let count = 0;
  for (let j = 0; j < columns; j++) if (liesFar(squares[j], sums[j], rows)) count++;
  return count > many * columns;
}
