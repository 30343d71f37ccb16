import type { FoldPart } from "./aggregate";

/**
 * The share of a stored row that is in some folds. A row that stands for `count` equal ones is spread over the folds as
 * evenly as whole rows can be, so that each fold is stratified by all that is known of a row; where the left-over ones go is
 * drawn by the row's number and the seed. So nothing is stored, and every machine that has the row knows its fold.
 * @param count of equal rows; one that is not whole, a weight of one's own, is not divided
 */
export function shareOf({ fold, folds, seed, held }: FoldPart, row: number, count: number): number {
  const whole = Number.isInteger(count) && count > 0 ? count : 1;
  const left = whole % folds;
  const place = (fold + folds - (hashed(row, seed) % folds)) % folds;
  const own = ((whole - left) / folds + (place < left ? 1 : 0)) / whole;
  return held ? own : 1 - own;
}

/** Whether a row is in a sample of about a share of all, drawn by its number and the seed, and not as folds are. */
export function isDrawn(row: number, seed: number, share: number): boolean {
  return hashed(row, ~seed) < share * 2 ** 32;
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
