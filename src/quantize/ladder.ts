import { fail } from "../base/errors";
import { type Coded, codedOf, partingOf } from "./codes";
import { removed } from "./grid";
import { nearestLevel } from "./kmeans";
import { type Parting, unitsOf } from "./parting";
import { levelsOf, type PlainScheme, plainSchemes } from "./schemes";

/** Zero and the levels of a scheme, ascending, and their codes. */
export interface Ladder {
  readonly codes: Int32Array;
  readonly values: Float64Array;
  /** The rung of zero. */
  readonly zero: number;
  /** The largest magnitude. */
  readonly largest: number;
}

function ladderOf(scheme: PlainScheme): Ladder {
  const levels = levelsOf(scheme);
  const worth = (code: number) => (code === removed ? 0 : levels[code]);
  const codes = Int32Array.from([removed, ...levels.keys()])
    .filter((code) => code === removed || levels[code] !== 0)
    .sort((a, b) => worth(a) - worth(b) || a - b);
  const values = Float64Array.from(codes, worth);
  const largest = Math.max(-values[0], values[values.length - 1]);
  return { codes, values, zero: codes.indexOf(removed), largest };
}

/** Codes that can be moved, one for each place where a weight may lie. */
export class PlacedCodes {
  /** {@link removed} where there is no weight. */
  readonly codes: Int32Array;
  readonly #positions: Uint32Array;
  readonly #units: Uint32Array;
  readonly #ladders: readonly (Ladder | null)[];
  readonly #schemes: readonly PlainScheme[];
  readonly #parting: Parting | null;

  /** @param coded weights at some or all of the positions */
  constructor(positions: Uint32Array, coded: Coded, outputs: number) {
    const { scheme } = coded;
    const plain = plainSchemes(scheme);
    const parting = partingOf(scheme);
    const { units, keys } = unitsOf(parting, positions, outputs);
    const own = unitsOf(parting, coded.positions, outputs).keys;
    const alive = new Map(Array.from(own, (key, u) => [key, plain[u]]));
    this.#positions = positions;
    this.#units = units;
    this.#parting = parting;
    this.#schemes = Array.from(keys, (key) => alive.get(key) ?? plain[0]);
    this.#ladders = Array.from(keys, (key) => (alive.has(key) ? ladderOf(alive.get(key)!) : null));
    this.codes = new Int32Array(positions.length).fill(removed);
    for (let i = 0, at = 0; at < coded.positions.length; i++) {
      if (positions[i] === coded.positions[at]) this.codes[i] = coded.codes[at++];
    }
  }

  /** What weight i may become; `null` where its part has lost all weights. */
  ladder(i: number): Ladder | null {
    return this.#ladders[this.#units[i]];
  }

  coded(): Coded {
    return codedOf(this.#positions, this.codes, this.#units, this.#schemes, this.#parting);
  }
}

/** The most rungs that {@link proposed} writes. */
export const mostProposed = 5;

/**
 * The rungs that a weight may move to, into `near`: the objective is convex in one weight but for the price, which is at zero.
 * @param pull its slope in the objective @param curvature that of the objective
 */
export function proposed(
  { values, zero }: Ladder,
  rung: number,
  pull: number,
  curvature: number,
  priced: boolean,
  near: Int32Array,
): void {
  const nearest = nearestLevel(values[rung] - pull / (curvature || 1), values);
  near[0] = nearest;
  near[1] = nearest - 1;
  near[2] = nearest + 1;
  near[3] = rung - Math.sign(pull);
  near[4] = priced ? zero : rung;
}

/** Throws that no weight is worth its price. */
export function nothingWorth(leastGain: number): never {
  return fail("invalid-option", {
    thing: "leastGain",
    value: leastGain,
    expected: "what at least one weight gains",
    remedy:
      'Lower it, or the strength of the penalty; or take the rounding "nearest", which keeps all weights.',
  });
}
