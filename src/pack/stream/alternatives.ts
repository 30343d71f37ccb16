import { StreamMeter } from "./meter";
import type { Stream } from "./stream";

/** A way to code something: writes or reads it. */
export type Way<T> = (stream: Stream) => T;

/**
 * Codes something in the way that takes the fewest bits, the first of equals; which one it was goes before it. What was
 * found to be best is kept, since a way within a way is tried several times.
 */
export function oneOf<T>(ways: readonly Way<T>[]): Way<T> {
  let best: number | undefined;
  return (stream) => {
    if (ways.length === 1) return ways[0](stream);
    if (!stream.reading) best ??= cheapest(ways);
    return ways[stream.uniform(best ?? 0, ways.length)](stream);
  };
}

/** The place of the way that takes the fewest bits, the first of equals. */
export function cheapest(ways: readonly Way<unknown>[]): number {
  if (ways.length === 1) return 0;
  const bits = ways.map(bitsOf);
  return bits.indexOf(Math.min(...bits));
}

/** The bits of what `way` writes, in steps of 1/64 so that no last bit of a logarithm decides. */
export function bitsOf(way: Way<unknown>): number {
  const trial = new StreamMeter();
  way(trial);
  return Math.round(64 * trial.spent) / 64;
}
