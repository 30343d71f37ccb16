import type { Draw, FoldPart } from "./aggregate";

/**
 * The share of a stored row that is in some folds. A row that stands for `count` equal ones is spread over the folds as
 * evenly as whole rows can be, so that each fold is stratified by all that is known of a row; where the left-over ones go is
 * drawn by the row's number and the seed. So nothing is stored, and every machine that has the row knows its fold.
 * @param count of equal rows; one that is not whole, a weight of one's own, is not divided
 */
export function shareOf({ fold, folds, seed, held, without }: FoldPart, row: number, count: number): number {
  const whole = Number.isInteger(count) && count > 0 ? count : 1;
  const left = whole % folds;
  const place = (fold + folds - (hashed(row, seed) % folds)) % folds;
  const own = ((whole - left) / folds + (place < left ? 1 : 0)) / whole;
  const rest = without === undefined ? 1 : 1 - drawnOf(without, row, whole) / whole;
  return rest * (held ? own : 1 - own);
}

/**
 * How many of `count` equal rows, stored as one, are in a sample, drawn by the row's number and the seed, and not as folds are: the share
 * of them as nearly as whole rows can be. So those that are left are as the drawn ones are, whatever repeats how often.
 */
export function drawnOf({ seed, share }: Draw, row: number, count: number): number {
  return Math.ceil(count * share - hashed(row, ~seed) / 2 ** 32);
}

/** Mixes the bits of a row's number, up to 2^53, with a seed (the finalizer of MurmurHash3; Appleby, 2011). */
function hashed(row: number, seed: number): number {
  let h =
    ((row % 2 ** 32) ^ Math.imul(seed + 1, 0x9e3779b1) ^ Math.imul(Math.floor(row / 2 ** 32), 0x27d4eb2f)) >>>
    0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}
