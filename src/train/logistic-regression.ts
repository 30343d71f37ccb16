import { checkKeys } from "../base/check";
import { shownAs } from "../base/display";
import { type Watch, watchKeys } from "../base/progress";
import { checkDataset } from "../matrix/check-dataset";
import type { Dataset } from "../matrix/dataset";
import { LinearModel, type LinearParts } from "../model/linear";
import { checkEngine, type Engine, type EngineWatch } from "./engine";
import { fitJobs } from "./fit-jobs";
import { Joined } from "./joined";
import { estimatorKeys, type LogisticRegressionOptions, parseOptions, type Settings } from "./options";
import { boundsOf, penaltyPlanOf, penaltySummary } from "./penalty-options";
import type { Plan, Solution } from "./plan";
import { remarksOn } from "./remarks";
import { checkClassWeight, sharesOf } from "./shares";
import { inFull } from "./sparse-weights";
import { coldStart, warmStart } from "./start";
import { runJobs } from "./threads/run";

const fitKeys = [...watchKeys, "engine"];

const constructorRemedies = Object.fromEntries(
  estimatorKeys.map((key) => [key, `It belongs to the estimator: new LogisticRegression({ ${key} }).`]),
);

/**
 * Logistic regression: minimises the mean loss, weighted by rows and classes, plus a penalty of the weights, intercepts
 * free (design of glmnet: Friedman, Hastie and Tibshirani, 2010). Two classes are one output; more are softmax or one
 * sigmoid a class. The fit's report has the objective, a proven bound of what it lacks, and warnings with remedies.
 */
export class LogisticRegression {
  /** The options that were given; those left out have their defaults. */
  readonly options: LogisticRegressionOptions;
  readonly #settings: Settings;

  /** @throws `unknown-option`, `invalid-option` */
  constructor(options: LogisticRegressionOptions = {}) {
    this.#settings = parseOptions(options);
    this.options = { ...options };
  }

  /**
   * Fits to data, in threads of its own unless the data are small, so that the event loop stays free.
   * @throws `invalid-label` where a class has no row or there is one class alone; `invalid-model` where the warm start
   * does not suit the data; `invalid-option` where options do not suit the data or each other; `missing-column` for an
   * option of a feature that is not there; `length-mismatch`; `not-finite` where features have become so since their matrix was made; `invalid-data` where the fit needs more memory than there
   * is; `cancelled` when `watch.signal` aborts
   */
  fit(data: Dataset, watch?: Watch): Promise<LinearModel>;
  /** Fits to a table where it lives, e.g. on disk: the same model to summation order. @throws what the engine does */
  fit<Table>(table: Table, watch: EngineWatch<Table>): Promise<LinearModel>;
  async fit(data: unknown, watch: Watch & { readonly engine?: Engine<never> } = {}): Promise<LinearModel> {
    if (watch?.engine === undefined) checkDataset(data);
    checkKeys(watch, fitKeys, "fit", constructorRemedies);
    if (!("engine" in watch)) return this.#fit(data as Dataset, watch);
    const { engine, ...rest } = watch;
    if (engine === undefined) return this.#fit(data as Dataset, rest);
    checkEngine(engine, "fit");
    return await engine.fit(data as never, this.#settings, rest);
  }

  async #fit(data: Dataset, watch: Watch): Promise<LinearModel> {
    const settings = this.#settings;
    const { fitIntercept, threads, solver, seed } = settings;
    const { classes, featureNames, scale } = data;
    checkClassWeight(settings.classWeight, data);
    const link = classes.length === 2 ? "binary" : settings.multiclass;
    const shares = sharesOf(data, settings.classWeight);
    const start =
      settings.warmStart === null
        ? coldStart(data, shares, link, fitIntercept)
        : warmStart(data, settings.warmStart, link, fitIntercept);
    const penalty = penaltyPlanOf(settings.penalty, data);
    const plan: Plan = {
      penalty,
      link,
      classes: classes.length,
      fitIntercept,
      mask: null,
      start,
      stop: { tolerance: settings.tolerance, maxIterations: settings.maxIterations },
      solver,
      seed,
    };
    const rows = { features: data.features, labels: data.labels, shares };
    const outputs = link === "binary" ? 1 : classes.length;
    const jobs = fitJobs(plan, data.features, threads);
    const started = performance.now();
    const found = await runJobs<Solution>(rows, jobs, { outputs, threads }, watch, "fit");
    const elapsed = (performance.now() - started) / 1000;
    const { weights, intercepts, fit } = found.length === 1 ? found[0] : joined(found, elapsed);
    const { iterations, objective } = fit;
    watch.onProgress?.({
      step: "fit",
      done: iterations,
      total: iterations,
      message: `objective ${objective.toPrecision(5)}`,
    });
    const parts: LinearParts = {
      classes,
      link,
      featureNames,
      weights,
      intercepts,
      scale,
      fitIntercept,
      bounds: boundsOf(penalty),
    };
    const model = new LinearModel(parts, fit, penalty.lambda, penaltySummary(penalty));
    const warnings = remarksOn(model, data);
    return warnings === fit.warnings
      ? model
      : new LinearModel(parts, { ...fit, warnings }, model.lambda, model.penalty);
  }
}

/** The solutions of classes that were fitted side by side as one, in the time by the clock. */
function joined(parts: readonly Solution[], elapsed: number): Solution {
  const whole = new Joined();
  for (const part of parts) whole.add(part);
  const { weights, intercepts, fit } = whole.solution;
  const share = Math.min(1, elapsed / fit.seconds);
  const history = fit.history.map((step) => ({ ...step, seconds: step.seconds * share }));
  return { weights: inFull(weights), intercepts, fit: { ...fit, history, seconds: fit.seconds * share } };
}

shownAs("estimator", LogisticRegression);
