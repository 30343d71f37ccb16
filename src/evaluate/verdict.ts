import type { Interval } from "./bootstrap";
import type { McNemar } from "./significance";

/** What the rows allow to say of a model beside the first one. */
export type Verdict = "same" | "no loss" | "loss" | "undecided";

/** What a verdict rests on. */
interface Evidence {
  readonly logLoss: Interval;
  readonly mcNemar: McNemar;
  /** The rows that are given another class. */
  readonly changed: number;
  /** The rise of the log-loss that counts as none. */
  readonly margin: number;
}

const level = 0.05;

/**
 * `no loss` where the whole interval of the rise of the log-loss lies below the margin, and McNemar's test does not find
 * more rows lost than gained (a test of non-inferiority). `loss` where the interval lies above zero and reaches beyond the
 * margin, or that test finds it. `same` where no loss and no class of any row differs. `undecided` where there are too few
 * rows to tell.
 */
export function verdictOf({ logLoss, mcNemar, changed, margin }: Evidence): Verdict {
  const { low, high, estimate } = logLoss;
  if (estimate === 0 && low === 0 && high === 0 && changed === 0) return "same";
  const fewerRight = mcNemar.lost > mcNemar.gained && mcNemar.pValue < level;
  if (high <= margin && !fewerRight) return "no loss";
  return fewerRight || low > 0 ? "loss" : "undecided";
}
