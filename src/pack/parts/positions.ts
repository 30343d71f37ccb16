import { oneOf, type Way } from "../stream/alternatives";
import type { Stream } from "../stream/stream";
import { bitmapOf } from "./bitmap";
import { codeGaps } from "./gaps";
import { codeRandomPlaces } from "./places";
import { allowsBitmap, type Shape } from "./shape";

/**
 * Codes where the stored weights lie, in the way that takes the fewest bits. All places and none take no bit.
 * @param positions ascending; in reading only their number counts
 */
export function codePositions(stream: Stream, positions: Uint32Array, shape: Shape): Uint32Array {
  const direct = placesOf(positions, shape);
  const { outputs } = shape;
  const fixed = positions.length === 0 || positions.length === shape.features * outputs;
  if (outputs === 1 || fixed) return direct(stream);
  return oneOf([direct, stream.reading ? readShared(positions, shape) : sharedOf(positions, shape)])(stream);
}

function placesOf(positions: Uint32Array, shape: Shape): Way<Uint32Array> {
  const total = shape.features * shape.outputs;
  if (positions.length === total) return () => everyPlace(total);
  if (positions.length === 0) return () => new Uint32Array(0);
  const ways: Way<Uint32Array>[] = [
    (s) => codeRandomPlaces(s, positions, total),
    (s) => codeGaps(s, positions, total),
  ];
  if (allowsBitmap(shape, positions.length)) ways.push(bitmapOf(positions, shape));
  return oneOf(ways);
}

/** A loop: `Uint32Array.from` takes twenty times as long, which is most of the reading of a full table. */
function everyPlace(total: number): Uint32Array {
  const places = new Uint32Array(total);
  for (let at = 0; at < total; at++) places[at] = at;
  return places;
}

/** First the features that have a weight for any output, then the places in the table of those alone. */
function sharedOf(positions: Uint32Array, { features, outputs }: Shape): Way<Uint32Array> {
  const used = Uint32Array.from(new Set(Array.from(positions, (at) => Math.floor(at / outputs))));
  const numbers = new Map(Array.from(used, (j, row) => [j, row]));
  const inside = positions.map((at) => numbers.get(Math.floor(at / outputs))! * outputs + (at % outputs));
  const rows = placesOf(used, { features, outputs: 1 });
  const cells = placesOf(inside, { features: used.length, outputs });
  return (stream) => {
    stream.number(used.length, Math.min(features, positions.length));
    rows(stream);
    cells(stream);
    return positions;
  };
}

function readShared({ length }: Uint32Array, { features, outputs }: Shape): Way<Uint32Array> {
  return (stream) => {
    const count = stream.number(0, Math.min(features, length));
    if (count * outputs < length) stream.wrong("as many features as hold the weights");
    const rows = placesOf(new Uint32Array(count), { features, outputs: 1 })(stream);
    const cells = placesOf(new Uint32Array(length), { features: count, outputs })(stream);
    return cells.map((at) => rows[Math.floor(at / outputs)] * outputs + (at % outputs));
  };
}
