import { checkKeys, checkNumber } from "../base/check";
import { shownAs } from "../base/display";
import { fail } from "../base/errors";
import { checkShape } from "../base/shape";
import { checkDataset } from "../matrix/check-dataset";
import type { Dataset, Label } from "../matrix/dataset";
import { checkModel } from "../model/check-model";
import type { LinearModel } from "../model/linear";
import { checkWidth } from "../model/scorer";
import { distinctWarnings, type FitWarning, warningText } from "../model/warning";
import { type CoefficientRow, CoefficientTable, interceptName } from "./coefficient-table";
import type { Design } from "./design";
import { momentsOf } from "./diagnose/moments";
import { separationOf } from "./diagnose/separation";
import { goodnessOf, type LikelihoodRow } from "./inference/goodness";
import { type InvertedInformation, invertInformation, mostParameters } from "./inference/information";
import { type Likelihood, likelihoodsOf, weighedDesign } from "./inference/likelihood";
import { twoSidedQuantile, twoSidedTail } from "./inference/normal";

/** How to summarise a fit. */
export interface SummaryOptions {
  /** The level of the confidence intervals, in (0, 1). Default 0.95. */
  readonly level?: number;
  /** The class that softmax coefficients are differences from. Default: the first. */
  readonly reference?: Label;
}

/** What a {@link Summary} is made of. */
export interface SummaryParts {
  /** Why standard errors, tests and intervals are not given; empty where they are. */
  readonly warnings: readonly FitWarning[];
  /** For each class the intercept, then the features in their order; `NaN` what is not valid. */
  readonly coefficients: CoefficientTable;
  /** One for two classes and for softmax; for ovr one a class. */
  readonly likelihoods: readonly LikelihoodRow[];
  /** The level of the confidence intervals. */
  readonly level: number;
}

/** What a fit tells of its parameters. */
export class Summary implements SummaryParts {
  readonly warnings: readonly FitWarning[];
  readonly coefficients: CoefficientTable;
  readonly likelihoods: readonly LikelihoodRow[];
  readonly level: number;

  constructor(parts: SummaryParts) {
    checkShape(parts, "parts of a summary", "{ warnings, coefficients, likelihoods, level }", {
      warnings: "list",
      coefficients: "object",
      likelihoods: "list",
    });
    this.warnings = parts.warnings;
    this.coefficients = parts.coefficients;
    this.likelihoods = parts.likelihoods;
    this.level = parts.level;
  }

  /** Whether standard errors, tests and intervals are given: the model is at a proper maximum of the likelihood. */
  get valid(): boolean {
    return this.warnings.length === 0;
  }
}

shownAs("summary", Summary);

/** Farther from the maximum, in standard errors, tests would be of another model than was fitted. */
const farthest = 0.01;

/**
 * Coefficients with their standard errors, from the inverse of the observed information at the optimum (McCullagh and
 * Nelder, 1989, section 4.4), Wald tests and intervals, and the goodness of the fit. Rows count by their weights, as
 * so many equal observations: n is the sum of the weights. Softmax coefficients are differences from those of the
 * reference class, as statsmodels' `MNLogit` gives them; ovr is one regression a class.
 *
 * Valid for a fit without a penalty alone: penalised coefficients are biased, and no standard error tells by how much.
 * Where tests are not valid (a penalty, separable classes, dependent columns, a model that is not at the maximum of
 * this data's likelihood, as after class weights) numbers are `NaN` and a warning says why.
 * @param data what the model was fitted to
 * @throws `invalid-option`, `unknown-option`, `width-mismatch`, `invalid-label`
 */
export function summarise(model: LinearModel, data: Dataset, options: SummaryOptions = {}): Summary {
  checkModel(model);
  checkDataset(data);
  checkKeys(options, ["level", "reference"], "summarise");
  const level = checkNumber(options.level ?? 0.95, "level", { above: 0, below: 1 });
  const reference = referenceOf(model, options.reference);
  checkWidth(model, data.features);
  const own = data.withClasses(model.classes);
  const design = weighedDesign(own);
  const likelihoods = likelihoodsOf(model, design, reference);
  const judged = likelihoods.map((likelihood) => judge(model, own, design, likelihood));
  const warnings = distinctWarnings(judged.flatMap(({ warning }) => (warning === null ? [] : [warning])));
  const quantile = twoSidedQuantile(1 - level);
  const rows = likelihoods.flatMap((likelihood, at) => {
    const errors = judged[at].inverted?.standardErrors ?? null;
    return rowsOf(model, likelihood, errors, quantile);
  });
  return new Summary({
    warnings,
    coefficients: new CoefficientTable({
      rows,
      classes: model.classes,
      level,
      notes: [...referenceNote(model, reference), ...warnings.map(warningText)],
    }),
    likelihoods: likelihoods.map((likelihood, at) => {
      const named = model.link === "ovr" ? { class: model.classes[at] } : {};
      const valid = judged[at].warning === null;
      return { ...named, ...goodnessOf(design, likelihood, model.link, model.fitIntercept, valid) };
    }),
    level,
  });
}

function referenceNote({ link, classes }: LinearModel, reference: number): string[] {
  return link === "softmax" ? [`differences from class ${String(classes[reference])}`] : [];
}

function referenceOf(model: LinearModel, label: Label | undefined): number {
  if (label === undefined) return 0;
  const reference = model.link === "softmax" ? model.classes.indexOf(label) : -1;
  if (reference >= 0) return reference;
  return fail("invalid-option", {
    thing: "reference",
    value: label,
    expected: model.link === "softmax" ? `one of ${model.classes.join(", ")}` : "none but for softmax",
  });
}

interface Judged {
  readonly warning: FitWarning | null;
  readonly inverted: InvertedInformation | null;
}

/** Whether tests are valid, and what they need. */
function judge(model: LinearModel, data: Dataset, design: Design, likelihood: Likelihood): Judged {
  const not = (code: FitWarning["code"], message: string, remedy: string) => ({
    warning: { code, message, remedy },
    inverted: null,
  });
  const { penalty, lambda, fitIntercept } = model;
  if (lambda > 0) {
    return not(
      "penalised",
      `The fit has a penalty (${penalty.name}, lambda ${Number(lambda.toPrecision(4))}), which biases coefficients by an unknown amount: standard errors, tests and intervals are not valid.`,
      'Fit with penalty "none" for these.',
    );
  }
  if (model.bounds !== null) {
    return not(
      "bounded",
      "The fit holds weights within bounds, so its coefficients need not be normal about the truth: standard errors, tests and intervals are not valid.",
      "Fit without bounds for these.",
    );
  }
  const size = likelihood.width * likelihood.blocks.length;
  if (size > mostParameters) {
    return not(
      "too-many-parameters",
      `There are ${size} parameters, and standard errors are given for up to ${mostParameters}.`,
      "Fit on fewer columns.",
    );
  }
  const inverted = invertInformation(design, likelihood, fitIntercept);
  const separation = separationOf(likelihood, inverted, data.featureNames, momentsOf(data).deviations);
  if (separation !== null) return { warning: separation, inverted: null };
  if ("parameter" in inverted) {
    const name = nameOf(model, likelihood.width, inverted.parameter);
    return not(
      "singular-information",
      `The information is singular: ${JSON.stringify(name)} is constant or depends on the columns before it, so its coefficient is not determined.`,
      "Leave it out.",
    );
  }
  if (!(inverted.distance <= farthest)) {
    return not(
      "not-at-optimum",
      `The model is ${inverted.distance.toPrecision(2)} standard errors away from the maximum of this data's likelihood.`,
      "Summarise the data that it was fitted to, without class weights, or lower the tolerance.",
    );
  }
  return { warning: null, inverted };
}

function rowsOf(
  model: LinearModel,
  { width, blocks, coefficients }: Likelihood,
  errors: Float64Array | null,
  quantile: number,
): CoefficientRow[] {
  return blocks.flatMap((k, b) => {
    const named = model.link === "binary" ? {} : { class: model.classes[k] };
    const row = (j: number): CoefficientRow => {
      const at = b * width + j;
      const coefficient = coefficients[at];
      const standardError = errors === null ? Number.NaN : errors[at];
      const z = coefficient / standardError;
      return {
        name: nameOf(model, width, j),
        intercept: j === width - 1,
        ...named,
        coefficient,
        standardError,
        z,
        p: twoSidedTail(z),
        lower: coefficient - quantile * standardError,
        upper: coefficient + quantile * standardError,
        oddsRatio: Math.exp(coefficient),
      };
    };
    const features = Array.from({ length: width - 1 }, (_, j) => row(j));
    return model.fitIntercept ? [row(width - 1), ...features] : features;
  });
}

function nameOf(model: LinearModel, width: number, parameter: number): string {
  const column = parameter % width;
  return column === width - 1 ? interceptName : model.featureNames.at(column);
}
