import { Random } from "../../src/base/random";
import { Dataset, type Label } from "../../src/matrix/dataset";
import { numberedNames } from "../../src/matrix/names";
import { LinearModel } from "../../src/model/linear";
import type { Link } from "../../src/model/scorer";

const fit = {
  solver: "newton",
  converged: true,
  objective: 0.5,
  dualityGap: 0,
  iterations: 2,
  history: [
    { iteration: 0, objective: 0.7, gradientNorm: 1, seconds: 0 },
    { iteration: 1, objective: 0.5, gradientNorm: 1e-9, seconds: 0.01 },
  ],
  seconds: 0.01,
  warnings: [],
};

/** A trained model with the given weights (`features x outputs`) and intercepts. */
export function modelOf(
  classes: readonly Label[],
  link: Link,
  weights: readonly number[],
  intercepts: readonly number[],
): LinearModel {
  const featureNames = numberedNames(weights.length / intercepts.length);
  return new LinearModel(
    {
      classes,
      link,
      featureNames,
      weights: Float64Array.from(weights),
      intercepts: Float64Array.from(intercepts),
      scale: null,
    },
    fit,
    0.01,
  );
}

/** Weighted rows of five features in steps of a half, so that scores tie, with labels at random. */
export function randomData(classes: readonly Label[], rows: number, seed: number): Dataset {
  const random = new Random(seed);
  return Dataset.from({
    features: Array.from({ length: rows }, () => Array.from({ length: 5 }, () => random.integer(5) / 2 - 1)),
    labels: Array.from({ length: rows }, () => classes[random.integer(classes.length)]),
    classes,
    weights: Array.from({ length: rows }, () => 0.5 + random.uniform()),
  });
}

/** `count` standard normal numbers. */
export function normals(count: number, seed: number): number[] {
  const random = new Random(seed);
  return Array.from({ length: count }, () => random.normal());
}
