/** Weights of a block of columns in few bits: gaps in the code of Rice, then codes of levels, or floats where levels are many. */
interface PackedBlock {
  /** The number of weights. */
  readonly count: number;
  /** The parameter of Rice: gaps are coded as `gap >> rice` in ones and a zero, then the low `rice` bits, low ones first. */
  readonly rice: number;
  /** The bits of a code; 32 for floats, and then there are no levels. */
  readonly width: number;
  /** What a code stands for, as 32-bit floats. */
  readonly levels: readonly number[];
  /** The bits of the gaps, six a character and in fours of these, low ones first; empty where no weight of the table is zero and all are floats. */
  readonly gaps: string;
  /** The bits of the codes, likewise. */
  readonly data: string;
  /** The bytes that the bits alone would take. */
  readonly bytes: number;
}

/** Packs the nonzeros of a table of `size` weights; `positions` ascend. Zero weights must be left out. */
export function packBlock(
  positions: ArrayLike<number>,
  weights: ArrayLike<number>,
  size: number,
): PackedBlock {
  const values = Float32Array.from(weights);
  const gaps = Float64Array.from(positions, (at, i) => at - (i === 0 ? 0 : positions[i - 1] + 1));
  const distinct = distinctOf(values, 257);
  const few = distinct.length <= 256 && distinct.length < values.length;
  const width = few ? Math.ceil(Math.log2(Math.max(distinct.length, 1))) : 32;
  const rice = bestRice(gaps);
  const places = new Bits();
  for (const gap of few || values.length < size ? gaps : []) {
    for (let left = Math.floor(gap / 2 ** rice); left > 0; left--) places.add(1, 1);
    places.add(0, 1);
    places.add(gap % 2 ** rice, rice);
  }
  const codes = new Map(distinct.map((level, code) => [level, code]));
  const floats = new Uint32Array(values.buffer);
  const own = new Bits();
  values.forEach((value, i) => {
    own.add(few ? codes.get(value)! : floats[i], width);
  });
  const levels = few ? distinct : [];
  const bytes = Math.ceil((places.count + own.count) / 8);
  return { count: values.length, rice, width, levels, gaps: places.text(), data: own.text(), bytes };
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

/** The first distinct values, at most `most`, ascending. */
function distinctOf(values: Float32Array, most: number): number[] {
  const found = new Set<number>();
  for (const value of values) {
    found.add(value);
    if (found.size === most) break;
  }
  return Array.from(found).sort((a, b) => a - b);
}

/** The parameter of fewest bits, which fall up to it and rise from it on. */
function bestRice(gaps: Float64Array): number {
  const bits = (rice: number): number => {
    let sum = gaps.length * (1 + rice);
    for (const gap of gaps) sum += Math.floor(gap / 2 ** rice);
    return sum;
  };
  let best = 0;
  while (best < 26 && bits(best + 1) < bits(best)) best++;
  return best;
}

class Bits {
  count = 0;
  readonly #characters: number[] = [];
  #held = 0;
  #unit = 1;

  /** Adds the low `width` bits of a value, which has no others. */
  add(value: number, width: number): void {
    this.#held += value * this.#unit;
    this.#unit *= 2 ** width;
    this.count += width;
    while (this.#unit >= 64) {
      const rest = Math.floor(this.#held / 64);
      this.#characters.push(character(this.#held - 64 * rest));
      this.#held = rest;
      this.#unit /= 64;
    }
  }

  text(): string {
    const characters = this.#unit > 1 ? this.#characters.concat(character(this.#held)) : this.#characters;
    const text = Buffer.from(characters).toString("latin1");
    return text.padEnd(4 * Math.ceil(text.length / 4), "*");
  }
}

/** Characters from "*" on without "<" and the backslash, which texts of programs and pages would escape. */
function character(six: number): number {
  return six + 42 + Number(six > 17) + Number(six > 48);
}
