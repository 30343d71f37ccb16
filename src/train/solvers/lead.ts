import { evenBlocks } from "../blocks";
import type { Design } from "../design";
import type { CurvedLoss } from "../losses/curved";

/** The time of a guess in stored values of a pass. */
const perRow = 4;

/**
 * Curvatures where the last fits of a path ended, from which those halfway to the end of the next follow: with these in place of
 * those at its start a Newton step misses the end by a term of third order in its length, not of second.
 */
export class Lead {
  readonly #design: Design;
  readonly #points: [Float64Array, Float64Array];
  /** The points since the last break, and how far the next is beside how far the last was from the one before. */
  #count = 0;
  #pace = 0;

  /** @param design in whose arena it lies */
  constructor(design: Design) {
    const { arena, rows } = design;
    this.#design = design;
    this.#points = [arena.floats(rows), arena.floats(rows)];
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
   * @param rows for each of its rows one of all that is like it, in the memory of the design; `null` where it has all
   */
  halfway(loss: CurvedLoss, rows: Uint32Array | null): void {
    const curvature = loss.curvature();
    if (curvature.kind !== "rows") return;
    const { length, byteOffset: h } = curvature.curvatures;
    const [before, now] = this.#points.map((point) => point.byteOffset);
    const blocks = evenBlocks(length, perRow * length, null, 1);
    this.#design.team.run("halfwayCurvatures", blocks.length, (index) => {
      const { from, to } = blocks[index];
      const skipped = rows === null ? 8 * from : 0;
      const own = rows === null ? 0 : rows.byteOffset + 4 * from;
      return [to - from, own, before + skipped, now + skipped, this.#pace / 2, h + 8 * from];
    });
  }
}
