import { fail } from "../base/errors";
import type { Watch } from "../base/progress";
import { Dataset, distinctLabels, type Label } from "../matrix/dataset";
import type { FeatureNames } from "../matrix/names";
import type { Matrix } from "../matrix/sparse";
import { fitCategorical } from "./categorical";
import { plainNumber } from "./cells";
import { columnOf, type Frame, labelColumn, numberColumn, rowsOf, textColumn } from "./columns";
import { encodeFeatures } from "./encode";
import { encoderNames, type NgramName } from "./encoder-names";
import { type CompleteText, type EncoderSpec, parseSpec } from "./encoder-spec";
import { type EncoderState, type TextState, widthOf } from "./encoder-state";
import { fitNumeric } from "./numeric";
import { Pacer } from "./pacer";
import { Vocabulary } from "./vocabulary";

/**
 * Turns tables into features: numbers standardised, categories one-hot, text hashed. What it learns of one table it
 * does to every other in the same way. Immutable.
 */
export class TableEncoder {
  /** One name a feature; hashed text is called by the n-gram that the fit met there most. */
  readonly featureNames: FeatureNames;
  readonly #state: EncoderState;

  private constructor(
    state: EncoderState,
    /** See `Dataset.scale`: the inverse document frequencies of text columns, or `null` where there are none. */
    readonly scale: Float32Array | null,
    ngrams: readonly (NgramName | null)[],
  ) {
    this.#state = state;
    this.featureNames = encoderNames(state, ngrams);
  }

  /**
   * Learns means, levels and frequencies from the rows of a table.
   * @throws `empty-data` for no rows; `missing-column`; `invalid-label` for a missing label or a single class;
   * `not-finite` or `invalid-data` for a value that can't be encoded, naming row and column; `cancelled`
   */
  static fit(frame: Frame, spec: EncoderSpec, watch: Watch = {}): TableEncoder {
    const { label, missing, unseen, ...columns } = parseSpec(spec);
    const rows = checkRows(frame);
    const classes = distinctLabels(labelColumn(frame, label));
    if (classes.length < 2) {
      fail("invalid-label", {
        thing: `label column "${label}"`,
        value: `only the class ${String(classes[0])}`,
        expected: "two classes or more",
      });
    }
    const state: EncoderState = {
      label,
      classes,
      numeric: columns.numeric.map((name) => fitNumeric(name, numberColumn(frame, name), missing)),
      categorical: columns.categorical.map((name) => fitCategorical(name, columnOf(frame, name), missing)),
      text: columns.text.map(({ tfidf: _, ...text }) => text),
      missing,
      unseen,
    };
    const vocabularies = columns.text.map((text, k) => {
      const pacer = new Pacer(watch, `read the words of ${text.name}`, rows);
      return readWords(textColumn(frame, text.name), state.text[k], pacer);
    });
    const names = vocabularies.map((vocabulary) => vocabulary.names());
    return new TableEncoder(state, scaleOf(state, columns.text, vocabularies), names);
  }

  /**
   * An encoder of a stored state. It gives the same features; its `scale` is `null`, and hashed columns go by number.
   */
  static fromState(state: EncoderState): TableEncoder {
    return new TableEncoder(state, null, []);
  }

  /** The label column. */
  get label(): string {
    return this.#state.label;
  }

  /** The classes in the order of their numbers. */
  get classes(): readonly Label[] {
    return this.#state.classes;
  }

  /** The number of features. */
  get columns(): number {
    return this.featureNames.length;
  }

  /**
   * Features and labels of a table, which must have the label column.
   * @throws as {@link TableEncoder.features}; `invalid-label` for a label that is missing or was not met at the fit
   */
  transform(frame: Frame, watch: Watch = {}): Dataset {
    const labels = labelsAs(this.classes, labelColumn(frame, this.label));
    return Dataset.from({
      features: this.features(frame, watch),
      labels,
      classes: this.classes,
      featureNames: this.featureNames,
      ...(this.scale === null ? {} : { scale: this.scale }),
    });
  }

  /**
   * Features of a table with or without labels: sparse where there is text or a category, else dense.
   * @throws `empty-data` for no rows; `missing-column`; `not-finite` or `invalid-data` for a value that can't be
   * encoded, naming row and column; `cancelled`
   */
  features(frame: Frame, watch: Watch = {}): Matrix {
    const rows = checkRows(frame);
    return encodeFeatures(this.#state, frame, new Pacer(watch, "encode", rows));
  }

  /** All that new rows need to be encoded in the same way, as plain values. */
  state(): EncoderState {
    return structuredClone(this.#state);
  }
}

/** Labels as the classes are typed: a table that is gone through gives numbers and booleans as text. */
function labelsAs(classes: readonly Label[], labels: readonly Label[]): readonly Label[] {
  const read = new Map(
    classes.filter((label) => typeof label !== "string").map((label) => [plain(label), label]),
  );
  if (read.size === 0) return labels;
  return labels.map((label) => (typeof label === "string" ? (read.get(plain(label)) ?? label) : label));
}

function plain(label: Label): string {
  return plainNumber(String(label)) ?? String(label);
}

function checkRows(frame: Frame): number {
  const rows = rowsOf(frame);
  if (rows === 0) fail("empty-data", { thing: "frame", value: "0 rows", expected: "at least one" });
  return rows;
}

function readWords(texts: readonly string[], state: TextState, pacer: Pacer): Vocabulary {
  const vocabulary = new Vocabulary(state);
  texts.forEach((text, i) => {
    pacer.at(i);
    vocabulary.add(text);
  });
  pacer.at(texts.length);
  return vocabulary;
}

function scaleOf(
  state: EncoderState,
  text: readonly CompleteText[],
  vocabularies: readonly Vocabulary[],
): Float32Array | null {
  if (!text.some(({ tfidf }) => tfidf)) return null;
  const scale = new Float32Array(widthOf(state)).fill(1);
  let offset = scale.length - text.reduce((sum, { bits }) => sum + 2 ** bits, 0);
  vocabularies.forEach((vocabulary, k) => {
    if (text[k].tfidf) scale.set(vocabulary.inverseFrequencies(), offset);
    offset += 2 ** text[k].bits;
  });
  return scale;
}
