import { grouped } from "../base/grouped";
import type { Design } from "../train/design";
import type { Monitor } from "../train/monitor";
import { type CodedModel, CodedState, type CodedTask } from "./coded-state";
import { refitLevels } from "./refit-levels";

/** How a path is followed. */
interface CodedPathPlan {
  readonly task: CodedTask;
  readonly start: CodedModel;
  /** The prices of a bit in units of the loss, ascending: from large models to small ones. */
  readonly prices: readonly number[];
  /** The most sweeps at a price. */
  readonly sweeps: number;
}

/** Newton steps between two sweeps: the next price takes up what one leaves. */
const steps = 1;
/** How far a price rises from one pass over all weights to the next; those between go by what it found. */
const stride = 2.9;

/**
 * Follows a path of coded models; it ends where no weight is left.
 * @param each called at each price; the path ends where it returns false
 * @throws `cancelled`
 */
export function followCodedPath(
  design: Design,
  plan: CodedPathPlan,
  monitor: Monitor,
  each: (state: CodedState, mu: number) => boolean,
): void {
  const state = new CodedState(design, plan.task, plan.start);
  refitLevels(state, steps);
  let looked = 0;
  for (const [at, mu] of plan.prices.entries()) {
    const look = mu >= stride * looked;
    if (look) looked = mu;
    settle(state, mu, plan.sweeps, look, monitor);
    const goOn = each(state, mu);
    monitor.report(at + 1, plan.prices.length, `${grouped(state.support.length)} weights`);
    if (!goOn || state.support.length === 0) break;
  }
}

/**
 * Sweeps over the weights that promise something and over those other than zero, and refits, in turn until hardly one moves any more.
 * @param look whether it is found out anew which weights promise something
 */
function settle(state: CodedState, mu: number, sweeps: number, look: boolean, monitor: Monitor): void {
  for (let sweep = 0; sweep < sweeps; sweep++) {
    monitor.check();
    const inner = sweep % 2 === 1;
    const moves = state.sweep(mu, inner ? "support" : look && sweep === 0 ? "promising" : "candidates");
    refitLevels(state, steps);
    if (!inner && moves <= 0.002 * state.support.length) break;
  }
}
