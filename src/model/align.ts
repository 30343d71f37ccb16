import type { Dataset } from "../matrix/dataset";
import { checkWidth, type Scorer } from "./scorer";

/**
 * `data` with labels numbered by the classes of a model, whatever the order in which `data` lists them.
 * @throws `width-mismatch` for features of another number; `invalid-label` for a label that the model doesn't know
 */
export function alignedTo(model: Scorer, data: Dataset): Dataset {
  checkWidth(model, data.features);
  return data.withClasses(model.classes);
}
