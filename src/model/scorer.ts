import { checkKeys, checkNumber } from "../base/check";
import { shownAs } from "../base/display";
import { fail } from "../base/errors";
import { roomFor } from "../base/room";
import { checkShape } from "../base/shape";
import { softmaxInPlace } from "../base/sigmoid";
import { checkDataset } from "../matrix/check-dataset";
import type { Dataset, Label } from "../matrix/dataset";
import type { FeatureNames } from "../matrix/names";
import type { Matrix } from "../matrix/sparse";
import { binaryShares, normalisedSigmoids, Predictor } from "./predictor";
import { scoreBatch } from "./score-batch";
import { scoreRows } from "./score-rows";

/** Products below which rows are scored where they lie. */
const smallBatch = 2 ** 14;
/** Products from which other threads help. */
const largeBatch = 2 ** 24;

/**
 * How outputs become probabilities. `binary`: one output, the margin of the second class. `ovr`: one sigmoid a
 * class, normalised to sum to one. `softmax`: the multinomial model.
 */
export type Link = "binary" | "ovr" | "softmax";

/** Rows x columns of 64-bit floats, row after row. */
export interface Table {
  /** The number of rows. */
  readonly rows: number;
  /** The number of columns. */
  readonly columns: number;
  /** The values, row after row. */
  readonly values: Float64Array;
}

/** How a batch is scored. */
export interface PredictOptions {
  /** How many threads score a large batch, 1 to 64; the result does not depend on it. Default 1. */
  readonly threads?: number;
}

/**
 * The contract of everything that scores: a linear map from features to outputs, and a link to probabilities.
 * Prediction, evaluation, pruning and export know models by this contract alone.
 */
export abstract class Scorer {
  /** How far the model has come: `trained`, `pruned`, `quantized`. */
  abstract readonly stage: string;
  /** The classes in the order of the probabilities. */
  abstract readonly classes: readonly Label[];
  /** How margins become probabilities. */
  abstract readonly link: Link;
  /** One name a feature. */
  abstract readonly featureNames: FeatureNames;
  /**
   * The weight of feature j for output k at `j * outputs + k`; `features x outputs` numbers. A quantized model
   * decodes its codes once.
   */
  abstract readonly weights: Float64Array;
  /** One intercept an output. */
  abstract readonly intercepts: Float64Array;

  /** The number of features. */
  get features(): number {
    return this.featureNames.length;
  }

  /** The number of outputs: 1 for two classes, else one a class. */
  get outputs(): number {
    return this.link === "binary" ? 1 : this.classes.length;
  }

  /** The number of weights that are not zero, intercepts left out. */
  get nonzeros(): number {
    let count = 0;
    for (const w of this.weights) if (w !== 0) count++;
    return count;
  }

  /** Of two classes the second is predicted where its probability is above this. One half but where a file says more. */
  get threshold(): number {
    return 0.5;
  }

  /**
   * The margins x'W + b, rows x outputs. Sums are 64-bit in a fixed order, so bits depend on nothing but row and model: with one
   * output in four parts, to which the intercept is added; with more from the intercept on, column after column.
   * @throws `width-mismatch` where the features are of another number than the model's; `invalid-option`
   */
  margins(features: Matrix, options: PredictOptions = {}): Table {
    checkWidth(this, features);
    checkKeys(options, ["threads"], "margins");
    const wanted = checkNumber(options.threads ?? 1, "threads", {
      min: 1,
      max: 64,
      integer: true,
    });
    const { outputs } = this;
    const work = features.nonzeros * outputs;
    // One output of a sparse row is a product a value: copying costs more than the kernel gains.
    const inPlace = outputs === 1 && features.kind === "csr";
    // A table costs as much to copy as some rows to score, and another thread some milliseconds to start.
    const values =
      inPlace || work < smallBatch || work < 2 * this.weights.length
        ? scoreRows(this, features)
        : scoreBatch(this, features, work < largeBatch ? 1 : wanted);
    return { rows: features.rows, columns: outputs, values };
  }

  /** Predicts row after row without allocating, see {@link Predictor}. @throws `unsupported-model` for integer arithmetic */
  predictor(): Predictor {
    return new Predictor(this);
  }

  /** The probability of each class, rows x classes; each row sums to one. @throws `width-mismatch` */
  predictProba(features: Matrix): Table {
    return probabilities(this.margins(features), this.link, this.classes.length);
  }

  /** The class of each row, see {@link Scorer.decide}. @throws `width-mismatch` */
  predict(features: Matrix): Label[] {
    return Array.from(this.predictClass(features), (k) => this.classes[k]);
  }

  /** The number of the class of each row, see {@link Scorer.decide}. @throws `width-mismatch` */
  predictClass(features: Matrix): Uint32Array {
    return this.decide(this.margins(features));
  }

  /**
   * The number of the class of each row of margins: of two classes by the threshold, of more the most probable one, the
   * first of equals.
   */
  decide(margins: Table): Uint32Array {
    checkShape(margins, "margins", "what model.margins returns", { values: "list" });
    const { link, threshold } = this;
    if (link !== "binary" || threshold === 0.5) return mostProbable(margins, link);
    const least = Math.log(threshold) - Math.log1p(-threshold);
    return Uint32Array.from(margins.values, (margin) => (margin > least ? 1 : 0));
  }

  /** The share of rows, each by its weight, whose most probable class is their label. @throws `width-mismatch` */
  score(data: Dataset): number {
    checkDataset(data);
    let right = 0;
    let all = 0;
    this.predictClass(data.features).forEach((k, i) => {
      const weight = data.weights === null ? 1 : data.weights[i];
      all += weight;
      if (this.classes[k] === data.classes[data.labels[i]]) right += weight;
    });
    return right / all;
  }
}

shownAs("model", Scorer);

/** The number of the most probable class of each row of margins, the first of equals. */
export function mostProbable({ rows, columns, values }: Table, link: Link): Uint32Array {
  if (link === "binary") return Uint32Array.from(values, (margin) => (margin > 0 ? 1 : 0));
  return Uint32Array.from({ length: rows }, (_, i) => argmax(values, i * columns, columns));
}

/** Probabilities of margins under a link; rows x `classes`. */
export function probabilities({ rows, columns, values }: Table, link: Link, classes: number): Table {
  const result = roomFor(Float64Array, [rows, classes], "probabilities");
  for (let i = 0; i < rows; i++) {
    if (link === "binary") {
      binaryShares(values[i], result, 2 * i);
      continue;
    }
    const at = i * columns;
    for (let k = 0; k < classes; k++) result[at + k] = values[at + k];
    if (link === "softmax") softmaxInPlace(result, at, classes);
    else normalisedSigmoids(result, at, classes);
  }
  return { rows, columns: classes, values: result };
}

/** Throws `width-mismatch` unless `features` has the model's number of columns, `invalid-data` where it is no matrix. */
export function checkWidth(model: Scorer, features: Matrix): void {
  const isMatrix = features?.kind === "dense" || features?.kind === "csr";
  if (isMatrix && features.columns === model.features) return;
  if (!isMatrix) {
    fail("invalid-data", {
      thing: "features",
      value: features ?? "nothing",
      expected: "a DenseMatrix or a SparseMatrix",
      remedy:
        "DenseMatrix.fromRows(rows) makes one of arrays; a Dataset has one as its features: predict(data.features).",
    });
  }
  fail("width-mismatch", {
    thing: "number of features",
    value: features.columns,
    expected: `${model.features}, as the model was fitted to`,
    remedy: "Encode the data with the encoder that the model was trained with.",
  });
}

function argmax(values: Float64Array, offset: number, count: number): number {
  let best = 0;
  for (let k = 1; k < count; k++) if (values[offset + k] > values[offset + best]) best = k;
  return best;
}
