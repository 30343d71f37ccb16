/** Every remark on data or a fit that a program may want to know apart. The list is closed. */
export type WarningCode =
  | "not-converged"
  | "constant-column"
  | "duplicate-column"
  | "collinear-columns"
  | "collinearity-unchecked"
  | "more-columns-than-rows"
  | "bad-scaling"
  | "separating-column"
  | "separable"
  | "quasi-separable"
  | "penalised"
  | "bounded"
  | "singular-information"
  | "not-at-optimum"
  | "too-many-parameters";

/** A remark on data or a fit, in sentences for people and with a code for programs. */
export interface FitWarning {
  readonly code: WarningCode;
  /** What is the matter, with names and numbers. */
  readonly message: string;
  /** What to do about it. */
  readonly remedy: string;
}

/** A warning as one text: what is the matter, then the remedy. */
export function warningText({ message, remedy }: FitWarning): string {
  return `${message} ${remedy}`;
}

/** Each warning once, of those with the same code and message the first. */
export function distinctWarnings(warnings: readonly FitWarning[]): FitWarning[] {
  const found = new Map(warnings.map((one) => [`${one.code} ${one.message}`, one]));
  return [...found.values()];
}

/** Names for a sentence: quoted, and after the first `most` how many more there are. */
export function listed(names: readonly string[], most = 5): string {
  const shown = names.slice(0, most).map((name) => JSON.stringify(name));
  const more = names.length - shown.length;
  return more > 0 ? `${shown.join(", ")} and ${more} more` : shown.join(", ");
}
