import type { Axis, Datum, Trace } from "./figure";

/** The number that a value stands for on a numeric axis; NaN, a gap, for what is none or is not finite. */
export function numberOf(value: Datum | undefined): number {
  const number =
    typeof value === "number"
      ? value
      : typeof value === "string" && value.trim() !== ""
        ? Number(value)
        : NaN;
  return Number.isFinite(number) ? number : Number.NaN;
}

/** Where a value lies in the units of an axis: powers of ten on a logarithmic one. NaN where it has no place. */
export function positionOn(
  axis: Axis,
  names: ReadonlyMap<string, number>,
): (value: Datum | undefined) => number {
  if (axis.type === "category") {
    return (value) => (value === null || value === undefined ? NaN : (names.get(String(value)) ?? NaN));
  }
  if (axis.type !== "log") return numberOf;
  return (value) => {
    const number = numberOf(value);
    return number > 0 ? Math.log10(number) : Number.NaN;
  };
}

/** The categories of an axis and their places: those that it lists, then others in the order of appearance. */
export function placesOfNames(axis: Axis, values: Iterable<readonly Datum[]>): ReadonlyMap<string, number> {
  const places = new Map<string, number>();
  const add = (name: string) => places.has(name) || places.set(name, places.size);
  if (axis.type !== "category") return places;
  for (const name of axis.categoryarray ?? []) add(String(name));
  for (const column of values) for (const value of column) if (value !== null) add(String(value));
  return places;
}

/** The axes that a trace is drawn on, by their keys in the layout. */
export function axesOf({ xaxis = "x", yaxis = "y" }: Trace): readonly [AxisKey, AxisKey] {
  return [`xaxis${xaxis.slice(1) as Suffix}`, `yaxis${yaxis.slice(1) as Suffix}`];
}

/** What tells the panels of a figure apart. */
export type Suffix = "" | "2" | "3";

/** The name of an axis in a layout. */
export type AxisKey = `${"x" | "y"}axis${Suffix}`;
