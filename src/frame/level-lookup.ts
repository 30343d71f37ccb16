import { plainNumber } from "./cells";
import { isMissing } from "./columns";

/** The most raw values whose answer is kept. */
const mostKept = 2 ** 16;

/**
 * Finds the numbers of levels by raw values: strings, numbers, booleans. A number as text is the level of that number,
 * however it is written. Answers are kept, so that no value is turned into text twice.
 */
export class LevelLookup {
  readonly #numbers: ReadonlyMap<string, number>;
  readonly #kept = new Map<unknown, number>();

  /** What {@link LevelLookup.find} says of a missing value. */
  static readonly missing = -2;

  constructor(levels: readonly string[]) {
    this.#numbers = new Map(levels.map((level, k) => [level, k]));
  }

  /** The number of a value's level, -1 where it has none, -2 where it is missing. */
  find(value: unknown): number {
    const kept = this.#kept.get(value);
    if (kept !== undefined) return kept;
    const number = this.#numberOf(value);
    if (this.#kept.size < mostKept) this.#kept.set(value, number);
    return number;
  }

  #numberOf(value: unknown): number {
    if (isMissing(value)) return LevelLookup.missing;
    const level = String(value);
    return this.#numbers.get(level) ?? this.#numbers.get(plainNumber(level) ?? level) ?? -1;
  }
}

/** How many rows have each level, as text, in no order; `missing` is given each row whose value is missing. */
export function countLevels(
  values: ArrayLike<unknown>,
  missing: (row: number) => void = () => {},
): Map<string, number> {
  const raw = new Map<unknown, number>();
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    const before = raw.get(value);
    if (before !== undefined) raw.set(value, before + 1);
    else if (isMissing(value)) missing(i);
    else raw.set(value, 1);
  }
  const counts = new Map<string, number>();
  for (const [value, count] of raw) {
    const level = String(value);
    counts.set(level, (counts.get(level) ?? 0) + count);
  }
  return counts;
}
