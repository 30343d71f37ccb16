import { Random } from "../../base/random";
import type { Arena } from "../../simd/memory";
import type { Design } from "../design";
import type { Monitor } from "../monitor";
import { Products } from "../products";
import { type Certificate, Certifier } from "./dual-certificate";
import { Multiplier } from "./dual-multiplier";
import { inLanes } from "./dual-order";
import { startDual } from "./dual-start";
import type { DualState } from "./dual-state";
import { openRows } from "./dual-tail";
import { checkStrengths, type DualTask } from "./dual-task";
import { Visits } from "./dual-visits";
import type { Stop } from "./solver";

/** When the ascent ends. */
interface DualStop extends Stop {
  /** After each so many epochs it is given up unless as many more are expected to do; by default it goes on. */
  readonly trial?: number;
}

/** One epoch, as history keeps it. */
interface DualStep {
  readonly iteration: number;
  /** The loss of each row as it was met plus the penalty after the epoch; exact in the first and last step. */
  readonly objective: number;
  /** An estimate of the duality gap relative to the objective; 1 at the start, the proven one in the last step. */
  readonly violation: number;
  readonly seconds: number;
}

/** Where the solver ended. */
export interface DualOutcome {
  readonly converged: boolean;
  readonly objective: number;
  /** The objective without the penalty. */
  readonly loss: number;
  /** Proven: the objective is at most this far above its minimum. */
  readonly gap: number;
  /** The gap relative to the objective. */
  readonly violation: number;
  readonly history: readonly DualStep[];
  /** Visits of rows over rows, the certificates included; a visit that reads without adding is half a visit. */
  readonly passes: number;
  readonly seconds: number;
}

/** Below this share of the objective a gap drowns in rounding. */
const rounding = 1e-12;
/** The gap is seen to be at most so many times the bend of the rows below what the ascent leaves. */
const tightness = 20;
/**
 * The share of the gap that the rows may hold which an epoch meets once; those that hold the rest, often a tenth of all, are met
 * twice. What they still hold the second time is about what is left of all.
 */
const metOnce = 0.3;
/** A certificate takes as long as an epoch, so the gap is to be expected so many times below what is asked for. */
const margin = 2;
/** The least part of an epoch that is worth while, and the most of it that one certificate may be expected to follow. */
const leastPart = 0.1;
const mostPart = 0.6;
/** A failed certificate is tried again after so many epochs at the latest. */
const patience = 8;

/**
 * Minimises sum_i s_i log(1 + exp(-y_i (x_i'w + b))) + sum_j l2_j / 2 w_j^2 by coordinate ascent on its dual (Yu, Huang
 * and Lin, 2011): one number a row, so it suits columns that outnumber rows. The free intercept is the multiplier of
 * sum_i y_i alpha_i = 0, found by the proximal method of multipliers (Rockafellar, 1976) with one epoch a centre:
 * within an epoch the intercept moves by `drift` times the change of that sum, after it once more by the whole sum.
 * The drift does not change what is found, only how fast: it starts at a tenth of the mean squared norm of the rows
 * plus a fifth of the inverse share, and grows where the sum is what keeps the gap open.
 * @param w the start, then the solution: the weights, then the intercept; in the arena of the design
 * @throws `invalid-option` where a strength is not above zero; whatever `pace.check` throws
 */
export function dualDescent(
  design: Design,
  task: DualTask,
  w: Float64Array,
  stop: DualStop,
  pace: Monitor,
): DualOutcome {
  checkStrengths(task.strengths, design.columns);
  return new DualDescent(design, task, w, stop, pace).run();
}

class DualDescent {
  readonly #stop: DualStop;
  readonly #pace: Monitor;
  readonly #random: Random;
  readonly #state: DualState;
  readonly #products: Products;
  readonly #certifier: Certifier;
  readonly #multiplier: Multiplier;
  /** The rows that count, and the order in which they, or some of them, are met, in the arena. */
  readonly #rows: Uint32Array;
  readonly #order: Uint32Array;
  readonly #visits: Visits;
  readonly #history: DualStep[] = [];
  readonly #started = performance.now();
  #passes = 0;

  constructor(design: Design, task: DualTask, w: Float64Array, stop: DualStop, pace: Monitor) {
    const { arena, rows, shares } = design;
    this.#stop = stop;
    this.#pace = pace;
    this.#random = new Random(task.seed);
    const sides = new Float64Array(rows);
    const counted = new Uint32Array(rows);
    let count = 0;
    for (let i = 0; i < rows; i++) {
      sides[i] = design.labels[i] === task.positive ? 1 : -1;
      if (shares[i] > 0) counted[count++] = i;
    }
    this.#state = {
      design,
      positive: task.positive,
      sides,
      free: task.fitIntercept,
      ...inversesOf(task.strengths, arena),
      norms: arena.floats(rows),
      alphas: arena.floats(rows),
      logits: arena.floats(rows).fill(Number.NEGATIVE_INFINITY),
      w,
    };
    this.#products = new Products(design);
    this.#certifier = new Certifier(this.#state, this.#products);
    this.#multiplier = new Multiplier(this.#state);
    this.#rows = counted.subarray(0, count);
    this.#order = arena.integers(this.#rows.length);
    this.#visits = new Visits(this.#state);
  }

  run(): DualOutcome {
    const { maxIterations, tolerance, trial = Number.POSITIVE_INFINITY } = this.#stop;
    const start = startDual(this.#state, this.#products);
    this.#passes += start.passes;
    this.#visits.sums[2] = start.penalty;
    // The dual is zero where its variables are, so that nothing worse is known than a gap of the whole objective.
    this.#record(start.objective, 1);
    let before = Number.POSITIVE_INFINITY;
    let factor = 1;
    let bent = false;
    let waited = 0;
    let halfway = Number.NaN;
    for (let epoch = 1; epoch <= maxIterations; epoch++) {
      this.#epoch(this.#rows, epoch === 1);
      if (epoch === 1) {
        factor = Math.min(1, tightness * this.#bend());
        bent = factor === 1;
      }
      const [violation, loss] = this.#visits.sums;
      // The first epoch has none before it; where rows hardly bend, those after it shrink the gap as that says.
      const guess = bent ? 1 : Math.min(1, 2 * factor);
      const rate = epoch === 1 ? guess : Math.min(1, violation / before);
      before = violation;
      // Where rows hardly bend, what is left comes of the intercept's moves, and no row keeps it.
      const open =
        bent && epoch > 1 ? openRows(this.#rows, this.#visits.divergences, metOnce * violation) : null;
      if (open !== null) {
        this.#multiplier.imbalance();
        this.#multiplier.recentre(violation * rate, rate);
        this.#epoch(open, false);
      }
      let left = open === null ? violation * rate : this.#visits.sums[0];
      let imbalance = this.#multiplier.imbalance();
      const estimate = factor * (left + imbalance);
      const objective = loss + this.#visits.sums[2];
      this.#record(objective, estimate / objective);
      this.#pace.report(epoch, maxIterations, message(objective, estimate));
      waited++;
      const enough = Math.max(tolerance, rounding) * objective;
      const part = Math.log((margin * estimate) / enough) / Math.log(1 / rate);
      if (part > 0 && part < mostPart) {
        this.#multiplier.recentre(left, rate);
        this.#epoch(this.#rows, false, Math.max(leastPart, part));
        left *= rate ** part;
        imbalance = this.#multiplier.imbalance();
      }
      if (part < mostPart || (left + imbalance <= enough && waited >= patience)) {
        const proof = this.#certify();
        if (isEnough(proof, this.#stop)) return this.#outcome(proof);
        factor = proof.gap / (left + imbalance);
        waited = 0;
      }
      if ((2 * epoch) % trial === trial) halfway = estimate;
      if (epoch % trial === 0) {
        const halves = Math.log(estimate / enough) / Math.log(halfway / estimate);
        if (!(halves > 0 && halves <= 2)) break;
      }
      if (epoch < maxIterations) this.#multiplier.recentre(left, rate);
    }
    return this.#outcome(this.#certify());
  }

  /** Meets rows once, or the first part of them, in a new random order. */
  #epoch(rows: Uint32Array, first: boolean, part: number = 1): void {
    const all = this.#order.subarray(0, rows.length);
    inLanes(rows, this.#visits.lanes, this.#random, all);
    const order = all.subarray(0, Math.ceil(part * rows.length));
    let starts = first;
    this.#visits.visit(
      order,
      () => this.#multiplier.drift,
      (some) => {
        if (starts) this.#multiplier.start(some);
        starts = false;
        this.#pace.check();
      },
    );
    this.#passes += order.length / this.#state.design.rows;
  }

  /** The mean curvature that a row's loss has along the row beside the penalty's, at most. */
  #bend(): number {
    const { design, norms } = this.#state;
    const { rows, shares } = design;
    let sum = 0;
    for (let i = 0; i < rows; i++) sum += shares[i] * norms[i];
    return sum / (4 * rows);
  }

  #certify(): Certificate {
    const proof = this.#certifier.certify(Math.max(this.#stop.tolerance, rounding), this.#history.length > 1);
    this.#passes += proof.passes;
    return proof;
  }

  #outcome(proof: Certificate): DualOutcome {
    const { w, design } = this.#state;
    const { objective, loss, gap } = proof;
    w[design.columns] = proof.intercept;
    const violation = objective > 0 ? gap / objective : 0;
    const last = this.#history[this.#history.length - 1];
    const seconds = this.#seconds();
    this.#history[this.#history.length - 1] = { ...last, objective, violation, seconds };
    return {
      converged: isEnough(proof, this.#stop),
      objective,
      loss,
      gap,
      violation,
      history: this.#history,
      passes: this.#passes,
      seconds,
    };
  }

  #record(objective: number, violation: number): void {
    const iteration = this.#history.length;
    this.#history.push({ iteration, objective, violation, seconds: this.#seconds() });
  }

  #seconds(): number {
    return (performance.now() - this.#started) / 1000;
  }
}

function isEnough({ gap, objective }: Certificate, { tolerance }: Stop): boolean {
  return gap <= Math.max(tolerance, rounding) * objective;
}

function inversesOf(strengths: Float64Array | number, arena: Arena): Pick<DualState, "inverses" | "inverse"> {
  if (typeof strengths === "number") return { inverses: null, inverse: 1 / strengths };
  const inverses = arena.floats(strengths.length);
  for (let j = 0; j < inverses.length; j++) inverses[j] = 1 / strengths[j];
  return { inverses, inverse: 1 };
}

function message(objective: number, gap: number): string {
  return `loss ${objective.toPrecision(5)}, gap ${gap.toExponential(1)}`;
}
