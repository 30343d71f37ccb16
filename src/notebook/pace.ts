const kept = 30;

/** How fast work goes: over the last while, so that the remaining time follows a change of speed. */
export class Pace {
  readonly #start: number;
  #samples: { readonly done: number; readonly at: number }[];

  /** @param at the time of the start, in milliseconds */
  constructor(done: number, at: number) {
    this.#start = at;
    this.#samples = [{ done, at }];
  }

  /** Notes how far the work is. */
  record(done: number, at: number): void {
    const last = this.#samples.at(-1)!;
    if (done === last.done || at <= last.at) return;
    this.#samples.push({ done, at });
    if (this.#samples.length > kept) this.#samples.shift();
  }

  /** Seconds since the start. */
  seconds(at: number): number {
    return (at - this.#start) / 1000;
  }

  /** Work a second, over the last notes; 0 before the second. */
  rate(): number {
    const first = this.#samples[0];
    const last = this.#samples.at(-1)!;
    return last.at > first.at ? (1000 * (last.done - first.done)) / (last.at - first.at) : 0;
  }
}
