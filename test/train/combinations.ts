import type { LinearModel } from "../../src/model/linear";
import type { LogisticRegressionOptions, SolverName } from "../../src/train/options";
import type { Terms } from "./objective";

export const columns = 6;
export const lambda = 0.02;

/** A model: how many classes, and how they are modelled. */
export interface Form {
  readonly name: LinearModel["link"];
  readonly classes: number;
  readonly multiclass: "softmax" | "ovr";
}

export const forms: readonly Form[] = [
  { name: "binary", classes: 2, multiclass: "softmax" },
  { name: "softmax", classes: 3, multiclass: "softmax" },
  { name: "ovr", classes: 3, multiclass: "ovr" },
];

/** A penalty as an option, and written out. */
export interface PenaltyCase {
  readonly options: LogisticRegressionOptions;
  readonly terms: Terms;
  /** Whether a smooth solver can do it. */
  readonly smooth: boolean;
  /** Whether it is a square at every weight. */
  readonly square: boolean;
}

const ones = new Array<number>(columns).fill(1);
const free = {
  lower: ones.map(() => Number.NEGATIVE_INFINITY),
  upper: ones.map(() => Number.POSITIVE_INFINITY),
};
const factors = [1, 0.5, 2, 1, 3, 0.1];
const alone = ones.map((_, j) => [j]);
const plain: Terms = { lambda, l1Ratio: 0, factors: ones, groups: null, ...free };
const l2: PenaltyCase = { options: { penalty: "l2", lambda }, terms: plain, smooth: true, square: true };
const l1: PenaltyCase = {
  options: { penalty: "l1", lambda },
  terms: { ...plain, l1Ratio: 1 },
  smooth: false,
  square: false,
};
const named = [[0, 1, 2], [3], [4, 5]];
const box = { lower: -0.1, upper: { x0: 0.05, x3: 0 } };
const boxed = { lower: ones.map(() => -0.1), upper: free.upper.map((x, j) => ({ 0: 0.05, 3: 0 })[j] ?? x) };

/** Every kind of penalty. */
export const penalties: Readonly<Record<string, PenaltyCase>> = {
  none: {
    options: { penalty: "none" },
    terms: { ...plain, lambda: 0 },
    smooth: true,
    square: false,
  },
  l2,
  "l2 with factors": {
    ...l2,
    options: { ...l2.options, penaltyWeights: factors },
    terms: { ...plain, factors },
  },
  "l2, some weights free": {
    options: { ...l2.options, penaltyWeights: { x1: 0 } },
    terms: { ...plain, factors: [1, 0, 1, 1, 1, 1] },
    smooth: true,
    square: false,
  },
  l1,
  "adaptive l1": {
    ...l1,
    options: { ...l1.options, penaltyWeights: factors },
    terms: { ...l1.terms, factors },
  },
  "elastic net": {
    ...l1,
    options: { penalty: "elasticnet", lambda, l1Ratio: 0.4 },
    terms: { ...plain, l1Ratio: 0.4 },
  },
  "features over classes": {
    ...l1,
    options: { penalty: "group", lambda },
    terms: { ...l1.terms, groups: alone },
  },
  "user groups": {
    ...l1,
    options: {
      penalty: "group",
      lambda,
      groups: [
        [0, "x1", 2],
        [4, 5],
      ],
    },
    terms: { ...l1.terms, groups: named },
  },
  "l1 of one sign": {
    ...l1,
    options: { ...l1.options, bounds: { lower: 0 } },
    terms: { ...l1.terms, lower: ones.map(() => 0) },
  },
  "l2 in a box": {
    ...l1,
    options: { ...l2.options, bounds: box },
    terms: { ...plain, ...boxed },
  },
  "nothing in a box": {
    ...l1,
    options: { penalty: "none", bounds: { lower: -0.3, upper: 0.2 } },
    terms: { ...plain, lambda: 0, lower: ones.map(() => -0.3), upper: ones.map(() => 0.2) },
  },
};

export const solvers: readonly SolverName[] = ["newton", "newton-cholesky", "lbfgs", "dual", "prox-newton"];

/** Whether a solver can do a penalty for a form, by what each method is. */
export function suits(solver: SolverName, form: Form, { smooth, square }: PenaltyCase): boolean {
  if (solver === "prox-newton") return true;
  if (solver === "dual") return square && form.name !== "softmax";
  return smooth;
}
