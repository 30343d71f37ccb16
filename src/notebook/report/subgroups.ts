import { checkLength } from "../../base/check";
import { fail } from "../../base/errors";
import { type Label, labelOf } from "../../matrix/dataset";

/**
 * How rows are parted: for each name the value of every row, by which they are grouped, or whether it belongs to the one group of
 * that name (`true` and `false` alone).
 */
export type Subgroups = Readonly<Record<string, ArrayLike<Label | null | undefined>>>;

/** Some of the rows, by what they have in common. */
interface Subgroup {
  /** What they have in common. */
  readonly name: string;
  /** Their numbers, ascending. */
  readonly rows: readonly number[];
}

const mostGroups = 12;

/** The groups in the order given, those of a column by size; what is too much is one group of all others. @throws `length-mismatch`, `invalid-option` */
export function subgroupsOf(subgroups: Subgroups, rows: number): Subgroup[] {
  return Object.entries(subgroups).flatMap(([name, values]) => {
    if (typeof values !== "object" || values === null) {
      fail("invalid-option", { thing: `subgroup "${name}"`, value: values, expected: "one value a row" });
    }
    checkLength(values.length, rows, `subgroup "${name}"`);
    const list = Array.from(values);
    if (list.every((value) => typeof value === "boolean")) {
      return [{ name, rows: list.flatMap((inside, i) => (inside ? [i] : [])) }];
    }
    const groups = new Map<string, number[]>();
    list.forEach((value, i) => {
      const label = String(labelOf(value) ?? "missing");
      const own = groups.get(label);
      if (own === undefined) groups.set(label, [i]);
      else own.push(i);
    });
    const ordered = [...groups].sort(([a, x], [b, y]) => y.length - x.length || (a < b ? -1 : 1));
    const rest = ordered.length > mostGroups ? ordered.slice(mostGroups - 1) : [];
    return [
      ...ordered
        .slice(0, ordered.length - rest.length)
        .map(([label, own]) => ({ name: `${name}: ${label}`, rows: own })),
      ...(rest.length === 0
        ? []
        : [
            {
              name: `${name}: ${rest.length} others`,
              rows: rest.flatMap(([, own]) => own).sort((a, b) => a - b),
            },
          ]),
    ];
  });
}
