import { checkLength } from "../base/check";
import { fail } from "../base/errors";
import { TableEncoder } from "../frame/encoder";
import { checkModel } from "../model/check-model";
import type { Scorer } from "../model/scorer";
import { PrunedModel } from "../prune/pruned";
import { boundsOn } from "../train/penalty-options";
import { QuantizedModel } from "./quantized";
import type { Scheme } from "./schemes";

/** A model of fewer features, and what gives it its rows. */
export interface Compact<M extends PrunedModel | QuantizedModel = PrunedModel> {
  /** The model without the features that have no weight. */
  readonly model: M;
  /** The former number of each feature, for `data.select(columns)`. */
  readonly columns: Uint32Array;
  /** Encodes tables for the model; `null` where no encoder was given. */
  readonly encoder: TableEncoder | null;
}

/**
 * Takes the features that have no weight any more out of the pipeline: their weights out of the model, their names, and their
 * columns out of the encoder, so that a table need not have them and its file holds nothing of them. Without an encoder every such
 * feature goes; with one, as far as `TableEncoder.keeping` can.
 * @param encoder the encoder that the model was trained with
 * @throws `length-mismatch` where the encoder is of another model; `unsupported-model` for codes in blocks, which are of places
 */
export function withoutUnusedFeatures<M extends PrunedModel | QuantizedModel>(
  model: M,
  encoder?: TableEncoder,
): Compact<M> {
  if (!(model instanceof PrunedModel || model instanceof QuantizedModel)) {
    checkModel(model);
    fail("invalid-model", {
      thing: "model",
      value: (model as Scorer).stage,
      expected: "a pruned or quantized model",
      remedy: "await prune(model, { keep }) makes one, await quantize(model, { bits }) the other.",
    });
  }
  if (encoder !== undefined && !(encoder instanceof TableEncoder)) {
    fail("invalid-option", { thing: "encoder", value: encoder, expected: "a TableEncoder" });
  }
  const { outputs, features } = model;
  if (encoder !== undefined) checkLength(encoder.columns, features, "the encoder's features");
  const alive = new Uint8Array(features);
  if (model instanceof PrunedModel) {
    model.mask.forEach((on, at) => {
      if (on === 1) alive[Math.floor(at / outputs)] = 1;
    });
  } else for (const at of model.positions) alive[Math.floor(at / outputs)] = 1;
  const used = Uint32Array.from(alive.keys()).filter((j) => alive[j] === 1);
  const kept = encoder === undefined ? { encoder: null, columns: used } : encoder.keeping(used);
  const small =
    model instanceof PrunedModel ? prunedTo(model, kept.columns) : quantizedTo(model, kept.columns);
  return { ...kept, model: small as M };
}

function prunedTo(model: PrunedModel, columns: Uint32Array): PrunedModel {
  const { outputs, weights, mask, importances, before, scale } = model;
  const { classes, link, intercepts, fitIntercept, bounds } = model;
  const places = Uint32Array.from({ length: columns.length * outputs }, (_, at) => {
    return columns[Math.floor(at / outputs)] * outputs + (at % outputs);
  });
  const select = (values: Float64Array) => Float64Array.from(places, (at) => values[at]);
  const parts = {
    ...{ classes, link, intercepts, fitIntercept },
    featureNames: namesOf(model, columns),
    weights: select(weights),
    scale: scale === null ? null : Float32Array.from(columns, (j) => scale[j]),
    bounds: boundsOn(columns, bounds),
  };
  const own = Uint8Array.from(places, (at) => mask[at]);
  const report = { ...model.pruning, sparsity: 1 - model.pruning.kept / Math.max(own.length, 1) };
  return new PrunedModel(parts, own, select(importances), report, select(before));
}

function quantizedTo(model: QuantizedModel, columns: Uint32Array): QuantizedModel {
  const { outputs, classes, link, positions, codes, intercepts, quantization } = model;
  const place = new Map(Array.from(columns, (j, c) => [j, c]));
  return new QuantizedModel({
    ...{ classes, link, codes, intercepts },
    featureNames: namesOf(model, columns),
    positions: positions.map((at) => place.get(Math.floor(at / outputs))! * outputs + (at % outputs)),
    scheme: schemeFor(model.scheme, columns),
    ...(quantization === null ? {} : { quantization }),
  });
}

function schemeFor(scheme: Scheme, columns: Uint32Array): Scheme {
  if (scheme.kind !== "parted" || scheme.parting.by === "class") return scheme;
  const { parting } = scheme;
  if (parting.by === "group") {
    return {
      ...scheme,
      parting: { by: "group", groups: Uint32Array.from(columns, (j) => parting.groups[j]) },
    };
  }
  return fail("unsupported-model", {
    thing: "granularity of the codes",
    value: "block",
    expected: "codes of the model, of classes or of groups, since blocks are of places",
  });
}

function namesOf({ featureNames }: PrunedModel | QuantizedModel, columns: Uint32Array) {
  return { length: columns.length, at: (c: number) => featureNames.at(columns[c]) };
}
