import { fail } from "../base/errors";
import type { Watch } from "../base/progress";
import type { Dataset } from "../matrix/dataset";
import { LinearModel } from "../model/linear";
import { fitTask } from "./fit";
import { type LogisticRegressionOptions, parseOptions, type Settings } from "./options";
import { Pace } from "./pace";
import { sharesOf } from "./shares";
import { coldStart, warmStart } from "./start";

/**
 * Logistic regression: minimises mean loss + lambda / 2 ||W||^2, the mean weighted by rows and classes, intercepts
 * free. Two classes are one output; more are softmax or one sigmoid a class.
 */
export class LogisticRegression {
  readonly #settings: Settings;

  /** @throws `unknown-option`, `invalid-option` */
  constructor(options: LogisticRegressionOptions = {}) {
    this.#settings = parseOptions(options);
  }

  /**
   * Fits to data. Never blocks the event loop for longer than a pass over the data.
   * @throws `invalid-label` where a class has no row, `invalid-model` where the warm start does not suit the data,
   * `cancelled` when `watch.signal` aborts
   */
  async fit(data: Dataset, watch: Watch = {}): Promise<LinearModel> {
    const settings = this.#settings;
    const { lambda, fitIntercept } = settings;
    const pace = new Pace(watch, "fit");
    const { classes, featureNames, scale } = data;
    checkClassWeight(settings, data);
    const link = classes.length === 2 ? "binary" : settings.multiclass;
    const shares = sharesOf(data, settings.classWeight);
    const start =
      settings.warmStart === null
        ? coldStart(data, shares, link, fitIntercept)
        : warmStart(data, settings.warmStart, link, fitIntercept);
    const task = {
      features: data.features,
      labels: data.labels,
      shares,
      scale,
      link,
      classes: classes.length,
      lambda,
      fitIntercept,
      mask: null,
      start,
      stop: settings,
    } as const;
    const { weights, intercepts, fit } = await fitTask(task, pace);
    pace.report(fit.iterations, fit.iterations, `objective ${fit.objective.toPrecision(5)}`);
    return new LinearModel({ classes, link, featureNames, weights, intercepts, scale }, fit, lambda);
  }
}

function checkClassWeight({ classWeight }: Settings, data: Dataset): void {
  if (classWeight === null || classWeight === "balanced") return;
  const labels = data.classes.map(String);
  for (const label of Object.keys(classWeight)) {
    if (labels.includes(label)) continue;
    fail("invalid-option", {
      thing: "classWeight of",
      value: label,
      expected: `a class: ${labels.join(", ")}`,
    });
  }
}
