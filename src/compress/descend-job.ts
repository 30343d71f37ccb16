import { roundToMantissa } from "../pack/cost";
import { precisionFor, roundTo } from "../quantize/precision";
import type { Design } from "../train/design";
import type { ModuleJob } from "../train/job";
import type { Monitor } from "../train/monitor";
import { followCodedPath } from "./coded-path";
import type { CodedModel, CodedState, CodedTask } from "./coded-state";
import { type HeldOut, heldOutOf } from "./held-out";
import { codedStart, type Start } from "./start";

/** A descent from several starts to models of one number of levels. */
interface DescendTask {
  readonly coded: CodedTask;
  readonly levels: number;
  readonly starts: readonly Start[];
  /** The prices of a bit, ascending. */
  readonly prices: readonly number[];
  readonly sweeps: number;
  readonly shares: Float64Array;
  /** The rows to judge by; none for the fit to all rows. */
  readonly test: Uint32Array | null;
}

/** The best model at a price of a bit, of all starts. */
export interface DescendStep {
  /** The place of the price. */
  readonly at: number;
  /** The place of the start. */
  readonly start: number;
  readonly model: CodedModel;
  readonly bits: number;
  /** Loss + penalty + mu x bits. */
  readonly objective: number;
  readonly heldOut: HeldOut | null;
}

/** A start that has been behind the best for so many prices in turn is given up. */
const patience = 4;

/** The job of a {@link DescendTask}. */
export function descendJob(task: DescendTask): ModuleJob {
  return { kind: "module", file: __filename, task };
}

/** Does it: a path from each start, the best at each price kept. @throws `cancelled` */
export function run(whole: Design, task: DescendTask, monitor: Monitor): readonly DescendStep[] {
  const mark = whole.arena.mark();
  const design = whole.withShares(task.shares);
  const best: (DescendStep | undefined)[] = task.prices.map(() => undefined);
  // From the start for the smallest models: those for larger ones meet what is to be beaten.
  const order = [...task.starts.keys()].sort((a, b) => task.starts[b].mu - task.starts[a].mu);
  order.forEach((start, turn) => {
    const inner = whole.arena.mark();
    const { mu } = task.starts[start];
    const first = Math.max(
      0,
      task.prices.findIndex((price) => price >= mu),
    );
    const begin = task.prices.at(-1)! < mu ? task.prices.length - 1 : first;
    let behind = 0;
    followCodedPath(
      design,
      {
        task: task.coded,
        start: codedStart(task.starts[start], task.levels),
        prices: task.prices.slice(begin),
        sweeps: task.sweeps,
      },
      {
        check: monitor.check,
        report: (done, total, message) => monitor.report(turn + done / total, order.length, message),
      },
      (state, price) => {
        const at = task.prices.indexOf(price, begin);
        const objective = state.objective(price);
        const known = best[at];
        behind = known !== undefined && known.objective <= objective ? behind + 1 : 0;
        if (known === undefined || objective < known.objective) {
          best[at] = stepOf(state, task, { at, start, objective });
        }
        return behind < patience;
      },
    );
    whole.arena.rewind(inner);
  });
  whole.arena.rewind(mark);
  return best.filter((step) => step !== undefined);
}

function stepOf(
  state: CodedState,
  { test, coded }: DescendTask,
  found: Pick<DescendStep, "at" | "start" | "objective">,
): DescendStep {
  const levels = stored(state.levels.slice(1));
  const intercepts = stored(state.intercepts);
  const model = state.model(levels, intercepts);
  const { outputs, design } = state;
  const heldOut =
    test === null
      ? null
      : heldOutOf(state.margins(levels, intercepts), outputs, coded.link, design.labels, test);
  return { ...found, model, bits: state.bits, heldOut };
}

/**
 * Levels and intercepts as they go into the file: near their optimum the loss hardly sees a change of 1.6 %, which is what five bits
 * of mantissa leave, and each saves five more. The folds are judged with theirs rounded alike.
 */
export function stored(values: Float64Array): Float64Array {
  const precision = precisionFor(values, "float16");
  if (precision === "float32") return roundTo(values, precision);
  return values.map((value) => roundToMantissa(value, 5));
}
