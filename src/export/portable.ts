import { fail } from "../base/errors";
import type { TableEncoder } from "../frame/encoder";
import { type EncoderState, type TextState, widthOf } from "../frame/encoder-state";
import type { Label } from "../matrix/dataset";
import { checkModel } from "../model/check-model";
import type { Link, Scorer } from "../model/scorer";
import { PackedModel, type Provenance } from "../pack/packed";
import { IntegerModel } from "../quantize/integer-model";
import { checkKinds } from "./kinds";
import { lowered } from "./lower";
import type { ExportPlan } from "./options";
import { gathered, used } from "./table";

/** A column of numbers: adds `weights * (x - mean) / scale`. */
export interface PortableNumeric {
  readonly name: string;
  readonly mean: number;
  readonly scale: number;
  /** One weight an output. */
  readonly weights: Float64Array;
}

/** What the size of a number adds: the weights of its bin. */
export interface PortableBins {
  /** The place of the column in `numeric`. */
  readonly column: number;
  /** Ascending; a number is in bin k where k of them are not above it. */
  readonly edges: readonly number[];
  /** The weights of bin b for output k at `b * outputs + k`; the last bin is that of a missing number. */
  readonly weights: Float64Array;
}

/** A column of categories: adds the weights of the row's level, nothing for one that is not listed. */
export interface PortableCategorical {
  readonly name: string;
  /** All of the fit where an unseen one is refused, else those that count, alone or in a cross. */
  readonly levels: readonly string[];
  /** The weights of level l for output k at `l * outputs + k`. */
  readonly weights: Float64Array;
  /** What a missing level adds, one number an output; `null` for nothing. */
  readonly missing: Float64Array | null;
  /** Whether a level that is not listed is refused. */
  readonly strict: boolean;
}

/** Levels that count together: adds the weights of their tuple, nothing for one that is not listed. */
interface PortableCross {
  /** The places of the columns in `categorical`. */
  readonly columns: readonly number[];
  /** The numbers of the levels, one a column. */
  readonly tuples: readonly (readonly number[])[];
  /** The weights of tuple t for output k at `t * outputs + k`. */
  readonly weights: Float64Array;
  /** What is added where one of the levels is missing, one number an output; `null` for nothing. */
  readonly missing: Float64Array | null;
}

/** A column of text: adds, for each hashed bucket, its weights times its share of the row's norm. */
interface PortableText {
  readonly name: string;
  readonly state: TextState;
  /** The buckets with a weight, ascending. */
  readonly buckets: Uint32Array;
  /** The weights of bucket b for output k at `b * outputs + k`, b counting `buckets`. */
  readonly weights: Float64Array;
}

/** Features that come as they are, where there is no encoder. */
interface PortableMatrix {
  /** The number of features of a row. */
  readonly features: number;
  /** The features with a weight, ascending. */
  readonly columns: Uint32Array;
  /** The names of those. */
  readonly names: readonly string[];
  /** The weights of column c for output k at `c * outputs + k`, c counting `columns`. */
  readonly weights: Float64Array;
}

/** What all exports are written from: a linear model by the columns that it reads, those without a weight left out. */
export interface Portable {
  readonly name: string;
  readonly stage: string;
  readonly classes: readonly Label[];
  readonly link: Link;
  readonly outputs: number;
  readonly intercepts: Float64Array;
  /** Of two classes, the second is the label where its margin is above this. */
  readonly cut: number;
  readonly threshold: number;
  readonly numeric: readonly PortableNumeric[];
  readonly bins: readonly PortableBins[];
  readonly categorical: readonly PortableCategorical[];
  readonly crosses: readonly PortableCross[];
  readonly text: readonly PortableText[];
  /** Features as they are, or `null` where there is an encoder. */
  readonly matrix: PortableMatrix | null;
  readonly missing: EncoderState["missing"];
  readonly provenance: Provenance;
  /** The model and encoder that it was made from, for vectors of the self-test. */
  readonly model: Scorer;
  readonly encoder: TableEncoder | undefined;
}

/** The part of {@link Portable} that the columns decide. */
export type PortableColumns = Pick<
  Portable,
  "intercepts" | "numeric" | "bins" | "categorical" | "crosses" | "text" | "matrix" | "missing"
>;

const stages = ["trained", "pruned", "quantized", "packed"];

/**
 * A model by the columns that it reads.
 * @param texts what the export can make of texts
 * @throws `unsupported-model` for a model of another kind or with weights that are not finite; `width-mismatch`,
 * `invalid-option` where the encoder is of another model
 */
export function portable(model: Scorer, plan: ExportPlan, texts: "hashed words" | "any" = "any"): Portable {
  checkModel(model, "model to export");
  if (!stages.includes(model.stage) && !(plan.integers && model instanceof IntegerModel)) {
    fail("unsupported-model", {
      thing: "model to export",
      value: model.stage,
      expected: "a trained, pruned, quantized or packed model",
      remedy: "A model in integers becomes C in integer arithmetic.",
    });
  }
  checkFinite(model);
  if (model instanceof IntegerModel && plan.encoder !== undefined) {
    fail("invalid-option", {
      thing: "encoder",
      value: "a TableEncoder",
      expected: "none beside a model in integers",
    });
  }
  const encoder = plan.encoder ?? (model instanceof PackedModel ? model.encoder : undefined);
  const state = encoder?.state();
  if (state !== undefined) {
    checkEncoder(model, state);
    checkKinds(state, texts);
  }
  const provenance = plan.provenance ?? (model instanceof PackedModel ? model.provenance : null) ?? {};
  const { classes, link, outputs, stage } = model;
  const threshold = plan.threshold ?? model.threshold;
  if (link !== "binary" && threshold !== 0.5) {
    fail("invalid-option", {
      thing: "threshold",
      value: threshold,
      expected: `no threshold for a model of ${classes.length} classes`,
    });
  }
  return {
    name: plan.name,
    stage,
    classes,
    link,
    outputs,
    threshold,
    cut: threshold === 0.5 ? 0 : Math.log(threshold) - Math.log1p(-threshold),
    ...(state === undefined ? matrixOf(model) : lowered(model, state)),
    provenance,
    model,
    encoder,
  };
}

function matrixOf({ features, weights, outputs, featureNames, intercepts }: Scorer): PortableColumns {
  const columns = used(weights, outputs, 0, features);
  return {
    intercepts,
    numeric: [],
    bins: [],
    categorical: [],
    crosses: [],
    text: [],
    matrix: {
      features,
      columns,
      names: Array.from(columns, (j) => featureNames.at(j)),
      weights: gathered(weights, outputs, columns, 0),
    },
    missing: "error",
  };
}

function checkFinite({ weights, intercepts }: Scorer): void {
  const wrong = [weights, intercepts].flatMap((list) => {
    const at = list.findIndex((x) => !Number.isFinite(Math.fround(x)));
    return at < 0 ? [] : [list[at]];
  });
  if (wrong.length === 0) return;
  fail("unsupported-model", {
    thing: "weight or intercept",
    value: wrong[0],
    expected: "numbers within the range of 32-bit floats",
  });
}

function checkEncoder(model: Scorer, state: EncoderState): void {
  if (widthOf(state) !== model.features) {
    fail("width-mismatch", {
      thing: "number of the encoder's features",
      value: widthOf(state),
      expected: `${model.features}, as the model has`,
    });
  }
  const same = state.classes.length === model.classes.length;
  if (same && state.classes.every((label, k) => label === model.classes[k])) return;
  fail("invalid-option", {
    thing: "encoder",
    value: state.classes.join(", "),
    expected: `the classes of the model, ${model.classes.slice(0, 12).join(", ")}`,
  });
}
