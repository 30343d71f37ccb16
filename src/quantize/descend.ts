import type { Dataset } from "../matrix/dataset";
import type { LinearScorer } from "../model/linear";
import { fittedOutputs } from "../prune/gradient";
import { Candidate } from "../prune/repair";
import { massOf } from "../prune/rows";
import type { Pace } from "../train/pace";
import { sharesOf } from "../train/shares";
import { type Coded, decoded } from "./codes";
import { type Columns, columnsOf } from "./columns";
import { ridgeAt } from "./curvature";
import { removed } from "./grid";
import { type Ladder, mostProposed, nothingWorth, PlacedCodes, proposed } from "./ladder";

/** Sweeps over all weights at most; hardly any code moves after the first few. */
const mostSweeps = 20;
/** The share of codes that a sweep has to move for there to be another. */
const leastMoved = 1e-3;

/** Descent over codes at fixed levels. */
export interface Descent {
  /** What a weight other than zero costs, in units of the mean loss. */
  readonly price: number;
  /** The codes where descent ends. @param coded weights at some or all of the positions */
  from(coded: Coded, intercepts: Float64Array, lambda: number, pace: Pace): Promise<Coded>;
}

/**
 * The least that the loss can rise by beyond its slope where a weight moves, given its curvature and the largest feature
 * (Bach, 2010, "Self-concordant analysis for logistic regression", proposition 1).
 */
function leastRise(curvature: number, largest: number, by: number): number {
  const reach = largest * Math.abs(by);
  if (reach < 1e-3) return (curvature * by * by * (1 - reach / 3)) / 2;
  return (curvature * by * by * (Math.expm1(-reach) + reach)) / (reach * reach);
}

/**
 * Moves codes at fixed levels to where no single one lowers the objective, mean log-loss plus lambda/2 ||w / scale||^2 plus a price for
 * each weight that is not zero: coordinate descent over the codes, of which zero is always one. The quadratic model of the loss in
 * one weight proposes a level; the exact change decides, which for a move by d in the margin of probability p is
 * log(1 + p (e^(x d) - 1)) - y x d a row, for one sigmoid and for softmax alike.
 */
export class CodeDescent implements Descent {
  readonly #model: LinearScorer;
  readonly #data: Dataset;
  readonly #positions: Uint32Array;
  readonly #columns: Columns;
  /** The largest magnitude in each column. */
  readonly #reach: Float64Array;
  /** The column of each weight among those in use. */
  readonly #place: Uint32Array;
  readonly #shares: Float64Array;
  /** Probabilities, output after output. */
  readonly #fitted: Float64Array;
  readonly #slopes = new Float64Array(2);
  /** The rungs that a weight may move to. */
  readonly #near = new Int32Array(mostProposed);
  /** What a weight other than zero costs, in units of the mean loss. */
  readonly price: number;

  /**
   * @param data rows whose labels are numbered as the model's classes
   * @param positions where weights may lie, ascending
   * @param leastGain what a weight other than zero has to lower the objective by, summed over rows, in nats
   */
  constructor(model: LinearScorer, data: Dataset, positions: Uint32Array, leastGain: number) {
    const { outputs } = model;
    const own = positions.map((at) => Math.floor(at / outputs));
    const used = Uint32Array.from(new Set(own));
    const place = new Map(Array.from(used, (j, c) => [j, c]));
    this.#model = model;
    this.#data = data;
    this.#positions = positions;
    this.#columns = columnsOf(data.features, used);
    const { starts, values } = this.#columns;
    this.#reach = Float64Array.from(used, (_, c) =>
      values.subarray(starts[c], starts[c + 1]).reduce((most, x) => Math.max(most, Math.abs(x)), 0),
    );
    this.#place = own.map((j) => place.get(j)!);
    this.#shares = sharesOf(data, null);
    this.#fitted = new Float64Array(data.rows * outputs);
    this.price = leastGain / massOf(data);
  }

  /** The codes where descent ends. @param coded weights at some or all of the positions */
  async from(coded: Coded, intercepts: Float64Array, lambda: number, pace: Pace): Promise<Coded> {
    const placed = new PlacedCodes(this.#positions, coded, this.#model.outputs);
    const { codes } = placed;
    let end = coded;
    for (let sweep = 0; sweep < mostSweeps; sweep++) {
      this.#judge(end, intercepts);
      let moved = 0;
      for (let i = 0; i < codes.length; i++) {
        const ladder = placed.ladder(i);
        if (ladder === null) continue;
        const code = this.#better(i, ladder, codes[i], lambda);
        if (code !== codes[i]) moved++;
        codes[i] = code;
        if (i % 256 === 0) await pace.rest();
      }
      end = placed.coded();
      pace.report(sweep + 1, mostSweeps, `${moved} codes moved`);
      if (moved <= leastMoved * codes.length) break;
    }
    if (end.positions.length === 0) nothingWorth(this.price * massOf(this.#data));
    return end;
  }

  #judge(coded: Coded, intercepts: Float64Array): void {
    const { outputs, link, classes } = this.#model;
    const { rows, features } = this.#data;
    const weights = new Float64Array(this.#model.weights.length);
    decoded(coded, outputs).forEach((value, i) => {
      weights[coded.positions[i]] = value;
    });
    const { featureNames, scale } = this.#model;
    const rounded = new Candidate({ classes, link, featureNames, weights, intercepts, scale });
    const fitted = fittedOutputs(rounded, rounded.margins(features));
    for (let i = 0; i < rows; i++) {
      for (let k = 0; k < outputs; k++) this.#fitted[k * rows + i] = fitted[i * outputs + k];
    }
  }

  /** The code of a weight after it has been tried to move. */
  #better(i: number, ladder: Ladder, code: number, lambda: number): number {
    const { codes, values, zero, largest } = ladder;
    const at = this.#positions[i];
    const { outputs, scale } = this.#model;
    const k = at % outputs;
    this.#look(i, k);
    const [slope, curvature] = this.#slopes;
    // The loss is above its tangent, so that no level is worth its price: of most weights of sparse data this is all.
    if (code === removed && Math.abs(slope) * largest <= this.price) return code;
    const ridge = ridgeAt(at, outputs, scale, lambda);
    const rung = codes.indexOf(code);
    const value = values[rung];
    const pull = slope + ridge * value;
    const near = this.#near;
    proposed(ladder, rung, pull, curvature + ridge, this.price > 0, near);
    let best = rung;
    let least = 0;
    for (let n = 0; n < near.length; n++) {
      const next = near[n];
      if (next === rung || next < 0 || next >= values.length || near.indexOf(next) < n) continue;
      const by = values[next] - value;
      const fixed =
        ridge * by * (value + by / 2) + this.price * (Number(next !== zero) - Number(rung !== zero));
      if (slope * by + leastRise(curvature, this.#reach[this.#place[i]], by) + fixed >= least) continue;
      const change = this.#change(i, k, by) + fixed;
      if (change < least) [best, least] = [next, change];
    }
    if (best !== rung) this.#move(i, k, values[best] - value);
    return codes[best];
  }

  /** Slope and curvature of the mean loss in a weight, into {@link #slopes}. */
  #look(i: number, k: number): void {
    const { starts, rows, values } = this.#columns;
    const { labels } = this.#data;
    const shares = this.#shares;
    const fitted = this.#fitted;
    const offset = k * this.#data.rows;
    const own = this.#model.link === "binary" ? 1 : k;
    const to = starts[this.#place[i] + 1];
    let slope = 0;
    let curvature = 0;
    for (let e = starts[this.#place[i]]; e < to; e++) {
      const row = rows[e];
      const p = fitted[offset + row];
      const part = shares[row] * values[e];
      slope += part * (labels[row] === own ? p - 1 : p);
      curvature += part * values[e] * p * (1 - p);
    }
    this.#slopes[0] = slope;
    this.#slopes[1] = curvature;
  }

  #truth(row: number, k: number): number {
    const label = this.#data.labels[row];
    return this.#model.link === "binary" ? label : Number(label === k);
  }

  /** The change of the mean loss where a weight moves. */
  #change(i: number, k: number, by: number): number {
    const { starts, rows, values } = this.#columns;
    const offset = k * this.#data.rows;
    let sum = 0;
    for (let e = starts[this.#place[i]]; e < starts[this.#place[i] + 1]; e++) {
      const row = rows[e];
      const shift = values[e] * by;
      const factor = Math.expm1(shift);
      sum +=
        this.#shares[row] * (Math.log1p(this.#fitted[offset + row] * factor) - this.#truth(row, k) * shift);
    }
    return sum;
  }

  #move(i: number, k: number, by: number): void {
    const { starts, rows, values } = this.#columns;
    const count = this.#data.rows;
    const fitted = this.#fitted;
    const { outputs, link } = this.#model;
    for (let e = starts[this.#place[i]]; e < starts[this.#place[i] + 1]; e++) {
      const row = rows[e];
      const at = k * count + row;
      const factor = Math.exp(values[e] * by);
      const whole = 1 + fitted[at] * (factor - 1);
      if (link === "softmax") for (let l = 0; l < outputs; l++) fitted[l * count + row] /= whole;
      else fitted[at] /= whole;
      fitted[at] *= factor;
    }
  }
}
