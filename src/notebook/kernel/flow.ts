/** What may lie between the cells and zeromq, in UTF-16 units or bytes. */
const limit = 8 * 1024 * 1024;
const lookMilliseconds = 100;

/** What a print costs beside its text. */
export const overhead: number = 256;

/**
 * What a message of its own costs beside its content: it holds some kilobytes, and however little the messages say, a
 * front end that reads slowly must not have tens of thousands to read before it hears that their cell was interrupted.
 */
export const messageOverhead: number = 8 * 1024;

/**
 * Keeps endless output from filling the memory: the thread that prints waits while too much of what it has sent is
 * still on its way to the front ends. Both threads have one over the same buffer.
 */
export class Flow {
  readonly #outstanding: Int32Array;

  constructor(buffer: SharedArrayBuffer) {
    this.#outstanding = new Int32Array(buffer);
  }

  get full(): boolean {
    return Atomics.load(this.#outstanding, 0) > limit;
  }

  enter(cost: number): void {
    Atomics.add(this.#outstanding, 0, cost);
  }

  leave(cost: number): void {
    if (cost === 0) return;
    const before = Atomics.sub(this.#outstanding, 0, cost);
    if (before > limit && before - cost <= limit) Atomics.notify(this.#outstanding, 0);
  }

  /** Blocks the thread while the flow is full; an interruption ends the wait. */
  wait(): void {
    for (;;) {
      const outstanding = Atomics.load(this.#outstanding, 0);
      if (outstanding <= limit) return;
      Atomics.wait(this.#outstanding, 0, outstanding, lookMilliseconds);
    }
  }

  /** Lifts the limit for good: the process is about to end. */
  release(): void {
    Atomics.store(this.#outstanding, 0, -(2 ** 30));
    Atomics.notify(this.#outstanding, 0);
  }
}
