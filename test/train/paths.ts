import { Random } from "../../src/base/random";
import type { Label } from "../../src/matrix/dataset";
import { listedNames } from "../../src/matrix/names";
import type { LinearModel } from "../../src/model/linear";
import type { FitWarning } from "../../src/model/warning";
import {
  CrossValidation,
  type CrossValidationChoice,
  type CrossValidationParts,
  pointOf,
} from "../../src/train/cross-validation-result";
import { type PathStep, RegularizationPath } from "../../src/train/regularization-path";
import { modelOf } from "../evaluate/models";

const words =
  "free money click offer meeting thanks linux patch invoice unsubscribe price wrote list code".split(" ");

/** What a made-up path is like. */
export interface PathShape {
  readonly features?: number;
  readonly classes?: readonly Label[];
  readonly steps?: number;
  readonly endedEarly?: string | null;
  readonly names?: (column: number) => string;
  readonly warnings?: readonly FitWarning[];
}

/** A path of soft thresholds, as L1 has it where columns are independent. */
export function madePath(shape: PathShape = {}): RegularizationPath {
  const { features = 400, classes = ["ham", "spam"], steps = 50, endedEarly = null, warnings = [] } = shape;
  const random = new Random(11);
  const outputs = classes.length === 2 ? 1 : classes.length;
  const full = Array.from(
    { length: features * outputs },
    () => random.normal() * Math.exp(1.1 * random.normal()),
  );
  const least = full.reduce((most, w) => Math.max(most, Math.abs(w)), 0);
  const word = (column: number) => words[column % words.length];
  const names = shape.names ?? ((j) => (j < 14 ? word(j) : `${word(j)} ${word(Math.floor(j / 14))} ${j}`));
  const featureNames = listedNames(Array.from({ length: features }, (_, j) => names(j)));
  return new RegularizationPath({
    penalty: "l1",
    l1Ratio: 1,
    featureNames,
    classes,
    steps: Array.from({ length: steps }, (_, i): PathStep => {
      const share = 100 ** (-i / Math.max(steps - 1, 1));
      const weights = full.map((w) => Math.sign(w) * Math.max(Math.abs(w) - least * share, 0));
      const model = named(
        modelOf(classes, outputs === 1 ? "binary" : "softmax", weights, new Array(outputs).fill(0)),
        featureNames,
      );
      return {
        lambda: 0.08 * share,
        l1Ratio: 1,
        nonzeros: model.nonzeros,
        devianceExplained: 0.92 * (1 - share ** 0.8),
        objective: 0.1 + 0.5 * share,
        dualityGap: 1e-8,
        iterations: 7,
        model,
      };
    }),
    seconds: 1.234,
    endedEarly,
    warnings,
  });
}

function named(model: LinearModel, featureNames: LinearModel["featureNames"]): LinearModel {
  return Object.assign(Object.create(Object.getPrototypeOf(model)), model, { featureNames });
}

/** A cross-validation of a curve with a minimum, its scores by chance around it. */
export function madeCrossValidation(
  ratios: readonly number[] = [1],
  choice: CrossValidationChoice = "oneStandardError",
  more: Partial<CrossValidationParts> = {},
): CrossValidation {
  const random = new Random(5);
  const effects = Array.from({ length: 10 }, () => 0.03 * random.normal());
  const points = ratios.flatMap((l1Ratio, r) =>
    Array.from({ length: 40 }, (_, i) => {
      const lambda = 0.08 * 100 ** (-i / 39);
      const curve = 0.1 + 0.5 * ((i - 26 - 3 * r) / 40) ** 2 * (i < 26 + 3 * r ? 1 : 2.5) + 0.008 * r;
      const scores = effects.map((effect) => {
        const loss = curve + effect + 0.004 * random.normal();
        return more.greaterIsBetter ? 1 - loss : loss;
      });
      return pointOf({ lambda, l1Ratio, scores, nonzeros: Math.round((i * i) / (l1Ratio + 0.2)) + 1 });
    }),
  );
  const model = modelOf(["ham", "spam"], "binary", [1, 0, -2], [0.5]);
  return new CrossValidation({
    metric: "logLoss",
    greaterIsBetter: false,
    folds: 10,
    points,
    model,
    choice,
    seconds: 12.3,
    warnings: [],
    ...more,
  });
}
