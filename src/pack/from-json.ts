import { fail, LogitpressError } from "../base/errors";
import { TableEncoder } from "../frame/encoder";
import type { EncoderState } from "../frame/encoder-state";
import type { Label } from "../matrix/dataset";
import { type FeatureNames, numberedNames } from "../matrix/names";
import type { PoolOptions } from "../matrix/squares";
import type { Link } from "../model/scorer";
import { QuantizedModel } from "../quantize/quantized";
import { toJson } from "./json";
import { firstDifference } from "./json-difference";
import { type Fields, fieldsOf, itemsOf, numberIn, oneOf, textOf, wrongJson } from "./json-fields";
import { schemeOf, type WeightLine } from "./json-schemes";
import { mostClasses, mostWeights } from "./limits";
import { type PackedModel, type Provenance, StoredLinear } from "./packed";
import { unpack } from "./read";
import { type PackOptions, pack } from "./write";

const links = ["binary", "ovr", "softmax"] as const;
const stages = ["trained", "pruned", "quantized"] as const;

/**
 * Reads what {@link toJson} writes, as if the model had been packed and read again: weights of trained and pruned models are rounded
 * to 32-bit floats. The model is written again to be compared, so that a text of which anything is left out, unknown or does not agree
 * with the rest, such as a value with its code, is refused. Names of features without a weight are not in it.
 * @throws `invalid-file` naming the place in the text and what was expected there; as {@link pack}
 */
export function fromJson(text: string): PackedModel {
  const given = parsed(text);
  const packed = unpack(bytesOf(given));
  const away = firstDifference(given, parsed(toJson(packed)), packed.model.stage !== "quantized");
  if (away !== null) wrongJson(away.where, away.value, away.expected);
  return packed;
}

function parsed(text: string): Fields {
  try {
    return fieldsOf(JSON.parse(textOf(text, "text")), "text");
  } catch (cause) {
    if (cause instanceof LogitpressError) throw cause;
    return fail(
      "invalid-file",
      { thing: "text of a model", value: String(text).slice(0, 60), expected: "JSON as toJson writes it" },
      { cause },
    );
  }
}

function bytesOf(given: Fields): Uint8Array {
  const stage = oneOf(given.stage, stages, "stage");
  const link = oneOf(given.link, links, "link");
  const classes = classesOf(given.classes, link);
  const outputs = link === "binary" ? 1 : classes.length;
  const features = numberIn(given.features, 1, mostWeights / outputs, "features");
  const intercepts = itemsOf(given.intercepts, "intercepts").map((b, k) => numberOf(b, `intercepts[${k}]`));
  if (intercepts.length !== outputs) wrongJson("intercepts", intercepts.length, `${outputs} numbers`);
  const temperature = numberOf(given.temperature, "temperature");
  const lines = linesOf(given, { link, classes, features });
  const names = namesOf(lines, features, outputs);
  const common = {
    ...{ classes, link, featureNames: names },
    intercepts: Float64Array.from(intercepts, (b) => undivided(b, temperature)),
  };
  const weightOf = ({ line, where }: WeightLine) => numberOf(line.value, `${where}.value`);
  const weights = (total: number) => {
    const table = new Float64Array(total);
    for (const own of lines) table[own.at] = Math.fround(weightOf(own) * temperature);
    return table;
  };
  const model =
    stage === "quantized"
      ? new QuantizedModel({
          ...common,
          positions: Uint32Array.from(lines, ({ at }) => at),
          codes: Uint16Array.from(lines, ({ line, where }) => numberIn(line.code, 0, 65535, `${where}.code`)),
          scheme: schemeOf(given, lines, features, outputs),
        })
      : new StoredLinear({ ...common, weights: weights(features * outputs), scale: null }, stage);
  const renamed = lines.some(({ at, line }) => line.name !== `x${Math.floor(at / outputs)}`);
  return written(() =>
    pack(model, {
      ...optionsOf(given),
      ...(given.encoder === undefined && renamed ? { featureNames: true } : {}),
      temperature,
    }),
  );
}

function classesOf(value: unknown, link: Link): Label[] {
  const classes = itemsOf(value, "classes").map((label, k) => {
    if (["string", "number", "boolean"].includes(typeof label)) return label as Label;
    return wrongJson(`classes[${k}]`, label, "a text, number or truth value");
  });
  const right =
    link === "binary" ? classes.length === 2 : classes.length >= 2 && classes.length <= mostClasses;
  if (!right || new Set(classes).size < classes.length) {
    wrongJson("classes", classes.length, link === "binary" ? "two that differ" : "two or more that differ");
  }
  return classes;
}

function linesOf(
  given: Fields,
  { link, classes, features }: { link: Link; classes: readonly Label[]; features: number },
): WeightLine[] {
  const number = new Map(classes.map((label, k) => [label, k]));
  let before = -1;
  return itemsOf(given.weights, "weights").map((item, i) => {
    const where = `weights[${i}]`;
    const line = fieldsOf(item, where);
    const feature = numberIn(line.feature, 0, features - 1, `${where}.feature`);
    const k =
      number.get(line.class as Label) ?? wrongJson(`${where}.class`, line.class, "one of the classes");
    const at = link === "binary" ? feature : feature * classes.length + k;
    if (at <= before)
      wrongJson(where, `feature ${feature}`, "features, and their classes, in ascending order");
    before = at;
    return { at, line, where };
  });
}

/** The names that the lines tell, numbered ones between them. */
function namesOf(lines: readonly WeightLine[], features: number, outputs: number): FeatureNames {
  const own = new Map(
    lines.map(({ at, line, where }) => [Math.floor(at / outputs), textOf(line.name, `${where}.name`)]),
  );
  const numbered = numberedNames(features);
  return { length: features, at: (column) => own.get(column) ?? numbered.at(column) };
}

function optionsOf({ threshold, encoder, provenance, pooling }: Fields): PackOptions {
  return {
    threshold: numberOf(threshold, "threshold"),
    ...(encoder === undefined ? {} : { encoder: encoderOf(encoder) }),
    ...(provenance === undefined ? {} : { provenance: notesOf(provenance) }),
    ...(pooling === undefined ? {} : { pooling: fieldsOf(pooling, "pooling") as unknown as PoolOptions }),
  };
}

function encoderOf(value: unknown): TableEncoder {
  try {
    return TableEncoder.fromState(value as EncoderState);
  } catch (cause) {
    return wrongJson("encoder", value, "what encoder.state() gives", { cause });
  }
}

function notesOf(value: unknown): Provenance {
  const notes = fieldsOf(value, "provenance");
  return Object.fromEntries(
    Object.entries(notes).map(([name, note]) => [name, textOf(note, `provenance.${name}`)]),
  );
}

/** An encoder is checked by what the file makes of it; what it can't even write is wrong in the text. */
function written(pack: () => Uint8Array): Uint8Array {
  try {
    return pack();
  } catch (cause) {
    if (cause instanceof LogitpressError) throw cause;
    return wrongJson("encoder", undefined, "the state of an encoder as toJson writes it", { cause });
  }
}

function numberOf(value: unknown, where: string): number {
  return numberIn(value, Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY, where, false);
}

/** The number that gives `value` divided by the temperature. */
function undivided(value: number, temperature: number): number {
  const near = value * temperature;
  const tried = [Math.fround(near), near, near * (1 + 2 ** -52), near * (1 - 2 ** -52)];
  return tried.find((x) => x / temperature === value) ?? near;
}
