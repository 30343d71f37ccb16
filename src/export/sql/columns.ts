import type { Label } from "../../matrix/dataset";
import { type Dialect, sqlNumber } from "./dialect";

/** A label as a literal. */
export function labelLiteral(label: Label, d: Dialect): string {
  if (typeof label === "boolean") return label ? "TRUE" : "FALSE";
  if (typeof label === "string") return d.text(label);
  return Number.isSafeInteger(label) ? String(label) : sqlNumber(label);
}

/** Columns named by the classes, or by their numbers where case alone would tell two apart or a name is long. */
export function columnNames(classes: readonly Label[], d: Dialect): string[] {
  const names = classes.map((label) => `probability_${label}`);
  const folded = new Set(names.map((name) => name.toLowerCase()));
  const fits = names.every((name) => name.length < 50 && /^[\x20-\x7e]+$/.test(name));
  return names.map((name, k) =>
    d.identifier(folded.size === classes.length && fits ? name : `probability_${k}`),
  );
}
