import { checkNumber } from "../base/check";
import { shownAs } from "../base/display";
import { fail } from "../base/errors";
import { checkList, checkShape } from "../base/shape";
import { sigmoid } from "../base/sigmoid";
import type { Label } from "../matrix/dataset";
import { DenseRowMemory, RowMemory, type RowParts, singlesOf } from "./row-memory";
import type { Link, Scorer } from "./scorer";

/** Stored values of a row that there is room for at first. */
const leastRoom = 4096;

/**
 * Predicts row after row without allocating. It holds the weights as they were when it was made, as a table of 32-bit floats for
 * two classes where these hold them exactly, which those of a file do. Each call writes `margins` and
 * `probabilities`, the same bits as the model's for the row, and returns the number of the class in `classes`.
 */
export class Predictor {
  /** The classes, in the order of the probabilities. */
  readonly classes: readonly Label[];
  /** How many features a row has. */
  readonly features: number;
  /** One margin an output, of the last row. */
  readonly margins: Float64Array;
  /** One probability a class, of the last row. */
  readonly probabilities: Float64Array;
  readonly #link: Link;
  readonly #least: number;
  readonly #parts: RowParts;
  #dense: DenseRowMemory | null = null;
  /** Where rows of other arrays are copied. */
  #copies: RowMemory | null = null;
  /** What `allocate` gave. */
  #room: RowMemory | null = null;

  /** @param model its margins are `x'W + b` in floating point; see `Scorer.predictor` */
  constructor(model: Scorer) {
    checkShape(model, "model", "model.predictor()", { classes: "list", weights: "list", intercepts: "list" });
    const { classes, features, link, outputs, threshold, weights } = model;
    this.classes = classes;
    this.features = features;
    this.#link = link;
    this.#least = Math.log(threshold) - Math.log1p(-threshold);
    const singles = outputs === 1 ? singlesOf(weights) : null;
    const own = singles === null ? weights.slice() : new Float64Array(0);
    this.#parts = { outputs, features, weights: own, singles, intercepts: model.intercepts.slice() };
    this.margins = new Float64Array(outputs);
    this.probabilities = new Float64Array(classes.length);
  }

  /**
   * The number of the class of a dense row: one number a feature, taken as 32-bit floats.
   * @throws `width-mismatch`; `not-finite`
   */
  predict(row: ArrayLike<number>): number {
    const { features } = this;
    if (row?.length !== features) {
      checkList(row, "row");
      fail("width-mismatch", {
        thing: "number of features",
        value: row.length,
        expected: String(features),
      });
    }
    this.#dense ??= new DenseRowMemory(this.#parts);
    this.#dense.score(row, this.margins);
    return this.#decide();
  }

  /**
   * Arrays for {@link predictSparse} in the memory of the kernels: rows written there are not copied before they are scored. They are
   * the fast ones until they are allocated anew.
   * @param length how many features and values there is room for, in one row or several
   * @throws `invalid-option`; `invalid-data` beyond 4 GB
   */
  allocate(length: number): { readonly indices: Uint32Array; readonly values: Float32Array } {
    checkNumber(length, "length", { min: 0, integer: true });
    this.#room = new RowMemory(this.#parts, length);
    return { indices: this.#room.indices, values: this.#room.values };
  }

  /**
   * The number of the class of a sparse row, stored in `[from, to)` of both arrays.
   * @param indices distinct features, ascending, as in `SparseMatrix`
   * @param values of each index, or `null` for ones
   * @throws `not-finite` for a value that is not, an index that is no feature, or a row that the arrays don't hold
   */
  predictSparse(
    indices: Uint32Array,
    values: Float32Array | null,
    from: number = 0,
    to: number = indices?.length,
  ): number {
    const room = this.#room;
    if (!(0 <= from && from <= to && to <= indices?.length && to <= (values ?? indices).length)) {
      this.margins.fill(Number.NaN);
    } else if (room !== null && room.indices === indices && (values === null || room.values === values)) {
      room.score(from, values === null ? -1 : from, to - from, this.margins);
    } else {
      checkTyped(indices, Uint32Array, "indices of a row");
      if (values !== null) checkTyped(values, Float32Array, "values of a row");
      const copies = this.#copiesOf(to - from);
      copies.put(indices, values, from, to);
      copies.score(0, values === null ? -1 : 0, to - from, this.margins);
    }
    return this.#decide();
  }

  #copiesOf(count: number): RowMemory {
    const length = this.#copies?.indices.length ?? 0;
    if (this.#copies === null || length < count) {
      this.#copies = new RowMemory(this.#parts, Math.max(leastRoom, 2 * length, count));
    }
    return this.#copies;
  }

  #decide(): number {
    const { margins, probabilities } = this;
    if (this.#link === "binary") {
      const margin = margins[0];
      if (margin - margin !== 0) this.#refuse();
      binaryShares(margin, probabilities, 0);
      return margin > this.#least ? 1 : 0;
    }
    let finite = 0;
    let best = 0;
    for (let k = 0; k < margins.length; k++) {
      finite += margins[k] - margins[k];
      if (margins[k] > margins[best]) best = k;
    }
    if (finite !== 0) this.#refuse();
    if (this.#link === "softmax") softmaxOf(margins, margins[best], probabilities);
    else {
      probabilities.set(margins);
      normalisedSigmoids(probabilities, 0, probabilities.length);
    }
    return best;
  }

  #refuse(): never {
    return fail("not-finite", {
      thing: "margin of a row",
      value: this.margins.find((margin) => !Number.isFinite(margin)),
      expected: "finite values of known features",
    });
  }
}

shownAs("predictor", Predictor);

function checkTyped(
  value: unknown,
  type: Uint32ArrayConstructor | Float32ArrayConstructor,
  thing: string,
): void {
  if (ArrayBuffer.isView(value) && !(value instanceof DataView)) return;
  const { name } = type;
  fail("invalid-option", { thing, value, expected: `a ${name}`, remedy: `${name}.from(list) makes one.` });
}

/** Writes the softmax of margins, the largest of which is `top`, with the bits of `softmaxInPlace`. */
function softmaxOf(margins: Float64Array, top: number, shares: Float64Array): void {
  let sum = 0;
  for (let k = 0; k < margins.length; k++) {
    const e = Math.exp(margins[k] - top);
    shares[k] = e;
    sum += e;
  }
  for (let k = 0; k < margins.length; k++) shares[k] /= sum;
}

/** Writes the probabilities of two classes at a margin, those that `sigmoid` gives for it and its opposite, by one exponential. */
export function binaryShares(margin: number, shares: Float64Array, at: number): void {
  const e = Math.exp(-Math.abs(margin));
  const likely = 1 / (1 + e);
  const other = e / (1 + e);
  shares[at] = margin < 0 ? likely : other;
  shares[at + 1] = margin < 0 ? other : likely;
}

/** Replaces `count` margins from `offset` by their sigmoids over the sum of these. */
export function normalisedSigmoids(values: Float64Array, offset: number, count: number): void {
  let sum = 0;
  for (let k = 0; k < count; k++) {
    values[offset + k] = sigmoid(values[offset + k]);
    sum += values[offset + k];
  }
  for (let k = 0; k < count; k++) values[offset + k] = sum > 0 ? values[offset + k] / sum : 1 / count;
}
