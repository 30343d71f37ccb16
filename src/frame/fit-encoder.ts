import { fail } from "../base/errors";
import type { Watch } from "../base/progress";
import { encodeBlock } from "./blocks/encode";
import { fitBlock } from "./blocks/fit";
import { type BlockState, blockColumns } from "./blocks/state";
import { type Targets, targetValuesOutOfFold } from "./blocks/target";
import { fitCategorical } from "./categorical";
import { columnOf, type Frame, labelColumn, numberColumn, rowsOf, textColumn } from "./columns";
import type { KnownFeatures } from "./encode";
import type { NgramName } from "./encoder-names";
import type { CompleteSpec, EncoderSpec } from "./encoder-spec";
import { type EncoderState, textWidth, widthOf } from "./encoder-state";
import { fitText } from "./fit-text";
import { classesOf } from "./names";
import { fitNumeric } from "./numeric";
import { Pacer } from "./pacer";
import { parseSpec } from "./parse-spec";

/** What an encoder learns of a table. */
interface FittedEncoder {
  readonly state: EncoderState;
  /** The inverse document frequencies, or `null` where no column of text has any. */
  readonly scale: Float32Array | null;
  /** What hashed columns are called by, for each column of text. */
  readonly ngrams: readonly (NgramName | null)[];
  /** Features of the rows of the fit that may not be encoded by the state, or need not be read again for it. */
  readonly known: KnownFeatures;
}

/**
 * Fits an encoder.
 * @param encode whether the same rows will be encoded
 * @throws as `TableEncoder.fit`
 */
export function fitEncoder(frame: Frame, given: EncoderSpec, watch: Watch, encode: boolean): FittedEncoder {
  const spec = parseSpec(given);
  const rows = checkRows(frame);
  const targets = targetsOf(frame, spec.label);
  const missing = spec.missing === "error" ? "error" : "mean";
  const { unseen } = spec;
  const pacer = new Pacer(
    watch,
    "fit the encoder",
    spec.numeric.length + spec.categorical.length + spec.blocks.length,
  );
  let columns = 0;
  const numeric = spec.numeric.map(({ name, scale }) => {
    pacer.at(columns++);
    return fitNumeric(name, numberColumn(frame, name), missing, scale);
  });
  const categorical = spec.categorical.map(({ name, rare }) => {
    pacer.at(columns++);
    return fitCategorical(name, columnOf(frame, name), missing, { rare, unseen });
  });
  const fitted = spec.blocks.map((plan) => {
    pacer.at(columns++);
    return fitBlock(plan, frame, targets, missing, unseen);
  });
  pacer.at(columns);
  const texts = spec.text.map((column) => {
    const reading = new Pacer(watch, `read the words of ${column.state.name}`, rows);
    return fitText(column, textColumn(frame, column.state.name), reading, encode);
  });
  const blocks = [...fitted, ...(spec.missing === "indicator" ? indicatorsOf(spec, fitted, frame) : [])];
  const state: EncoderState = {
    label: spec.label,
    classes: targets.names,
    numeric,
    categorical: categorical.map((column) => column.state),
    text: texts.map((text) => text.state),
    ...(blocks.length > 0 ? { blocks } : {}),
    missing,
    unseen: unseen === "error" ? "error" : "zero",
  };
  const knownBlocks = new Map<number, Float64Array>();
  spec.blocks.forEach((plan, k) => {
    const block = fitted[k];
    if (plan.kind !== "target" || block.kind !== "target") return;
    knownBlocks.set(k, targetValuesOutOfFold(block, plan, columnOf(frame, plan.name), targets));
  });
  return {
    state,
    scale: scaleOf(
      state,
      texts.map(({ inverseFrequencies }) => inverseFrequencies),
    ),
    ngrams: texts.map(({ ngram }) => ngram),
    known: {
      levels: new Map(categorical.map(({ numbers }, k) => [k, numbers])),
      blocks: knownBlocks,
      text: new Map(texts.flatMap(({ features }, k) => (features === null ? [] : [[k, features] as const]))),
    },
  };
}

/** The rows of a table. @throws `empty-data` for none */
export function checkRows(frame: Frame): number {
  const rows = rowsOf(frame);
  if (rows === 0) fail("empty-data", { thing: "frame", value: "0 rows", expected: "at least one" });
  return rows;
}

function targetsOf(frame: Frame, label: string): Targets & { readonly names: EncoderState["classes"] } {
  const labels = labelColumn(frame, label);
  const names = classesOf(label, labels);
  const numbers = new Map(names.map((name, k) => [name, k]));
  return { names, classes: names.length, labels: Uint32Array.from(labels, (name) => numbers.get(name)!) };
}

function indicatorsOf(
  { numeric, categorical }: CompleteSpec,
  blocks: readonly BlockState[],
  frame: Frame,
): BlockState[] {
  const names = [...numeric, ...categorical].map(({ name }) => name);
  return [...new Set([...names, ...blocks.flatMap(blockColumns)])].flatMap((name) => {
    const block: BlockState = { kind: "indicator", name };
    const encoded = encodeBlock(block, frame, { missing: "mean", unseen: "zero" });
    return encoded.kind === "level" && encoded.numbers.includes(0) ? [block] : [];
  });
}

/**
 * The scale in which weights are penalised, see `Dataset.scale`.
 * @param frequencies inverse document frequencies, of each column of text that has any
 */
export function scaleOf(
  state: EncoderState,
  frequencies: readonly (Float32Array | null)[],
): Float32Array | null {
  if (!frequencies.some((list) => list !== null)) return null;
  const scale = new Float32Array(widthOf(state)).fill(1);
  let offset = widthOf({ ...state, text: [], blocks: [] });
  frequencies.forEach((list, k) => {
    if (list !== null) scale.set(list, offset);
    offset += textWidth(state.text[k]);
  });
  return scale;
}
