import { shownAs } from "../base/display";
import { fail } from "../base/errors";
import { checkShape } from "../base/shape";
import type { Label } from "../matrix/dataset";

/** What an intercept is called among the features. */
export const interceptName = "(intercept)";

/** One coefficient with what is known of its error; what does not hold, or is not known, is `NaN`. */
export interface CoefficientRow {
  /** The name of the feature; `(intercept)` for an intercept. */
  readonly name: string;
  /** True for an intercept. */
  readonly intercept: boolean;
  /** The class whose output it belongs to; absent for two classes, which have one output. */
  readonly class?: Label;
  /** The change of the log-odds, or of the class's score, by one unit of the feature. */
  readonly coefficient: number;
  /** The standard error of the estimate; `NaN` where there is none. */
  readonly standardError: number;
  /** coefficient / standardError. */
  readonly z: number;
  /** Two-sided, of the coefficient being zero (Wald). */
  readonly p: number;
  /** The lower end of the confidence interval. */
  readonly lower: number;
  /** The upper end of the confidence interval. */
  readonly upper: number;
  /** exp(coefficient): by what the odds are multiplied when the feature grows by one. */
  readonly oddsRatio: number;
}

/** What a {@link CoefficientTable} is made of. */
export interface CoefficientTableParts {
  /** The coefficients, intercepts first. */
  readonly rows: readonly CoefficientRow[];
  /** The classes of the model, in its order; of two, coefficients are for the second against the first. */
  readonly classes: readonly Label[];
  /** The level of the intervals, e.g. 0.95. */
  readonly level: number;
  /** What must be known to read it, e.g. why there are no p values. */
  readonly notes: readonly string[];
}

/** The coefficients of a model by name, with standard errors and tests where these are valid. */
export class CoefficientTable implements CoefficientTableParts {
  /** The coefficients, intercepts first. */
  readonly rows: readonly CoefficientRow[];
  readonly classes: readonly Label[];
  readonly level: number;
  readonly notes: readonly string[];

  constructor(parts: CoefficientTableParts) {
    checkShape(parts, "parts of a table of coefficients", "what summarise returns", {
      rows: "list",
      classes: "list",
      notes: "list",
    });
    this.rows = parts.rows;
    this.classes = parts.classes;
    this.level = parts.level;
    this.notes = parts.notes;
  }

  /** Whether any row has a standard error, and so a test. */
  get tested(): boolean {
    return this.rows.some(({ standardError }) => Number.isFinite(standardError));
  }

  /**
   * The coefficient of a feature, `(intercept)` included.
   * @param of the class, where the model has more than two
   * @throws `invalid-option` where there is none
   */
  row(name: string, of?: Label): CoefficientRow {
    const found = this.rows.find((row) => row.name === name && row.class === of);
    if (found !== undefined) return found;
    const classes = [...new Set(this.rows.flatMap((row) => (row.name === name ? [String(row.class)] : [])))];
    return fail("invalid-option", {
      thing: of === undefined ? "name of a coefficient" : `name of a coefficient of class ${String(of)}`,
      value: name,
      expected: classes.length === 0 ? "a feature of the model" : `a class beside it: ${classes.join(", ")}`,
    });
  }

  /** Intercepts first, then the features by the size of z, or of the coefficient where nothing is tested. */
  get ranked(): readonly CoefficientRow[] {
    const size = this.tested
      ? (row: CoefficientRow) => (Number.isNaN(row.z) ? -1 : Math.abs(row.z))
      : (row: CoefficientRow) => Math.abs(row.coefficient);
    const keyed = this.rows.map((row) => ({
      row,
      key: row.intercept ? Number.POSITIVE_INFINITY : size(row),
    }));
    return keyed.sort((a, b) => (a.key === b.key ? 0 : b.key - a.key)).map(({ row }) => row);
  }
}

shownAs("coefficients", CoefficientTable);
