/** The place in UTF-16 units of the `points`-th Unicode character, as Jupyter counts. */
export function toUnits(text: string, points: number): number {
  return Array.from(text).slice(0, points).join("").length;
}

/** The inverse of {@link toUnits}. */
export function toPoints(text: string, units: number): number {
  return Array.from(text.slice(0, units)).length;
}
