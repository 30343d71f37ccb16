import { checkLength } from "../base/check";
import { shownAs } from "../base/display";
import { checkShape } from "../base/shape";
import type { Label } from "../matrix/dataset";
import type { FeatureNames } from "../matrix/names";
import { type Link, Scorer } from "./scorer";
import type { FitWarning } from "./warning";

/** Between what the weights of each feature lie, one bound a feature; `null` where nothing holds them from that side. */
export interface FeatureBounds {
  /** At most 0. */
  readonly lower: Float64Array | null;
  /** At least 0. */
  readonly upper: Float64Array | null;
}

/** What a linear model is made of; see {@link Scorer} for the layout. */
export interface LinearParts {
  /** The classes, in the order of the columns of probabilities. */
  readonly classes: readonly Label[];
  /** How margins become probabilities. */
  readonly link: Link;
  /** The name of each feature. */
  readonly featureNames: FeatureNames;
  /** `features x outputs`, feature after feature. */
  readonly weights: Float64Array;
  /** One an output. */
  readonly intercepts: Float64Array;
  /** The scale in which weights are penalised and ranked; see `Dataset.scale`. */
  readonly scale: Float32Array | null;
  /** Whether the intercepts were fitted; where not they are zero, and refits leave them so. Default true. */
  readonly fitIntercept?: boolean;
  /** Within what the weights were fitted, as they are, not in the scale; refits stay there. Default `null`: no bounds. */
  readonly bounds?: FeatureBounds | null;
}

/** A linear model in floating point, the common part of trained and pruned models. */
export abstract class LinearScorer extends Scorer implements LinearParts {
  readonly classes: readonly Label[];
  /** How margins become probabilities. */
  readonly link: Link;
  readonly featureNames: FeatureNames;
  readonly weights: Float64Array;
  readonly intercepts: Float64Array;
  readonly scale: Float32Array | null;
  readonly fitIntercept: boolean;
  readonly bounds: FeatureBounds | null;

  constructor(parts: LinearParts) {
    super();
    checkShape(
      parts,
      "parts of a linear model",
      "{ classes, link, featureNames, weights, intercepts, scale }",
      { classes: "list", link: "text", featureNames: "list", weights: "list", intercepts: "list" },
    );
    this.classes = parts.classes;
    this.link = parts.link;
    this.featureNames = parts.featureNames;
    this.weights = parts.weights;
    this.intercepts = parts.intercepts;
    this.scale = parts.scale;
    this.fitIntercept = parts.fitIntercept ?? true;
    this.bounds = parts.bounds ?? null;
    checkLength(this.weights.length, this.features * this.outputs, "weights");
    checkLength(this.intercepts.length, this.outputs, "intercepts");
  }
}

/** One line of a fit's history: the state after an iteration. */
export interface FitStep {
  /** The number of the step; 0 is the start. */
  readonly iteration: number;
  /** The value of the objective, mean loss plus penalty. */
  readonly objective: number;
  /** The norm of the gradient relative to that at the start; in epochs of `dual`, which have none, about the gap relative to the objective. */
  readonly gradientNorm: number;
  /** The objective less a proven lower bound of it; left out where the solver does not know it at each step. */
  readonly dualityGap?: number;
  /** Seconds since the solver began. */
  readonly seconds: number;
  /** The class whose sigmoid was being fitted, where classes are fitted one after another. */
  readonly output?: number;
}

/** The evidence of a fit. */
export interface FitReport {
  /** The solver that fitted. */
  readonly solver: string;
  /** Why that solver was taken, as a clause; left out where it was not chosen. */
  readonly solverReason?: string;
  /** How the rows were stored for the solver and why, as a clause, where it was another way than they were given. */
  readonly storedAs?: string;
  /** Whether the tolerance was reached within `maxIterations`. */
  readonly converged: boolean;
  /** The value of the objective, mean loss plus penalty. */
  readonly objective: number;
  /** The objective less a proven lower bound of it; `NaN` where none is known (no penalty). */
  readonly dualityGap: number;
  /** The steps that it took: the sum over classes that are fitted apart, the most that one took of those fitted together. */
  readonly iterations: number;
  /** How often all data were read; left out where it was not counted. */
  readonly passes?: number;
  /** The objective and what bounds it after each step. */
  readonly history: readonly FitStep[];
  /** Seconds in the solver by the clock, copying of the data left out where one solver fits all classes. */
  readonly seconds: number;
  /** What the user should know, such as no convergence or separable data; each with its remedy. */
  readonly warnings: readonly FitWarning[];
}

/** The evidence of a fit as a value of its own, so that a notebook can show it. */
export class FitRecord implements FitReport {
  readonly solver: string;
  readonly solverReason?: string;
  readonly storedAs?: string;
  readonly converged: boolean;
  readonly objective: number;
  readonly dualityGap: number;
  readonly iterations: number;
  readonly passes?: number;
  readonly history: readonly FitStep[];
  readonly seconds: number;
  readonly warnings: readonly FitWarning[];

  constructor(report: FitReport) {
    checkShape(report, "report of a fit", "model.fit", { solver: "text", history: "list", warnings: "list" });
    this.solver = report.solver;
    if (report.solverReason !== undefined) this.solverReason = report.solverReason;
    if (report.storedAs !== undefined) this.storedAs = report.storedAs;
    this.converged = report.converged;
    this.objective = report.objective;
    this.dualityGap = report.dualityGap;
    this.iterations = report.iterations;
    if (report.passes !== undefined) this.passes = report.passes;
    this.history = report.history;
    this.seconds = report.seconds;
    this.warnings = report.warnings;
  }
}

shownAs("fit", FitRecord);

/** The penalties that a fit can have. */
export type PenaltyName = "l2" | "l1" | "elasticnet" | "group" | "none";

/** Which penalty a model was fitted with. */
export interface PenaltySummary {
  /** Which penalty. */
  readonly name: PenaltyName;
  /** The share of the penalty that is L1: 1 for `l1` and `group`, 0 for `l2`. */
  readonly l1Ratio: number;
}

/** A logistic regression as fitted: every weight a 64-bit float. */
export class LinearModel extends LinearScorer {
  readonly stage = "trained";
  /** The evidence of the fit. */
  readonly fit: FitRecord;

  constructor(
    parts: LinearParts,
    fit: FitReport,
    /** The strength of the penalty that it was fitted with, on the mean loss. */
    readonly lambda: number,
    /** The penalty that it was fitted with. */
    readonly penalty: PenaltySummary = { name: "l2", l1Ratio: 0 },
  ) {
    super(parts);
    this.fit = fit instanceof FitRecord ? fit : new FitRecord(fit);
  }
}
