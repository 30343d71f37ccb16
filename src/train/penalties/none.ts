import type { Penalty } from "./penalty";

/** No penalty. There is no dual bound then. */
export class NoPenalty implements Penalty {
  readonly name = "none";

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
}
