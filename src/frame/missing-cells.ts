import { checkList } from "../base/shape";
/** What cells mean a missing value where nothing else is said. */
export const usualMissing: readonly string[] = ["", "NA", "N/A", "NaN", "nan", "null", "NULL"];

/** The texts that mean a missing value. */
export class MissingCells {
  readonly #texts: ReadonlySet<string>;
  /** Whether one of them begins as numbers do. */
  readonly numeric: boolean;

  constructor(texts: readonly string[] = usualMissing) {
    checkList(texts, "missing");
    this.#texts = new Set(texts);
    this.numeric = texts.some((text) => /^[\d+.-]/.test(text));
  }

  /** Whether a cell is one of them. */
  has(text: string): boolean {
    return this.#texts.has(text);
  }
}
