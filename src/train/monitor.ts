import { checkCancelled, type Watch } from "../base/progress";

/** What a solver, which does not give way to other work, tells and hears as it goes on. */
export interface Monitor {
  /** Called between passes over the data. @throws `cancelled` */
  check(): void;
  /** Tells how far the work has come. */
  report(done: number, total: number, message: string): void;
}

const every = 50;

/** The monitor of a step that runs on the thread of its watch. */
export function monitorOf(watch: Watch, step: string): Monitor {
  let reported = Number.NEGATIVE_INFINITY;
  return {
    check: () => checkCancelled(watch.signal, step),
    report(done, total, message) {
      const now = performance.now();
      if (done < total && now - reported < every) return;
      reported = now;
      watch.onProgress?.({ step, done, total, message });
    },
  };
}
