import { Random } from "../../src/base/random";

/** `count` random places below `total`, ascending. */
export function randomPlaces(count: number, total: number, seed: number): Uint32Array {
  const random = new Random(seed);
  const places = new Set<number>();
  while (places.size < count) places.add(random.integer(total));
  return Uint32Array.from(places).sort();
}
