/** Weights of a block of columns in few bits: gaps in the code of Rice, then codes of levels, or floats where levels are many. */
export interface PackedBlock {
  /** The number of weights. */
  readonly count: number;
  /** The parameter of Rice: gaps are coded as `gap >> rice` in ones and a zero, then the low `rice` bits, low ones first. */
  readonly rice: number;
  /** The bits of a code; 32 for floats, and then there are no levels. */
  readonly width: number;
  /** What a code stands for, as 32-bit floats. */
  readonly levels: readonly number[];
  readonly bytes: Uint8Array;
}

/** Packs the nonzeros of a table; `positions` ascend. Zero weights must be left out. */
export function packBlock(positions: ArrayLike<number>, weights: ArrayLike<number>): PackedBlock {
  const values = Array.from({ length: weights.length }, (_, i) => Math.fround(weights[i]));
  const gaps = values.map((_, i) => positions[i] - (i === 0 ? 0 : positions[i - 1] + 1));
  const distinct = [...new Set(values)].sort((a, b) => a - b);
  const few = distinct.length <= 256 && distinct.length < values.length;
  const width = few ? Math.ceil(Math.log2(Math.max(distinct.length, 1))) : 32;
  const rice = bestRice(gaps);
  const to = new Bits();
  for (const gap of gaps) {
    for (let left = Math.floor(gap / 2 ** rice); left > 0; left--) to.add(1, 1);
    to.add(0, 1);
    to.add(gap % 2 ** rice, rice);
  }
  const codes = new Map(distinct.map((level, code) => [level, code]));
  for (const value of values) to.add(few ? codes.get(value)! : floatBits(value), width);
  return { count: values.length, rice, width, levels: few ? distinct : [], bytes: to.bytes() };
}

/** Positions and weights of the nonzeros of a block of entries, `ids` ascending. */
export function nonzerosOf(
  ids: ArrayLike<number>,
  weights: ArrayLike<number>,
  outputs: number,
): { positions: number[]; values: number[] } {
  const positions: number[] = [];
  const values: number[] = [];
  for (let i = 0; i < ids.length; i++) {
    for (let k = 0; k < outputs; k++) {
      const w = Math.fround(weights[i * outputs + k]);
      if (w === 0) continue;
      positions.push(ids[i] * outputs + k);
      values.push(w);
    }
  }
  return { positions, values };
}

function bestRice(gaps: readonly number[]): number {
  const bits = (rice: number): number =>
    gaps.reduce((sum, gap) => sum + Math.floor(gap / 2 ** rice) + 1 + rice, 0);
  let best = 0;
  for (let rice = 1; rice < 27; rice++) if (bits(rice) < bits(best)) best = rice;
  return best;
}

function floatBits(value: number): number {
  return new Uint32Array(Float32Array.of(value).buffer)[0];
}

class Bits {
  readonly #bytes: number[] = [];
  #count = 0;

  add(value: number, width: number): void {
    for (let bit = 0; bit < width; bit++) {
      if (this.#count % 8 === 0) this.#bytes.push(0);
      if ((value >>> bit) & 1) this.#bytes[this.#bytes.length - 1] |= 1 << (this.#count % 8);
      this.#count++;
    }
  }

  bytes(): Uint8Array {
    return Uint8Array.from(this.#bytes);
  }
}
