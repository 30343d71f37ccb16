import { checkNumber } from "../base/check";
import { shownAs } from "../base/display";
import { fail } from "../base/errors";
import type { Watch } from "../base/progress";
import { checkList, checkShape } from "../base/shape";
import { Dataset, type Label } from "../matrix/dataset";
import type { FeatureNames } from "../matrix/names";
import type { Matrix } from "../matrix/sparse";
import { atPlaces } from "./cell-frame";
import { plainNumber } from "./cells";
import { columnNames, type Frame, labelColumn } from "./columns";
import { encodeFeatures, type KnownFeatures } from "./encode";
import { encoderNames, type NgramName } from "./encoder-names";
import type { EncoderSpec, SpecFor } from "./encoder-spec";
import type { EncoderState } from "./encoder-state";
import { checkRows, fitEncoder } from "./fit-encoder";
import { keepFeatures } from "./keep-features";
import { checkColumn } from "./names";
import { Pacer } from "./pacer";
import { withRoundConstants } from "./round-constants";

/**
 * Turns tables into features: numbers standardised or in bins, categories one-hot, hashed or by what was seen of the label, levels
 * with an order, dates, crosses, text hashed or by a vocabulary. What it learns of one table it
 * does to every other in the same way. Immutable.
 */
export class TableEncoder {
  /** One name a feature; hashed text is called by the n-gram that the fit met there most. */
  readonly featureNames: FeatureNames;
  readonly #state: EncoderState;
  readonly #ngrams: readonly (NgramName | null)[];

  private constructor(
    state: EncoderState,
    /** See `Dataset.scale`: the inverse document frequencies of text columns, or `null` where there are none. */
    readonly scale: Float32Array | null,
    ngrams: readonly (NgramName | null)[],
  ) {
    checkShape(
      state,
      "state of an encoder",
      "what encoder.state() gives; TableEncoder.fit makes an encoder of a table",
      {
        ...{ label: "text", classes: "list", numeric: "list", categorical: "list", text: "list" },
      },
    );
    this.#state = state;
    this.#ngrams = ngrams;
    this.featureNames = encoderNames(state, ngrams);
  }

  /**
   * Learns means, levels and frequencies from the rows of a table.
   * @throws `empty-data` for no rows; `missing-column`; `invalid-label` for a missing label or a single class;
   * `not-finite` or `invalid-data` for a value that can't be encoded, naming row and column; `cancelled`
   */
  static fit<F extends Frame, const L extends string>(
    frame: F,
    spec: SpecFor<F, L>,
    watch: Watch = {},
  ): TableEncoder {
    return TableEncoder.#fit(frame, spec, watch, false).encoder;
  }

  /**
   * Learns of the rows of a table and encodes them: as `fit` and then `transform`, but for columns of `target`, whose rows are encoded
   * by what the rows of other folds say of the label. Training rows that know their own label promise more than new rows hold.
   * @throws as {@link TableEncoder.fit}
   */
  static fitTransform<F extends Frame, const L extends string>(
    frame: F,
    spec: SpecFor<F, L>,
    watch: Watch = {},
  ): { readonly encoder: TableEncoder; readonly data: Dataset } {
    const { encoder, known } = TableEncoder.#fit(frame, spec, watch, true);
    return { encoder, data: encoder.#transform(frame, watch, known) };
  }

  static #fit(frame: Frame, spec: EncoderSpec, watch: Watch, encode: boolean) {
    const { state, scale, ngrams, known } = fitEncoder(frame, spec, watch, encode);
    return { encoder: new TableEncoder(state, scale, ngrams), known };
  }

  /**
   * An encoder of a stored state. It gives the same features, and hashed columns go by number.
   * @param scale the inverse document frequencies, which no state holds. Default `null`
   */
  static fromState(state: EncoderState, scale: Float32Array | null = null): TableEncoder {
    return new TableEncoder(state, scale, []);
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
    return this.#transform(frame, watch);
  }

  #transform(frame: Frame, watch: Watch, known?: KnownFeatures): Dataset {
    checkColumn(this.label, columnNames(frame), "Rows without labels are encoded by features(frame).");
    const labels = atPlaces(frame, () => labelsAs(this.classes, labelColumn(frame, this.label)));
    return Dataset.from({
      features: this.#features(frame, watch, known),
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
    return this.#features(frame, watch);
  }

  #features(frame: Frame, watch: Watch, known?: KnownFeatures): Matrix {
    const rows = checkRows(frame);
    const pacer = new Pacer(watch, "encode", rows);
    return atPlaces(frame, () => encodeFeatures(this.#state, frame, pacer, known));
  }

  /**
   * The same encoder without what none of the given features needs: columns of numbers, levels of categories where `unseen`
   * is `"zero"`, and whole columns of text, since a text is hashed to all of its features.
   * @param columns the numbers of the features that are to stay
   * @returns the encoder, and the former numbers of its features
   * @throws `empty-data` for none; `invalid-option` for a feature that is not there
   */
  keeping(columns: ArrayLike<number>): { readonly encoder: TableEncoder; readonly columns: Uint32Array } {
    checkList(columns, "features to keep");
    if (columns.length === 0) fail("empty-data", { thing: "features to keep", expected: "at least one" });
    const wanted = new Uint8Array(this.columns);
    for (let c = 0; c < columns.length; c++) {
      const bounds = { min: 0, below: this.columns, integer: true };
      wanted[checkNumber(columns[c], "feature to keep", bounds)] = 1;
    }
    const kept = keepFeatures(this.#state, wanted);
    const { scale } = this;
    const scales = scale === null ? null : Float32Array.from(kept.columns, (j) => scale[j]);
    const ngrams = kept.texts.map((block) => this.#ngrams[block] ?? null);
    return { encoder: new TableEncoder(kept.state, scales, ngrams), columns: kept.columns };
  }

  /**
   * The same encoder with means and scales of few bits: of columns of numbers and of levels with an order a scale changes by at most 1/32, a
   * mean by at most 1/30 of the scale, and a missing number counts as the new mean. A model that is fitted to these features is as good, and
   * its file keeps some 4 bytes a column instead of 16: encode by it what is given to `compress`.
   */
  rounded(): TableEncoder {
    return new TableEncoder(withRoundConstants(this.#state), this.scale, this.#ngrams);
  }

  /** All that new rows need to be encoded in the same way, as plain values. */
  state(): EncoderState {
    return structuredClone(this.#state);
  }
}

shownAs("encoder", TableEncoder);

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
