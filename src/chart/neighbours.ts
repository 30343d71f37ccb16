import { shortLabel } from "./escape";
import type { Axis, Datum } from "./figure";

const mostLabels = 24;
const letters = 10;

/** Categories of an axis taken together, `block` neighbours at a time. */
export interface Groups {
  readonly block: number;
  /** The group of a category. */
  readonly groupOf: (name: Datum) => Datum;
  readonly axis: Axis;
}

/** An axis whose categories stand in groups of `block` neighbours, each named by its first and its last. */
export function groupedAxis(axis: Axis, places: ReadonlyMap<string, number>, block: number): Groups {
  if (block <= 1) return { block: 1, groupOf: (name) => name, axis };
  const names = [...places.keys()];
  const stretches = inBlocks(names.length, block);
  const between = (letters: number) =>
    stretches.map(([from, to]) => {
      const [first, last] = [shortLabel(names[from], letters), shortLabel(names[to - 1], letters)];
      return to - from === 1 ? first : `${first} … ${last}`;
    });
  const groups = between(Number.POSITIVE_INFINITY);
  const step = Math.ceil(groups.length / mostLabels);
  const tickvals = groups.flatMap((_, i) => (i % step === 0 ? [i] : []));
  const labels = between(letters);
  const [low, high] = axis.range.map((end) => (end + 0.5) / block - 0.5);
  // The last group may hold fewer names, and still takes a whole place.
  const whole = (end: number) => (end > groups.length - 1 ? groups.length - 0.5 : end);
  return {
    block,
    groupOf: (name) => {
      const place = places.get(String(name));
      return name === null || place === undefined ? null : groups[Math.floor(place / block)];
    },
    axis: {
      ...axis,
      categoryarray: groups,
      range: [whole(low), whole(high)],
      tickvals,
      ticktext: tickvals.map((i) => labels[i]),
    },
  };
}

/** The numbers from 0 to `count` in stretches of `block`: where each begins, and where it ends. */
export function inBlocks(count: number, block: number): (readonly [number, number])[] {
  return Array.from({ length: Math.ceil(count / block) }, (_, k) => {
    return [k * block, Math.min((k + 1) * block, count)] as const;
  });
}

/** Neighbours with the same key, in the order of their first. */
export function byKey(keys: readonly Datum[]): (readonly number[])[] {
  const groups = new Map<Datum, number[]>();
  keys.forEach((key, i) => {
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [i]);
    else group.push(i);
  });
  return [...groups.values()];
}

/** The index, of those given, whose value is the largest in size; the first where none is a number. */
export function largestOf(values: (index: number) => number, among: Iterable<number>): number {
  let best = -1;
  let most = -1;
  for (const i of among) {
    const size = Math.abs(values(i));
    if (best >= 0 && !(size > most)) continue;
    best = i;
    most = Number.isNaN(size) ? -1 : size;
  }
  return best;
}
