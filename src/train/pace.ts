import { setImmediate } from "node:timers/promises";
import { listening } from "../base/ambient-signal";
import { checkCancelled, type Watch } from "../base/progress";
import { Throttle } from "./throttle";

const restEvery = 25;

/** Keeps a long computation polite: it lets other work in, hears of cancellation, and reports now and then. */
export class Pace {
  readonly #watch: Watch;
  readonly #step: string;
  #rested = performance.now();
  readonly #throttle = new Throttle();

  constructor(watch: Watch, step: string) {
    this.#watch = listening(watch);
    this.#step = step;
    checkCancelled(this.#watch.signal, step);
  }

  /** Gives way to the event loop where some 25 ms have passed since it last did. @throws `cancelled` */
  async rest(): Promise<void> {
    if (performance.now() - this.#rested < restEvery) return;
    await setImmediate();
    this.#rested = performance.now();
    checkCancelled(this.#watch.signal, this.#step);
  }

  /** Tells the listener, at most some 20 times a second but for the end, where `done` is `total`. */
  report(done: number, total: number, message: string): void {
    if (!this.#throttle.due(done >= total)) return;
    this.#watch.onProgress?.({ step: this.#step, done, total, message });
  }
}
