/**
 * What a notebook shows of a value: one representation a MIME type, the richest that the front end knows is drawn.
 * Text is a string, JSON types are plain objects, pictures are base64.
 */
export type MimeBundle = Readonly<Record<string, unknown>>;

/** The method by which a value shows itself as a cell's last value; Deno's kernel knows the same symbol. */
export const displaySymbol: unique symbol = Symbol.for("Jupyter.display") as never;

/** A value that shows itself in a notebook. */
export interface Displayable {
  [displaySymbol](): MimeBundle | Promise<MimeBundle>;
}

/** True when `value` has a display method of its own. */
export function isDisplayable(value: unknown): value is Displayable {
  const may = typeof value === "function" || (typeof value === "object" && value !== null);
  return may && displaySymbol in value;
}

/** The kinds of results; the notebook knows how each is shown. */
export type ResultKind =
  | "model"
  | "fit"
  | "estimator"
  | "predictor"
  | "pathStep"
  | "comparison"
  | "evaluation"
  | "step"
  | "recalibration"
  | "training"
  | "encoder"
  | "frameReport"
  | "duckdb"
  | "spark"
  | "table"
  | "clusterTable"
  | "tableEvaluation"
  | "tableComparison"
  | "export"
  | "pruningCurve"
  | "coefficients"
  | "summary"
  | "path"
  | "crossValidation"
  | "dataset"
  | "compression"
  | "ledger";

/** A class of results, abstract ones included. */
type ResultClass = { readonly prototype: object; [Symbol.hasInstance](value: unknown): boolean };

type Attach = (kind: ResultKind, type: ResultClass) => void;

const classes: [ResultKind, ResultClass][] = [];
let attach: Attach | undefined;

/** Says of which kind a class of results is; it itself knows nothing of notebooks. */
export function shownAs(kind: ResultKind, type: ResultClass): void {
  classes.push([kind, type]);
  attach?.(kind, type);
}

/** Calls `how` for every class of results, for one that is loaded later once it is. */
export function attachDisplays(how: Attach): void {
  attach = how;
  for (const [kind, type] of classes) how(kind, type);
}

/** Of which kind a result is; nothing for any other value. */
export function resultKind(value: unknown): ResultKind | undefined {
  return classes.find(([, type]) => value instanceof (type as never))?.[0];
}
