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

/** The levels of a column in the order in which they are met. */
interface CodedLevels {
  /** The number of each row's level, -1 where the value is missing. */
  readonly codes: Int32Array;
  /** Each level as text; values that are the same as text are one level. */
  readonly levels: readonly string[];
  /** How many rows have each level. */
  readonly counts: readonly number[];
}

/**
 * Reads the levels of a column.
 * @param missing is given each row whose value is missing, `strange` each whose value is an object
 */
export function codeLevels(
  values: ArrayLike<unknown>,
  missing: (row: number) => void,
  strange: (row: number) => void,
): CodedLevels {
  const byValue = new Map<unknown, number>();
  const byText = new Map<string, number>();
  const counts: number[] = [];
  const codes = new Int32Array(values.length);
  for (let i = 0; i < codes.length; i++) {
    const value = values[i];
    let code = byValue.get(value);
    if (code === undefined) {
      if (isMissing(value)) {
        missing(i);
        codes[i] = -1;
        continue;
      }
      if (typeof value === "object" && !(value instanceof Date)) strange(i);
      const text = String(value);
      code = byText.get(text);
      if (code === undefined) {
        code = counts.length;
        counts.push(0);
        byText.set(text, code);
      }
      byValue.set(value, code);
    }
    codes[i] = code;
    counts[code]++;
  }
  return { codes, levels: [...byText.keys()], counts };
}
