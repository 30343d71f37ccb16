import { fail } from "../../base/errors";

/** What to fit: one class against all others, with an L2 penalty of each column. */
export interface DualTask {
  /** The number of the class whose probability is modelled. */
  readonly positive: number;
  /** The L2 strength of each column on the mean loss, or of all, above zero; `Infinity` keeps a weight at zero. */
  readonly strengths: Float64Array | number;
  /** Whether the intercept is free; else it keeps its value. */
  readonly fitIntercept: boolean;
  /** Of the order in which rows are met. */
  readonly seed: number;
}

/** Throws `invalid-option` where a column has no strength above zero. */
export function checkStrengths(strengths: Float64Array | number, columns: number): void {
  if (typeof strengths === "number") {
    if (!(strengths > 0)) refuse("L2 strength", strengths);
    return;
  }
  for (let j = 0; j < strengths.length; j++) {
    if (!(strengths[j] > 0)) refuse(`L2 strength of column ${j}`, strengths[j]);
  }
  if (strengths.length === columns) return;
  refuse("number of strengths of the penalty", strengths.length, `${columns}, one a column`);
}

function refuse(
  thing: string,
  value: number,
  expected = "above zero: there is no dual to solve without",
): never {
  return fail("invalid-option", { thing, value, expected, remedy: 'Take the solver "newton".' });
}
