import { fail, LogitpressError } from "../base/errors";
import { checkBytes } from "../base/shape";
import { encoderNames } from "../frame/encoder-names";
import { type EncoderState, widthOf } from "../frame/encoder-state";
import type { Label } from "../matrix/dataset";
import { type FeatureNames, listedNames, numberedNames } from "../matrix/names";
import { QuantizedModel, type QuantizedParts } from "../quantize/quantized";
import { ByteReader } from "./byte-reader";
import type { Content, PartName } from "./content";
import { readContent } from "./content-reader";
import { readEncoder } from "./encoder-section";
import { versionOf } from "./envelope";
import { checkLevels } from "./limits";
import { PackedModel, type Provenance, StoredLinear } from "./packed";
import { unpackFirst } from "./v1/read";

/**
 * Reads the bytes of a `.logit` file, of any version. Nothing is taken on trust: length, checksum and every number are
 * checked before they are used, so a damaged file gives an error and never a model. Memory stays within a small multiple of
 * the file and of the sizes that it declares, which are capped.
 *
 * @throws `invalid-file` where this is no model file; `unsupported-version` for one of a later version; `truncated-file`;
 * `corrupt-file` where bytes are not as they were written
 */
export function unpack(bytes: Uint8Array): PackedModel {
  checkBytes(bytes, "bytes of a file");
  if (versionOf(bytes) === 1) return unpackFirst(bytes);
  const { content, parts } = readContent(bytes);
  const { link, kind, features, positions, intercepts } = content;
  const classes = content.labels ?? Array.from({ length: content.classes }, (_, k) => k);
  const encoder = readEncoderOf(content, classes);
  const featureNames = readNames(content, encoder);
  const common = { classes, link, featureNames, intercepts };
  const model =
    kind === "quantized"
      ? quantizedOf({ ...common, positions, scheme: content.scheme!, codes: content.codes })
      : new StoredLinear(
          { ...common, weights: tableOf(content, features * intercepts.length), scale: null },
          kind,
        );
  const { pooling, decision } = content;
  const extras = { encoder, provenance: readNotes(content), pooling, decision };
  const packed = new PackedModel(model, extras, bytes.length, parts);
  checkTemperature(packed);
  return packed;
}

/** Throws `corrupt-file` where weights divided by the temperature are too large for a number. */
function checkTemperature(packed: PackedModel): void {
  const { temperature } = packed;
  if (temperature === null) return;
  if (packed.weights.every(Number.isFinite) && packed.intercepts.every(Number.isFinite)) return;
  fail("corrupt-file", {
    thing: "temperature in the file",
    value: temperature,
    expected: "one that leaves weights finite",
  });
}

/** Makes a quantized model of what was read. @throws `corrupt-file` where the parts don't make one */
function quantizedOf(parts: QuantizedParts): QuantizedModel {
  try {
    const model = new QuantizedModel(parts);
    checkLevels(model);
    return model;
  } catch (cause) {
    if (!(cause instanceof LogitpressError)) throw cause;
    return fail(
      "corrupt-file",
      { ...cause.complaint, thing: `${cause.complaint.thing} in the file` },
      { cause },
    );
  }
}

function tableOf({ positions, values }: Content, total: number): Float64Array {
  const weights = new Float64Array(total);
  positions.forEach((at, i) => {
    if (values[i] === 0) {
      fail("corrupt-file", { thing: 'part "values" of the file', expected: "weights that are not zero" });
    }
    weights[at] = values[i];
  });
  return weights;
}

function whole<T>(bytes: Uint8Array, part: PartName, read: (from: ByteReader) => T): T {
  const from = new ByteReader(bytes, part);
  const value = read(from);
  from.end();
  return value;
}

function readEncoderOf({ encoder, features }: Content, classes: readonly Label[]): EncoderState | null {
  if (encoder === null) return null;
  return whole(encoder, "encoder", (from) => {
    const state = readEncoder(from, classes);
    return widthOf(state) === features ? state : from.wrong(`an encoder of ${features} features`);
  });
}

function readNames({ names, features }: Content, encoder: EncoderState | null): FeatureNames {
  if (names === null) return encoder === null ? numberedNames(features) : encoderNames(encoder, []);
  return whole(names, "names", (from) => {
    if (features > from.left) from.wrong(`${features} names`);
    return listedNames(Array.from({ length: features }, () => from.text()));
  });
}

function readNotes({ provenance }: Content): Provenance | null {
  if (provenance === null) return null;
  return whole(provenance, "provenance", (from) => {
    const notes: [string, string][] = [];
    while (from.left > 0) notes.push([from.text(), from.text()]);
    return Object.fromEntries(notes);
  });
}
