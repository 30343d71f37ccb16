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
  | "sampled"
  | "too-many-parameters";

/** A remark on data or a fit, in sentences for people and with a code for programs. */
export interface FitWarning {
  /** What it warns of, from a closed list. */
  readonly code: WarningCode;
  /** What is the matter, with names and numbers. */
  readonly message: string;
  /** What to do about it. */
  readonly remedy: string;
}

/** A warning as one text: what is the matter, then the remedy. */
export function warningText(warning: FitWarning | string): string {
  return typeof warning === "string" ? warning : `${warning.message} ${warning.remedy}`;
}

/** Each warning once, of those with the same code and message the first. */
export function distinctWarnings(warnings: readonly FitWarning[]): FitWarning[] {
  const found = new Map(warnings.map((one) => [`${one.code} ${one.message}`, one]));
  return [...found.values()];
}

/**
 * The warnings of several fits that are one result: each once, and of those that did not converge how many they are,
 * with the first of them.
 * @param named what each fit is of, e.g. `class 3`
 */
export function gatheredWarnings(
  fits: readonly (readonly FitWarning[])[],
  kind: string,
  named: (fit: number) => string,
): FitWarning[] {
  const failed = fits.flatMap((warnings, at) => {
    const warning = warnings.find(({ code }) => code === "not-converged");
    return warning === undefined ? [] : [{ at, warning }];
  });
  if (failed.length < 2) return distinctWarnings(fits.flat());
  const [{ at, warning }] = failed;
  const first: FitWarning = {
    ...warning,
    message: `${failed.length} of ${fits.length} ${kind} did not converge, the first ${named(at)}. ${warning.message}`,
  };
  return distinctWarnings([first, ...fits.flat().filter(({ code }) => code !== "not-converged")]);
}

/** Names for a sentence: quoted, and after the first `most` how many more there are. */
export function listed(names: readonly string[], most = 5): string {
  const shown = names.slice(0, most).map((name) => JSON.stringify(name));
  const more = names.length - shown.length;
  return more > 0 ? `${shown.join(", ")} and ${more} more` : shown.join(", ");
}
