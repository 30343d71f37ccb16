import { checkCancelled, type Watch } from "../base/progress";
import { Throttle } from "./throttle";

/** What a solver, which does not give way to other work, tells and hears as it goes on. */
export interface Monitor {
  /** Called between passes over the data. @throws `cancelled` */
  check(): void;
  /** Whether nobody hears reports, so that none need be made. */
  readonly silent?: boolean;
  /** Tells how far the work has come. */
  report(done: number, total: number, message: string): void;
}

/** The monitor of a step that runs on the thread of its watch. */
export function monitorOf(watch: Watch, step: string): Monitor {
  const throttle = new Throttle();
  return {
    silent: watch.onProgress === undefined,
    check: () => checkCancelled(watch.signal, step),
    report(done, total, message) {
      if (throttle.due(done >= total)) watch.onProgress?.({ step, done, total, message });
    },
  };
}
