import { plainNumber } from "../cells";
import { isMissing } from "../columns";

/** What the values of a column are. */
export type ColumnType = "number" | "boolean" | "text" | "date" | "mixed" | "empty";

/** What a column holds, without regard to the classes. */
export interface ColumnFacts {
  readonly type: ColumnType;
  readonly missing: number;
  readonly distinct: number;
  /** How many values of a column of text are numbers, though not all: 0 for other types. */
  readonly numbersInText: number;
  /** A value of a column that is numbers but for some, or of more than one type. */
  readonly odd: string | null;
  /** True where each row has a value of its own, and these are short texts or whole numbers. */
  readonly identifier: boolean;
  /** The same for columns that hold the same, row by row. */
  readonly key: string;
}

/** Reads a column once. */
export function factsOf(values: ArrayLike<unknown>): ColumnFacts {
  const types = new Map<ColumnType, number>();
  const distinct = new Set<unknown>();
  let missing = 0;
  let numeric = 0;
  let whole = true;
  let words = false;
  let hash = 0x811c9dc5;
  let odd: unknown;
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    hash = mixed(hash, value);
    if (isMissing(value)) {
      missing++;
      continue;
    }
    const type = typeOf(value);
    types.set(type, (types.get(type) ?? 0) + 1);
    distinct.add(value instanceof Date ? value.getTime() : value);
    if (type === "number") whole &&= Number.isInteger(value);
    if (type !== "text") continue;
    if (plainNumber((value as string).trim()) === undefined) odd ??= value;
    else numeric++;
    words ||= (value as string).length > 40 || (value as string).trim().split(/\s+/, 4).length > 3;
  }
  const present = values.length - missing;
  const type = types.size === 0 ? "empty" : types.size > 1 ? "mixed" : [...types.keys()][0];
  const texts = types.get("text") ?? 0;
  const unlike =
    type === "mixed" || (type === "text" && numeric > 0 && numeric < texts && 2 * numeric > texts);
  const short = type === "text" ? !words : type === "number" && whole;
  return {
    type,
    missing,
    distinct: distinct.size,
    numbersInText: type === "text" ? numeric : 0,
    odd: unlike ? String(odd ?? first(values, (value) => typeof value === "string")) : null,
    identifier: short && present > 20 && distinct.size === present,
    key: `${values.length} ${missing} ${distinct.size} ${hash}`,
  };
}

function typeOf(value: unknown): ColumnType {
  if (typeof value === "number" || typeof value === "bigint") return "number";
  if (typeof value === "boolean") return "boolean";
  return value instanceof Date ? "date" : typeof value === "string" ? "text" : "mixed";
}

function first(values: ArrayLike<unknown>, holds: (value: unknown) => boolean): unknown {
  for (let i = 0; i < values.length; i++) if (!isMissing(values[i]) && holds(values[i])) return values[i];
  return values[0];
}

/** FNV-1a over the text of each value. */
function mixed(hash: number, value: unknown): number {
  const text = isMissing(value) ? "\u0000" : `${typeof value}${String(value)}\u0001`;
  let h = hash;
  for (let k = 0; k < text.length; k++) h = Math.imul(h ^ text.charCodeAt(k), 0x01000193);
  return h >>> 0;
}
