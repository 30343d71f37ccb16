import { checkChoice, checkNumber } from "../base/check";
import type { Target } from "./mask";

/** How pruning is spread over rounds. */
export type ScheduleName = "oneShot" | "constant" | "cubic" | "iterative";

/** A schedule and its rounds. */
export interface Schedule {
  readonly kind: ScheduleName;
  readonly rounds: number;
}

/** Completes a schedule. @throws `invalid-option` */
export function parseSchedule(kind: ScheduleName | undefined, rounds: number | undefined): Schedule {
  const name = checkChoice(kind ?? "oneShot", "schedule", ["oneShot", "constant", "cubic", "iterative"]);
  const count = checkNumber(rounds ?? 5, "rounds", { min: 1, integer: true });
  return { kind: name, rounds: name === "oneShot" ? 1 : count };
}

/**
 * The target of each round on the way from what is there to the last target. After a share t of the rounds there stay,
 * of `a` units on the way to `k`: `constant` a - (a - k) t; `cubic` k + (a - k) (1 - t)^3 (Zhu and Gupta, 2017, section 3);
 * `iterative` a (k / a)^t. A threshold rises to its end as the share removed does.
 * @param alive the units of each pool at the start
 */
export function targetsOf({ kind, rounds }: Schedule, alive: ArrayLike<number>, last: Target): Target[] {
  return Array.from({ length: rounds }, (_, r) => {
    const t = (r + 1) / rounds;
    if (t === 1) return last;
    if ("threshold" in last) {
      return { threshold: last.threshold * (kind === "cubic" ? 1 - (1 - t) ** 3 : t) };
    }
    return {
      keeps: last.keeps.map((k, pool) => {
        const a = alive[pool];
        if (k >= a) return k;
        if (kind === "iterative") return Math.round(a * (Math.max(k, 0.5) / a) ** t);
        return Math.round(kind === "cubic" ? k + (a - k) * (1 - t) ** 3 : a - (a - k) * t);
      }),
    };
  });
}
