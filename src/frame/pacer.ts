import { listening } from "../base/ambient-signal";
import { checkCancelled, type Watch } from "../base/progress";

/** Reports progress and looks for a stop at most 20 times a second; call `at` for each row. */
export class Pacer {
  readonly watch: Watch;
  #next = 0;
  #told = 0;

  constructor(
    watch: Watch,
    readonly step: string,
    readonly total: number,
  ) {
    this.watch = listening(watch);
  }

  /** Tells how many rows are done; a later pass over the rows tells nothing until it is further. @throws `cancelled` */
  at(done: number): void {
    if (done < this.total && this.total > 1024 && (done & 15) !== 0) return;
    const now = performance.now();
    if (done < this.total && now < this.#next) return;
    this.#next = now + 50;
    checkCancelled(this.watch.signal, this.step);
    if (done < this.#told) return;
    this.#told = done;
    this.watch.onProgress?.({ step: this.step, done, total: this.total });
  }
}
