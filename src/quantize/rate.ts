import { removed } from "./grid";
import { kmeansLevels, nearestLevel } from "./kmeans";

/** What a rate-distortion quantizer works on. */
export interface RateProblem {
  readonly values: Float64Array;
  /** How much the square of each value's error counts. */
  readonly importances: Float64Array;
  /** How many places there are for values, those that are zero already included. */
  readonly places: number;
  /** At most this many levels. */
  readonly levels: number;
}

/** Levels and the code of each value, {@link removed} for those in the dead zone. */
export interface RateCoding {
  readonly levels: Float64Array;
  readonly codes: Int32Array;
  /** What the ideal coders of places and codes need, in bits. */
  readonly bits: number;
  readonly distortion: number;
}

const rounds = 25;
/** Halvings of the interval of prices, and the share of the budget that may be left over. */
const halvings = 20;
const slack = 0.005;

/**
 * Entropy-constrained quantization with a dead zone (Chou, Lookabaugh and Gray, 1989, section III; the dead zone as in
 * Sullivan, 1996): each value takes the level, or zero, of least weighted squared error plus `price` times its bits;
 * each level moves to the mean of its values; both until the sum no longer falls. Bits are those of the file's own coders: a
 * code costs what the adaptive model asks for one more of it, a value kept what one more place adds to the entropy of the places.
 */
export function rateDistortion(
  problem: RateProblem,
  price: number,
  start: Float64Array = startOf(problem),
): RateCoding {
  const { values, importances } = problem;
  let levels = start;
  let codes: Int32Array = Int32Array.from(values, (value) => nearestLevel(value, levels));
  let best: RateCoding = { levels, codes, ...measure(problem, levels, codes) };
  for (let round = 0; round < rounds; round++) {
    const prices = pricesOf(problem, levels.length, codes).map((bits) => price * bits);
    const lowest = prices.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
    codes = Int32Array.from(values, (value, i) => cheapest(value, importances[i], levels, prices, lowest));
    ({ levels, codes } = centred(values, importances, levels, codes));
    if (levels.length === 0) break;
    const next = { levels, codes, ...measure(problem, levels, codes) };
    const gain = best.distortion + price * best.bits - (next.distortion + price * next.bits);
    if (gain > 0) best = next;
    if (!(gain > 1e-5 * (best.distortion + price * best.bits))) break;
  }
  return best;
}

/**
 * The coding of least distortion that is found within `bits`, by halving the interval of prices; where no price gets
 * there, the one of fewest bits.
 * @param wanted the bits of all values; `null` for three quarters of what they take where bits cost nothing
 */
export function codingWithin(problem: RateProblem, wanted: number | null): RateCoding {
  const start = startOf(problem);
  let least = rateDistortion(problem, 0, start);
  const bits = wanted ?? 0.75 * least.bits;
  if (least.bits <= bits) return least;
  let within: RateCoding | null = null;
  const energy = problem.values.reduce((sum, w, i) => sum + problem.importances[i] * w * w, 0);
  let low = Math.log((energy / problem.values.length) * 1e-9 + Number.MIN_VALUE);
  let high = Math.log(energy + Number.MIN_VALUE);
  for (let halving = 0; halving < halvings; halving++) {
    const middle = (low + high) / 2;
    const coding = rateDistortion(problem, Math.exp(middle), start);
    if (coding.bits < least.bits) least = coding;
    if (coding.bits > bits) low = middle;
    else {
      high = middle;
      if (within === null || coding.distortion < within.distortion) within = coding;
      if (within.bits > (1 - slack) * bits) break;
    }
  }
  return within ?? least;
}

function cheapest(
  value: number,
  importance: number,
  levels: Float64Array,
  prices: Float64Array,
  lowest: number,
): number {
  let best = removed;
  let least = importance * value * value;
  // Outwards from the nearest level, until the error alone, at the lowest price, is too much.
  const nearest = nearestLevel(value, levels);
  for (const step of [1, -1]) {
    for (let code = step > 0 ? nearest : nearest - 1; code >= 0 && code < levels.length; code += step) {
      const error = importance * (value - levels[code]) ** 2;
      if (error + lowest >= least) break;
      if (error + prices[code] < least) {
        best = code;
        least = error + prices[code];
      }
    }
  }
  return best;
}

function startOf({ values, importances, levels }: RateProblem): Float64Array {
  return kmeansLevels(values, levels, importances);
}

/** Each level at the mean of its values; levels without one are left out. */
function centred(
  values: Float64Array,
  importances: Float64Array,
  before: Float64Array,
  codes: Int32Array,
): { levels: Float64Array; codes: Int32Array } {
  const sums = new Float64Array(before.length);
  const masses = new Float64Array(before.length);
  const counts = new Uint32Array(before.length);
  codes.forEach((code, i) => {
    if (code === removed) return;
    sums[code] += importances[i] * values[i];
    masses[code] += importances[i];
    counts[code]++;
  });
  const used = Array.from(before.keys()).filter((code) => counts[code] > 0);
  const place = new Map(used.map((code, at) => [code, at]));
  return {
    levels: Float64Array.from(used, (code) => (masses[code] > 0 ? sums[code] / masses[code] : before[code])),
    codes: codes.map((code) => (code === removed ? removed : place.get(code)!)),
  };
}

/** The bits that one more of each code costs, place included. */
function pricesOf({ places }: RateProblem, levels: number, codes: Int32Array): Float64Array {
  const counts = new Float64Array(levels);
  for (const code of codes) if (code !== removed) counts[code]++;
  const kept = counts.reduce((sum, count) => sum + count, 0);
  const place = Math.log2((places - kept + 1) / (kept + 1));
  return counts.map((count) => Math.log2((levels + 2 * kept) / (1 + 2 * count)) + place);
}

function measure(
  { values, importances, places }: RateProblem,
  levels: Float64Array,
  codes: Int32Array,
): { bits: number; distortion: number } {
  let distortion = 0;
  const counts = new Uint32Array(levels.length);
  let bits = 16 * levels.length;
  let kept = 0;
  codes.forEach((code, i) => {
    const error = values[i] - (code === removed ? 0 : levels[code]);
    distortion += importances[i] * error * error;
    if (code === removed) return;
    bits += Math.log2((levels.length + 2 * kept) / (1 + 2 * counts[code]));
    counts[code]++;
    kept++;
  });
  return { bits: bits + placeBits(kept, places), distortion };
}

/** The bits that an ideal coder needs for the places of `kept` of `places`, had they no pattern. */
export function placeBits(kept: number, places: number): number {
  const share = kept / places;
  if (share <= 0 || share >= 1) return 0;
  return -places * (share * Math.log2(share) + (1 - share) * Math.log2(1 - share));
}
