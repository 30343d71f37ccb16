import type { CurvedLoss } from "../losses/curved";

/** The least and greatest share of a row's curvature that a guess may be. */
const least = 0.5;
const most = 2;

/**
 * Curvatures where the last fits of a path ended, from which those halfway to the end of the next follow: with these in place of
 * those at its start a Newton step misses the end by a term of third order in its length, not of second.
 */
export class Lead {
  readonly #points: [Float64Array, Float64Array];
  /** The points since the last break, and how far the next is beside how far the last was from the one before. */
  #count = 0;
  #pace = 0;

  /** @param points two vectors of a number a row */
  constructor(points: [Float64Array, Float64Array]) {
    this.#points = points;
  }

  /**
   * Takes the curvatures where the loss is, from which the next fit begins.
   * @param pace the way to its end beside the way here, about; 0 where that is not known
   */
  mark(loss: CurvedLoss, pace: number): void {
    const curvature = loss.curvature();
    if (curvature.kind !== "rows") return;
    this.#points.reverse();
    this.#points[1].set(curvature.curvatures);
    this.#count = pace > 0 ? this.#count + 1 : 1;
    this.#pace = pace;
  }

  /** Whether two points are known. */
  get known(): boolean {
    return this.#count > 1;
  }

  /**
   * Moves the curvatures of a loss, at the last point, halfway to the next.
   * @param rows for each of its rows one of all that is like it; `null` where it has all
   */
  halfway(loss: CurvedLoss, rows: Uint32Array | null): void {
    const curvature = loss.curvature();
    if (curvature.kind !== "rows") return;
    const [before, now] = this.#points;
    const h = curvature.curvatures;
    const half = this.#pace / 2;
    for (let n = 0; n < h.length; n++) {
      const i = rows === null ? n : rows[n];
      if (now[i] > 0) h[n] *= Math.min(most, Math.max(least, 1 + half * (1 - before[i] / now[i])));
    }
  }
}
