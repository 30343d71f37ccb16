import type { Progress } from "../base/progress";
import { escapeHtml } from "../chart/escape";
import { duration, grouped, significant } from "../chart/format";
import { transport } from "./transport";

const interval = 100;
let bars = 0;

/**
 * A progress bar that updates in place, for `onProgress` of any long step: how far, how fast, how long still. In a
 * terminal it is one line of standard error; elsewhere outside a notebook nothing is written.
 */
export function progress(title = ""): (progress: Progress) => void {
  const displayId = `logitpress-progress-${process.pid}-${++bars}`;
  const start = performance.now();
  let shown = Number.NEGATIVE_INFINITY;
  let drawn = false;
  return (state) => {
    const now = performance.now();
    const finished = state.total !== undefined && state.done >= state.total;
    if (!finished && now - shown < interval) return;
    shown = now;
    draw(title, state, (now - start) / 1000, finished, { displayId, update: drawn });
    drawn = true;
  };
}

function draw(
  title: string,
  state: Progress,
  seconds: number,
  finished: boolean,
  options: { displayId: string; update: boolean },
): void {
  const line = progressLine(title, state, seconds, finished);
  const channel = transport();
  if (channel !== undefined) {
    channel.displayData({ "text/html": progressHtml(line, state), "text/plain": line }, options);
  } else if (process.stderr.isTTY) {
    const width = (process.stderr.columns ?? 80) - 1;
    process.stderr.write(`\r\x1b[2K${line.slice(0, width)}${finished ? "\n" : ""}`);
  }
}

/** One line on the state: name, share, rate and remaining time, or the time taken once finished. */
export function progressLine(title: string, state: Progress, seconds: number, finished: boolean): string {
  const { done, total, message } = state;
  const count = total === undefined ? grouped(done) : `${grouped(done)}/${grouped(total)}`;
  const rate = done > 0 && seconds > 0 ? `${significant(done / seconds, 3)}/s` : "";
  const left = total !== undefined && done > 0 ? `${duration((seconds / done) * (total - done))} left` : "";
  const parts = finished
    ? [count, `done in ${duration(seconds)}`, message]
    : [count, duration(seconds), rate, left, message];
  return `${title === "" ? state.step : title}: ${parts.filter((part) => part).join(", ")}`;
}

function progressHtml(line: string, { done, total }: Progress): string {
  const value = total === undefined ? "" : ` max="${total}" value="${Math.min(done, total)}"`;
  return (
    `<div style="display:flex;gap:0.8em;align-items:center;font-variant-numeric:tabular-nums">` +
    `<progress${value} style="width:14em"></progress><span>${escapeHtml(line)}</span></div>`
  );
}
