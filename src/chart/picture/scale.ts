import type { Axis, Datum } from "../figure";
import { positionOn } from "../places";
import { type Tick, ticksOf } from "./ticks";

/** Where the values of an axis lie on a stretch of pixels, and which of them are labelled. */
export interface Scale {
  /** The pixel of a value; of a category, its middle. NaN where it has none. */
  place(value: Datum | undefined): number;
  /** The pixel of a position in the axis's own units: powers of ten on a logarithmic one. */
  at(position: number): number;
  /** The position of a value in the axis's own units; NaN where it has none. */
  position(value: Datum | undefined): number;
  /** Pixels of one unit, power of ten or category; negative where the axis runs up or to the left. */
  readonly unit: number;
  readonly logarithmic: boolean;
  readonly ticks: readonly (Tick & { readonly at: number })[];
}

/** The scale of `axis`, of which `names` are the categories, from pixel `from` to pixel `to`. */
export function scaleOf(axis: Axis, names: ReadonlyMap<string, number>, from: number, to: number): Scale {
  const [low, high] = rangeOf(axis);
  // Halved, since the ends of a range may lie further apart than the largest number.
  const half = high / 2 - low / 2;
  const at = (position: number) => within(from + ((position / 2 - low / 2) / half) * (to - from));
  const position = positionOn(axis, names);
  const side = from < to ? "x" : "y";
  return {
    place: (value) => at(position(value)),
    at,
    position,
    unit: within((to - from) / half / 2),
    logarithmic: axis.type === "log",
    ticks: ticksOf(axis, [...names.keys()], [low, high], side, Math.abs(to - from)).map((tick) => ({
      ...tick,
      at: at(tick.position),
    })),
  };
}

/** Pixels near enough to the picture to be counted with. */
function within(pixels: number): number {
  return Math.min(Math.max(pixels, -1e6), 1e6);
}

function rangeOf({ type, range }: Axis): readonly [number, number] {
  // Numbers end at 10^±324: a range beyond says nothing, and steps of one would not move along it.
  const [low, high] = (range ?? [0, 1]).map((end) =>
    type === "linear" ? end : Math.min(Math.max(end, -1e5), 1e5),
  );
  if (!Number.isFinite(low) || !Number.isFinite(high)) return [0, 1];
  return high / 2 - low / 2 === 0 ? [low - 1, high + 1] : [low, high];
}
