import { checkKeys } from "../base/check";
import { fail } from "../base/errors";
import type { TableEncoder } from "../frame/encoder";
import { widthOf } from "../frame/encoder-state";
import { LinearScorer } from "../model/linear";
import type { Scorer } from "../model/scorer";
import { QuantizedModel } from "../quantize/quantized";
import { codeCount } from "../quantize/schemes";
import { ByteWriter, exactWidth } from "./byte-writer";
import { joinSections, type SectionName } from "./container";
import { writeEncoder } from "./encoder-section";
import { type Kind, writeHeader } from "./header";
import { areNumbers, writeLabels } from "./labels";
import { checkDimensions } from "./limits";
import { PackedModel, type Provenance } from "./packed";
import { writePositions } from "./positions";
import { writeScheme } from "./scheme";
import { writeSymbols } from "./symbols";

/** What goes into a file beside the model; nothing of it by default. */
export interface PackOptions {
  /** The encoder, so that the file can be applied to tables. */
  readonly encoder?: TableEncoder;
  /** Whether the names of all features are stored. Not needed beside an encoder. Default false. */
  readonly featureNames?: boolean;
  /** Notes on where the model comes from, such as a seed, a hash of the data, versions. */
  readonly provenance?: Provenance;
}

/**
 * A model as the bytes of a `.logit` file, format version 1 (see FORMAT.md). The same model gives the same bytes.
 *
 * A quantized model comes back exactly, to the last bit of every level and intercept. The weights of a trained or
 * pruned model are stored as 32-bit floats, and come back rounded to those.
 *
 * @throws `invalid-model` where a number is not finite as stored; `unsupported-model` for more than 2^26 weights, 65,536
 * classes, text that is not Unicode, or codes of which format version 1 has no kind; `width-mismatch`, `invalid-option` where the encoder is of another model
 */
export function pack(model: Scorer, options: PackOptions = {}): Uint8Array {
  checkKeys(options, ["encoder", "featureNames", "provenance"], "pack");
  if (model instanceof PackedModel) return pack(model.model, options);
  const sections = model instanceof QuantizedModel ? quantizedSections(model) : linearSections(model);
  const { encoder, featureNames = false, provenance } = options;
  if (encoder !== undefined) sections.set("encoder", encoderOf(model, encoder));
  if (featureNames) sections.set("names", namesOf(model));
  if (provenance !== undefined) sections.set("provenance", notesOf(provenance));
  return joinSections(sections);
}

type Writing = Map<SectionName, Uint8Array>;

function quantizedSections(model: QuantizedModel): Writing {
  const { positions, scheme, intercepts } = model;
  const codes = writeSymbols(model.codes, codeCount(scheme));
  const to = headed(model, "quantized", positions.length, intercepts);
  writeScheme(to, scheme, codes.coder);
  to.floats(intercepts, exactWidth(intercepts));
  return sectionsOf(model, to, positions).set("codes", codes.bytes);
}

function linearSections(model: Scorer): Writing {
  if (!(model instanceof LinearScorer)) {
    fail("unsupported-model", {
      thing: "model to pack",
      value: model.stage,
      expected: "a trained, pruned, quantized or packed model",
    });
  }
  const weights = model.weights.map(Math.fround);
  const intercepts = model.intercepts.map(Math.fround);
  const positions = Uint32Array.from(weights.keys()).filter((at) => weights[at] !== 0);
  const values = Float64Array.from(positions, (at) => weights[at]);
  exactWidth(values);
  const stored = new ByteWriter();
  stored.floats(values, 4);
  const kind = model.stage === "trained" ? "trained" : "pruned";
  const to = headed(model, kind, positions.length, intercepts);
  to.floats(intercepts, exactWidth(intercepts));
  return sectionsOf(model, to, positions).set("values", stored.toBytes());
}

function headed(model: Scorer, kind: Kind, nonzeros: number, intercepts: Float64Array): ByteWriter {
  const { features, outputs, classes, link } = model;
  checkDimensions(features, classes.length, outputs);
  const interceptWidth = exactWidth(intercepts);
  const to = new ByteWriter();
  writeHeader(to, { link, kind, features, classes: classes.length, nonzeros, interceptWidth });
  return to;
}

function sectionsOf({ classes, features, outputs }: Scorer, to: ByteWriter, positions: Uint32Array): Writing {
  const sections: Writing = new Map([["model", to.toBytes()]]);
  if (!areNumbers(classes)) sections.set("classes", writeLabels(classes));
  return sections.set("positions", writePositions(positions, features * outputs));
}

function encoderOf(model: Scorer, encoder: TableEncoder): Uint8Array {
  const state = encoder.state();
  if (widthOf(state) !== model.features) {
    fail("width-mismatch", {
      thing: "number of the encoder's features",
      value: widthOf(state),
      expected: `${model.features}, as the model has`,
    });
  }
  const same = state.classes.length === model.classes.length;
  if (!same || state.classes.some((label, k) => label !== model.classes[k])) {
    fail("invalid-option", {
      thing: "encoder",
      value: state.classes.join(", "),
      expected: `the classes of the model, ${model.classes.slice(0, 12).join(", ")}`,
    });
  }
  return writeEncoder(state);
}

function namesOf({ featureNames, features }: Scorer): Uint8Array {
  const to = new ByteWriter();
  for (let column = 0; column < features; column++) to.text(featureNames.at(column));
  return to.toBytes();
}

function notesOf(provenance: Provenance): Uint8Array {
  const to = new ByteWriter();
  for (const name of Object.keys(provenance).sort()) {
    to.text(name);
    to.text(provenance[name]);
  }
  return to.toBytes();
}
