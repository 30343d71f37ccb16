import { fail } from "../base/errors";
import { LinearScorer } from "../model/linear";
import type { Scorer } from "../model/scorer";
import { QuantizedModel } from "../quantize/quantized";
import type { Content } from "./content";
import { checkDimensions, checkLevels } from "./limits";

/** What a file holds of the model alone. */
export type ModelContent = Omit<Content, "decision" | "encoder" | "names" | "provenance">;

/**
 * What is stored of a model: of a quantized one all to the last bit; of another 32-bit floats.
 * @throws `unsupported-model` for a model that a file can't hold
 */
export function contentOf(model: Scorer): ModelContent {
  const { link, features, classes, outputs } = model;
  checkDimensions(features, classes.length, outputs);
  const labels = classes.every((label, k) => Object.is(label, k)) ? null : classes;
  return { link, features, classes: classes.length, labels, pooling: null, ...weightsOf(model) };
}

function weightsOf(
  model: Scorer,
): Pick<Content, "kind" | "positions" | "intercepts" | "values" | "scheme" | "codes"> {
  if (model instanceof QuantizedModel) {
    checkLevels(model);
    const { positions, scheme, codes, intercepts } = model;
    return { kind: "quantized", positions, intercepts, scheme, codes, values: new Float64Array(0) };
  }
  if (!(model instanceof LinearScorer)) {
    fail("unsupported-model", {
      thing: "model to pack",
      value: model.stage,
      expected: "a trained, pruned, quantized or packed model",
    });
  }
  const { weights } = model;
  const positions = placesOf(weights);
  return {
    kind: model.stage === "trained" ? "trained" : "pruned",
    positions,
    intercepts: model.intercepts.map(Math.fround),
    values: Float64Array.from(positions, (at) => Math.fround(weights[at])),
    scheme: null,
    codes: new Uint16Array(0),
  };
}

/** Where weights are other than zero as 32-bit floats; few bytes of a file can be of many features, so that nothing is made for each. */
function placesOf(weights: Float64Array): Uint32Array {
  let count = 0;
  for (const w of weights) if (Math.fround(w) !== 0) count++;
  const places = new Uint32Array(count);
  for (let at = 0, filled = 0; filled < count; at++) {
    if (Math.fround(weights[at]) !== 0) places[filled++] = at;
  }
  return places;
}
