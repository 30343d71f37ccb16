import type { Watch } from "../base/progress";
import type { Dataset, Label } from "../matrix/dataset";
import type { FitReport } from "../model/linear";
import type { Link } from "../model/scorer";

/** A quantized model as `fitLevels` takes it: which weight has which code, and what each code is worth. */
export interface LevelParts {
  readonly link: Link;
  readonly classes: readonly Label[];
  /** Where the stored weights lie in the `features x outputs` table, ascending. */
  readonly positions: Uint32Array;
  /** The code of each position, below `levelCount`. */
  readonly codes: Uint16Array;
  readonly levelCount: number;
  /** The value of each code at the start. */
  readonly levels: Float64Array;
  readonly intercepts: Float64Array;
  /** See `Dataset.scale`. */
  readonly scale: Float32Array | null;
  /** Where given, `levels = s * basis` and the scale `s` alone is fitted (a uniform quantizer). */
  readonly basis?: Float64Array;
}

/** How to refit levels. */
export interface LevelOptions {
  /** The strength of the L2 penalty on the mean loss. */
  readonly lambda: number;
}

/** What a refit of levels found. */
export interface LevelFit {
  readonly levels: Float64Array;
  readonly intercepts: Float64Array;
  readonly fit: FitReport;
}

/** Fits the values of the levels and the intercepts at fixed codes, which costs a packed model no byte. */
export declare function fitLevels(
  data: Dataset,
  parts: LevelParts,
  options: LevelOptions,
  watch?: Watch,
): Promise<LevelFit>;
