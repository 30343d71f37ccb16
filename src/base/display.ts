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
  return typeof value === "object" && value !== null && displaySymbol in value;
}
