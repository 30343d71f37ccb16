import { fail } from "../base/errors";
import { checkCancelled, type Watch } from "../base/progress";
import type { LinearScorer } from "../model/linear";
import type { Contest } from "./contest";
import { type Cut, cut } from "./cut";
import { keepMask } from "./mask";
import type { Amount, PrunePlan } from "./options";
import type { PrunedModel } from "./pruned";
import { aliveOf, rankingOf } from "./rank";
import { finish, prunedOf, roundOf, thresholdOf } from "./rounds";
import { memoryRows } from "./rows";

/** An amount that is found by trying. */
export type Budget = Extract<Amount, { by: "maxBytes" | "maxLogLossIncrease" }>;

/** Of a search by loss, the share of the weights to which it is exact. */
const precision = 1 / 256;

/**
 * Prunes to a budget: the most weights whose bytes fit it, or the fewest whose loss stays within it, found by halving the
 * ratio between what is too few and too many, as if bytes grew and losses fell with every weight.
 * @throws `invalid-option` where no model fits
 */
export async function pruneToBudget(
  model: LinearScorer,
  contest: Contest,
  amount: Budget,
  plan: PrunePlan,
  watch: Watch,
): Promise<PrunedModel> {
  const search = new Search(model, contest, plan, watch);
  return amount.by === "maxBytes" ? await search.byBytes(amount) : await search.byLoss(amount);
}

class Search {
  readonly #model: LinearScorer;
  readonly #contest: Contest;
  readonly #plan: PrunePlan;
  readonly #watch: Watch;
  readonly #most: number;
  #ranking: Float64Array | undefined;
  #tried = 0;

  constructor(model: LinearScorer, contest: Contest, plan: PrunePlan, watch: Watch) {
    this.#model = model;
    this.#contest = contest;
    this.#plan = plan;
    this.#watch = watch;
    this.#most = aliveOf(contest, model.weights).reduce((a, b) => Math.max(a, b), 0);
  }

  async byBytes({ maxBytes, bytesOf }: Extract<Budget, { by: "maxBytes" }>): Promise<PrunedModel> {
    const fits = async (keep: number) => {
      const found = await this.#masked(keep);
      const finished = await finish(
        this.#model,
        this.#contest,
        found,
        { ...this.#plan, refit: null },
        this.#watch,
      );
      const bytes = await bytesOf(prunedOf(this.#model, finished, finished.cut.importances, this.#plan, []));
      this.#report(`${bytes} bytes`, keep);
      return bytes <= maxBytes;
    };
    let low = 0;
    let high = this.#most + 1;
    if (await fits(this.#most)) low = this.#most;
    while (high - low > 1) {
      const middle = between(low, high);
      if (await fits(middle)) low = middle;
      else high = middle;
    }
    if (low === 0) nothingFits("maxBytes", maxBytes, "at least the bytes of a model of one weight");
    const last = this.#plan.refit === null ? await this.#exact(low) : await this.#masked(low);
    return await this.#pruned(last);
  }

  async byLoss({ maxLogLossIncrease }: Extract<Budget, { by: "maxLogLossIncrease" }>): Promise<PrunedModel> {
    const { validation, rows: own } = this.#plan;
    const rows = validation === null ? own! : memoryRows(validation);
    const most = (1 + maxLogLossIncrease) * (await rows.logLoss(this.#model));
    const tryKeep = async (keep: number): Promise<PrunedModel | null> => {
      const found = this.#plan.refit === null ? await this.#exact(keep) : await this.#masked(keep);
      const pruned = await this.#pruned(found);
      const logLoss = await rows.logLoss(pruned);
      this.#report(`log-loss ${logLoss.toPrecision(4)} of ${most.toPrecision(4)}`, keep);
      return logLoss <= most ? pruned : null;
    };
    let best = await tryKeep(this.#most);
    if (best === null) {
      return nothingFits(
        "maxLogLossIncrease",
        maxLogLossIncrease,
        "an increase that a refit of all weights allows",
      );
    }
    let low = 0;
    let high = this.#most;
    while (high - low > Math.max(1, Math.floor(high * precision))) {
      const middle = between(low, high);
      const found = await tryKeep(middle);
      if (found === null) low = middle;
      else [high, best] = [middle, found];
    }
    return best;
  }

  /** By one ranking for all amounts. */
  async #masked(keep: number): Promise<Cut> {
    const { strategy, l1, amount } = this.#plan;
    const whole = strategy === "obs" || (strategy === "l1" && l1 === "path");
    if (!whole) return await this.#exact(keep);
    this.#ranking ??= await rankingOf(this.#model, this.#contest, null, this.#plan, this.#watch);
    const { weights, intercepts } = this.#model;
    const mask = keepMask(this.#contest, weights, this.#ranking, this.#target(keep), amount);
    const kept = weights.map((w, at) => (mask[at] === 1 ? w : 0));
    return { mask, importances: this.#ranking, weights: kept, intercepts, predicted: null, warnings: [] };
  }

  async #exact(keep: number): Promise<Cut> {
    checkCancelled(this.#watch.signal, "prune");
    return await cut(this.#model, this.#contest, this.#target(keep), this.#plan, this.#watch);
  }

  #target(keep: number): { keeps: Float64Array } {
    const { pools, sizes, protects } = this.#contest;
    const keeps = new Float64Array(sizes.length);
    pools.forEach((pool, u) => {
      keeps[pool] += protects[u];
    });
    return { keeps: keeps.map((least) => Math.max(least, keep)) };
  }

  async #pruned(found: Cut): Promise<PrunedModel> {
    const finished = await finish(this.#model, this.#contest, found, this.#plan, {
      signal: this.#watch.signal,
    });
    const lambda = finished.repaired?.lambda ?? null;
    const before = await roundOf(this.#model, this.#plan, Number.NaN, null);
    const pruned = prunedOf(this.#model, finished, finished.cut.importances, this.#plan, []);
    const after = await roundOf(
      pruned,
      this.#plan,
      thresholdOf(finished.cut.mask, finished.cut.importances),
      lambda,
    );
    return prunedOf(this.#model, finished, finished.cut.importances, this.#plan, [before, after]);
  }

  #report(message: string, keep: number): void {
    this.#tried++;
    const total = Math.max(this.#tried, Math.ceil(Math.log2(this.#most + 1)) + 1);
    this.#watch.onProgress?.({
      step: "prune",
      done: this.#tried,
      total,
      message: `${keep} kept, ${message}`,
    });
  }
}

/** The middle by ratio, strictly between. */
function between(low: number, high: number): number {
  const middle = Math.round(Math.sqrt(Math.max(low, 0.5) * high));
  return Math.min(high - 1, Math.max(low + 1, middle));
}

function nothingFits(thing: string, value: number, expected: string): never {
  return fail("invalid-option", { thing, value, expected, remedy: "Allow more, or take another strategy." });
}
