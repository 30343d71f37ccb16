import { checkKeys } from "../base/check";
import { displaySymbol } from "../base/display";
import { fail } from "../base/errors";
import type { Progress } from "../base/progress";
import { ProgressBar } from "./progress-bar";

/** How {@link progress} shows a loop. */
export interface ProgressOptions {
  /** What stands beside the bar; `items` without it. */
  readonly title?: string;
  /** How many items there are, where the items themselves don't tell (generators, streams). */
  readonly total?: number;
}

/** A listener that draws a progress bar, for `onProgress` of any long step. */
export interface ProgressListener {
  /** Hears how far the work is. */
  (progress: Progress): void;
  /** Marks the bar as stopped, where the work has ended before its end was reached. */
  stop(): void;
}

/**
 * A progress bar that updates in place: how far, how fast, how long still. With a title, a listener for `onProgress`
 * of any long step.
 *
 * Around items, it passes them on and counts: `for (const row of progress(rows, { title: "rows" }))`, and
 * `for await` over asynchronous ones. A loop that breaks or throws leaves the bar marked as stopped; bars of inner loops
 * share one place below the outer one. In a terminal bars are lines of standard error; elsewhere outside a notebook
 * nothing is written.
 */
export function progress(title?: string): ProgressListener;
export function progress<T>(items: Iterable<T> & object, options?: ProgressOptions): IterableIterator<T>;
export function progress<T>(items: AsyncIterable<T>, options?: ProgressOptions): AsyncIterableIterator<T>;
export function progress<T>(
  given: string | Iterable<T> | AsyncIterable<T> = "",
  options: ProgressOptions = {},
): ProgressListener | IterableIterator<T> | AsyncIterableIterator<T> {
  if (typeof given === "string") return listener(given);
  checkKeys(options, ["title", "total"], "progress");
  if (isIterable(given, Symbol.asyncIterator))
    return shown(
      eachLater(given as AsyncIterable<T>, options),
      "for await (const item of it) counts the items",
    );
  if (isIterable(given, Symbol.iterator))
    return shown(each(given as Iterable<T>, options), "for (const item of it) counts the items");
  return fail("invalid-option", {
    thing: "progress",
    value: given,
    expected: "a title or items to iterate",
    remedy:
      "progress(items, { title }) shows how far a loop is, { onProgress: progress(title) } how far a fit is.",
  });
}

function listener(title: string): ProgressListener {
  const start = performance.now();
  let bar: ProgressBar | undefined;
  const report = (state: Progress) => {
    bar ??= new ProgressBar(title, state, start, false);
    bar.report(state);
  };
  const use = "onProgress of any long step, e.g. fit(data, { onProgress: it })";
  return shown(Object.assign(report, { stop: () => bar?.end("stopped") }), use);
}

/** The same value, which as a cell's last one says what it is for. */
function shown<T extends object>(value: T, use: string): T {
  const text = `Progress bar, drawn once it is used: ${use}`;
  return Object.defineProperty(value, displaySymbol, { value: () => ({ "text/plain": text }) });
}

function* each<T>(items: Iterable<T>, options: ProgressOptions): IterableIterator<T> {
  const bar = loopBar(items, options);
  let done = 0;
  let status: "done" | "stopped" = "stopped";
  try {
    for (const item of items) {
      yield item;
      bar.advance(++done);
    }
    status = "done";
  } finally {
    bar.end(status);
  }
}

async function* eachLater<T>(items: AsyncIterable<T>, options: ProgressOptions): AsyncIterableIterator<T> {
  const bar = loopBar(items, options);
  let done = 0;
  let status: "done" | "stopped" = "stopped";
  try {
    for await (const item of items) {
      yield item;
      bar.advance(++done);
    }
    status = "done";
  } finally {
    bar.end(status);
  }
}

function loopBar(items: object, { title = "items", total = countOf(items) }: ProgressOptions): ProgressBar {
  const state = { step: title, done: 0, ...(total === undefined ? {} : { total }) };
  const bar = new ProgressBar(title, state, performance.now(), true);
  bar.advance(0);
  return bar;
}

/** The length of arrays, the size of maps and sets. */
function countOf(items: object): number | undefined {
  const { length, size } = items as { length?: unknown; size?: unknown };
  const count = length ?? size;
  return typeof count === "number" ? count : undefined;
}

function isIterable(value: unknown, by: symbol): boolean {
  return typeof value === "object" && value !== null && by in value;
}
