import { lines } from "./literals";
import type { Block, Values } from "./table";

/** The places of the weights that are not zero, as tables of C. */
interface Places {
  readonly source: string;
  readonly bytes: number;
  /** The function `name_add_BLOCK(entry, x, sums)`, which looks an entry up. */
  code(values: Values, integer: boolean): string;
}

/** How places are found: buckets of 2^shift entries; one bit says of 2^block entries whether any has a weight, where there is such a bit. */
interface Buckets {
  readonly shift: number;
  readonly block: number | undefined;
}

/** Lists of so few places are searched as they are: more code would take what it saves. */
const fewPlaces = 64;

/**
 * The quickest that takes no more bytes than the places in order, which a search halves. After the high bits of the entry: where each
 * bucket of entries starts, and of the places the low bits alone (Elias, Efficient storage and retrieval by content and address of
 * static files, J. ACM 21, 1974), before that a bit for a block of entries, since most of a row have no weight.
 * @param positions ascending, `entry * outputs + output`
 * @param every whether all are read in turn, so that none is looked up
 */
export function placesOf(block: Block, positions: readonly number[], every: boolean): Places {
  const whole = listed(block, positions);
  if (every || positions.length < fewPlaces) return whole;
  const best = quickest(block, positions, whole.bytes);
  return best === undefined ? whole : bucketed(block, positions, best);
}

function quickest(
  { entries, outputs }: Block,
  positions: readonly number[],
  mostBytes: number,
): Buckets | undefined {
  const count = positions.length;
  const used = new Set(positions.map((position) => Math.floor(position / outputs))).size;
  let best: Buckets | undefined;
  let least = Number.POSITIVE_INFINITY;
  for (let shift = 0; 2 ** shift < entries; shift++) {
    const starts = Math.ceil(entries / 2 ** shift) + 1;
    const bytes = widthOf(2 ** shift * outputs) * count + widthOf(count + 1) * starts;
    // In steps of the time that the test of a bit takes, as measured on x86-64: branches that are guessed wrong take most of it.
    const search = 3 + 2 * Math.log2(1 + count / starts);
    if (bytes <= mostBytes && search < least) [best, least] = [{ shift, block: undefined }, search];
    for (let block = 0; block <= shift && 8 * 2 ** block <= entries; block++) {
      const blocks = Math.ceil(entries / 2 ** block);
      const time = 1 + Math.min(1, used / blocks) * search;
      if (bytes + Math.ceil(blocks / 8) <= mostBytes && time < least)
        [best, least] = [{ shift, block }, time];
    }
  }
  return best;
}

function listed({ name, outputs }: Block, positions: readonly number[]): Places {
  const count = positions.length;
  const width = widthOf(positions[count - 1] + 1);
  return {
    source: array(width, `${name}_places`, positions),
    bytes: width * count,
    code: addCode(name, outputs, `  uint32_t i = 0, end = ${count}u, last = end;\n`, "entry"),
  };
}

function bucketed(
  { name, entries, outputs }: Block,
  positions: readonly number[],
  { shift, block }: Buckets,
): Places {
  const size = 2 ** shift * outputs;
  const starts = new Uint32Array(Math.ceil(entries / 2 ** shift) + 1);
  for (const position of positions) starts[Math.floor(position / size) + 1]++;
  for (let b = 1; b < starts.length; b++) starts[b] += starts[b - 1];
  const width = widthOf(size);
  const startWidth = widthOf(positions.length + 1);
  const lows = positions.map((position) => position % size);
  const at = `name_${name}_starts[(entry >> ${shift})`;
  const range = `  uint32_t i = ${at}], end = ${at} + 1], last = end;\n`;
  const low = `(entry & ${2 ** shift - 1}u)`;
  const tables = array(startWidth, `${name}_starts`, starts) + array(width, `${name}_places`, lows);
  const bytes = width * lows.length + startWidth * starts.length;
  if (block === undefined) return { source: tables, bytes, code: addCode(name, outputs, range, low) };
  const bits = new Uint8Array(Math.ceil(entries / 2 ** block / 8));
  for (const position of positions) {
    const at = Math.floor(position / (outputs * 2 ** block));
    bits[Math.floor(at / 8)] |= 1 << (at % 8);
  }
  const test = `((name_${name}_used[entry >> ${block + 3}] >> ((entry >> ${block}) & 7)) & 1) == 0`;
  return {
    source: tables + array(1, `${name}_used`, bits),
    bytes: bytes + bits.length,
    code: addCode(name, outputs, range, low, test),
  };
}

function addCode(name: string, outputs: number, range: string, entry: string, none?: string): Places["code"] {
  const place = `name_${name}_places[i]`;
  const first = outputs === 1 ? entry : `${entry} * ${outputs}u`;
  const output = outputs === 1 ? "0" : `${place} - first`;
  const search = `${range}  const uint32_t first = ${first};
  while (i < end) {
    uint32_t half = i + (end - i) / 2;
    if (name_${name}_places[half] < first) i = half + 1;
    else end = half;
  }
`;
  return (values, integer) => {
    const x = integer ? "int32_t" : "name_real";
    const sum = integer ? "name_sum" : x;
    const add = `for (; i < last && ${place} - first < ${outputs}u; i++) sums[${output}] += x * (${sum})${values.at("i")};`;
    return `static inline void name_add_${name}(uint32_t entry, ${x} x, ${sum} *sums) {
${none === undefined ? "" : `  if (${none}) return;\n`}${search}  ${add}
}
`;
  };
}

function array(width: number, name: string, items: ArrayLike<number>): string {
  return `static const uint${8 * width}_t name_${name}[] = {\n${lines(Array.from(items))}\n};\n`;
}

/** The bytes of the narrowest unsigned integer below `limit`. */
export function widthOf(limit: number): 1 | 2 | 4 {
  return limit <= 256 ? 1 : limit <= 65536 ? 2 : 4;
}
