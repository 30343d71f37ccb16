import { fail } from "../../base/errors";

/** What to fit: one class against all others, with an L2 penalty of each column. */
export interface DualTask {
  /** The number of the class whose probability is modelled. */
  readonly positive: number;
  /** The L2 strength of each column on the mean loss, above zero; `Infinity` keeps a weight at zero. */
  readonly strengths: Float64Array;
  /** Whether the intercept is free; else it keeps its value. */
  readonly fitIntercept: boolean;
  /** Of the order in which rows are met. */
  readonly seed: number;
}

/** Throws `invalid-option` where a column has no strength above zero. */
export function checkStrengths(strengths: Float64Array, columns: number): void {
  let wrong = -1;
  for (let j = 0; j < strengths.length && wrong < 0; j++) if (!(strengths[j] > 0)) wrong = j;
  if (wrong < 0 && strengths.length === columns) return;
  fail("invalid-option", {
    thing: wrong < 0 ? "number of strengths of the penalty" : `L2 strength of column ${wrong}`,
    value: wrong < 0 ? strengths.length : strengths[wrong],
    expected: wrong < 0 ? `${columns}, one a column` : "above zero: there is no dual to solve without",
    remedy: 'Take the solver "newton".',
  });
}
