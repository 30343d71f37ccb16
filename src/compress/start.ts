import { kmeansLevels, nearestLevel } from "../quantize/kmeans";
import type { CodedModel } from "./coded-state";

/** A model of floating-point weights that a descent starts from. */
export interface Start {
  /** Where it comes from, e.g. `l1 0.001`. */
  readonly name: string;
  /** Ascending places in the `features x outputs` table. */
  readonly places: Uint32Array;
  readonly values: Float64Array;
  readonly intercepts: Float64Array;
  /** The price of a bit from which the descent starts: below it larger models are to be found from other starts. */
  readonly mu: number;
  /** Whether none of its weights was driven to zero, so that small ones are no sign of worth. */
  readonly dense: boolean;
}

/** The `most` weights that are largest in the scale that they are penalised in, in ascending order of their places. */
export function largestOf(
  places: Uint32Array,
  values: Float64Array,
  outputs: number,
  scale: Float32Array | null,
  most: number,
): { places: Uint32Array; values: Float64Array } {
  const sizes = new Float64Array(values.length);
  for (let i = 0; i < sizes.length; i++) {
    sizes[i] = Math.abs(values[i]) / (scale === null ? 1 : scale[Math.floor(places[i] / outputs)]);
  }
  const least = values.length <= most ? 0 : nthLargest(sizes, most);
  const kept = { places: new Uint32Array(values.length), values: new Float64Array(values.length) };
  let count = 0;
  for (let i = 0; i < sizes.length; i++) {
    if (!(sizes[i] >= least) || values[i] === 0) continue;
    kept.places[count] = places[i];
    kept.values[count++] = values[i];
  }
  return { places: kept.places.slice(0, count), values: kept.values.slice(0, count) };
}

/** The start as a coded model of `count` levels, each weight at the level nearest to it. */
export function codedStart({ places, values, intercepts, dense }: Start, count: number): CodedModel {
  if (dense) return aroundZero(places, values, intercepts, count);
  const means = Array.from(kmeansLevels(values, count, null), (level) => (level === 0 ? 1e-6 : level));
  // Fewer distinct weights than levels leave some free: they lie where no weight is yet.
  const top = means.reduce((most, level) => Math.max(most, Math.abs(level)), 0) || 1;
  while (means.length < count)
    means.push(top * (means.length % 2 === 0 ? 1.5 : -1.5) * (1 + means.length / 8));
  const levels = Float64Array.from(means).sort();
  const codes = Uint16Array.from(values, (w) => nearestLevel(w, levels));
  return { positions: places, codes, levels, intercepts };
}

/**
 * With one level more, of which the one nearest to zero becomes zero: else nearly all weights begin at a level other than zero, and as
 * a rare symbol costs many bits, zero would stay rare at any price.
 */
function aroundZero(
  places: Uint32Array,
  values: Float64Array,
  intercepts: Float64Array,
  count: number,
): CodedModel {
  const all = kmeansLevels(values, count + 1, null);
  const zero = all.reduce((near, level, at) => (Math.abs(level) < Math.abs(all[near]) ? at : near), 0);
  const positions = new Uint32Array(values.length);
  const codes = new Uint16Array(values.length);
  let kept = 0;
  for (let i = 0; i < values.length; i++) {
    const symbol = nearestLevel(values[i], all);
    if (symbol === zero) continue;
    positions[kept] = places[i];
    codes[kept++] = symbol - Number(symbol > zero);
  }
  return {
    positions: positions.slice(0, kept),
    codes: codes.slice(0, kept),
    levels: all.filter((_, at) => at !== zero),
    intercepts,
  };
}

/** The `n`th largest of numbers, in linear time (Hoare, 1961). */
function nthLargest(values: Float64Array, n: number): number {
  const numbers = values.slice();
  const at = numbers.length - n;
  let [low, high] = [0, numbers.length - 1];
  while (low < high) {
    const pivot = numbers[(low + high) >> 1];
    let [i, j] = [low, high];
    while (i <= j) {
      while (numbers[i] < pivot) i++;
      while (numbers[j] > pivot) j--;
      if (i <= j) [numbers[i++], numbers[j--]] = [numbers[j], numbers[i]];
    }
    if (at <= j) high = j;
    else if (at >= i) low = i;
    else break;
  }
  return numbers[at];
}
