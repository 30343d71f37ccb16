import { Frequencies } from "../stream/learned";
import { lengthOf, type Stream } from "../stream/stream";

/**
 * Codes ascending places below `total` by their gaps: the length of a gap in bits, learned by what the length before was,
 * then its bits. For places that stand in clusters.
 */
export function codeGaps(stream: Stream, places: Uint32Array, total: number): Uint32Array {
  const lengths = lengthOf(total) + 1;
  const models = [0, 1, 2].map(() => new Frequencies(lengths, 2));
  const coded = new Uint32Array(places.length);
  let before = -1;
  let context = 0;
  for (let i = 0; i < places.length; i++) {
    const gap = places[i] - before - 1;
    const length = stream.symbol(stream.reading ? 0 : lengthOf(gap), models[context]);
    const top = length === 0 ? 0 : 2 ** (length - 1);
    const place = before + 1 + top + stream.bits(gap - top, Math.max(length - 1, 0));
    if (place >= total) stream.wrong(`places below ${total}`);
    coded[i] = place;
    before = place;
    context = length === 0 ? 1 : 2;
  }
  return coded;
}
