import type { LinearParts } from "../model/linear";
import type { Scorer } from "../model/scorer";
import type { Moments } from "../prune/gradient";
import { addStrengths, type PlacedHessian, pinIntercepts } from "../prune/obs/hessian";
import type { PruneRows, RowsSplit } from "../prune/rows";
import { loadKernels } from "../simd/load";
import type { Arena } from "../simd/memory";
import type { SupportFit } from "../train/support";
import type { Aggregate, AggregateRequest, FoldPart, Operation } from "./aggregate";
import { outputsOf } from "./block-terms";
import type { FoldedTable } from "./judged-table";
import { lossesOf } from "./packed-fitters";
import { TableEvaluation } from "./table-evaluation";
import { factorsOf } from "./table-plan";

/** Some rows of a table, and the weights of their classes. */
export interface RowsPart {
  /** `null` for all rows. */
  readonly part: FoldPart | null;
  readonly masses: Float64Array;
}

/** Rows wherever they are that are summed over, judged by and fitted to. */
export interface SummedTable extends FoldedTable {
  /** Aggregates that are wanted at a time. @throws `cancelled`, `failed` */
  sums(requests: readonly AggregateRequest[], signal?: AbortSignal): Promise<readonly Aggregate[]>;
  /** Fits the weights of a mask again to some rows. @throws `cancelled`, `failed` */
  refit(
    parts: LinearParts,
    mask: Uint8Array,
    lambda: number,
    rows: RowsPart,
    signal?: AbortSignal,
  ): Promise<SupportFit>;
}

/** The share of its rows by which a refit's strengths are chosen where nothing else is said. */
const judging = 4;

const operations = { gradient: "gradient", absolute: "absolute", curvature: "diagonal" } as const;

/**
 * The rows of a table as pruning asks for them: each question is a pass, or a round, over all of them, and none is held.
 * @param seed by which rows are drawn that judge a refit's strengths
 */
export function summedRows(table: SummedTable, seed: number, signal?: AbortSignal): PruneRows {
  return new SummedRows(table, { part: null, masses: table.masses }, seed, signal);
}

/** A problem of a model: one output, or all where they share their rows' loss. */
interface PlacedProblem {
  readonly request: (operation: Operation) => AggregateRequest;
  /** The number of the first output. */
  readonly first: number;
  /** The outputs of the problem. */
  readonly own: number;
}

class SummedRows implements PruneRows {
  readonly mass: number;
  readonly #table: SummedTable;
  readonly #rows: RowsPart;
  readonly #seed: number;
  readonly #signal: AbortSignal | undefined;

  constructor(table: SummedTable, rows: RowsPart, seed: number, signal: AbortSignal | undefined) {
    this.#table = table;
    this.#rows = rows;
    this.#seed = seed;
    this.#signal = signal;
    this.mass = rows.masses.reduce((sum, mass) => sum + mass, 0);
  }

  async moments(model: Scorer, wanted: readonly (keyof Moments)[]): Promise<Moments> {
    const { columns } = this.#table;
    const { outputs } = model;
    const problems = this.#problemsOf(model);
    const requests = wanted.flatMap((name) =>
      problems.map(({ request }) => request({ kind: operations[name] })),
    );
    const answers = await this.#table.sums(requests, this.#signal);
    const none = new Float64Array(0);
    const found = { gradient: none, absolute: none, curvature: none };
    wanted.forEach((name, n) => {
      const sums = new Float64Array(columns * outputs);
      problems.forEach(({ first, own }, p) => {
        const { gradient, curvature } = answers[n * problems.length + p];
        const each = name === "curvature" ? curvature : gradient;
        for (let at = 0; at < columns * own; at++) {
          sums[Math.floor(at / own) * outputs + first + (at % own)] = each[at];
        }
      });
      found[name] = sums;
    });
    return found;
  }

  async hessians(
    parts: LinearParts,
    lambda: number,
    arena: Arena,
    alive: Uint8Array = Uint8Array.from(parts.weights, (w) => Number(w !== 0)),
  ): Promise<readonly PlacedHessian[]> {
    const { columns } = this.#table;
    const { scale, intercepts, weights, fitIntercept = true } = parts;
    const outputs = intercepts.length;
    const placed = this.#problemsOf(parts).map(({ request, first, own }) => {
      const [places, parameters, strengths]: number[][] = [[], [], []];
      for (let j = 0; j < columns * own; j++) {
        const column = Math.floor(j / own);
        const at = column * outputs + first + (j % own);
        if (alive[at] === 0) continue;
        places.push(at);
        parameters.push(j);
        strengths.push(scale === null ? lambda : lambda / scale[column] ** 2);
      }
      for (let k = 0; fitIntercept && k < own; k++) {
        places.push(weights.length + first + k);
        parameters.push(columns * own + k);
        strengths.push(0);
      }
      const asked = request({ kind: "curvature", parameters: Uint32Array.from(parameters) });
      return { places, strengths, asked, pinned: fitIntercept && own > 1 ? own : 0 };
    });
    const requests = placed.map(({ asked }) => asked);
    const answers = await this.#table.sums(requests, this.#signal);
    return placed.map(({ places, strengths, pinned }, p) => ({
      places: Uint32Array.from(places),
      kernels: loadKernels(arena.memory),
      local: null,
      form: async (out) => {
        out.set(answers[p].curvature);
        addStrengths(out, Float64Array.from(strengths));
        if (pinned > 0) pinIntercepts(out, places.length, pinned);
      },
    }));
  }

  async fit(
    parts: LinearParts,
    mask: Uint8Array,
    lambda: number,
    signal: AbortSignal | undefined = this.#signal,
  ): Promise<SupportFit> {
    return await this.#table.refit(parts, mask, lambda, this.#rows, signal);
  }

  async logLoss(model: Scorer): Promise<number> {
    const [scores] = await this.#table.scores([model], this.#rows.part, false, { signal: this.#signal });
    return new TableEvaluation(scores, this.#table.classes).logLoss;
  }

  async splits(given: number | null): Promise<readonly RowsSplit[]> {
    const folds = given ?? judging;
    const seed = this.#seed;
    const masses = await this.#table.foldMasses(folds, seed, { signal: this.#signal });
    return masses.slice(0, given ?? 1).map((own, fold) => {
      const some = (held: boolean): PruneRows => {
        const rows = held ? own : this.#rows.masses.map((mass, k) => mass - own[k]);
        const part = { part: { fold, folds, seed, held }, masses: rows };
        return new SummedRows(this.#table, part, seed, this.#signal);
      };
      return { train: some(false), test: some(true) };
    });
  }

  /** Where the sums of a model are taken, problem by problem. */
  #problemsOf({
    weights,
    intercepts,
    link,
  }: Pick<LinearParts, "intercepts" | "link"> & { readonly weights: ArrayLike<number> }): PlacedProblem[] {
    const { classes, columns } = this.#table;
    const { part, masses } = this.#rows;
    const factors = factorsOf(classes, masses, null);
    const outputs = intercepts.length;
    return lossesOf({ link, classes: classes.length }).map((loss, first) => {
      const own = outputsOf(loss);
      const parameters = new Float64Array((columns + 1) * own);
      for (let j = 0; j < columns * own; j++) {
        parameters[j] = weights[Math.floor(j / own) * outputs + first + (j % own)];
      }
      parameters.set(intercepts.subarray(first, first + own), columns * own);
      const state = { loss, parameters, factors, part };
      return { first, own, request: (operation: Operation) => ({ operation, state }) };
    });
  }
}
