import { checkKeys, checkLength, checkNumber } from "../base/check";
import { shownAs } from "../base/display";
import { fail } from "../base/errors";
import { translated } from "../base/foreign";
import { checkList, checkShape, isPlain } from "../base/shape";
import { DenseMatrix } from "./dense";
import { type FeatureNames, listedNames, numberedNames } from "./names";
import { selectColumns } from "./select";
import { type Matrix, SparseMatrix } from "./sparse";
import { foldRows, splitRows } from "./split";

/** What a class may be called: the values of a label column. */
export type Label = string | number | boolean;

/** How to part a dataset. */
export interface SplitOptions {
  /** The share of rows that go to the second part, in (0, 1). Default 0.25. */
  readonly test?: number;
  /** Whether each class keeps its share in both parts. Default true. */
  readonly stratify?: boolean;
  /** Default 0. */
  readonly seed?: number;
}

/** The parts that {@link Dataset.from} puts together. */
export interface DatasetParts {
  /** Rows of observations: a matrix, or plain arrays (dense). */
  readonly features: Matrix | readonly ArrayLike<number>[];
  /** One label a row; dates become text, see {@link labelOf}. */
  readonly labels: ArrayLike<Label | Date>;
  /** The classes in the order of their numbers. Default: the distinct labels, sorted. */
  readonly classes?: readonly Label[];
  /** The name of each column. Default `x0`, `x1`, ... */
  readonly featureNames?: readonly string[] | FeatureNames;
  /** A weight for each row, at least 0. Default: all one. */
  readonly weights?: ArrayLike<number>;
  /** See {@link Dataset.scale}. */
  readonly scale?: Float32Array;
}

/** Observations with labels: what models are fitted to and judged by. Immutable. */
export class Dataset {
  private constructor(
    /** Rows are observations, columns are features. */
    readonly features: Matrix,
    /** The number of each row's class in `classes`. */
    readonly labels: Uint32Array,
    /** The classes, in the order of the numbers in `labels`. */
    readonly classes: readonly Label[],
    /** The name of each column. */
    readonly featureNames: FeatureNames,
    /** The weight of each row, or `null` where all count the same. */
    readonly weights: Float64Array | null,
    /**
     * The scale in which each feature's weight is penalised and ranked, or `null` for ones: training goes as if
     * column j were multiplied by `scale[j]`, and returns weights for the column as it is. So tf-idf costs a
     * model nothing at prediction (glmnet's `standardize` returns its coefficients in the same way).
     */
    readonly scale: Float32Array | null,
  ) {
    checkShape(
      features,
      "features of a dataset",
      "a matrix; Dataset.from({ features, labels }) makes a dataset",
      { rows: "number" },
    );
    if (features.rows > 0 && (weights === null || weights.some((w) => w > 0))) return;
    fail("empty-data", {
      thing: "dataset",
      value: `${features.rows} rows`,
      expected: "at least one, of positive weight",
    });
  }

  /**
   * Puts a dataset together.
   * @throws `invalid-data` and `missing-option` without features or labels; `empty-data` for no row, no column or no weight above 0; `length-mismatch` where lengths differ;
   * `invalid-label` where a label is missing, of no listed class or a class is listed twice; `not-finite` for NaN or
   * infinity in features; `invalid-option` for a weight below 0 or a scale not above 0, or either not finite
   */
  static from(parts: DatasetParts): Dataset {
    checkParts(parts);
    const features = isMatrix(parts.features)
      ? parts.features
      : DenseMatrix.fromRows(parts.features, parts.featureNames);
    const { rows, columns } = features;
    if (rows === 0 || columns === 0) {
      fail("empty-data", {
        thing: "dataset",
        value: `${rows} rows x ${columns} columns`,
        expected: "at least one of each",
      });
    }
    checkLength(parts.labels.length, rows, "labels");
    const labels = plainLabels(parts.labels);
    const classes = parts.classes ?? distinctLabels(labels);
    if (new Set(classes).size < classes.length) {
      const again = classes.find((label, k) => classes.indexOf(label) < k);
      fail("invalid-label", { thing: "class in `classes`", value: again, expected: "each class once" });
    }
    const featureNames = namesOf(parts.featureNames, columns);
    checkLength(featureNames.length, columns, "featureNames");
    const weights = parts.weights === undefined ? null : Float64Array.from(parts.weights);
    if (weights !== null) {
      checkLength(weights.length, rows, "weights");
      weights.forEach((w, i) => {
        checkNumber(w, `weight of row ${i}`, { min: 0 });
      });
    }
    if (parts.scale !== undefined) {
      checkLength(parts.scale.length, columns, "scale");
      parts.scale.forEach((s, j) => {
        checkNumber(s, `scale of column ${j}`, { above: 0 });
      });
    }
    return new Dataset(
      features,
      numbered(labels, classes),
      classes,
      featureNames,
      weights,
      parts.scale ?? null,
    );
  }

  /** The number of observations. */
  get rows(): number {
    return this.features.rows;
  }

  /** The number of features. */
  get columns(): number {
    return this.features.columns;
  }

  /** The number of rows of each class, in the order of `classes`. */
  get counts(): number[] {
    const counts = new Array<number>(this.classes.length).fill(0);
    for (const label of this.labels) counts[label]++;
    return counts;
  }

  /** A dataset of the given rows, in the given order. @throws `invalid-option`, `empty-data` for no such or no row */
  take(rows: ArrayLike<number>): Dataset {
    const features = this.features.take(rows);
    const order = Array.from(rows);
    return new Dataset(
      features,
      Uint32Array.from(order, (i) => this.labels[i]),
      this.classes,
      this.featureNames,
      this.weights === null ? null : Float64Array.from(order, (i) => this.weights![i]),
      this.scale,
    );
  }

  /** The same rows and labels with other features, e.g. after a change of scale or with columns set to zero. */
  withFeatures(features: Matrix): Dataset {
    checkShape(features, "features", "a DenseMatrix or a SparseMatrix", {
      rows: "number",
      columns: "number",
    });
    checkLength(features.rows, this.rows, "features");
    checkLength(features.columns, this.columns, "feature columns");
    return new Dataset(features, this.labels, this.classes, this.featureNames, this.weights, this.scale);
  }

  /**
   * The same rows with some of the features alone, under their names.
   * @param columns ascending and distinct
   * @throws `invalid-option` for columns that are not there or do not ascend; `empty-data` for none
   */
  select(columns: ArrayLike<number>): Dataset {
    checkList(columns, "columns to select");
    const chosen = Uint32Array.from(columns);
    if (chosen.length === 0) fail("empty-data", { thing: "selection of columns", expected: "at least one" });
    for (let c = 0; c < columns.length; c++) {
      const least = c === 0 ? 0 : columns[c - 1] + 1;
      checkNumber(columns[c], "column to select", { min: least, below: this.columns, integer: true });
    }
    const { featureNames: names, scale } = this;
    return new Dataset(
      selectColumns(this.features, chosen),
      this.labels,
      this.classes,
      { length: chosen.length, at: (c) => names.at(chosen[c]) },
      this.weights,
      scale === null ? null : Float32Array.from(chosen, (j) => scale[j]),
    );
  }

  /**
   * The same rows with labels numbered as in `classes`, e.g. those of a model that is to be judged by them.
   * @throws `invalid-label` where a row's class is not among them
   */
  withClasses(classes: readonly Label[]): Dataset {
    if (!Array.isArray(classes)) {
      fail("invalid-option", { thing: "classes", value: classes ?? "nothing", expected: "a list of labels" });
    }
    const same =
      classes.length === this.classes.length && classes.every((label, k) => label === this.classes[k]);
    if (same) return this;
    const labels = numbered(
      Array.from(this.labels, (k) => this.classes[k]),
      classes,
    );
    return new Dataset(this.features, labels, classes, this.featureNames, this.weights, this.scale);
  }

  /** Parts the rows at random into training and test rows. @throws `invalid-option`, `empty-data` */
  split(options: SplitOptions = {}): { train: Dataset; test: Dataset } {
    const { train, test } = splitRows(this.labels, this.classes.length, options);
    return { train: this.take(train), test: this.take(test) };
  }

  /**
   * `k` pairs for cross-validation: each row is in the test part of exactly one. Stratified by class.
   * @throws `invalid-option` unless 2 <= k <= the number of rows
   */
  folds(k: number, options: { readonly seed?: number } = {}): { train: Dataset; test: Dataset }[] {
    return foldRows(this.labels, this.classes.length, k, options).map(({ train, test }) => ({
      train: this.take(train),
      test: this.take(test),
    }));
  }
}

shownAs("dataset", Dataset);

function isMatrix(value: DatasetParts["features"]): value is Matrix {
  return value instanceof DenseMatrix || value instanceof SparseMatrix;
}

function namesOf(names: DatasetParts["featureNames"], columns: number): FeatureNames {
  if (names === undefined) return numberedNames(columns);
  return Array.isArray(names) ? listedNames(names) : (names as FeatureNames);
}

/**
 * A value as a label: text, numbers and booleans as they are, dates as text by ISO 8601, without the time where all of it
 * is zero (UTC); `undefined` for what is missing or can be none.
 */
export function labelOf(value: unknown): Label | undefined {
  if (typeof value === "string" || typeof value === "boolean") return value;
  if (typeof value === "number") return Number.isNaN(value) ? undefined : value;
  if (!(value instanceof Date) || Number.isNaN(value.getTime())) return undefined;
  return value.toISOString().replace("T00:00:00.000Z", "");
}

/** Typed arrays are labels as they are. */
function plainLabels(labels: ArrayLike<Label | Date>): ArrayLike<Label> {
  if (ArrayBuffer.isView(labels)) return labels as ArrayLike<Label>;
  // What is no label stays, and is refused by its row.
  return Array.from(labels, (label) => labelOf(label) ?? (label as Label));
}

/** The distinct labels in the order of class numbers: sorted, text by code units, others as numbers; missing ones left out. */
export function distinctLabels(labels: ArrayLike<Label>): Label[] {
  const found = [...new Set(Array.from(labels))].filter((label) => labelOf(label) !== undefined);
  return found.sort((a, b) =>
    typeof a === "string" || typeof b === "string"
      ? compareText(String(a), String(b))
      : Number(a) - Number(b),
  );
}

const partKeys: readonly string[] = ["features", "labels", "classes", "featureNames", "weights", "scale"];

function checkParts(parts: DatasetParts): void {
  const foreign = Object.keys(parts ?? {}).every((key) => translated(key, partKeys) !== undefined);
  if (parts?.features === undefined && parts?.labels === undefined && !(foreign && isPlain(parts ?? []))) {
    fail("invalid-data", {
      thing: "parts of a dataset",
      value: parts ?? "nothing",
      expected: "{ features, labels }",
      remedy: "A table becomes a dataset by TableEncoder.fit(frame, spec).transform(frame).",
    });
  }
  checkKeys(parts, partKeys, "Dataset.from");
  for (const part of ["classes", "featureNames", "weights", "scale"] as const) {
    if (parts[part] !== undefined) checkList(parts[part], `${part} of a dataset`);
  }
  if (parts.classes !== undefined && !Array.isArray(parts.classes)) {
    fail("invalid-option", {
      thing: "classes of a dataset",
      value: parts.classes,
      expected: "an array of labels",
    });
  }
  for (const part of ["features", "labels"] as const) {
    if (typeof parts[part] === "object" && parts[part] !== null) continue;
    fail("missing-option", {
      thing: `${part} of a dataset`,
      expected: part === "labels" ? "an array, one label a row" : "an array of rows or a matrix",
    });
  }
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function numbered(labels: ArrayLike<Label>, classes: readonly Label[]): Uint32Array {
  const numbers = new Map(classes.map((label, k) => [label, k]));
  return Uint32Array.from({ length: labels.length }, (_, i) => {
    const label = labels[i];
    const missing = labelOf(label) === undefined;
    const number = missing ? undefined : numbers.get(label);
    if (number !== undefined) return number;
    return fail("invalid-label", {
      thing: `label of row ${i}`,
      value: missing ? String(label) : label,
      expected: `one of ${classes
        .slice(0, 12)
        .map((c) => JSON.stringify(c))
        .join(", ")}`,
      remedy: missing
        ? "Drop or fill the rows without a label; labels are text, numbers, booleans or dates."
        : "Fit on rows of every class, and keep the type of the labels.",
    });
  });
}
