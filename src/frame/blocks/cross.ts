import { fail } from "../../base/errors";
import type { LevelPlan } from "../categorical";
import { plainNumber } from "../cells";
import { isMissing } from "../columns";
import type { EncoderState } from "../encoder-state";
import { refuseMissing, refuseUnseen } from "../missing";
import { murmur3 } from "../murmur";
import type { CrossState, HashedState } from "./state";

type Columns = readonly ArrayLike<unknown>[];
type Policy = Pick<EncoderState, "missing" | "unseen">;

/**
 * The tuples of levels that the rows of several columns have, those of too few rows pooled.
 * @throws `empty-data` where no row has all levels; `invalid-data` for a missing one where it may not be
 */
export function fitCross(
  names: readonly string[],
  columns: Columns,
  missing: EncoderState["missing"],
  { rare, unseen }: LevelPlan,
): CrossState {
  const counts = new Map<string, number>();
  eachTuple(names, columns, missing, (key) => {
    if (key !== undefined) counts.set(key, (counts.get(key) ?? 0) + 1);
  });
  return crossOf(names, counts, { rare, unseen });
}

/** As {@link fitCross}, by how many rows have each key of a {@link TupleKeys}. @throws `empty-data` for none */
export function crossOf(
  names: readonly string[],
  counts: ReadonlyMap<string, number>,
  { rare, unseen }: LevelPlan,
): CrossState {
  if (counts.size === 0) {
    fail("empty-data", { thing: "cross of columns", value: names.join(" & "), expected: "at least one row" });
  }
  const kept = [...counts.keys()].filter((key) => counts.get(key)! >= rare).sort();
  return {
    kind: "cross",
    names,
    levels: kept.map(partsOf),
    other: unseen === "level" || kept.length < counts.size,
  };
}

/** The number of each row's feature, -1 where none is set. @throws `invalid-data` where a tuple may not be */
export function crossNumbers(
  { names, levels, other }: CrossState,
  columns: Columns,
  policy: Policy,
): Int32Array {
  const numbers = tupleNumbers(levels);
  const found = new Int32Array(columns[0].length).fill(-1);
  eachTuple(names, columns, policy.missing, (key, i) => {
    if (key === undefined) return;
    const number = numbers.get(key);
    if (number !== undefined) found[i] = number;
    else if (other) found[i] = levels.length;
    else if (policy.unseen === "error") {
      refuseUnseen(
        names.join(" & "),
        i,
        partsOf(key).join(" & "),
        levels.map((tuple) => tuple.join(" & ")),
      );
    }
  });
  return found;
}

/** The number of each tuple of levels by its key. */
export function tupleNumbers(levels: CrossState["levels"]): ReadonlyMap<string, number> {
  return new Map(levels.map((tuple, k) => [tuple.map(escaped).join(separator), k]));
}

/**
 * The hash of each row's levels modulo the features, -1 where one is missing. What is hashed is the levels' UTF-8, numbers as
 * JavaScript writes them, with U+001F between two; backslashes and U+001F within levels are escaped by a backslash.
 */
export function hashedNumbers(
  { names, bits, seed }: HashedState,
  columns: Columns,
  missing: EncoderState["missing"],
): Int32Array {
  const hash = tupleHash({ bits, seed });
  const found = new Int32Array(columns[0].length).fill(-1);
  eachTuple(names, columns, missing, (key, i) => {
    if (key !== undefined) found[i] = hash(key);
  });
  return found;
}

/** Hashes keys of tuples to numbers of features; those that come often are hashed once. */
export function tupleHash({ bits, seed }: Pick<HashedState, "bits" | "seed">): (key: string) => number {
  const encoder = new TextEncoder();
  const mask = 2 ** bits - 1;
  const kept = new Map<string, number>();
  return (key) => {
    let number = kept.get(key);
    if (number === undefined) {
      const bytes = encoder.encode(key);
      number = murmur3(bytes, 0, bytes.length, seed) & mask;
      if (kept.size < 2 ** 16) kept.set(key, number);
    }
    return number;
  };
}

const separator = "\u001f";

/** Levels of several columns as one key; numbers however written have one. */
export class TupleKeys {
  readonly #kept: readonly Map<unknown, string>[];

  constructor(columns: number) {
    this.#kept = Array.from({ length: columns }, () => new Map<unknown, string>());
  }

  /** The key of a tuple before a column and the column's value, `undefined` where the value is missing. */
  add(key: string, column: number, value: unknown): string | undefined {
    const kept = this.#kept[column];
    let part = kept.get(value);
    if (part === undefined) {
      if (isMissing(value)) return undefined;
      part = escaped(plainNumber(String(value)) ?? String(value));
      if (kept.size < 2 ** 16) kept.set(value, part);
    }
    return column === 0 ? part : key + separator + part;
  }
}

/** Levels by one key a row; `undefined` where one is missing. */
function eachTuple(
  names: readonly string[],
  columns: Columns,
  missing: EncoderState["missing"],
  visit: (key: string | undefined, row: number) => void,
): void {
  const keys = new TupleKeys(columns.length);
  for (let i = 0; i < columns[0].length; i++) {
    let key: string | undefined = "";
    for (let c = 0; c < columns.length; c++) {
      const next = keys.add(key ?? "", c, columns[c][i]);
      if (next === undefined) refuseMissing("level", names[c], i, missing);
      key = key === undefined ? undefined : next;
    }
    visit(key, i);
  }
}

function escaped(level: string): string {
  return level.replaceAll("\\", "\\\\").replaceAll(separator, `\\${separator}`);
}

function partsOf(key: string): string[] {
  const parts = [""];
  for (let i = 0; i < key.length; i++) {
    if (key[i] === separator) parts.push("");
    else parts[parts.length - 1] += key[i] === "\\" ? key[++i] : key[i];
  }
  return parts;
}
