import { checkKeys, checkNumber } from "../base/check";
import { fail } from "../base/errors";
import { TableEncoder } from "../frame/encoder";
import { widthOf } from "../frame/encoder-state";
import { type Pooling, type PoolOptions, parsePooling } from "../matrix/squares";
import { checkModel } from "../model/check-model";
import type { Scorer } from "../model/scorer";
import { ByteWriter } from "./byte-writer";
import { codeContent } from "./code-content";
import type { Content, Decision } from "./content";
import { writeEncoder } from "./encoder-section";
import { sealed } from "./envelope";
import { mostBy, mostStored } from "./limits";
import { checkNotes, PackedModel, type Provenance } from "./packed";
import { pooledContentOf } from "./pooled-content";
import { contentOf } from "./stored-content";
import { StreamWriter } from "./stream/writer";

/** What goes into a file beside the model; nothing of it by default. */
export interface PackOptions {
  /** The encoder, so that the file can be applied to tables. */
  readonly encoder?: TableEncoder;
  /** Whether the names of all features are stored. Not needed beside an encoder. Default false. */
  readonly featureNames?: boolean;
  /** Notes on where the model comes from, such as a seed, a hash of the data, versions. */
  readonly provenance?: Provenance;
  /** A row of two classes is of the second one where its probability is above this. Default 0.5, which takes no byte. */
  readonly threshold?: number;
  /**
   * Squares of pixels all over which a quantized model's weights are the same: stored once for each, in a file of version 3.
   * Default: as the file that the model is from, else none.
   */
  readonly pooling?: PoolOptions;
  /** What margins are divided by when the file is read; see `fitTemperature`. Default 1, which takes no byte. */
  readonly temperature?: number;
}

const known = ["encoder", "featureNames", "provenance", "threshold", "temperature", "pooling"];

/**
 * A model as the bytes of a `.logit` file, format version 2, or 3 where pixels are pooled (see FORMAT.md). The same model gives the same bytes.
 *
 * A quantized model comes back exactly, to the last bit of every level and intercept. The weights of a trained or
 * pruned model are stored as 32-bit floats, and come back rounded to those. A packed model keeps its threshold and
 * temperature where the options don't say otherwise.
 *
 * @throws `invalid-model` where a number is not finite as stored; `unsupported-model` for more than 2^26 weights, 65,536
 * classes, or text that is not Unicode; `width-mismatch`, `invalid-option` where the encoder is of another model, or
 * threshold and temperature are out of range, or weights differ within a square of `pooling`
 */
export function pack(model: Scorer, options: PackOptions = {}): Uint8Array {
  checkModel(model, "model to pack");
  checkKeys(options, known, "pack");
  const stored = model instanceof PackedModel ? model.model : model;
  const { encoder, featureNames = false, provenance } = options;
  const pooling = poolingOf(model, options);
  const content: Content = {
    ...(pooling === null ? contentOf(stored) : pooledContentOf(stored, pooling)),
    decision: decisionOf(model, options),
    encoder: encoder === undefined ? null : encoderOf(model, encoder),
    names: featureNames ? namesOf(model) : null,
    provenance: provenance === undefined ? null : notesOf(provenance),
  };
  const stream = new StreamWriter();
  codeContent(stream, content, { begins: () => undefined, checkCount: () => undefined });
  const file = sealed(stream.toBytes(), pooling === null ? 2 : 3);
  const count = pooling === null ? content.positions.length : stored.nonzeros;
  if (count > mostStored(file.length)) {
    fail("unsupported-model", {
      thing: "number of stored weights",
      value: count,
      expected: `at most ${mostStored(file.length)} in a file of ${file.length} bytes`,
    });
  }
  return file;
}

function poolingOf(model: Scorer, { pooling }: PackOptions): Pooling | null {
  if (pooling === undefined) return model instanceof PackedModel ? model.pooling : null;
  const { width, by } = parsePooling(pooling, model.features);
  return { width, by: checkNumber(by, "by", { min: 2, max: mostBy, integer: true }) };
}

function decisionOf(model: Scorer, options: PackOptions): Decision {
  const packed = model instanceof PackedModel ? model : null;
  const threshold = options.threshold ?? packed?.threshold ?? 0.5;
  const temperature = options.temperature ?? packed?.temperature ?? 1;
  checkNumber(threshold, "threshold", { above: 0, below: 1 });
  checkNumber(temperature, "temperature", { min: 1 / 1024, max: 1024 });
  if (threshold !== 0.5 && model.link !== "binary") {
    fail("invalid-option", {
      thing: "threshold",
      value: threshold,
      expected: "none for a model of more than one output, whose most probable class decides",
    });
  }
  return {
    threshold: threshold === 0.5 ? null : threshold,
    temperature: temperature === 1 ? null : temperature,
  };
}

function encoderOf(model: Scorer, encoder: TableEncoder): Uint8Array {
  if (!(encoder instanceof TableEncoder)) {
    fail("invalid-option", { thing: "encoder", value: encoder, expected: "a TableEncoder" });
  }
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
  checkNotes(provenance);
  const to = new ByteWriter();
  for (const name of Object.keys(provenance).sort()) {
    to.text(name);
    to.text(provenance[name]);
  }
  return to.toBytes();
}
