import { checkDataset } from "../matrix/check-dataset";
import type { Dataset } from "../matrix/dataset";
import { checkModel } from "./check-model";
import { checkWidth, type Scorer } from "./scorer";

/**
 * `data` with labels numbered by the classes of a model, whatever the order in which `data` lists them.
 * @throws `invalid-model`, `invalid-data` for what is none; `width-mismatch` for features of another number; `invalid-label` for a label that the model doesn't know
 */
export function alignedTo(model: Scorer, data: Dataset): Dataset {
  checkModel(model);
  checkDataset(data);
  checkWidth(model, data.features);
  return data.withClasses(model.classes);
}
