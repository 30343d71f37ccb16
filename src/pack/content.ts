import type { Label } from "../matrix/dataset";
import type { Pooling } from "../matrix/squares";
import type { Link } from "../model/scorer";
import type { Scheme } from "../quantize/schemes";

/** What a file holds: weights as fitted, as left by pruning, or codes. */
export type Kind = "trained" | "pruned" | "quantized";

/** What decides of margins beside the model, where it was set. */
export interface Decision {
  /** A row of two classes is of the second one where its probability is above this. `null` for one half. */
  readonly threshold: number | null;
  /** Margins are divided by this. `null` for 1. */
  readonly temperature: number | null;
}

/** All that a file holds, as plain values; bytes where the parts of a file have a form of their own. */
export interface Content {
  readonly link: Link;
  readonly kind: Kind;
  readonly features: number;
  readonly classes: number;
  /** How pixels are pooled to the columns that positions are of; `null` where they are the features themselves. */
  readonly pooling: Pooling | null;
  /** The labels, `null` where the classes are the numbers 0, 1, 2, ... */
  readonly labels: readonly Label[] | null;
  /** Where the stored weights lie, ascending. */
  readonly positions: Uint32Array;
  readonly intercepts: Float64Array;
  /** The stored weights, of a model that is not quantized. */
  readonly values: Float64Array;
  /** How codes decode, and the codes, of a quantized model. */
  readonly scheme: Scheme | null;
  readonly codes: Uint16Array;
  readonly decision: Decision;
  readonly encoder: Uint8Array | null;
  readonly names: Uint8Array | null;
  readonly provenance: Uint8Array | null;
}

/** The parts of a file, in its order. */
const partNames = [
  "start",
  "header",
  "classes",
  "pooling",
  "positions",
  "levels",
  "intercepts",
  "codes",
  "values",
  "decision",
  "encoder",
  "names",
  "provenance",
  "checksum",
] as const;

/** The name of a part. */
export type PartName = (typeof partNames)[number];

/** What a part takes, fractions of bits included. */
export interface Part {
  /** Which part of the file. */
  readonly name: PartName;
  /** What it takes, fractions of a bit included. */
  readonly bits: number;
}
