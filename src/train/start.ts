import { fail } from "../base/errors";
import type { Dataset, Label } from "../matrix/dataset";
import type { LinearParts } from "../model/linear";
import type { Link } from "../model/scorer";
import type { Start } from "./plan";
import { massesOf } from "./shares";

/** Zero weights, and the intercepts that alone fit the shares of the classes. */
export function coldStart(data: Dataset, shares: Float64Array, link: Link, fitIntercept: boolean): Start {
  const intercepts = interceptsOf(data.labels, shares, data.classes.length, link, fitIntercept);
  return { weights: null, intercepts };
}

/** The intercepts that alone fit the shares of the classes; zeros where there are none. */
export function interceptsOf(
  labels: Uint32Array,
  shares: Float64Array,
  classes: number,
  link: Link,
  fitIntercept: boolean,
): Float64Array {
  const intercepts = new Float64Array(link === "binary" ? 1 : classes);
  if (!fitIntercept) return intercepts;
  const masses = massesOf(labels, shares, classes);
  const total = masses.reduce((sum, mass) => sum + mass, 0);
  for (let k = 0; k < intercepts.length; k++) {
    const mass = link === "binary" ? masses[1] : masses[k];
    intercepts[k] = Math.log(mass / (link === "softmax" ? total : total - mass));
  }
  return intercepts;
}

/** A model's weights and intercepts. @throws `invalid-model` where it is of other features, classes or link */
export function warmStart(
  data: Pick<Dataset, "columns" | "classes">,
  model: Omit<LinearParts, "scale">,
  link: Link,
  fitIntercept: boolean,
): Start & Pick<LinearParts, "weights"> {
  const { weights, intercepts } = model;
  const same =
    model.featureNames.length === data.columns &&
    model.link === link &&
    model.classes.length === data.classes.length &&
    model.classes.every((label, k) => label === data.classes[k]);
  if (!same) {
    fail("invalid-model", {
      thing: `model to start from, ${summary(model.featureNames.length, model.classes, model.link)}`,
      expected: summary(data.columns, data.classes, link),
    });
  }
  return { weights, intercepts: fitIntercept ? intercepts : new Float64Array(intercepts.length) };
}

function summary(features: number, classes: readonly Label[], link: Link): string {
  const named = classes.slice(0, 6).map((label) => JSON.stringify(label));
  return `${features} features, classes ${named.join(", ")}${classes.length > 6 ? ", ..." : ""}, ${link}`;
}
