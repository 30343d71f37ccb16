import { type ProgressView, progressHtml, progressLine, progressTerminal } from "./progress-view";
import { transport } from "./transport";

const interval = 100;
let slots = 0;
let lines: string[] = [];

/** What is drawn in a slot. */
export interface Drawn {
  view(at: number): ProgressView;
}

/**
 * A place for a progress bar: a display of the notebook, or a line of the terminal. Drawn at most ten times a second;
 * what comes in between is drawn a moment later, so that the last state is always seen.
 */
export class ProgressSlot {
  /** The place of the bars of inner loops, one after the other. */
  inner: ProgressSlot | undefined;
  readonly #displayId = `logitpress-progress-${process.pid}-${++slots}`;
  #drawn = false;
  #at = Number.NEGATIVE_INFINITY;
  #endAt = Number.NEGATIVE_INFINITY;
  #timer: NodeJS.Timeout | undefined;
  #waiting: Drawn | undefined;

  /** @param depth 0 for the outermost */
  constructor(readonly depth: number) {}

  /** Draws now if it is time, else in a moment. The end of a bar is drawn now, but for short inner loops in a row. */
  show(bar: Drawn, at: number, end: boolean): void {
    this.#waiting = bar;
    const urgent = end && (this.depth === 0 || at - this.#endAt >= interval);
    if (urgent) this.#endAt = at;
    if (urgent || at - this.#at >= interval) this.flush(at);
    else this.#timer ??= setTimeout(() => this.flush(performance.now()), interval - (at - this.#at));
  }

  /** Draws what waits, here and in the inner places. */
  flush(at: number): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const bar = this.#waiting;
    this.#waiting = undefined;
    if (bar !== undefined) {
      this.#at = at;
      this.#draw(bar.view(at));
    }
  }

  #draw(view: ProgressView): void {
    const channel = transport();
    if (channel !== undefined) {
      const bundle = { "text/html": progressHtml(view), "text/plain": progressLine(view) };
      channel.displayData(bundle, { displayId: this.#displayId, update: this.#drawn });
    } else if (process.stderr.isTTY && process.env.TERM !== "dumb") {
      drawLine(
        this.depth,
        progressTerminal(view, (process.stderr.columns ?? 80) - 1),
        view.status !== "running",
      );
    }
    this.#drawn = true;
  }
}

/** Draws the bars' lines anew; the end of the outermost leaves them where they are. */
function drawLine(depth: number, line: string, ended: boolean): void {
  const up = lines.length > 1 ? `\x1b[${lines.length - 1}A` : "";
  while (lines.length <= depth) lines.push("");
  lines[depth] = line;
  const last = ended && depth === 0;
  process.stderr.write(`\r${up}\x1b[J${lines.join("\n")}${last ? "\n" : ""}`);
  if (last) lines = [];
}
