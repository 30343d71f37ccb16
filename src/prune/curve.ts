import { listening } from "../base/ambient-signal";
import { checkChoice, checkKeys, checkNumber } from "../base/check";
import { shownAs } from "../base/display";
import { fail } from "../base/errors";
import { checkCancelled, type Watch } from "../base/progress";
import { checkList } from "../base/shape";
import type { Dataset } from "../matrix/dataset";
import { soundlyAlignedTo } from "../model/align";
import type { LinearScorer } from "../model/linear";
import { meanLogLoss } from "../model/log-loss";
import { type Contest, contestOf } from "./contest";
import { type Cut, cut } from "./cut";
import { keepMask, targetOf } from "./mask";
import { type PruneOptions, type PrunePlan, planPruning, type Strategy, strategies } from "./options";
import { aligned, checkAlive, lambdaOf } from "./prune";
import type { PrunedModel } from "./pruned";
import { rankingOf } from "./rank";
import type { RefitOptions } from "./refit-options";
import { finish, prunedOf, roundOf, thresholdOf } from "./rounds";

/** What a curve is drawn of. */
export interface PruningCurveOptions
  extends Pick<
    PruneOptions,
    "scope" | "groups" | "protect" | "lambda" | "l1" | "decay" | "order" | "obs" | "seed"
  > {
  /** Default: `magnitude`, `l1`, `taylor`, `obs` and `random`, the control. */
  readonly strategies?: readonly Strategy[];
  /** The shares of weights that are zero, each in [0, 1). Default: 0.5, 0.75, 0.875 and on to where four weights are left. */
  readonly sparsities?: readonly number[];
  /** The rows that strategies look at and that survivors are fitted to. */
  readonly data: Dataset;
  /** The rows that judge, which should be in no fit. Default: `data`. */
  readonly validation?: Dataset;
  /** As of `prune`; the same for every strategy, so that they compare. Default true. */
  readonly refit?: boolean | RefitOptions;
}

/** One model of a curve. */
export interface PruningPoint {
  /** How the worth of a weight was judged. */
  readonly strategy: Strategy;
  /** The sparsity that was asked for. */
  readonly sparsity: number;
  /** Weights kept, intercepts left out. */
  readonly kept: number;
  /** Of the rows that judge. */
  readonly logLoss: number;
  /** The share of the rows that judge whose class is right. */
  readonly accuracy: number;
  /** Of the rows that were fitted. */
  readonly trainLogLoss: number;
  /** The strength of the refit, or `null` where there was none. */
  readonly lambda: number | null;
  /** Seconds of judgement, removal and refit; the judgement counts at the first point of its strategy. */
  readonly seconds: number;
  /** The pruned model. */
  readonly model: PrunedModel;
}

/** Quality against sparsity, strategy by strategy. */
export class PruningCurve {
  constructor(
    /** Strategy after strategy, each from the densest. */
    readonly points: readonly PruningPoint[],
    /** The model that was pruned. */
    readonly whole: { readonly kept: number; readonly logLoss: number; readonly accuracy: number },
    /** The number of rows that judged. */
    readonly rows: number,
    /** Whether those rows were held out. */
    readonly heldOut: boolean,
  ) {}

  /** The strategies, in the order in which they were given. */
  get strategies(): Strategy[] {
    return [...new Set(this.points.map(({ strategy }) => strategy))];
  }

  /** The point of the least log-loss at a sparsity; of equals the first. @throws `invalid-option` where there is none */
  best(sparsity: number): PruningPoint {
    const own = this.points.filter((point) => point.sparsity === sparsity);
    if (own.length === 0) {
      fail("invalid-option", {
        thing: "sparsity of the curve",
        value: sparsity,
        expected: `one of ${[...new Set(this.points.map((point) => point.sparsity))].join(", ")}`,
      });
    }
    return own.reduce((best, point) => (point.logLoss < best.logLoss ? point : best));
  }
}

shownAs("pruningCurve", PruningCurve);

/**
 * Prunes a model by several strategies to several sparsities, each from the model itself in one round, and judges what is
 * left. Random pruning among them says what any strategy is worth.
 *
 * @throws as `prune`
 */
export async function pruningCurve(
  model: LinearScorer,
  options: PruningCurveOptions,
  watch: Watch = {},
): Promise<PruningCurve> {
  checkKeys(options, known, "pruningCurve");
  const { strategies: named = usual, sparsities, refit = true, ...shared } = options;
  checkList(named, "strategies");
  if (sparsities !== undefined) checkList(sparsities, "sparsities");
  for (const strategy of named) checkChoice(strategy, "strategies", strategies);
  checkAlive(model);
  const heard = listening(watch);
  const levels = [...(sparsities ?? halvings(model))].sort((a, b) => a - b);
  for (const level of levels) checkNumber(level, "sparsities", { min: 0, below: 1 });
  if (named.length * levels.length === 0) {
    fail("missing-option", { thing: "strategies or sparsities", expected: "at least one of each" });
  }
  const judge = soundlyAlignedTo(model, options.validation ?? options.data);
  const points: PruningPoint[] = [];
  for (const strategy of named) {
    const sweep = new Sweep(model, judge, planOf(model, strategy, levels[0], { ...shared, refit }));
    for (const sparsity of levels) {
      checkCancelled(heard.signal, "pruning curve");
      const point = await sweep.at(sparsity, { signal: heard.signal });
      points.push(point);
      heard.onProgress?.({
        step: "pruning curve",
        done: points.length,
        total: named.length * levels.length,
        message: `${strategy}, ${point.kept} kept, log-loss ${point.logLoss.toPrecision(4)}`,
      });
    }
  }
  const whole = { kept: model.nonzeros, logLoss: meanLogLoss(model, judge), accuracy: model.score(judge) };
  return new PruningCurve(points, whole, judge.rows, options.validation !== undefined);
}

const usual = ["magnitude", "l1", "taylor", "obs", "random"] as const;
const known = [
  ...["strategies", "sparsities", "data", "validation", "refit", "scope", "groups", "protect", "lambda"],
  ...["l1", "decay", "order", "obs", "seed"],
] as const;
/** Options of one strategy, which the others are not given. */
const owners: Readonly<Record<string, readonly Strategy[]>> = {
  l1: ["l1"],
  decay: ["l2"],
  order: ["taylor"],
  obs: ["obs", "bestSubset"],
};

function planOf(
  model: LinearScorer,
  strategy: Strategy,
  sparsity: number,
  shared: Omit<PruneOptions, "sparsity" | "strategy">,
): PrunePlan {
  const own = Object.entries(shared).filter(
    ([key, value]) => value !== undefined && (owners[key]?.includes(strategy) ?? true),
  );
  // Every strategy is judged by the same unit, also those that have a scope of their own.
  const scope = shared.scope ?? "global";
  const path = strategy === "l1" && shared.l1 === undefined ? { l1: "path" as const } : {};
  const given = { ...Object.fromEntries(own), ...path, scope, strategy, sparsity };
  return aligned(model, planPruning(given, lambdaOf(model)));
}

/** Half of the weights, a quarter, an eighth and so on, down to four. */
function halvings({ weights }: LinearScorer): number[] {
  const levels: number[] = [];
  for (let share = 0.5; share * weights.length >= 4 && levels.length < 16; share /= 2) levels.push(1 - share);
  return levels.length > 0 ? levels : [0.5];
}

/** One strategy on its way to sparser models. */
class Sweep {
  readonly #model: LinearScorer;
  readonly #judge: Dataset;
  readonly #plan: PrunePlan;
  readonly #contest: Contest;
  #ranking: Float64Array | undefined;

  constructor(model: LinearScorer, judge: Dataset, plan: PrunePlan) {
    this.#model = model;
    this.#judge = judge;
    this.#plan = plan;
    this.#contest = contestOf(model.featureNames, model.outputs, plan.rules);
  }

  async at(sparsity: number, watch: Watch): Promise<PruningPoint> {
    const started = performance.now();
    const amount = { by: "sparsity", sparsity } as const;
    const plan = { ...this.#plan, amount };
    const found = await this.#cut(plan, watch);
    const finished = await finish(this.#model, this.#contest, found, plan, watch);
    const lambda = finished.repaired?.lambda ?? null;
    const unjudged = prunedOf(this.#model, finished, finished.cut.importances, plan, []);
    const round = await roundOf(
      unjudged,
      plan,
      thresholdOf(finished.cut.mask, finished.cut.importances),
      lambda,
    );
    const model = prunedOf(this.#model, finished, finished.cut.importances, plan, [round]);
    return {
      strategy: plan.strategy,
      sparsity,
      kept: model.nonzeros,
      logLoss: meanLogLoss(model, this.#judge),
      accuracy: model.score(this.#judge),
      trainLogLoss: round.logLoss,
      lambda,
      seconds: (performance.now() - started) / 1000,
      model,
    };
  }

  /** With a refit the survivors' values are only a start, and one judgement serves all amounts. */
  async #cut(plan: PrunePlan, watch: Watch): Promise<Cut> {
    const target = targetOf(this.#contest, plan.amount as Parameters<typeof targetOf>[1]);
    const own = plan.strategy === "bestSubset" || plan.refit === null;
    if (own) return await cut(this.#model, this.#contest, target, plan, watch);
    // The first amount keeps the most.
    this.#ranking ??= await rankingOf(this.#model, this.#contest, target, plan, watch);
    const { weights, intercepts } = this.#model;
    const mask = keepMask(this.#contest, weights, this.#ranking, target, plan.amount);
    const kept = weights.map((w, at) => (mask[at] === 1 ? w : 0));
    return { mask, importances: this.#ranking, weights: kept, intercepts, predicted: null, warnings: [] };
  }
}
