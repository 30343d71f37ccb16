import type { Penalty } from "./penalty";

/** No penalty. There is no dual bound then. */
export class NoPenalty implements Penalty {
  readonly name = "none";
  readonly strength = null;

  value(): number {
    return 0;
  }

  gradient(): void {}

  product(): void {}

  diagonal(): void {}

  divergence(): number {
    return Number.NaN;
  }

  leastGap(): number {
    return Number.NaN;
  }

  addValues(): void {}

  addDivergences(_w: Float64Array, _sum: Float64Array, _frozen: Uint8Array | null, out: Float64Array): void {
    out.fill(Number.NaN);
  }

  addLeastGaps(_g: Float64Array, _frozen: Uint8Array | null, out: Float64Array): void {
    out.fill(Number.NaN);
  }
}
