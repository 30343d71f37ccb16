import { checkLength } from "../base/check";
import { fail } from "../base/errors";

/**
 * Which weights share a scheme.
 *
 * - `class`: the weights of one output
 * - `group`: the weights of features with the same number in `groups`, one number a feature
 * - `block`: `size` neighbouring places of the `features x outputs` table
 */
export type Parting =
  | { readonly by: "class" }
  | { readonly by: "group"; readonly groups: Uint32Array }
  | { readonly by: "block"; readonly size: number };

/** The parts that have stored weights. */
export interface Units {
  /** For each stored weight the place of its part in `keys`. */
  readonly units: Uint32Array;
  /** The numbers of the parts that have a stored weight (class, group or block), ascending. */
  readonly keys: Uint32Array;
}

/** Parts stored weights. @param parting `null` for one part, whose number is 0 */
export function unitsOf(parting: Parting | null, positions: Uint32Array, outputs: number): Units {
  if (parting === null) {
    return { units: new Uint32Array(positions.length), keys: Uint32Array.of(0) };
  }
  const own = positions.map((position) => keyOf(parting, position, outputs));
  const keys = Uint32Array.from(new Set(own)).sort();
  const places = new Map(Array.from(keys, (key, unit) => [key, unit]));
  return { units: own.map((key) => places.get(key)!), keys };
}

/** The stored weights of each part, ascending. */
export function membersOf({ units, keys }: Units): Uint32Array[] {
  const counts = new Uint32Array(keys.length);
  for (const unit of units) counts[unit]++;
  const members = Array.from(counts, (count) => new Uint32Array(count));
  counts.fill(0);
  units.forEach((unit, i) => {
    members[unit][counts[unit]++] = i;
  });
  return members;
}

/** @throws `length-mismatch`, `invalid-model` where a parting does not fit the table */
export function checkParting(parting: Parting, features: number): void {
  if (parting.by === "group") checkLength(parting.groups.length, features, "groups");
  if (parting.by === "block" && !(Number.isInteger(parting.size) && parting.size >= 1)) {
    fail("invalid-model", { thing: "size of a block", value: parting.size, expected: "an integer above 0" });
  }
}

function keyOf(parting: Parting, position: number, outputs: number): number {
  if (parting.by === "class") return position % outputs;
  if (parting.by === "group") return parting.groups[Math.floor(position / outputs)];
  return Math.floor(position / parting.size);
}
