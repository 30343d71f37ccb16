import { escapeHtml } from "../chart/escape";
import { duration, grouped, significant } from "../chart/format";

/** What a progress bar shows at one moment. */
export interface ProgressView {
  readonly title: string;
  readonly done: number;
  readonly total?: number;
  readonly message?: string;
  readonly status: "running" | "done" | "stopped";
  readonly seconds: number;
  /** Work a second, 0 where it is not known yet. */
  readonly rate: number;
}

/** One line on the state: title, share, rate and remaining time, or at the end the time taken. */
export function progressLine(view: ProgressView): string {
  const share = view.status === "done" ? "" : percentOf(view);
  return `${view.title}: ${share === "" ? "" : `${share}, `}${factsOf(view)}`;
}

/** The state as a bar and a line, in the reader's own colours. */
export function progressHtml(view: ProgressView): string {
  const { done, total, status } = view;
  const full = total === undefined ? 1 : Math.max(total, 1);
  const value =
    total === undefined ? (status === "done" ? 1 : 0) : status === "done" ? full : Math.min(done, full);
  const moving = total === undefined && status === "running";
  return (
    `<div style="display:flex;gap:0.8em;align-items:center;font-variant-numeric:tabular-nums">` +
    `<progress${moving ? "" : ` max="${full}" value="${value}"`} style="width:14em` +
    `${status === "stopped" ? ";opacity:0.5" : ""}"></progress><span>${escapeHtml(progressLine(view))}</span></div>`
  );
}

/** The state as one line of a terminal, with a bar of blocks as wide as `columns` leave room for. */
export function progressTerminal(view: ProgressView, columns: number): string {
  const share = shareOf(view);
  const facts = factsOf(view);
  const start = share === undefined ? view.title : `${view.title} ${percentOf(view).padStart(5)}`;
  const room = Math.min(30, columns - start.length - facts.length - 4);
  const bar = share === undefined || room < 5 ? "" : ` ▕${blocks(share, room)}▏`;
  return `${start}${bar} ${facts}`.slice(0, Math.max(columns, 0));
}

function factsOf({ done, total, message, status, seconds, rate }: ProgressView): string {
  const count = total === undefined ? grouped(done) : `${grouped(done)}/${grouped(total)}`;
  if (status === "stopped") return listed([`stopped at ${count} after ${duration(seconds)}`, message]);
  const pace = status === "done" ? (seconds > 0 ? done / seconds : 0) : rate;
  const left =
    status === "running" && total !== undefined && total > done && rate > 0
      ? (total - done) / rate
      : undefined;
  return listed([
    count,
    status === "done" ? `done in ${duration(seconds)}` : duration(seconds),
    // Of one whole thing it would only say the time again.
    total === 1 ? "" : rateText(pace),
    left === undefined ? "" : `${duration(left)} left`,
    message,
  ]);
}

function rateText(rate: number): string {
  if (!(rate > 0)) return "";
  return rate >= 1 ? `${significant(rate, 3)}/s` : `${significant(1 / rate, 3)} s/it`;
}

function percentOf(view: ProgressView): string {
  const share = shareOf(view);
  return share === undefined ? "" : `${Math.floor(100 * share)} %`;
}

/** `undefined` where the total is not known, or was wrong. */
function shareOf({ done, total, status }: ProgressView): number | undefined {
  if (total === undefined || done > total) return undefined;
  return total > 0 ? Math.max(done, 0) / total : status === "done" ? 1 : undefined;
}

function blocks(share: number, width: number): string {
  const eighths = Math.floor(share * width * 8);
  const part = " ▏▎▍▌▋▊▉"[eighths % 8];
  const full = "█".repeat(Math.floor(eighths / 8));
  return full.length === width ? full : `${full}${part}`.padEnd(width);
}

function listed(parts: readonly (string | undefined)[]): string {
  return parts.filter((part) => part).join(", ");
}
