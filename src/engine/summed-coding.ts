import type { Watch } from "../base/progress";
import type { LinearScorer } from "../model/linear";
import type { Scorer } from "../model/scorer";
import type { RoundingSystem, RoundingSystems } from "../quantize/compensation-systems";
import type { QuantizeLoss } from "../quantize/quantized";
import type { CodingRows, LevelsAt } from "../quantize/rows";
import type { Kernels } from "../simd/kernels";
import { loadKernels } from "../simd/load";
import type { Arena } from "../simd/memory";
import { boxOf } from "../train/level-box";
import { checkLevels, type LevelParts } from "../train/levels";
import { type Placed, placedIn, problemsOf } from "./placed-problems";
import { SummedDescent } from "./summed-descent";
import { type RowsPart, type SummedTable, splitsOf, summedRows } from "./summed-rows";
import { compareOn } from "./table-comparison";
import { factorsOf } from "./table-plan";

/**
 * The rows of a table as quantization asks for them: each question is a pass, or a round, over all of them, and none is held.
 * @param seed by which rows are drawn that judge a refit's strengths
 * @param rows left out, all
 */
export function summedCoding(
  table: SummedTable,
  seed: number,
  signal: AbortSignal | undefined,
  rows: RowsPart = { part: null, masses: table.masses },
): CodingRows {
  const sums = summedRows(table, seed, signal, rows);
  return {
    data: null,
    diagonal: async (model) => (await sums.moments(model, ["curvature"])).curvature,
    systems: async (model, positions, arena) => await systemsOf(table, rows, model, positions, arena, signal),
    descent: (model, positions, leastGain) =>
      new SummedDescent(table, rows, model, positions, leastGain, signal),
    levels: async (parts, lambda, watch) => await levelsOf(table, rows, parts, lambda, watch),
    logLoss: async (model) => await sums.logLoss(model),
    loss: async (before, after) => await lossOf(table, before, after, signal),
    split: async () => {
      const [{ train, test }] = await splitsOf(table, rows, null, seed, signal);
      return {
        train: summedCoding(table, seed, signal, train),
        test: summedCoding(table, seed, signal, test),
      };
    },
  };
}

async function levelsOf(
  table: SummedTable,
  { part, masses }: RowsPart,
  parts: LevelParts,
  lambda: number,
  watch: Watch,
): Promise<LevelsAt> {
  const { link, positions, parameters, factors, levels, intercepts, scale } = parts;
  const { held = false, fitIntercept = true } = parts;
  checkLevels(levels);
  const { classes, columns } = table;
  const found = await table.levels(
    {
      ...{ columns, link, lambda, fitIntercept, scale, part, positions, parameters, intercepts },
      classes: classes.length,
      factors: factorsOf(classes, masses, null),
      worth: factors ?? new Float64Array(positions.length).fill(1),
      levels: held ? new Float64Array(0) : levels,
      box: boxOf(parts),
    },
    watch,
  );
  const warning = {
    code: "not-converged",
    message: `The levels are not converged after ${found.passes} passes over all rows.`,
    remedy: "Raise lambda.",
  } as const;
  return {
    levels: held ? levels : found.levels,
    intercepts: found.intercepts,
    objective: found.objective,
    warnings: found.converged ? [] : [warning],
  };
}

async function lossOf(
  table: SummedTable,
  before: Scorer,
  after: Scorer,
  signal: AbortSignal | undefined,
): Promise<QuantizeLoss> {
  const { rows } = await compareOn(table, { before, after }, { signal });
  const [first, second] = rows.map(({ evaluation }) => evaluation.logLoss);
  return { rows: table.rows, before: first, after: second, changed: rows[1].difference!.changed };
}

/** The Hessians of all weights that are to be rounded, problem by problem: what was changed pulls through them. */
async function systemsOf(
  table: SummedTable,
  rows: RowsPart,
  model: LinearScorer,
  positions: Uint32Array,
  arena: Arena,
  signal: AbortSignal | undefined,
): Promise<RoundingSystems> {
  const { weights, outputs } = model;
  const alive = new Uint8Array(weights.length);
  for (const at of positions) alive[at] = 1;
  const problems = problemsOf(table, rows, model);
  const placed = problems.map((problem) => placedIn(problem, alive, outputs));
  const requests = problems.map(({ request }, p) =>
    request({ kind: "curvature", parameters: placed[p].parameters }),
  );
  const answers = await table.sums(requests, signal);
  const each = placed.map((own, p) => new HeldProblem(own, answers[p].curvature));
  const kernels: Kernels = loadKernels(arena.memory);
  return {
    kernels,
    open: (k, places) => {
      const p = problems.findIndex(({ first, own }) => k < first + own);
      return each[p].open(Uint32Array.of(...places, weights.length + k));
    },
  };
}

/** A problem whose whole Hessian is held. */
class HeldProblem {
  readonly #numbers: ReadonlyMap<number, number>;
  readonly #hessian: Float64Array;
  /** By how much each parameter was lowered. */
  readonly #lowered: Float64Array;

  constructor({ places }: Placed, hessian: Float64Array) {
    this.#numbers = new Map(Array.from(places, (at, p) => [at, p]));
    this.#hessian = hessian;
    this.#lowered = new Float64Array(places.length);
  }

  open(places: Uint32Array): RoundingSystem {
    const n = places.length;
    const own = places.map((at) => this.#numbers.get(at)!);
    const hessian = new Float64Array(n * n);
    for (let a = 0; a < n; a++) for (let b = 0; b <= a; b++) hessian[a * n + b] = this.#at(own[a], own[b]);
    const lowered = this.#lowered;
    return {
      hessian,
      pulled: lowered.some((by) => by !== 0) ? Float64Array.from(own, (p) => this.#pull(p)) : null,
      lower: (by) => {
        own.forEach((p, a) => {
          lowered[p] += by[a];
        });
      },
    };
  }

  #at(p: number, q: number): number {
    return this.#hessian[Math.max(p, q) * this.#lowered.length + Math.min(p, q)];
  }

  #pull(p: number): number {
    return this.#lowered.reduce((sum, by, q) => sum + by * this.#at(p, q), 0);
  }
}
