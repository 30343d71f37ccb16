/** Every remark on data or a fit that a program may want to know apart. The list is closed. */
export type WarningCode =
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
  | "singular-information"
  | "not-at-optimum"
  | "too-many-parameters";

/** A remark on data or a fit: `code` for programs, `message`, with names and a remedy, for people. */
export interface FitWarning {
  readonly code: WarningCode;
  readonly message: string;
}

/** Names for a sentence: quoted, and after the first `most` how many more there are. */
export function listed(names: readonly string[], most = 5): string {
  const shown = names.slice(0, most).map((name) => JSON.stringify(name));
  const more = names.length - shown.length;
  return more > 0 ? `${shown.join(", ")} and ${more} more` : shown.join(", ");
}
