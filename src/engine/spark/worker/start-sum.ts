import { type AggregateState, answeredHere } from "../../aggregate";
import { outputsOf } from "../../block-terms";
import { Objective, uniformCurvature } from "../objective";
import { begun, descend, type Watcher } from "../quasi-newton";
import { AggregateSum, sumOver } from "./aggregate-sum";
import type { Block, BlockRoom } from "./block-room";
import { type StartTask, scalarCount } from "./messages";
import type { PartSum } from "./part-sum";

/** The most bytes of rows that the local fit of a partition keeps; the others only count. */
const mostKept = 1 << 30;
const none = new Float64Array(0);
const quiet: Watcher = { reached: () => {}, seconds: () => 0 };

/**
 * Fits the rows of a partition alone and gives its parameters each times its curvature at zero, then these curvatures: the sums
 * over partitions are an average by counts, and what `diagonal` gives there, to the same bits.
 */
export class StartSum implements PartSum {
  readonly #room: BlockRoom;
  readonly #task: StartTask;
  readonly #state: AggregateState;
  readonly #diagonal: AggregateSum;
  readonly #kept: Block[] = [];

  constructor(room: BlockRoom, task: StartTask) {
    const { loss, factors, part } = task;
    this.#room = room;
    this.#task = task;
    const parameters = new Float64Array((room.columns + 1) * outputsOf(loss));
    this.#state = { loss, parameters, factors: Float64Array.from(factors), part };
    this.#diagonal = new AggregateSum(room, { kind: "diagonal" }, this.#state);
  }

  /** Whether a block that comes now is to stay in memory. */
  get keeps(): boolean {
    return this.#room.bytes < mostKept;
  }

  add(block: Block, kept: boolean = true): void {
    if (kept) this.#kept.push(block);
    this.#diagonal.add(block);
  }

  finish(): Float64Array {
    const { columns } = this.#room;
    const { lambda, iterations, fitIntercept } = this.#task;
    const { loss, factors } = this.#state;
    const curvatures = this.#diagonal.finish().subarray(scalarCount);
    const unit = uniformCurvature(loss);
    const out = new Float64Array(2 * curvatures.length);
    out.set(curvatures, curvatures.length);
    const mass = curvatures[curvatures.length - 1] / unit;
    if (!(mass > 0)) return out;
    const plan = {
      ...({ name: "l2", lambda, l1Ratio: 0 } as const),
      ...{ groups: null, weights: null, lower: null, upper: null, scale: null },
    };
    const own = { loss, factors: factors.map((factor) => factor / mass), part: this.#state.part };
    const objective = new Objective(plan, columns, fitIntercept, own, none);
    const metric = objective.metric(curvatures.map((curvature) => curvature / unit / mass));
    const stop = { tolerance: 1e-3, maxIterations: iterations };
    const zero = new Float64Array(curvatures.length);
    const w = answeredHere(
      (operation, state) => sumOver(this.#room, this.#kept, operation, state),
      (function* () {
        const start = yield* begun(objective, zero, metric, stop, quiet);
        // The gap of a partition's own fit is of no use.
        return (yield* descend(objective, start, stop, quiet, false)).w;
      })(),
    );
    for (let j = 0; j < w.length; j++) out[j] = w[j] * curvatures[j];
    return out;
  }
}
