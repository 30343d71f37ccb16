import { fail } from "../base/errors";
import { blockColumns } from "../frame/blocks/state";
import type { TableEncoder } from "../frame/encoder";
import { type EncoderState, type TextState, textWidth, widthOf } from "../frame/encoder-state";
import type { Label } from "../matrix/dataset";
import type { Link, Scorer } from "../model/scorer";
import { PackedModel, type Provenance } from "../pack/packed";
import type { ExportPlan } from "./options";

/** A column of numbers: adds `weights * (x - mean) / scale`. */
export interface PortableNumeric {
  readonly name: string;
  readonly mean: number;
  readonly scale: number;
  /** One weight an output. */
  readonly weights: Float64Array;
}

/** A column of categories: adds the weights of the row's level. */
export interface PortableCategorical {
  readonly name: string;
  /** Levels in ascending order of their code units; all of the fit where an unseen one is refused, else those that count. */
  readonly levels: readonly string[];
  /** The weights of level l for output k at `l * outputs + k`. */
  readonly weights: Float64Array;
}

/** A column of text: adds, for each hashed bucket, its weights times its share of the row's norm. */
export interface PortableText {
  readonly name: string;
  readonly state: TextState;
  /** The buckets with a weight, ascending. */
  readonly buckets: Uint32Array;
  /** The weights of bucket b for output k at `b * outputs + k`, b counting `buckets`. */
  readonly weights: Float64Array;
}

/** Features that come as they are, where there is no encoder. */
export interface PortableMatrix {
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
  readonly categorical: readonly PortableCategorical[];
  readonly text: readonly PortableText[];
  /** Features as they are, or `null` where there is an encoder. */
  readonly matrix: PortableMatrix | null;
  readonly missing: EncoderState["missing"];
  readonly unseen: EncoderState["unseen"];
  readonly provenance: Provenance;
  /** The model and encoder that it was made from, for vectors of the self-test. */
  readonly model: Scorer;
  readonly encoder: TableEncoder | undefined;
}

const stages = ["trained", "pruned", "quantized", "packed"];

/**
 * A model by the columns that it reads.
 * @throws `unsupported-model` for a model of another kind or with weights that are not finite; `width-mismatch`,
 * `invalid-option` where the encoder is of another model
 */
export function portable(model: Scorer, plan: ExportPlan): Portable {
  if (!stages.includes(model.stage)) {
    fail("unsupported-model", {
      thing: "model to export",
      value: model.stage,
      expected: "a trained, pruned, quantized or packed model",
    });
  }
  checkFinite(model);
  const encoder = plan.encoder ?? (model instanceof PackedModel ? model.encoder : undefined);
  const state = encoder?.state();
  if (state !== undefined) {
    checkEncoder(model, state);
    checkKinds(state);
  }
  const provenance = plan.provenance ?? (model instanceof PackedModel ? model.provenance : null) ?? {};
  const { classes, link, outputs, intercepts, stage } = model;
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
    intercepts,
    threshold,
    cut: threshold === 0.5 ? 0 : Math.log(threshold) - Math.log1p(-threshold),
    ...(state === undefined ? matrixOf(model) : columnsOf(model, state)),
    provenance,
    model,
    encoder,
  };
}

type Columns = Pick<Portable, "numeric" | "categorical" | "text" | "matrix" | "missing" | "unseen">;

function matrixOf({ features, weights, outputs, featureNames }: Scorer): Columns {
  const columns = used(weights, outputs, 0, features);
  return {
    numeric: [],
    categorical: [],
    text: [],
    matrix: {
      features,
      columns,
      names: Array.from(columns, (j) => featureNames.at(j)),
      weights: gathered(weights, outputs, columns, 0),
    },
    missing: "error",
    unseen: "zero",
  };
}

function columnsOf({ weights, outputs }: Scorer, state: EncoderState): Columns {
  let offset = state.numeric.length;
  const numeric = state.numeric
    .map((column, j) => ({ ...column, weights: weights.slice(j * outputs, (j + 1) * outputs) }))
    .filter((column) => column.weights.some((w) => w !== 0));
  const categorical = state.categorical.map(({ name, levels }) => {
    const from = offset;
    offset += levels.length;
    const counting = used(weights, outputs, from, levels.length);
    const kept = state.unseen === "error" && counting.length > 0 ? Uint32Array.from(levels.keys()) : counting;
    return {
      name,
      levels: Array.from(kept, (l) => levels[l]),
      weights: gathered(weights, outputs, kept, from),
    };
  });
  const text = state.text.map((column) => {
    const from = offset;
    offset += textWidth(column);
    const buckets = used(weights, outputs, from, textWidth(column));
    return { name: column.name, state: column, buckets, weights: gathered(weights, outputs, buckets, from) };
  });
  return {
    numeric,
    categorical: categorical.filter(({ levels }) => levels.length > 0),
    text: text.filter(({ buckets }) => buckets.length > 0),
    matrix: null,
    missing: state.missing,
    unseen: state.unseen,
  };
}

function used(weights: Float64Array, outputs: number, offset: number, count: number): Uint32Array {
  const found: number[] = [];
  for (let j = 0; j < count; j++) {
    const at = (offset + j) * outputs;
    for (let k = 0; k < outputs; k++) {
      if (weights[at + k] === 0) continue;
      found.push(j);
      break;
    }
  }
  return Uint32Array.from(found);
}

function gathered(
  weights: Float64Array,
  outputs: number,
  columns: Uint32Array,
  offset: number,
): Float64Array {
  const taken = new Float64Array(columns.length * outputs);
  columns.forEach((j, c) => {
    const at = (offset + j) * outputs;
    taken.set(weights.subarray(at, at + outputs), c * outputs);
  });
  return taken;
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

/** Refuses what no export holds yet, by name. */
function checkKinds({ categorical, text, blocks = [] }: EncoderState): void {
  const kinds = [
    ...categorical.flatMap(({ name, other }) => (other === undefined ? [] : [`pooled levels of ${name}`])),
    ...text.flatMap(({ name, unit, stopWords, vocabulary }) => [
      ...(unit === undefined ? [] : [`n-grams of characters of ${name}`]),
      ...(stopWords === undefined ? [] : [`stop words of ${name}`]),
      ...(vocabulary === undefined ? [] : [`the vocabulary of ${name}`]),
    ]),
    ...blocks.map((block) => `${blockKinds[block.kind]} of ${blockColumns(block).join(" & ")}`),
  ];
  if (kinds.length === 0) return;
  fail("unsupported-model", {
    thing: "encoder to export",
    value: kinds[0],
    expected: "standardised or robust numbers, one-hot categories and hashed n-grams of words",
    remedy: "Encode that column in another way, or keep the model in a .logit file, which holds all of them.",
  });
}

const blockKinds = {
  indicator: "the indicator",
  bins: "bins",
  ordinal: "ordinal levels",
  dates: "cycles of dates",
  hashed: "hashed levels",
  cross: "the cross",
  target: "target encoding",
} as const;
