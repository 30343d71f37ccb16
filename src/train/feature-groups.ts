import { checkNumber } from "../base/check";
import { fail } from "../base/errors";
import { checkList } from "../base/shape";
import type { Dataset } from "../matrix/dataset";

/** A feature by its name or its number. */
export type FeatureKey = string | number;

/** Features that belong together, each in one group. */
export type FeatureGroups = readonly (readonly FeatureKey[])[];

/** The number of a feature's column; `thing` is the option that names it. @throws `missing-column`, `invalid-option` */
export type ColumnOf = (key: FeatureKey, thing: string) => number;

/** Columns by name, found in one pass over all names, which may be many. */
export function columnLookup(
  { columns, featureNames }: Pick<Dataset, "columns" | "featureNames">,
  keys: readonly FeatureKey[],
): ColumnOf {
  const wanted = new Set(keys.filter((key) => typeof key === "string"));
  const named = new Map<FeatureKey, number>();
  for (let j = 0; wanted.size > 0 && j < columns; j++) {
    const name = featureNames.at(j);
    if (wanted.has(name)) named.set(name, j);
  }
  return (key, thing) => {
    if (typeof key === "number") {
      return checkNumber(key, `feature of ${thing}`, { min: 0, below: columns, integer: true });
    }
    return (
      named.get(key) ??
      fail("missing-column", {
        thing: `feature of ${thing}`,
        value: key,
        expected: "a name among the dataset's featureNames",
      })
    );
  };
}

/**
 * The number of each column's group.
 * @param rest whether the columns that no group has are groups of one, or one more group
 * @throws `invalid-option` for a group of none and for a feature in two; `missing-column`
 */
export function groupNumbers(
  columns: number,
  groups: FeatureGroups,
  columnOf: ColumnOf,
  rest: "alone" | "together" = "alone",
): Uint32Array {
  const none = 0xffffffff;
  const found = new Uint32Array(columns).fill(none);
  groups.forEach((group, g) => {
    const thing = `groups[${g}]`;
    checkList(group, thing);
    if (group.length === 0) fail("invalid-option", { thing, value: group, expected: "at least one feature" });
    for (const key of group) {
      const column = columnOf(key, thing);
      if (found[column] !== none) {
        fail("invalid-option", {
          thing: `feature of ${thing}`,
          value: key,
          expected: `each feature in one group; it is in groups[${found[column]}], too`,
        });
      }
      found[column] = g;
    }
  });
  let next = groups.length;
  return found.map((g) => (g !== none ? g : rest === "together" ? groups.length : next++));
}
