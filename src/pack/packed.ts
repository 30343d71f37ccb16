import { TableEncoder } from "../frame/encoder";
import type { EncoderState } from "../frame/encoder-state";
import type { Label } from "../matrix/dataset";
import type { FeatureNames } from "../matrix/names";
import { type LinearParts, LinearScorer } from "../model/linear";
import { type Link, Scorer } from "../model/scorer";
import type { QuantizedModel } from "../quantize/quantized";
import type { Layout } from "./container";

/**
 * A model of floating-point weights as read from a file, which keeps no evidence of its fit, nor the scale of the
 * data (see `Dataset.scale`): pruned or refitted from here, its weights are ranked and penalised as they are.
 */
export class StoredLinear extends LinearScorer {
  constructor(
    parts: LinearParts,
    readonly stage: "trained" | "pruned",
  ) {
    // A file has no word for it, and no intercept that was fitted is exactly zero but by a rare chance.
    super({ ...parts, fitIntercept: parts.fitIntercept ?? parts.intercepts.some((b) => b !== 0) });
  }
}

/** Notes on where a model comes from, by name. */
export type Provenance = Readonly<Record<string, string>>;

/** What a file holds beside the model. */
export interface Extras {
  /** How rows are encoded, where the file says. */
  readonly encoder: EncoderState | null;
  readonly provenance: Provenance | null;
}

/** A model as read from a file. */
export class PackedModel extends Scorer {
  readonly stage = "packed";
  /** The model in the file: quantized, or of floating-point weights. */
  readonly model: QuantizedModel | StoredLinear;
  /** The encoder that turns tables into the model's features, where the file has one. */
  readonly encoder: TableEncoder | undefined;
  readonly provenance: Provenance | null;
  /** The size of the file. */
  readonly bytes: number;
  /** Where the bytes of the file lie. */
  readonly layout: Layout;

  constructor(model: QuantizedModel | StoredLinear, extras: Extras, bytes: number, layout: Layout) {
    super();
    this.model = model;
    this.encoder = extras.encoder === null ? undefined : TableEncoder.fromState(extras.encoder);
    this.provenance = extras.provenance;
    this.bytes = bytes;
    this.layout = layout;
  }

  get classes(): readonly Label[] {
    return this.model.classes;
  }

  get link(): Link {
    return this.model.link;
  }

  get featureNames(): FeatureNames {
    return this.model.featureNames;
  }

  get weights(): Float64Array {
    return this.model.weights;
  }

  get intercepts(): Float64Array {
    return this.model.intercepts;
  }

  override get nonzeros(): number {
    return this.model.nonzeros;
  }
}
