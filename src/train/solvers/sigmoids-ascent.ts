import { Random } from "../../base/random";
import type { Design } from "../design";
import { sampledTrace } from "../sampled-trace";
import type { Ascent } from "./ascent";
import { Drift } from "./drift";
import { factorsOf } from "./sigmoids-start";

/** The most that the losses of rows may bend along them beside the penalty, on average, for epochs to be few. */
const mostBend = 4;
/** Classes whose margins a kernel keeps in registers. */
const atATime = 6;
/** Stored values times outputs of one call, after which it is looked whether the fit is to end. */
const longest = 2 ** 22;
/** The gap is to be expected so many times below what is asked for. */
const margin = 2;
/** The least part of an epoch that is worth while, and the most of it that a certificate may follow. */
const leastPart = 0.1;
const mostPart = 0.6;
/** By how much the first epoch is taken to shrink the gap. */
const unknownRate = 0.5;
/** Epochs to come above which a factor of the Hessian takes less time. */
const mostEpochs = 20;
/** Of so many rows the kernel adds the loss of one. */
const every = 8;
/** The kinds of sums that the kernel adds up. */
const kinds = 4;

/** Some neighbouring classes, whose tables no other thread writes to. */
interface Range {
  readonly first: number;
  readonly outputs: number;
  readonly norms: Float64Array;
  readonly drifts: Float64Array;
  readonly alphas: Float64Array;
  readonly logits: Float64Array;
  /** The weights of column after column, then the intercepts. */
  readonly w: Float64Array;
  readonly sums: Float64Array;
  readonly scratch: Float64Array;
}

/** What the last epoch of one class told. */
interface Progress {
  /** What its rows held of the gap as they were met; of a part of an epoch, as much as all would have. */
  violation: number;
  /** By how much a whole epoch shrinks that. */
  rate: number;
  /** What is taken to be left of the gap, and what that is multiplied by to come to what was measured. */
  left: number;
  factor: number;
}

/**
 * Coordinate ascent on the duals of the logistic losses of all classes, each against the others, with an L2 penalty that is the
 * same for all columns: {@link dualDescent} for many classes at once, so that a row is read once for all. Where the penalty is
 * strong, few epochs do, whatever the columns have in common. It begins at zero weights, with the dual variables of each class
 * at the multiple of its residuals that serves the dual best.
 */
export class SigmoidsAscent implements Ascent {
  readonly #design: Design;
  readonly #strength: number;
  readonly #ranges: readonly Range[];
  readonly #residuals: Float64Array;
  readonly #curvatures: Float64Array;
  readonly #drifts: readonly Drift[];
  readonly #progress: readonly Progress[];
  readonly #rows: Uint32Array;
  readonly #order: Uint32Array;
  readonly #random = new Random(0);
  /** Whole epochs since the start or a part of one. */
  #whole = 0;

  /** Whether epochs will be few. @param strength of L2 on the mean loss */
  static pays(design: Design, strength: number): boolean {
    return sampledTrace(design, design.shares) <= 4 * mostBend * strength * design.rows;
  }

  /**
   * @param residuals each row's derivatives by its margins at the last point, zero weights, rows x classes
   * @param curvatures its second derivatives there
   * @param intercepts of that point, which balance the residuals of each class
   * @param g the gradient there, the intercepts' last
   */
  constructor(
    design: Design,
    strength: number,
    residuals: Float64Array,
    curvatures: Float64Array,
    intercepts: Float64Array,
    g: Float64Array,
  ) {
    const { arena, rows, columns, shares } = design;
    const K = intercepts.length;
    this.#design = design;
    this.#strength = strength;
    this.#residuals = residuals;
    this.#curvatures = curvatures;
    this.#rows = Uint32Array.from({ length: rows }, (_, i) => i).filter((i) => shares[i] > 0);
    this.#order = arena.integers(rows).subarray(0, this.#rows.length);
    const norm = sampledTrace(design, shares) / strength;
    this.#drifts = Array.from({ length: K }, () => new Drift(shares));
    for (const drift of this.#drifts) drift.start(norm);
    this.#progress = Array.from({ length: K }, () => ({
      violation: 0,
      rate: unknownRate,
      left: 0,
      factor: 1,
    }));
    const factors = factorsOf(residuals, shares, g, strength, K);
    this.#ranges = rangesOf(K).map(([first, last]) => {
      const outputs = last - first;
      const range: Range = {
        ...{ first, outputs, norms: arena.floats(rows), drifts: arena.floats(outputs) },
        ...{ alphas: arena.floats(rows * outputs), logits: arena.floats(rows * outputs) },
        ...{ w: design.parameters(outputs), sums: arena.floats(kinds * outputs) },
        scratch: arena.floats(outputs),
      };
      for (let o = 0; o < outputs; o++) {
        const k = first + o;
        for (let j = 0; j < columns; j++) range.w[j * outputs + o] = (-factors[k] / strength) * g[j * K + k];
        range.w[columns * outputs + o] = intercepts[k];
      }
      // At zero weights all rows of a class and all others have one residual each, but for their shares.
      for (let o = 0; o < outputs; o++) {
        let [ratio, logit] = [Number.NaN, 0];
        for (let i = 0; i < rows; i++) {
          const a = factors[first + o] * Math.abs(residuals[i * K + first + o]);
          range.alphas[i * outputs + o] = a;
          if (a / shares[i] !== ratio) {
            ratio = a / shares[i];
            logit = a > 0 ? Math.log(a / (shares[i] - a)) : Number.NEGATIVE_INFINITY;
          }
          range.logits[i * outputs + o] = logit;
        }
      }
      return range;
    });
  }

  climb(w: Float64Array, tolerance: number): boolean {
    for (;;) {
      const missing = this.#epoch(1, tolerance);
      if (missing < mostPart) {
        if (missing > 0) this.#epoch(Math.max(leastPart, missing), tolerance);
        this.#write(w);
        return true;
      }
      if (this.#whole > 1 && !(missing < mostEpochs)) {
        this.#write(w);
        return false;
      }
    }
  }

  /**
   * Weights are those of the dual variables, so the gap is the sum of the rows' Fenchel-Young divergences: s KL(a | p) with p the
   * probability by the margin, at most half of s (a - p)^2 times the greater of 1 / (p (1 - p)) and 1 / (a (1 - a)), since that is convex
   * between them. Scaling one side's dual variables, so that both sum to the same, moves the weights by no more than
   * their rows are long.
   */
  gaps(out: Float64Array): void {
    const { rows, labels, shares } = this.#design;
    const K = this.#drifts.length;
    for (const { first, outputs, alphas, norms } of this.#ranges) {
      for (let o = 0; o < outputs; o++) {
        const k = first + o;
        let [own, others] = [0, 0];
        for (let i = 0; i < rows; i++) {
          if (labels[i] === k) own += alphas[i * outputs + o];
          else others += alphas[i * outputs + o];
        }
        const least = Math.min(own, others);
        const factors = own === others ? [1, 1] : [least / others, least / own];
        let [sum, length] = [0, 0];
        for (let i = 0; i < rows; i++) {
          const s = shares[i];
          if (s === 0) continue;
          const factor = factors[labels[i] === k ? 1 : 0];
          const a = alphas[i * outputs + o];
          const scaled = factor * a;
          const apart = scaled - Math.abs(this.#residuals[i * K + k]);
          if (apart !== 0) {
            const bend = Math.min(this.#curvatures[i * K + k], scaled * (1 - scaled / s));
            sum += (apart * apart) / bend;
          }
          if (factor < 1) length += (a - scaled) * Math.sqrt(norms[i]);
        }
        out[k] = (sum + length * length) / 2;
        const { left } = this.#progress[k];
        if (left > 0) this.#progress[k].factor = Math.max(1, out[k] / left);
      }
    }
  }

  /** Meets all rows, or some, in a new random order; the epochs that are expected to be missing. */
  #epoch(part: number, tolerance: number): number {
    const { team, rows, columns, nonzeros, matrix, labels, shares } = this.#design;
    const [pointers, indices, values] = matrix;
    const strength = this.#strength;
    this.#order.set(this.#rows);
    this.#random.shuffle(this.#order);
    const count = Math.ceil(part * this.#order.length);
    for (const range of this.#ranges) {
      const { sums, drifts, outputs, first } = range;
      sums.fill(0, 0, outputs).fill(0, 2 * outputs);
      for (let o = 0; o < outputs; o++) drifts[o] = this.#drifts[first + o].value;
    }
    const some = Math.max(16, Math.floor((longest * rows) / (nonzeros * atATime + 1)));
    for (let from = 0; from < count; from += some) {
      const met = Math.min(some, count - from);
      team.run("sigmoidsAscent", this.#ranges.length, (index) => {
        const { first, outputs, norms, drifts, alphas, logits, w, sums, scratch } = this.#ranges[index];
        return [
          ...[pointers, indices, values, columns, this.#order.byteOffset + 4 * from, met, first, outputs],
          ...[labels.byteOffset, shares.byteOffset, 1 / strength, norms.byteOffset, drifts.byteOffset],
          ...[alphas, logits, w, sums, scratch].map((view) => view.byteOffset),
        ];
      });
    }
    this.#design.passes += count / this.#order.length;
    this.#whole = part < 1 ? 0 : this.#whole + 1;
    let missing = 0;
    for (const range of this.#ranges) {
      for (let o = 0; o < range.outputs; o++)
        missing = Math.max(missing, this.#settle(range, o, part, tolerance));
    }
    return missing;
  }

  /** Recentres the intercept of a class, and returns the epochs that it misses. */
  #settle({ first, outputs, w, sums }: Range, o: number, part: number, tolerance: number): number {
    const progress = this.#progress[first + o];
    const drift = this.#drifts[first + o];
    const violation = sums[o] / part;
    if (this.#whole > 1 && part === 1) progress.rate = Math.min(1, violation / progress.violation);
    const { rate } = progress;
    const imbalance = drift.imbalance(sums[outputs + o], sums[2 * outputs + o] / part);
    progress.violation = violation;
    progress.left = violation * rate ** part + imbalance;
    let penalty = 0;
    const { columns } = this.#design;
    for (let j = o; j < columns * outputs; j += outputs) penalty += w[j] * w[j];
    const value = (every * sums[3 * outputs + o]) / part + (this.#strength * penalty) / 2;
    w[columns * outputs + o] += drift.recentre(violation * rate ** part, rate);
    const wanted = Math.log((margin * progress.factor * progress.left) / (tolerance * value));
    return wanted > 0 ? wanted / Math.log(1 / rate) : 0;
  }

  /** Writes weights and intercepts of all classes, side by side. */
  #write(w: Float64Array): void {
    const K = this.#drifts.length;
    for (const { first, outputs, w: own } of this.#ranges) {
      for (let j = 0, at = first; j < own.length; j += outputs, at += K) {
        for (let o = 0; o < outputs; o++) w[at + o] = own[j + o];
      }
    }
  }
}

/** Neighbouring classes for each thread, in even numbers, since kernels take pairs. */
function rangesOf(K: number): [number, number][] {
  const count = Math.max(2, Math.ceil(K / atATime));
  const bound = (part: number) => (part === count ? K : 2 * Math.round((K * part) / count / 2));
  return Array.from({ length: count }, (_, part): [number, number] => [bound(part), bound(part + 1)]).filter(
    ([first, last]) => last > first,
  );
}
