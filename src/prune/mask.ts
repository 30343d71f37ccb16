import { fail } from "../base/errors";
import type { Contest } from "./contest";
import type { Amount, Limit } from "./options";

/** How much stays at one step: a count for each pool, or all that is worth more than a threshold. */
export type Target = { readonly keeps: Float64Array } | { readonly threshold: number };

/** The number of units of each pool that stay, or the threshold. */
export function targetOf({ sizes }: Contest, amount: Limit): Target {
  if (amount.by === "threshold") return { threshold: amount.threshold };
  return {
    keeps: Float64Array.from(sizes, (size) => {
      if (amount.by === "sparsity") return Math.round((1 - amount.sparsity) * size);
      return amount.by === "keep" ? amount.keep : Math.min(size, amount.pattern[0]);
    }),
  };
}

/**
 * The worth of each unit: the norm of the importances of its weights. Units that are worth 0 are gone already.
 */
function worthOf({ starts, members }: Contest, importances: Float64Array): Float64Array {
  return Float64Array.from({ length: starts.length - 1 }, (_, u) => {
    if (starts[u + 1] - starts[u] === 1) return importances[members[starts[u]]];
    let sum = 0;
    for (let m = starts[u]; m < starts[u + 1]; m++) sum += importances[members[m]] ** 2;
    return Math.sqrt(sum);
  });
}

/**
 * 1 for each weight that is kept. What is worth 0 goes in any case, unless it is protected; of equals the first positions
 * stay. Protected units count among those that stay.
 *
 * @throws `invalid-option` where nothing would be left, or more is protected than may stay
 */
export function keepMask(
  contest: Contest,
  weights: Float64Array,
  importances: Float64Array,
  target: Target,
  amount: Amount,
): Uint8Array {
  const { starts, members, pools, sizes, protects } = contest;
  const worth = worthOf(contest, importances);
  const mask = new Uint8Array(weights.length);
  const keep = (u: number) => {
    for (let m = starts[u]; m < starts[u + 1]; m++) {
      const at = members[m];
      mask[at] = Number(weights[at] !== 0 && (importances[at] > 0 || protects[u] === 1));
    }
  };
  const free = Array.from(worth.keys()).filter((u) => worth[u] > 0 && protects[u] === 0);
  for (let u = 0; u < protects.length; u++) if (protects[u] === 1) keep(u);
  if ("threshold" in target) {
    for (const u of free) if (worth[u] > target.threshold) keep(u);
  } else {
    const left = roomOf(contest, target.keeps, weights);
    free.sort((a, b) => worth[b] - worth[a] || a - b);
    for (const u of free) if (left[pools[u]]-- > 0) keep(u);
  }
  if (sizes.length === 0 || !mask.includes(1)) nothingLeft(amount);
  return mask;
}

/** How many unprotected units of each pool may stay. @throws `invalid-option` where more is protected than may stay */
export function roomOf(contest: Contest, keeps: Float64Array, weights: Float64Array): Float64Array {
  const { starts, members, pools, protects } = contest;
  const left = keeps.slice();
  for (let u = 0; u < protects.length; u++) {
    if (protects[u] === 0) continue;
    let alive = false;
    for (let m = starts[u]; m < starts[u + 1]; m++) alive ||= weights[members[m]] !== 0;
    if (alive) left[pools[u]]--;
  }
  const short = left.findIndex((room) => room < 0);
  if (short >= 0) {
    fail("invalid-option", {
      thing: "protect",
      value: `${keeps[short] - left[short]} of what competes with each other`,
      expected: `at most ${keeps[short]}, as many as may stay`,
      remedy: "Protect fewer features, or prune less.",
    });
  }
  return left;
}

/** Throws that a pruning would leave no weight. */
export function nothingLeft(amount: Amount): never {
  const value = { ...amount } as Record<string, unknown>;
  return fail("invalid-option", {
    thing: amount.by,
    value: value[amount.by],
    expected: "an amount that leaves at least one weight",
    remedy: "Prune less; a model of intercepts alone needs no file.",
  });
}
