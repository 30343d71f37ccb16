/** A matrix column after column, where JavaScript reads it. */
export interface StoredColumns {
  readonly pointers: Uint32Array;
  readonly rows: Uint32Array;
  /** `null` where each is one. */
  readonly values: Float32Array | null;
}

/**
 * What each row has of each level: the sum of its features over the weights of an output at that level. Margins and the refit of
 * levels read nothing else, so that a sweep that moved few weights costs their columns alone.
 */
export class LevelSums {
  /** Rows x outputs x levels. */
  readonly values: Float64Array;
  readonly #known: Uint32Array;

  constructor(
    readonly rows: number,
    readonly outputs: number,
    readonly levels: number,
    readonly columns: StoredColumns,
  ) {
    this.values = new Float64Array(rows * outputs * levels);
    this.#known = new Uint32Array((columns.pointers.length - 1) * outputs);
  }

  /** Follows the weights whose symbols changed. @param list the numbers of those that may have */
  update(symbols: Uint32Array, list: Uint32Array): void {
    const known = this.#known;
    for (let i = 0; i < list.length; i++) {
      const at = list[i];
      if (symbols[at] === known[at]) continue;
      this.#add(at, known[at], -1);
      this.#add(at, symbols[at], 1);
      known[at] = symbols[at];
    }
  }

  #add(at: number, symbol: number, sign: number): void {
    if (symbol === 0) return;
    const { values: sums, outputs: K, levels: L } = this;
    const { pointers, rows, values } = this.columns;
    const from = (at % K) * L + symbol - 1;
    const column = Math.floor(at / K);
    const to = pointers[column + 1];
    for (let e = pointers[column]; e < to; e++) {
      sums[rows[e] * K * L + from] += values === null ? sign : sign * values[e];
    }
  }

  /** The margins of all rows, rows x outputs. */
  margins(levels: Float64Array, intercepts: Float64Array): Float64Array {
    const { values, outputs: K, levels: L } = this;
    const margins = new Float64Array(this.rows * K);
    for (let at = 0, from = 0; at < margins.length; at++, from += L) {
      let margin = intercepts[at % K];
      for (let l = 0; l < L; l++) margin += levels[l] * values[from + l];
      margins[at] = margin;
    }
    return margins;
  }
}
