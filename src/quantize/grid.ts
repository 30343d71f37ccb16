import { nearestLevel } from "./kmeans";
import { levelOf, levelsOf, type PlainScheme, type UniformScheme } from "./schemes";
import { uniformCode } from "./uniform";

/** The code of a weight that is taken away, since zero is its level. */
export const removed = -1;

/** All that a weight can become. */
export interface Grid {
  /** The code of the value nearest to `value`. */
  nearest(value: number): number;
  /** The codes of the next values at or below and above `value`, the same at the ends of the grid. */
  neighbours(value: number): readonly [number, number];
  /** What a code is worth, 0 for {@link removed}. */
  valueAt(code: number): number;
}

/** The values of a scheme. @param zero whether zero is one of them, as the code {@link removed} */
export function gridOf(scheme: PlainScheme, zero: boolean): Grid {
  return scheme.kind === "uniform" && !zero ? new UniformGrid(scheme) : new TableGrid(scheme, zero);
}

/**
 * One of the two neighbours of `value`, each the likelier the nearer it is, so that the mean is `value` itself within the
 * grid. @param chance uniform in [0, 1)
 */
export function stochasticCode(grid: Grid, value: number, chance: number): number {
  const [low, high] = grid.neighbours(value);
  if (low === high) return low;
  const from = grid.valueAt(low);
  return chance < (value - from) / (grid.valueAt(high) - from) ? high : low;
}

class UniformGrid implements Grid {
  constructor(readonly scheme: UniformScheme) {}

  nearest(value: number): number {
    return uniformCode(value, this.scheme);
  }

  neighbours(value: number): readonly [number, number] {
    const { bits, scale, zeroPoint } = this.scheme;
    const low = Math.floor(value / scale + zeroPoint);
    const within = (code: number) => Math.min(Math.max(code, 0), 2 ** bits - 1);
    return [within(low), within(low + 1)];
  }

  valueAt(code: number): number {
    return levelOf(this.scheme, code);
  }
}

class TableGrid implements Grid {
  readonly #values: Float64Array;
  readonly #codes: Int32Array;
  readonly #scheme: PlainScheme;

  constructor(scheme: PlainScheme, zero: boolean) {
    const levels = levelsOf(scheme);
    // A level that came out as zero is no level: its weights go.
    const codes: number[] = zero || levels.includes(0) ? [removed] : [];
    levels.forEach((level, code) => {
      if (Number.isFinite(level) && level !== 0) codes.push(code);
    });
    this.#scheme = scheme;
    this.#codes = Int32Array.from(codes).sort((a, b) => this.valueAt(a) - this.valueAt(b));
    this.#values = Float64Array.from(this.#codes, (code) => this.valueAt(code));
  }

  nearest(value: number): number {
    return this.#codes[nearestLevel(value, this.#values)];
  }

  neighbours(value: number): readonly [number, number] {
    const values = this.#values;
    let low = 0;
    let high = values.length - 1;
    if (value <= values[0]) high = 0;
    if (value >= values[high]) low = high;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (values[middle] <= value) low = middle;
      else high = middle;
    }
    return [this.#codes[low], this.#codes[high]];
  }

  valueAt(code: number): number {
    return code === removed ? 0 : levelOf(this.#scheme, code);
  }
}
