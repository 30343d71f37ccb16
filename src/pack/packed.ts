import { checkList, checkShape, checkText } from "../base/shape";
import { TableEncoder } from "../frame/encoder";
import type { EncoderState } from "../frame/encoder-state";
import type { Label } from "../matrix/dataset";
import type { FeatureNames } from "../matrix/names";
import type { Pooling } from "../matrix/squares";
import { checkModel } from "../model/check-model";
import { type LinearParts, LinearScorer } from "../model/linear";
import { type Link, Scorer } from "../model/scorer";
import type { QuantizedModel } from "../quantize/quantized";
import type { Decision, Part } from "./content";

/**
 * A model of floating-point weights as read from a file, which keeps no evidence of its fit, nor the scale of the
 * data (see `Dataset.scale`), nor bounds: pruned or refitted from here, its weights are ranked and penalised as they are.
 */
export class StoredLinear extends LinearScorer {
  constructor(
    parts: LinearParts,
    readonly stage: "trained" | "pruned",
  ) {
    // A file has no word for it, and no intercept that was fitted is exactly zero but by a rare chance.
    super({ ...parts, fitIntercept: parts?.fitIntercept ?? parts?.intercepts?.some?.((b) => b !== 0) });
  }
}

/** Notes on where a model comes from, by name. */
export type Provenance = Readonly<Record<string, string>>;

/** @throws `invalid-option` for notes that are no texts by name */
export function checkNotes(provenance: unknown): void {
  checkShape(provenance, "provenance", "texts by name", {});
  for (const [name, note] of Object.entries(provenance as object)) checkText(note, `provenance "${name}"`);
}

/** What a file holds beside the model. */
export interface Extras {
  /** How rows are encoded, where the file says. */
  readonly encoder: EncoderState | null;
  /** Notes on where it is from; `null` for none. */
  readonly provenance: Provenance | null;
  /** Squares of pixels whose weights are stored once; `null` where there are none. */
  readonly pooling: Pooling | null;
  /** Threshold and temperature. */
  readonly decision: Decision;
}

/** A model as read from a file. */
export class PackedModel extends Scorer {
  readonly stage = "packed";
  /** The model in the file as it was stored: quantized, or of floating-point weights. No temperature divides it. */
  readonly model: QuantizedModel | StoredLinear;
  /** The encoder that turns tables into the model's features, where the file has one. */
  readonly encoder: TableEncoder | undefined;
  /** Notes on where it is from; `null` where the file has none. */
  readonly provenance: Provenance | null;
  /** What weights and intercepts are divided by, where the file says; else `null`. */
  readonly temperature: number | null;
  /** Squares of pixels whose weights the file holds once; `null` where it holds those of each feature. */
  readonly pooling: Pooling | null;
  /** The size of the file. */
  readonly bytes: number;
  /** What each part of the file takes. */
  readonly parts: readonly Part[];
  readonly #threshold: number | null;
  #weights: Float64Array | undefined;

  constructor(model: QuantizedModel | StoredLinear, extras: Extras, bytes: number, parts: readonly Part[]) {
    super();
    checkModel(model);
    checkShape(extras, "extras of a packed model", "{ encoder, provenance, pooling, decision }", {
      decision: "object",
    });
    checkList(parts, "parts of a file");
    const { encoder, provenance, pooling, decision } = extras;
    this.model = model;
    this.encoder = encoder === null ? undefined : TableEncoder.fromState(encoder);
    this.provenance = provenance;
    this.pooling = pooling;
    this.temperature = decision.temperature;
    this.#threshold = decision.threshold;
    this.bytes = bytes;
    this.parts = parts;
  }

  get classes(): readonly Label[] {
    return this.model.classes;
  }

  /** How margins become probabilities. */
  get link(): Link {
    return this.model.link;
  }

  get featureNames(): FeatureNames {
    return this.model.featureNames;
  }

  /** What the file says, else one half. */
  override get threshold(): number {
    return this.#threshold ?? 0.5;
  }

  /** The weights, divided by the temperature. */
  get weights(): Float64Array {
    if (this.temperature === null) return this.model.weights;
    this.#weights ??= this.model.weights.map((w) => w / this.temperature!);
    return this.#weights;
  }

  /** The intercepts, divided by the temperature. */
  get intercepts(): Float64Array {
    const { intercepts } = this.model;
    return this.temperature === null ? intercepts : intercepts.map((b) => b / this.temperature!);
  }

  override get nonzeros(): number {
    return this.model.nonzeros;
  }
}
