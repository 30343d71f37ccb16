import type { Stream } from "../stream/stream";

const one = 2 ** 26;

/**
 * The chance, out of 2^16 and neither 0 nor all, that none of `left` places drawn from `free` is among the first `size`.
 * With a the larger of the two and b the smaller it is the product of (free - a - i) / (free - i) over i below b, here
 * taken as the power of its middle factor. Whole numbers below 2^53 alone, so that every machine finds the same.
 */
function chanceOfNone(left: number, free: number, size: number): number {
  const few = Math.min(left, size);
  const from = 2 * free - (few - 1);
  let factor = Math.floor(((from - 2 * Math.max(left, size)) * one) / from);
  let power = one;
  for (let k = few; k > 0; k = Math.floor(k / 2)) {
    if (k % 2 === 1) power = Math.floor((power * factor) / one);
    factor = Math.floor((factor * factor) / one);
  }
  return Math.min(Math.max(Math.floor(power / 1024), 1), 65535);
}

/**
 * Codes ascending places below `total` whose number is known and which are random otherwise, within some 0.1 % of log2 of
 * the number of ways to choose them. As in Rice's code a gap is parted into runs of 2^s places, of which a quarter is
 * expected to hold one, and the place in the run; but whether a run is empty takes as many bits as that tells.
 */
export function codeRandomPlaces(stream: Stream, places: Uint32Array, total: number): Uint32Array {
  const coded = new Uint32Array(places.length);
  let at = 0;
  for (let i = 0; i < places.length; i++) {
    const left = places.length - i;
    const width = Math.max(0, 31 - Math.clz32(Math.floor((total - at) / (4 * left))));
    const run = 2 ** width;
    while (total - at - run >= left) {
      const zeros = chanceOfNone(left, total - at, run);
      if (stream.weighted(places[i] >= at + run ? 0 : 1, zeros, 65536) === 1) break;
      at += run;
    }
    const place = at + stream.bits(places[i] - at, width);
    if (place >= total) stream.wrong(`places below ${total}`);
    coded[i] = place;
    at = place + 1;
  }
  return coded;
}
