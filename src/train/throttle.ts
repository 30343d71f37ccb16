/** The time between two reports to a listener, in milliseconds. */
const every = 50;

/** Lets some twenty reports a second through. */
export class Throttle {
  #last: number;

  /** @param waits whether the first report waits its time, too */
  constructor(waits = false) {
    this.#last = waits ? performance.now() : Number.NEGATIVE_INFINITY;
  }

  /** Whether it is time for a report, which then counts as made. @param end whether it is the last, which always is in time */
  due(end: boolean): boolean {
    if (!end && this.silence < every) return false;
    this.made();
    return true;
  }

  /** Counts a report that was made without asking. */
  made(): void {
    this.#last = performance.now();
  }

  /** Milliseconds since the last report. */
  get silence(): number {
    return performance.now() - this.#last;
  }
}
