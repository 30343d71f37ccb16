import type { LinearModel } from "../../src/model/linear";
import { PruningCurve, type PruningPoint } from "../../src/prune/curve";
import type { Strategy } from "../../src/prune/options";
import { PrunedModel } from "../../src/prune/pruned";
import { modelOf } from "../evaluate/models";

const all: readonly Strategy[] = [
  "magnitude",
  "l1",
  "l2",
  "gradient",
  "taylor",
  "obs",
  "bestSubset",
  "random",
];

/** A curve of made-up losses, of so many sparsities each. */
export function madeCurve(strategies: readonly Strategy[] = all, levels = 8): PruningCurve {
  const before: LinearModel = modelOf(["ham", "spam"], "binary", [1, -2, 0.5], [0]);
  const model = new PrunedModel(before, Uint8Array.of(1, 1, 0), Float64Array.of(1, 2, 0.5), {
    strategy: "magnitude",
    kept: 2,
    removed: 1,
    sparsity: 1 / 3,
    threshold: 1,
    refitLambda: null,
  });
  const points = strategies.flatMap((strategy, s) =>
    Array.from({ length: levels }, (_, i): PruningPoint => {
      const share = 0.5 * 0.5 ** ((8 * i) / levels);
      const logLoss = 0.1 + (0.3 / (s + 1)) * (1 - share);
      return {
        ...{ strategy, sparsity: 1 - share, kept: Math.round(10_000 * share), logLoss },
        ...{ accuracy: 1 - logLoss / 2, trainLogLoss: logLoss / 2, lambda: 0.01, seconds: 0.1, model },
      };
    }),
  );
  return new PruningCurve(points, { kept: 10_000, logLoss: 0.1, accuracy: 0.95 }, 500, true);
}
