import { answeredHere } from "../../aggregate";
import { Objective } from "../objective";
import { begun, descend, type Watcher } from "../quasi-newton";
import type { BlockSums } from "./partition";

/** A block as {@link BlockSums.load} gives it. */
type Block = ReturnType<BlockSums["load"]>;

/** The curvature of a margin between even odds and odds of 1 to 4: what stands for it before anything is known. */
export const typicalCurvature = 0.16;

/** Where the local fit of a partition starts, and how strong its penalty is. */
export interface LocalTask {
  readonly positive: number;
  readonly factors: Float64Array;
  readonly lambda: number;
  readonly iterations: number;
  readonly fitIntercept: boolean;
}

/**
 * Fits the rows of a partition alone and returns its parameters each times its share of squares, then these shares: the sums over
 * partitions give an average by counts, and the scale of each parameter.
 * @param squares the sums over the rows, also those not in memory, of share times squared value
 */
export function localFit(
  sums: BlockSums,
  blocks: readonly Block[],
  squares: Float64Array,
  task: LocalTask,
): Float64Array {
  const { columns } = sums;
  const { positive, lambda, iterations, fitIntercept } = task;
  const mass = squares[columns];
  const out = new Float64Array(2 * (columns + 1));
  out.set(squares, columns + 1);
  if (!(mass > 0)) return out;
  const factors = task.factors.map((factor) => factor / mass);
  const plan = {
    name: "l2",
    lambda,
    l1Ratio: 0,
    groups: null,
    weights: null,
    lower: null,
    upper: null,
    scale: null,
  } as const;
  const objective = new Objective(plan, columns, fitIntercept, {
    loss: { kind: "logistic", positive },
    factors,
    part: null,
  });
  const metric = squares.map((square, j) => (typicalCurvature * square) / mass + (j < columns ? lambda : 0));
  for (let j = 0; j < metric.length; j++) if (!(metric[j] > 0)) metric[j] = 1;
  const stop = { tolerance: 1e-3, maxIterations: iterations };
  const quiet: Watcher = { reached: () => {}, seconds: () => 0 };
  const w = answeredHere(
    (operation, state) => sums.over(blocks, operation, state),
    (function* () {
      const start = yield* begun(objective, new Float64Array(columns + 1), metric, stop, quiet);
      return (yield* descend(objective, start, stop, quiet)).w;
    })(),
  );
  for (let j = 0; j <= columns; j++) out[j] = w[j] * squares[j];
  return out;
}
