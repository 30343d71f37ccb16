import { checkLength } from "../base/check";
import type { TableEncoder } from "../frame/encoder";
import { PrunedModel } from "./pruned";

/** A model of fewer features, and what gives it its rows. */
export interface Compact {
  readonly model: PrunedModel;
  /** The former number of each feature, for `data.select(columns)`. */
  readonly columns: Uint32Array;
  /** Encodes tables for the model; `null` where no encoder was given. */
  readonly encoder: TableEncoder | null;
}

/**
 * Takes the features that have no weight any more out of the pipeline: their weights out of the model, their names, and their
 * columns out of the encoder, so that a table need not have them. Without an encoder every such feature goes; with one, as
 * far as `TableEncoder.keeping` can.
 * @param encoder the encoder that the model was trained with
 * @throws `length-mismatch` where the encoder is of another model
 */
export function withoutUnusedFeatures(model: PrunedModel, encoder?: TableEncoder): Compact {
  const { outputs, weights, mask, importances, before, featureNames, scale } = model;
  if (encoder !== undefined) checkLength(encoder.columns, model.features, "the encoder's features");
  const used = Uint32Array.from(Array(model.features).keys()).filter((j) =>
    mask.subarray(j * outputs, (j + 1) * outputs).includes(1),
  );
  const kept = encoder === undefined ? { encoder: null, columns: used } : encoder.keeping(used);
  const { columns } = kept;
  const places = Uint32Array.from({ length: columns.length * outputs }, (_, at) => {
    return columns[Math.floor(at / outputs)] * outputs + (at % outputs);
  });
  const select = (values: Float64Array) => Float64Array.from(places, (at) => values[at]);
  const parts = {
    classes: model.classes,
    link: model.link,
    featureNames: { length: columns.length, at: (c: number) => featureNames.at(columns[c]) },
    weights: select(weights),
    intercepts: model.intercepts,
    fitIntercept: model.fitIntercept,
    scale: scale === null ? null : Float32Array.from(columns, (j) => scale[j]),
  };
  const own = Uint8Array.from(places, (at) => mask[at]);
  const report = { ...model.pruning, sparsity: 1 - model.pruning.kept / Math.max(own.length, 1) };
  return { ...kept, model: new PrunedModel(parts, own, select(importances), report, select(before)) };
}
