import { ClassesModel } from "./classes-model";
import { DenseModel } from "./dense-model";
import { GramModel } from "./gram-model";
import { LogisticModel } from "./logistic-model";
import type { Model } from "./model";
import { PackedModel } from "./packed-model";
import { SoftmaxModel } from "./softmax-model";
import type { WorkingSet } from "./working-set";

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

/** The model that should take the least time: by the Hessian unless rows are few or long beside the parameters. */
export function modelOf(set: WorkingSet): Model {
  const { rows } = set.design;
  if (set.whole) return new DenseModel(set);
  const work = set.work + rows * set.outputs;
  const moving = Math.min(set.size, rows * set.outputs);
  const byColumns = sweeps * gather * work;
  const byHessian = set.size ** 2 > mostDense ? Infinity : (work * work) / rows + sweeps * set.size * moving;
  if (set.loss.curvature().kind === "rows") {
    if (!(byHessian < byColumns)) return new LogisticModel(set);
    return PackedModel.suits(set) ? new PackedModel(set) : new GramModel(set);
  }
  const byClasses =
    set.longest > 1 || set.outputs > mostClasses ? Infinity : byHessian / set.outputs + laps * gather * work;
  if (byClasses < Math.min(byHessian, byColumns)) return new ClassesModel(set);
  return byHessian < byColumns ? new GramModel(set) : new SoftmaxModel(set);
}
