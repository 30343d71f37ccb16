import { ambientSignal } from "../base/ambient-signal";
import type { Progress } from "../base/progress";
import { Pace } from "./pace";
import { type Drawn, ProgressSlot } from "./progress-slot";
import type { ProgressView } from "./progress-view";
import { transport } from "./transport";

/** The bars of the loops under way, the outermost first. */
const loops: ProgressBar[] = [];

/** The bars that have not ended, by the signal that tells of their cell's interruption. */
const running = new WeakMap<AbortSignal, Set<ProgressBar>>();

/** One bar: where the work stands, and the slot that it is drawn in. */
export class ProgressBar implements Drawn {
  readonly #title: string;
  readonly #cell: number | undefined = transport()?.cell;
  readonly #slot: ProgressSlot;
  #pace: Pace;
  #state: Progress;
  #status: ProgressView["status"] = "running";
  readonly #running: Set<ProgressBar> | undefined;

  /**
   * @param start when the work began
   * @param loop true where its end is sure to be told, so that bars begun meanwhile are its inner ones
   */
  constructor(title: string, state: Progress, start: number, loop: boolean) {
    this.#title = title;
    this.#state = state;
    this.#pace = new Pace(0, start);
    this.#slot = slotFor(this.#cell);
    if (loop) loops.push(this);
    this.#running = runningUnder(ambientSignal());
    this.#running?.add(this);
  }

  /** The slot of its inner bars. */
  get inner(): ProgressSlot {
    this.#slot.inner ??= new ProgressSlot(this.#slot.depth + 1);
    return this.#slot.inner;
  }

  /** True for a loop of the same cell. */
  isOf(cell: number | undefined): boolean {
    return this.#cell === cell;
  }

  /** Shows how far the work is. */
  report(state: Progress): void {
    const at = performance.now();
    const again = state.step !== this.#state.step || state.done < this.#state.done;
    if (again) this.#pace = new Pace(0, at);
    this.#state = state;
    const ended = state.total !== undefined && state.done >= state.total;
    const news = ended && this.#status === "running";
    this.#status = ended ? "done" : "running";
    if (ended) this.#running?.delete(this);
    else this.#running?.add(this);
    this.#slot.show(this, at, news);
  }

  /** Counts one more; cheap, since loops call it for every item. */
  advance(done: number): void {
    this.#state = { ...this.#state, done };
    this.#slot.show(this, performance.now(), false);
  }

  /** Shows the end of the work. */
  end(status: "done" | "stopped"): void {
    if (this.#status !== "running") return;
    this.#status = status;
    this.#running?.delete(this);
    const at = loops.indexOf(this);
    if (at >= 0) loops.splice(at, 1);
    const now = performance.now();
    this.#slot.inner?.flush(now);
    this.#slot.show(this, now, true);
  }

  view(at: number): ProgressView {
    const { step, done, total, message } = this.#state;
    this.#pace.record(done, at);
    return {
      title: this.#title === "" ? step : this.#title,
      done,
      ...(total === undefined ? {} : { total }),
      ...(message === undefined ? {} : { message }),
      status: this.#status,
      seconds: this.#pace.seconds(at),
      rate: this.#pace.rate(),
    };
  }
}

// One listener a cell, however many bars it draws.
function runningUnder(signal: AbortSignal | undefined): Set<ProgressBar> | undefined {
  if (signal === undefined) return undefined;
  const known = running.get(signal);
  if (known !== undefined) return known;
  const bars = new Set<ProgressBar>();
  running.set(signal, bars);
  signal.addEventListener("abort", () => {
    for (const bar of [...bars].reverse()) bar.end("stopped");
  });
  return bars;
}

// A loop that was interrupted never tells its end: in a notebook its cell tells that it is over. Where the transport
// does not say which cell runs, bars stand one below the other.
function slotFor(cell: number | undefined): ProgressSlot {
  for (let k = loops.length - 1; k >= 0; k--) if (!loops[k].isOf(cell)) loops.splice(k, 1);
  const known = transport() === undefined || cell !== undefined;
  return (known ? loops.at(-1)?.inner : undefined) ?? new ProgressSlot(0);
}
