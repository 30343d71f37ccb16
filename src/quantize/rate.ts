import { removed } from "./grid";
import { kmeansLevels, nearestLevel } from "./kmeans";
import { ascendingOrder } from "./order";

/** What a rate-distortion quantizer works on. */
interface RateProblem {
  readonly values: Float64Array;
  /** How much the square of each value's error counts. */
  readonly importances: Float64Array;
  /** How many places there are for values, those that are zero already included. */
  readonly places: number;
  /** At most this many levels. */
  readonly levels: number;
}

/** Levels and the code of each value, {@link removed} for those in the dead zone. */
interface RateCoding {
  readonly levels: Float64Array;
  readonly codes: Int32Array;
  /** What the ideal coders of places and codes need, in bits. */
  readonly bits: number;
  readonly distortion: number;
}

const mostRounds = 25;
/** The same from levels that a sample has settled. */
const fewRounds = 6;
/** Halvings of the interval of prices, and the share of the budget that may be left over. */
const halvings = 20;
const slack = 0.005;
/** The first step from a guessed logarithm of the price. */
const firstStep = 0.02;

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
  rounds: number = mostRounds,
): RateCoding {
  const { values, importances } = problem;
  let levels = start;
  let codes: Int32Array = Int32Array.from(values, (value) => nearestLevel(value, levels));
  const nearest = codes.slice();
  let best: RateCoding = { levels, codes, ...measure(problem, levels, codes) };
  for (let round = 0; round < rounds; round++) {
    const prices = pricesOf(problem, levels.length, codes).map((bits) => price * bits);
    const lowest = prices.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
    const chosen = new Int32Array(values.length);
    for (let i = 0; i < values.length; i++) {
      nearest[i] = nearestFrom(nearest[i], values[i], levels);
      chosen[i] = cheapest(values[i], importances[i], levels, prices, lowest, nearest[i]);
    }
    codes = chosen;
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
 * there, the one of fewest bits. Of many values a sample, evenly spaced in their order, says about where the price and the levels
 * lie, so that few passes over all of them are left.
 * @param wanted the bits of all values; `null` for three quarters of what they take where bits cost nothing
 */
export function codingWithin(problem: RateProblem, wanted: number | null): RateCoding {
  const start = startOf(problem);
  const least = rateDistortion(problem, 0, start);
  const bits = wanted ?? 0.75 * least.bits;
  if (least.bits <= bits) return least;
  const sample = sampleOf(problem);
  if (sample === null) return searched(problem, bits, least, start, null).coding;
  const levelBits = 16 * problem.levels;
  const share = sample.values.length / problem.values.length;
  const own = startOf(sample);
  const wantedOfSample = Math.max(bits - levelBits, 0) * share + levelBits;
  const found = searched(sample, wantedOfSample, rateDistortion(sample, 0, own), own, null);
  return searched(problem, bits, least, found.coding.levels, found.price).coding;
}

/** How many values a sample has; it pays where there are several times as many. */
const sampled = 2 ** 14;

/** Every so manieth value in ascending order. */
function sampleOf({ values, importances, places, levels }: RateProblem): RateProblem | null {
  const n = values.length;
  if (n < 8 * sampled) return null;
  const order = ascendingOrder(values);
  const chosen = Uint32Array.from(
    { length: sampled },
    (_, s) => order[Math.floor(((s + 0.5) * n) / sampled)],
  );
  return {
    values: Float64Array.from(chosen, (i) => values[i]),
    importances: Float64Array.from(chosen, (i) => importances[i]),
    places: Math.round((places * sampled) / n),
    levels,
  };
}

interface Found {
  readonly coding: RateCoding;
  /** The logarithm of its price. */
  readonly price: number;
}

/** @param free the coding at a price of zero @param guess the logarithm of about the right price, `null` where there is none */
function searched(
  problem: RateProblem,
  bits: number,
  free: RateCoding,
  start: Float64Array,
  guess: number | null,
): Found {
  const { values, importances } = problem;
  const energy = values.reduce((sum, w, i) => sum + importances[i] * w * w, 0);
  let low = Math.log((energy / values.length) * 1e-9 + Number.MIN_VALUE);
  let high = Math.log(energy + Number.MIN_VALUE);
  let fewest: Found = { coding: free, price: low };
  let within: Found | null = null;
  let next = guess ?? (low + high) / 2;
  let step = firstStep;
  for (let tried = 0; tried < halvings; tried++) {
    const price = next;
    const coding = rateDistortion(problem, Math.exp(price), start, guess === null ? mostRounds : fewRounds);
    if (coding.bits < fewest.coding.bits) fewest = { coding, price };
    if (coding.bits > bits) low = price;
    else {
      high = price;
      if (within === null || coding.distortion < within.coding.distortion) within = { coding, price };
      if (within.coding.bits > (1 - slack) * bits) break;
    }
    next = (low + high) / 2;
    // From a guess outwards until the right price lies between, in steps that double.
    if (guess === null) continue;
    const outwards = coding.bits > bits ? price + step : price - step;
    if (outwards > low && outwards < high && high - low > 2 * step) next = outwards;
    step *= 2;
  }
  return within ?? fewest;
}

function cheapest(
  value: number,
  importance: number,
  levels: Float64Array,
  prices: Float64Array,
  lowest: number,
  nearest: number,
): number {
  let best = removed;
  let least = importance * value * value;
  // Outwards from the nearest level, until the error alone, at the lowest price, is too much.
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

/** The code of the nearest of ascending levels, from one that was it before levels moved. */
function nearestFrom(code: number, value: number, levels: Float64Array): number {
  let at = Math.min(code, levels.length - 1);
  while (at + 1 < levels.length && value > (levels[at] + levels[at + 1]) / 2) at++;
  while (at > 0 && value <= (levels[at - 1] + levels[at]) / 2) at--;
  return at;
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
  for (let i = 0; i < codes.length; i++) {
    const code = codes[i];
    if (code === removed) continue;
    sums[code] += importances[i] * values[i];
    masses[code] += importances[i];
    counts[code]++;
  }
  const used = Array.from(before.keys()).filter((code) => counts[code] > 0);
  const place = new Int32Array(before.length);
  used.forEach((code, at) => {
    place[code] = at;
  });
  return {
    levels: Float64Array.from(used, (code) => (masses[code] > 0 ? sums[code] / masses[code] : before[code])),
    codes: codes.map((code) => (code === removed ? removed : place[code])),
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
  for (let i = 0; i < codes.length; i++) {
    const code = codes[i];
    const error = values[i] - (code === removed ? 0 : levels[code]);
    distortion += importances[i] * error * error;
    if (code !== removed) counts[code]++;
  }
  const kept = counts.reduce((sum, count) => sum + count, 0);
  return { bits: 16 * levels.length + adaptiveBits(counts, kept) + placeBits(kept, places), distortion };
}

/**
 * What the adaptive coder takes for codes that occur so often, in whatever order: it gives each code a frequency of 1 and 2 more
 * for each time it was seen, so the lengths are sums of logarithms of odd and of even numbers.
 */
function adaptiveBits(counts: Uint32Array, kept: number): number {
  const levels = counts.length;
  let bits = logs(levels % 2, (levels >> 1) + kept) - logs(levels % 2, levels >> 1);
  for (const count of counts) bits -= logs(1, count);
  return bits;
}

const sums: [Float64Array, Float64Array] = [new Float64Array(1), new Float64Array(1)];

/** The sum of log2 of the first `count` odd numbers (`first` 1), or even ones from 0 on, which counts for nothing. */
function logs(first: number, count: number): number {
  if (sums[first].length <= count) {
    const longer = new Float64Array(2 * count + 1);
    for (let m = 0; m < 2 * count; m++) longer[m + 1] = longer[m] + Math.log2(2 * m + first || 1);
    sums[first] = longer;
  }
  return sums[first][count];
}

/** The bits that an ideal coder needs for the places of `kept` of `places`, had they no pattern. */
export function placeBits(kept: number, places: number): number {
  const share = kept / places;
  if (share <= 0 || share >= 1) return 0;
  return -places * (share * Math.log2(share) + (1 - share) * Math.log2(1 - share));
}
