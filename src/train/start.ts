import { fail } from "../base/errors";
import type { Dataset } from "../matrix/dataset";
import type { LinearParts } from "../model/linear";
import type { Link } from "../model/scorer";
import type { Task } from "./fit";
import { massesOf } from "./shares";

/** Zero weights, and the intercepts that alone fit the shares of the classes. */
export function coldStart(
  data: Dataset,
  shares: Float64Array,
  link: Link,
  fitIntercept: boolean,
): Task["start"] {
  const outputs = link === "binary" ? 1 : data.classes.length;
  const masses = massesOf(data, shares);
  const intercepts = Float64Array.from({ length: outputs }, (_, k) => {
    if (!fitIntercept) return 0;
    if (link === "softmax") return Math.log(masses[k]);
    const mass = link === "binary" ? masses[1] : masses[k];
    return Math.log(mass / (1 - mass));
  });
  return { weights: new Float64Array(data.columns * outputs), intercepts };
}

/** A model's weights and intercepts. @throws `invalid-model` where it is of other features, classes or link */
export function warmStart(
  data: Dataset,
  model: LinearParts,
  link: Link,
  fitIntercept: boolean,
): Task["start"] {
  const { weights, intercepts } = model;
  const same =
    model.featureNames.length === data.columns &&
    model.link === link &&
    model.classes.length === data.classes.length &&
    model.classes.every((label, k) => label === data.classes[k]);
  if (!same) {
    fail("invalid-model", {
      thing: "model to start from",
      value: `${model.featureNames.length} features, ${model.classes.length} classes, ${model.link}`,
      expected: `${data.columns} features and the classes of the data, ${data.classes.length}, with link ${link}`,
    });
  }
  return { weights, intercepts: fitIntercept ? intercepts : new Float64Array(intercepts.length) };
}
