import { fail } from "../base/errors";
import { featureNorms } from "./importance";

/** What competes with what for being kept. */
export type Scope = "global" | "class" | "feature";

/** How much goes: what is worth no more than a threshold, a share of all, or all but a count. */
export type Amount =
  | { readonly by: "threshold"; readonly threshold: number }
  | { readonly by: "sparsity"; readonly sparsity: number }
  | { readonly by: "keep"; readonly keep: number };

/**
 * 1 for each weight that is kept. What is worth 0 goes in any case; of equals the first positions stay.
 *
 * - `global`: all weights compete, and amounts count weights of the whole model
 * - `class`: the weights of each output compete among themselves, and amounts count weights of one output
 * - `feature`: whole features compete by the norm of their importances, and amounts count features
 *
 * @throws `invalid-option` where nothing would be left
 */
export function keepMask(
  importances: Float64Array,
  outputs: number,
  scope: Scope,
  amount: Amount,
): Uint8Array {
  const mask = new Uint8Array(importances.length);
  if (scope === "global") keepBest(importances, amount, (at) => mask.fill(1, at, at + 1));
  if (scope === "feature") {
    const norms = featureNorms(importances, outputs);
    const best = new Float64Array(importances.length / outputs);
    norms.forEach((norm, at) => {
      best[Math.floor(at / outputs)] = Math.max(norm, best[Math.floor(at / outputs)]);
    });
    keepBest(best, amount, (j) => {
      for (let at = j * outputs; at < (j + 1) * outputs; at++) mask[at] = Number(importances[at] > 0);
    });
  }
  for (let k = 0; scope === "class" && k < outputs; k++) {
    const own = importances.filter((_, at) => at % outputs === k);
    keepBest(own, amount, (j) => mask.fill(1, j * outputs + k, j * outputs + k + 1));
  }
  if (!mask.includes(1)) nothingLeft(amount);
  return mask;
}

/** Throws that a pruning would leave no weight. */
export function nothingLeft(amount: Amount): never {
  return fail("invalid-option", {
    thing: amount.by,
    value:
      amount.by === "threshold" ? amount.threshold : amount.by === "keep" ? amount.keep : amount.sparsity,
    expected: "an amount that leaves at least one weight",
    remedy: "Prune less; a model of intercepts alone needs no file.",
  });
}

function keepBest(worth: Float64Array, amount: Amount, keep: (index: number) => void): void {
  const alive = Array.from(worth.keys()).filter((i) => worth[i] > 0);
  if (amount.by === "threshold") {
    for (const i of alive) if (worth[i] > amount.threshold) keep(i);
    return;
  }
  const count = amount.by === "keep" ? amount.keep : Math.round((1 - amount.sparsity) * worth.length);
  alive.sort((a, b) => worth[b] - worth[a] || a - b);
  for (const i of alive.slice(0, count)) keep(i);
}
