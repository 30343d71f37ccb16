import { checkChoice, checkKeys, checkNumber } from "../base/check";
import { fail } from "../base/errors";
import { checkList } from "../base/shape";
import { checkDataset } from "../matrix/check-dataset";
import type { Dataset } from "../matrix/dataset";
import type { FeatureGroups, FeatureKey } from "../train/feature-groups";
import type { ContestRules } from "./contest";
import { type ObsOptions, type ObsPlan, parseObs } from "./obs/options";
import type { PrunedModel } from "./pruned";
import { parseRefit, type RefitOptions, type RefitPlan } from "./refit-options";
import { memoryRows, type PruneRows } from "./rows";
import { parseSchedule, type Schedule, type ScheduleName } from "./schedule";

/** How the worth of a weight is judged; see `prune`. */
export type Strategy = (typeof strategies)[number];

/** What competes with what for being kept. */
export type Scope = "global" | "class" | "feature" | "group";

/** How much goes, where the weights of the model say it. */
export type Limit =
  | { readonly by: "threshold"; readonly threshold: number }
  | { readonly by: "sparsity"; readonly sparsity: number }
  | { readonly by: "keep"; readonly keep: number }
  | { readonly by: "pattern"; readonly pattern: readonly [number, number] };

/** How much goes: a limit, or as much as a budget of bytes or of loss asks for. */
export type Amount =
  | Limit
  | { readonly by: "maxBytes"; readonly maxBytes: number; readonly bytesOf: BytesOf }
  | { readonly by: "maxLogLossIncrease"; readonly maxLogLossIncrease: number };

/** The bytes of a pruned model, as it is to be stored. */
export type BytesOf = (model: PrunedModel) => number | Promise<number>;

/** How to prune; exactly one of `sparsity`, `threshold`, `keep`, `pattern`, `maxBytes` and `maxLogLossIncrease`. */
export interface PruneOptions {
  /** How the worth of a weight is judged; see `prune`. Default `"magnitude"`. */
  readonly strategy?: Strategy;
  /** The share of weights that are zero afterwards, in [0, 1); of each output, or of features or groups, by `scope`. */
  readonly sparsity?: number;
  /** What is worth no more than this goes; at least 0. */
  readonly threshold?: number;
  /** How many weights stay, at least 1: of the model, of each output, or features or groups, by `scope`. */
  readonly keep?: number;
  /**
   * N:M sparsity: `[2, 4]` leaves at most 2 weights of each 4 features in a row, for each output; what is over at the end is
   * a row of its own.
   */
  readonly pattern?: readonly [number, number];
  /** As little goes as brings the model to this many bytes, by `bytesOf`. */
  readonly maxBytes?: number;
  /**
   * For `maxBytes`: what a pruned model takes, e.g. `(m) => pack(m).length`, `storedBytes`, or the size once it is
   * quantized: `async (m) => pack(await quantize(m, { bits: 3 })).length`. It is asked before the refit.
   */
  readonly bytesOf?: BytesOf;
  /**
   * As much goes as the log-loss allows: 0.01 for at most 1 % more than the model's own, on `validation`, else on `data`,
   * each model judged after its refit.
   */
  readonly maxLogLossIncrease?: number;
  /**
   * What competes with what: all weights, those of each output, whole features (all weights of a feature), or `groups`.
   * Default `"feature"` for the strategy `l2`, else `"global"`.
   */
  readonly scope?: Scope;
  /** For the scope `group`: features that come and go together, by name or number; those not named are groups of one. */
  readonly groups?: FeatureGroups;
  /** Features that are never pruned, by name or number; their weights count among those that stay. */
  readonly protect?: readonly FeatureKey[];
  /** The rows for strategies that look at data, for a refit, and for the loss of each round. */
  readonly data?: Dataset;
  /** Rows that were in no fit: they judge each round, `maxLogLossIncrease`, and the strengths of a refit. */
  readonly validation?: Dataset;
  /**
   * The strength of the L2 penalty that the model stands at, for `obs`, `bestSubset` and refits. Default: what the model
   * knows.
   */
  readonly lambda?: number;
  /**
   * Over how many rounds weights go, each judged anew: `constant` removes as many in each, `cubic` many at first and few
   * at last (Zhu and Gupta, 2017), `iterative` the same share of what is left (Han et al., 2015). With a refit, survivors
   * are fitted after each. Default `"oneShot"`.
   */
  readonly schedule?: ScheduleName;
  /** The rounds of the schedule, at least 1. Default 5. */
  readonly rounds?: number;
  /**
   * Whether to fit the survivors again on `data`; `true` is at the model's own strength. `{}` tries several strengths: often
   * that matters more than the strategy. Default false.
   */
  readonly refit?: boolean | RefitOptions;
  /**
   * For the strategy `l1`: the proximal `"step"`, or a `"path"` of L1 fits to `data` until as many weights as stay have
   * entered. Default `"step"`.
   */
  readonly l1?: "step" | "path";
  /** For the strategy `l2`: a strength to which the weights are decayed first, by a fit to `data`. Default: none. */
  readonly decay?: number;
  /** For the strategy `taylor`: the order of the series. Default 2. */
  readonly order?: 1 | 2;
  /** How the strategy `obs` takes its Hessian. */
  readonly obs?: ObsOptions;
  /** Of the strategy `random`; an integer. Default 0. */
  readonly seed?: number;
}

/** The complete record that pruning works from. */
export interface PrunePlan {
  readonly strategy: Strategy;
  readonly amount: Amount;
  readonly rules: ContestRules;
  readonly data: Dataset | null;
  /** What is asked of `data`, or of rows that no memory holds. */
  readonly rows: PruneRows | null;
  readonly validation: Dataset | null;
  readonly lambda: number | null;
  readonly schedule: Schedule;
  readonly refit: RefitPlan | null;
  readonly l1: "step" | "path";
  readonly decay: number | null;
  readonly order: 1 | 2;
  readonly obs: ObsPlan;
  readonly seed: number;
}

/** Every strategy, the simplest first. */
export const strategies = [
  "magnitude",
  "l1",
  "l2",
  "gradient",
  "taylor",
  "obs",
  "bestSubset",
  "random",
] as const;

const scopes = ["global", "class", "feature", "group"] as const;
const amounts = ["sparsity", "threshold", "keep", "pattern", "maxBytes", "maxLogLossIncrease"] as const;
/** The options beside the amounts. */
const otherKeys = [
  ...["strategy", "bytesOf", "scope", "groups", "protect", "data", "validation", "lambda", "schedule"],
  ...["rounds", "refit", "l1", "decay", "order", "obs", "seed"],
] as const;

/**
 * Completes the options.
 * @param known the strength of the model to prune, where it is known
 * @param rows where they are not in memory
 */
export function planPruning(
  options: PruneOptions,
  known: number | null,
  rows: PruneRows | null = null,
): PrunePlan {
  checkKeys(options, [...amounts, ...otherKeys], "prune");
  const strategy = checkChoice(options.strategy ?? "magnitude", "strategy", strategies);
  const amount = amountOf(options);
  const lambda = options.lambda === undefined ? known : checkNumber(options.lambda, "lambda", { min: 0 });
  const { data = null, validation = null } = options;
  for (const given of [data, validation]) if (given !== null) checkDataset(given);
  const plan: PrunePlan = {
    strategy,
    amount,
    rules: rulesOf(options, strategy, amount),
    data,
    rows: rows ?? (data && memoryRows(data)),
    validation,
    lambda,
    schedule: parseSchedule(options.schedule, options.rounds),
    refit: parseRefit(options.refit ?? false, lambda, validation),
    l1: checkChoice(options.l1 ?? "step", "l1", ["step", "path"]),
    decay: options.decay === undefined ? null : checkNumber(options.decay, "decay", { above: 0 }),
    order:
      options.order === 1
        ? 1
        : (checkNumber(options.order ?? 2, "order", { min: 1, max: 2, integer: true }) as 2),
    obs: parseObs(options.obs ?? {}),
    seed: checkNumber(options.seed ?? 0, "seed", { integer: true }),
  };
  checkFit(options, plan);
  checkNeeds(plan);
  return plan;
}

/** Options that are of other strategies, scopes or amounts than the one they stand beside. */
function checkFit(options: PruneOptions, { strategy, amount, rules, schedule, l1 }: PrunePlan): void {
  const only = (key: keyof PruneOptions, right: boolean, expected: string) => {
    if (options[key] !== undefined && !right)
      fail("invalid-option", { thing: key, value: options[key], expected });
  };
  only("l1", strategy === "l1", 'the strategy "l1" beside it');
  only("decay", strategy === "l2", 'the strategy "l2" beside it');
  only("order", strategy === "taylor", 'the strategy "taylor" beside it');
  only(
    "obs",
    strategy === "obs" || strategy === "bestSubset",
    'the strategy "obs" or "bestSubset" beside it',
  );
  only("bytesOf", amount.by === "maxBytes", "maxBytes beside it");
  only("groups", rules.scope === "group", 'the scope "group" beside it');
  only("rounds", schedule.kind !== "oneShot", "a schedule of several rounds beside it");
  only("scope", amount.by !== "pattern", "no scope beside a pattern, which is for each output");
  const budget = amount.by === "maxBytes" || amount.by === "maxLogLossIncrease";
  only("schedule", !budget || schedule.kind === "oneShot", 'the schedule "oneShot" beside a budget');
  const whole = rules.scope === "feature" || rules.scope === "group";
  if (strategy === "l1" && l1 === "step" && whole) {
    fail("invalid-option", {
      thing: "scope",
      value: rules.scope,
      expected: '"global" or "class" for the strategy "l1", which shrinks each weight by itself',
      remedy: 'The strategy "l2" ranks whole features.',
    });
  }
  const counted = amount.by === "keep" || amount.by === "sparsity";
  const plain =
    rules.scope === "global" && rules.protect.length === 0 && counted && schedule.kind === "oneShot";
  if (strategy === "bestSubset" && !plain) {
    fail("invalid-option", {
      thing: 'options beside the strategy "bestSubset"',
      value: amount.by,
      expected: "keep or sparsity, the scope global, no protected features and one round",
      remedy: 'Take the strategy "obs".',
    });
  }
}

function checkNeeds({ strategy, rows, lambda, refit, amount, l1, decay, validation }: PrunePlan): void {
  const path = strategy === "l1" && l1 === "path";
  const looks = ["gradient", "taylor", "obs", "bestSubset"].includes(strategy) || path || decay !== null;
  const judges = amount.by === "maxLogLossIncrease" && validation === null;
  if (rows === null && (looks || refit !== null || judges)) {
    fail("missing-option", {
      thing: "data",
      expected: looks
        ? `rows for the strategy "${strategy}"`
        : refit !== null
          ? "rows for the refit"
          : "rows to judge by",
      remedy: "prune(model, { ..., data }) takes the Dataset that the model was fitted to.",
    });
  }
  if (lambda === null && (strategy === "obs" || strategy === "bestSubset")) {
    fail("missing-option", {
      thing: "lambda",
      expected: `the strength of the L2 penalty for the strategy "${strategy}", since the model does not know its own`,
    });
  }
}

function rulesOf(options: PruneOptions, strategy: Strategy, amount: Amount): ContestRules {
  const usual = strategy === "l2" && amount.by !== "pattern" ? "feature" : "global";
  const scope = checkChoice(options.scope ?? usual, "scope", scopes);
  if (scope === "group" && options.groups === undefined) {
    fail("missing-option", { thing: "groups", expected: 'features that go together for the scope "group"' });
  }
  return {
    scope,
    groups: options.groups ?? [],
    protect: listed(options.protect ?? [], "protect"),
    every: amount.by === "pattern" ? amount.pattern[1] : 0,
  };
}

function amountOf(options: PruneOptions): Amount {
  const named = amounts.filter((name) => options[name] !== undefined);
  if (named.length !== 1) {
    fail(named.length === 0 ? "missing-option" : "invalid-option", {
      thing: "amount to prune",
      value: named.length === 0 ? undefined : named.join(" and "),
      expected: `exactly one of ${amounts.slice(0, -1).join(", ")} and ${amounts.at(-1)}`,
    });
  }
  const [by] = named;
  const value = options[by];
  switch (by) {
    case "sparsity":
      return { by, sparsity: checkNumber(value, by, { min: 0, below: 1 }) };
    case "threshold":
      return { by, threshold: checkNumber(value, by, { min: 0 }) };
    case "keep":
      return { by, keep: checkNumber(value, by, { min: 1, integer: true }) };
    case "maxLogLossIncrease":
      return { by, maxLogLossIncrease: checkNumber(value, by, { min: 0 }) };
    case "pattern":
      return { by, pattern: patternOf(value) };
    default: {
      const { bytesOf } = options;
      if (typeof bytesOf === "function") return { by, maxBytes: checkNumber(value, by, { min: 1 }), bytesOf };
      return fail("missing-option", {
        thing: "bytesOf",
        expected: "a function from a pruned model to its bytes, such as storedBytes",
      });
    }
  }
}

function patternOf(value: unknown): readonly [number, number] {
  if (!Array.isArray(value) || value.length !== 2) {
    return fail("invalid-option", {
      thing: "pattern",
      value,
      expected: "[n, m]: n weights of each m features",
    });
  }
  const m = checkNumber(value[1], "pattern, number of features in a row", { min: 1, integer: true });
  return [
    checkNumber(value[0], "pattern, number of weights that stay", { min: 1, max: m, integer: true }),
    m,
  ];
}

function listed<T extends readonly unknown[]>(value: T, thing: string): T {
  checkList(value, thing);
  return value;
}
