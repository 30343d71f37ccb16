import { checkBoolean, checkKeys, checkNumber } from "../base/check";
import { shownAs } from "../base/display";
import { fail } from "../base/errors";
import type { Watch } from "../base/progress";
import { checkList, checkShape } from "../base/shape";
import { checkDataset } from "../matrix/check-dataset";
import type { Dataset } from "../matrix/dataset";
import { LinearModel } from "../model/linear";
import { gatheredWarnings } from "../model/warning";
import { checkEngine, type PathEngine, type PathEngineWatch } from "./engine";
import {
  estimatorKeys,
  estimatorRemedies,
  type LogisticRegressionOptions,
  parseOptions,
  type Settings,
} from "./options";
import type { PathJobStep, PathOutcome, PathPlan, Strengths } from "./path-job";
import { boundsOf, penaltyPlanOf, penaltySummary } from "./penalty-options";
import type { Plan } from "./plan";
import { type PathPenalty, type PathStep, RegularizationPath } from "./regularization-path";
import { checkClassWeight, sharesOf } from "./shares";
import { denseOf } from "./sparse-weights";
import { coldStart } from "./start";
import { runJobs } from "./threads/run";

/** The options of {@link regularizationPath}. */
export interface PathOptions extends Omit<LogisticRegressionOptions, "lambda" | "warmStart"> {
  /**
   * The strengths, or their number: then they fall evenly in the logarithm from the least that leaves no weight.
   * Default 100.
   */
  readonly lambdas?: number | readonly number[];
  /** The last strength as a share of the first, where `lambdas` is a number. Default 0.01, or 1e-4 with more rows than columns. */
  readonly lambdaRatio?: number;
  /** Whether the path ends once the deviance is explained or no longer falls. Default true. */
  readonly earlyStop?: boolean;
}

/** The names of the options of a path. */
export const pathKeys: readonly string[] = [
  ...["lambdas", "lambdaRatio", "earlyStop"],
  ...estimatorKeys.filter((key) => key !== "lambda" && key !== "warmStart"),
];

/** What stands in the place of options that a path does not have. */
export const pathRemedies: Readonly<Record<string, string>> = {
  ...estimatorRemedies,
  C: "Its place has lambdas: 1 / (n C) for n rows, or how many strengths to try.",
  lambda: "A path has many: lambdas, the strengths or how many to try.",
  warmStart: "Each step of a path starts from the one before.",
};

/** A path for some data, ready for a thread. */
export interface PreparedPath {
  readonly settings: Settings;
  readonly path: PathPlan;
  readonly shares: Float64Array;
  readonly size: { readonly outputs: number; readonly threads: number };
}

/**
 * Fits for one strength of the penalty after another, each started from the one before (Friedman, Hastie and
 * Tibshirani, 2010), in threads of their own.
 * @throws `unknown-option`, `invalid-option`, `invalid-label`, `cancelled`
 */
export function regularizationPath(
  data: Dataset,
  options?: PathOptions,
  watch?: Watch,
): Promise<RegularizationPath>;
/** The same for a table where it lives, e.g. on disk. @throws what the engine does */
export function regularizationPath<Table>(
  table: Table,
  options: PathOptions,
  watch: PathEngineWatch<Table>,
): Promise<RegularizationPath>;
export async function regularizationPath(
  given: unknown,
  options: PathOptions = {},
  watching: Watch & { readonly engine?: PathEngine<never> } = {},
): Promise<RegularizationPath> {
  checkShape(options, "options of regularizationPath", "an object", {});
  checkShape(watching, "watch of regularizationPath", "{ onProgress, signal, engine }", {});
  const { engine, ...watch } = watching;
  if (engine !== undefined) {
    checkEngine(engine, "path");
    return await engine.path(given as never, options, watch);
  }
  checkDataset(given);
  const data: Dataset = given;
  const { path, shares, size } = preparePath(data, options);
  const rows = { features: data.features, labels: data.labels, shares };
  const [outcome] = await runJobs<PathOutcome>(rows, [{ kind: "path", path }], size, watch, "path");
  return pathOf(data, path.plan, outcome);
}

/** The options of a path, checked. */
interface PathSettings {
  readonly settings: Settings;
  readonly strengths: Strengths;
  readonly earlyStop: boolean;
}

/** Checks the options of a path over so many rows. @throws `unknown-option`, `invalid-option` */
export function parsePath(
  options: PathOptions,
  { rows, columns }: { readonly rows: number; readonly columns: number },
): PathSettings {
  checkKeys(options, pathKeys, "regularizationPath", pathRemedies);
  const { lambdas, lambdaRatio, earlyStop, ...rest } = options;
  const settings = parseOptions(rest);
  if (settings.penalty.name === "none") {
    fail("invalid-option", {
      thing: "penalty of a path",
      value: "none",
      expected: "a penalty that can weaken",
    });
  }
  const ratio = lambdaRatio ?? (rows > columns ? 1e-4 : 1e-2);
  return {
    settings,
    strengths: parseStrengths(lambdas ?? 100, checkNumber(ratio, "lambdaRatio", { above: 0, below: 1 })),
    earlyStop: checkBoolean(earlyStop ?? true, "earlyStop"),
  };
}

/** Checks the options of a path and readies it. */
export function preparePath(data: Dataset, options: PathOptions): PreparedPath {
  const { settings, strengths, earlyStop } = parsePath(options, data);
  checkClassWeight(settings.classWeight, data);
  const { classes } = data;
  const link = classes.length === 2 ? "binary" : settings.multiclass;
  const shares = sharesOf(data, settings.classWeight);
  const { fitIntercept, solver, seed, tolerance, maxIterations } = settings;
  const plan: Plan = {
    penalty: penaltyPlanOf(settings.penalty, data),
    link,
    classes: classes.length,
    fitIntercept,
    mask: null,
    start: coldStart(data, shares, link, fitIntercept),
    stop: { tolerance, maxIterations },
    solver,
    seed,
  };
  const path: PathPlan = { plan, strengths, shares: null, earlyStop };
  const outputs = link === "binary" ? 1 : classes.length;
  return { settings, path, shares, size: { outputs, threads: settings.threads } };
}

/** What the models of a path keep of their data. */
type PathData = Pick<Dataset, "classes" | "featureNames" | "scale">;

/** The path that a thread has followed. */
export function pathOf(data: PathData, plan: Plan, outcome: PathOutcome): RegularizationPath {
  const { steps, nullLoss, endedEarly } = outcome;
  return new RegularizationPath({
    penalty: plan.penalty.name as PathPenalty,
    l1Ratio: plan.penalty.l1Ratio,
    featureNames: data.featureNames,
    classes: data.classes,
    steps: steps.map((step) => new Step(step, data, plan, nullLoss)),
    seconds: steps.reduce((sum, { fit }) => sum + fit.seconds, 0),
    endedEarly,
    warnings: gatheredWarnings(
      steps.map(({ fit }) => fit.warnings),
      "steps",
      (at) => `at lambda ${steps[at].lambda.toPrecision(3)}`,
    ),
  });
}

/** A step that keeps its weights sparse and makes a model of them when it is asked for. */
class Step implements PathStep {
  readonly lambda: number;
  readonly l1Ratio: number;
  readonly nonzeros: number;
  readonly devianceExplained: number;
  readonly objective: number;
  readonly dualityGap: number;
  readonly iterations: number;
  readonly #model: () => LinearModel;

  constructor(step: PathJobStep, data: PathData, plan: Plan, nullLoss: number) {
    const { fit, lambda, weights } = step;
    this.lambda = lambda;
    this.l1Ratio = plan.penalty.l1Ratio;
    this.nonzeros = weights.places.length;
    this.devianceExplained = 1 - step.loss / nullLoss;
    this.objective = fit.objective;
    this.dualityGap = fit.dualityGap;
    this.iterations = fit.iterations;
    const { classes, featureNames, scale } = data;
    const { link, fitIntercept } = plan;
    const parts = {
      ...{ classes, featureNames, scale, link, fitIntercept, intercepts: step.intercepts },
      bounds: boundsOf(plan.penalty),
    };
    const penalty = penaltySummary(plan.penalty);
    this.#model = () => new LinearModel({ ...parts, weights: denseOf(weights) }, fit, lambda, penalty);
  }

  get model(): LinearModel {
    return this.#model();
  }
}

shownAs("pathStep", Step);

function parseStrengths(lambdas: number | readonly number[], ratio: number): Strengths {
  if (typeof lambdas === "number") {
    return { count: checkNumber(lambdas, "lambdas", { min: 1, integer: true }), ratio };
  }
  checkList(lambdas, "lambdas");
  if (lambdas.length === 0) fail("missing-option", { thing: "lambdas", expected: "at least one strength" });
  for (const lambda of lambdas) checkNumber(lambda, "lambdas", { above: 0 });
  return [...new Set(lambdas)].sort((a, b) => b - a);
}
