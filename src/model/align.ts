import { checkDataset } from "../matrix/check-dataset";
import type { Dataset } from "../matrix/dataset";
import { checkStillFinite } from "../matrix/sparse";
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

/**
 * As {@link alignedTo}, for rows that decide what becomes of a model.
 * @throws as it, and `not-finite` where features have become NaN or infinite since their matrix was made
 */
export function soundlyAlignedTo(model: Scorer, data: Dataset): Dataset {
  const aligned = alignedTo(model, data);
  checkStillFinite(aligned.features);
  return aligned;
}
