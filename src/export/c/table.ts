import { floatLiteral, lines } from "./literals";
import { placesOf } from "./places";

/** Weights of a block of columns for a table of C. */
export interface Block {
  /** A name for identifiers. */
  readonly name: string;
  /** The number of entries that can be asked for. */
  readonly entries: number;
  /** The entries with a weight, ascending. */
  readonly ids: ArrayLike<number>;
  /** The weights of entry i for output k at `i * outputs + k`, i counting `ids`. */
  readonly weights: Float64Array;
  readonly outputs: number;
}

/** A table as source text. */
export interface Table {
  /** Arrays and the function `name_add_BLOCK(entry, x, sums)`; `name_all_BLOCK(x, sums)` where all are read. */
  readonly source: string;
  /** The bytes of its arrays. */
  readonly bytes: number;
}

/** Values as source text: each by its number. */
export interface Values {
  readonly source: string;
  readonly bytes: number;
  /** The expression for value number `i`. */
  at(i: string): string;
}

/**
 * The smallest of: every weight in its place, or those that are not zero with their places; each as numbers, or as codes of 1, 2,
 * 4 or 8 bits into a list of levels, so that a quantized model takes the bytes that its bits promise.
 * @param integer whether weights are integers, of 16 bits where they fit, else floats
 * @param every whether the function for a whole row is wanted instead of that for one entry
 */
export function weightTable(block: Block, integer: boolean, every: boolean): Table {
  const { entries, ids, weights, outputs, name } = block;
  const positions: number[] = [];
  const values: number[] = [];
  for (let i = 0; i < ids.length; i++) {
    for (let k = 0; k < outputs; k++) {
      const value = weights[i * outputs + k];
      if (value === 0) continue;
      positions.push(ids[i] * outputs + k);
      values.push(value);
    }
  }
  if (values.length === 0) return { bytes: 0, source: emptyCode(name, every, integer) };
  const sparse = stored(name, values, integer);
  const places = placesOf(block, positions, every);
  const sparseBytes = sparse.bytes + places.bytes;
  if (entries * outputs <= 2 ** 22) {
    const all = new Float64Array(entries * outputs);
    positions.forEach((at, i) => {
      all[at] = values[i];
    });
    const dense = stored(name, all, integer);
    if (dense.bytes <= sparseBytes) {
      return { bytes: dense.bytes, source: dense.source + denseCode(block, dense, every, integer) };
    }
  }
  const code = every ? everyCode(block, positions.length, sparse, integer) : places.code(sparse, integer);
  return { bytes: sparseBytes, source: places.source + sparse.source + code };
}

function emptyCode(name: string, every: boolean, integer: boolean): string {
  const x = integer ? "int32_t" : "name_real";
  const sum = integer ? "name_sum" : x;
  const head = every
    ? `name_all_${name}(const ${x} *x, ${x} *sums)`
    : `name_add_${name}(uint32_t entry, ${x} x, ${sum} *sums)`;
  return `static inline void ${head} {
${every ? "" : "  (void)entry;\n"}  (void)x;
  (void)sums;
}
`;
}

function denseCode(
  { name, entries, outputs }: Block,
  values: Values,
  every: boolean,
  integer: boolean,
): string {
  const x = integer ? "int32_t" : "name_real";
  if (every) {
    return `static inline void name_all_${name}(const ${x} *x, ${x} *sums) {
  uint32_t i, k;
  for (i = 0; i < ${entries}u; i++)
    for (k = 0; k < ${outputs}u; k++) sums[k] += x[i] * ${values.at(`(i * ${outputs}u + k)`)};
}
`;
  }
  const sum = integer ? "name_sum" : x;
  return `static inline void name_add_${name}(uint32_t entry, ${x} x, ${sum} *sums) {
  uint32_t k;
  for (k = 0; k < ${outputs}u; k++) sums[k] += x * (${sum})${values.at(`(entry * ${outputs}u + k)`)};
}
`;
}

function everyCode({ name, outputs }: Block, count: number, values: Values, integer: boolean): string {
  const x = integer ? "int32_t" : "name_real";
  const place = `name_${name}_places[i]`;
  const output = outputs === 1 ? "0" : `${place} % ${outputs}u`;
  const entry = outputs === 1 ? place : `${place} / ${outputs}u`;
  return `static inline void name_all_${name}(const ${x} *x, ${x} *sums) {
  uint32_t i;
  for (i = 0; i < ${count}u; i++) sums[${output}] += x[${entry}] * ${values.at("i")};
}
`;
}

function stored(name: string, values: ArrayLike<number>, integer: boolean): Values {
  const rounded = integer ? Float64Array.from(values) : Float64Array.from(values, Math.fround);
  const type = integer ? integerType(rounded) : { name: "float", bytes: 4 };
  const literal = integer ? String : floatLiteral;
  const plainBytes = type.bytes * rounded.length;
  const levels = distinct(rounded);
  if (levels !== undefined) {
    const bits = levels.length <= 2 ? 1 : levels.length <= 4 ? 2 : levels.length <= 16 ? 4 : 8;
    const bytes = Math.ceil((bits * rounded.length) / 8) + type.bytes * levels.length;
    if (bytes < plainBytes) {
      const number = new Map(Array.from(levels, (level, i) => [level, i]));
      const codes = new Uint8Array(Math.ceil((bits * rounded.length) / 8));
      rounded.forEach((value, i) => {
        const bit = i * bits;
        codes[bit >> 3] |= number.get(value)! << (bit & 7);
      });
      const source = `static const ${type.name} name_${name}_levels[] = {\n${lines(Array.from(levels, literal))}\n};
static const uint8_t name_${name}_codes[] = {\n${lines(codes)}\n};\n`;
      const at = (i: string): string => `name_${name}_levels[${codeAt(`name_${name}_codes`, bits, i)}]`;
      return { source, bytes, at };
    }
  }
  return {
    source: `static const ${type.name} name_${name}_weights[] = {\n${lines(Array.from(rounded, literal))}\n};\n`,
    bytes: plainBytes,
    at: (i) => `name_${name}_weights[${i}]`,
  };
}

function codeAt(array: string, bits: number, i: string): string {
  if (bits === 8) return `${array}[${i}]`;
  const shift = { 1: 3, 2: 2, 4: 1 }[bits]!;
  const mask = 8 / bits - 1;
  return `(${array}[${i} >> ${shift}] >> ((${i} & ${mask}u) * ${bits}u)) & ${2 ** bits - 1}u`;
}

function distinct(values: Float64Array): Float64Array | undefined {
  const found = new Set<number>();
  for (const value of values) {
    found.add(value);
    if (found.size > 256) return undefined;
  }
  return Float64Array.from(found).sort();
}

function integerType(values: Float64Array): { name: string; bytes: number } {
  const largest = values.reduce((top, v) => Math.max(top, Math.abs(v)), 0);
  if (largest < 128) return { name: "int8_t", bytes: 1 };
  return largest < 32768 ? { name: "int16_t", bytes: 2 } : { name: "int32_t", bytes: 4 };
}
