import type { Watch } from "../base/progress";
import type { LinearParts } from "../model/linear";
import type { Scorer } from "../model/scorer";
import type { Moments } from "../prune/gradient";
import { addStrengths, type PlacedHessian, pinIntercepts } from "../prune/obs/hessian";
import type { PathFit, PruneRows, RowsSplit } from "../prune/rows";
import { loadKernels } from "../simd/load";
import type { Arena } from "../simd/memory";
import type { PathOptions } from "../train/path";
import type { SupportFit } from "../train/support";
import type { Aggregate, AggregateRequest, FoldPart } from "./aggregate";
import type { LevelsFound } from "./fit-levels";
import type { FoldedTable } from "./judged-table";
import type { LevelTask } from "./level-task";
import { placedIn, problemsOf } from "./placed-problems";
import { TableEvaluation } from "./table-evaluation";

/** Some rows of a table, and the weights of their classes. */
export interface RowsPart {
  /** `null` for all rows. */
  readonly part: FoldPart | null;
  readonly masses: Float64Array;
}

/** Rows wherever they are that are summed over, judged by and fitted to. */
export interface SummedTable extends FoldedTable {
  /** The bytes that squares of parameters may take. */
  readonly room: number;
  /** How many fits to its rows are worth asking for at a time. */
  readonly abreast: number;
  /** Aggregates that are wanted at a time. @throws `cancelled`, `failed` */
  sums(requests: readonly AggregateRequest[], signal?: AbortSignal): Promise<readonly Aggregate[]>;
  /** Fits levels and intercepts at fixed codes. @throws `cancelled`, `failed` */
  levels(task: LevelTask, watch: Watch): Promise<LevelsFound>;
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
 * @param rows left out, all
 */
export function summedRows(
  table: SummedTable,
  seed: number,
  signal: AbortSignal | undefined,
  rows: RowsPart = { part: null, masses: table.masses },
): PruneRows {
  return new SummedRows(table, rows, seed, signal);
}

class SummedRows implements PruneRows {
  readonly mass: number;
  readonly abreast: number;
  readonly #table: SummedTable;
  readonly #rows: RowsPart;
  readonly #seed: number;
  readonly #signal: AbortSignal | undefined;

  constructor(table: SummedTable, rows: RowsPart, seed: number, signal: AbortSignal | undefined) {
    this.#table = table;
    this.#rows = rows;
    this.#seed = seed;
    this.#signal = signal;
    this.abreast = table.abreast;
    this.mass = rows.masses.reduce((sum, mass) => sum + mass, 0);
  }

  async moments(model: Scorer, wanted: readonly (keyof Moments)[]): Promise<Moments> {
    const { columns } = this.#table;
    const { outputs } = model;
    const problems = problemsOf(this.#table, this.#rows, model);
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
    const { scale, intercepts, weights, fitIntercept = true } = parts;
    const outputs = intercepts.length;
    const placed = problemsOf(this.#table, this.#rows, parts).map((problem) => {
      const { own, request } = problem;
      const all = placedIn(problem, alive, outputs);
      const [places, parameters] = [all.places, all.parameters].map((list) =>
        fitIntercept ? list : list.subarray(0, -own),
      );
      const strengths = Float64Array.from(places, (at) => {
        if (at >= weights.length) return 0;
        return scale === null ? lambda : lambda / scale[Math.floor(at / outputs)] ** 2;
      });
      const asked = request({ kind: "curvature", parameters });
      return { places, strengths, asked, pinned: fitIntercept && own > 1 ? own : 0 };
    });
    const requests = placed.map(({ asked }) => asked);
    const answers = await this.#table.sums(requests, this.#signal);
    return placed.map(({ places, strengths, pinned }, p) => ({
      places,
      kernels: loadKernels(arena.memory),
      local: null,
      form: async (out) => {
        out.set(answers[p].curvature);
        addStrengths(out, strengths);
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

  async path(
    { bounds = null, weights, intercepts }: LinearParts,
    columns: Uint32Array,
    options: Omit<PathOptions, "bounds">,
    watch: Watch,
  ): Promise<readonly PathFit[]> {
    const outputs = intercepts.length;
    const mask = new Uint8Array(weights.length);
    for (const j of columns) mask.fill(1, j * outputs, (j + 1) * outputs);
    const within = { lower: bounds?.lower ?? undefined, upper: bounds?.upper ?? undefined };
    const some = { ...this.#rows, mask };
    return (await this.#table.path({ ...options, bounds: within }, watch, some)).outcome.steps;
  }

  async logLoss(model: Scorer): Promise<number> {
    const [scores] = await this.#table.scores([model], this.#rows.part, false, { signal: this.#signal });
    return new TableEvaluation(scores, this.#table.classes).logLoss;
  }

  async splits(folds: number | null): Promise<readonly RowsSplit[]> {
    const table = this.#table;
    const seed = this.#seed;
    const splits = await splitsOf(table, this.#rows, folds, seed, this.#signal);
    const own = (rows: RowsPart): PruneRows => new SummedRows(table, rows, seed, this.#signal);
    return splits.map(({ train, test }) => ({ train: own(train), test: own(test) }));
  }
}

/** The rows parted into those that are fitted and those that judge: folds, or three quarters and one for `null`, drawn by the seed. */
export async function splitsOf(
  table: SummedTable,
  rows: RowsPart,
  given: number | null,
  seed: number,
  signal: AbortSignal | undefined,
): Promise<{ readonly train: RowsPart; readonly test: RowsPart }[]> {
  const folds = given ?? judging;
  const masses = await table.foldMasses(folds, seed, { signal });
  return masses.slice(0, given ?? 1).map((own, fold) => {
    const some = (held: boolean): RowsPart => ({
      part: { fold, folds, seed, held },
      masses: held ? own : rows.masses.map((mass, k) => mass - own[k]),
    });
    return { train: some(false), test: some(true) };
  });
}
