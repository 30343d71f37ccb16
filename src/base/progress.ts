import { checkKeys } from "./check";
import { fail, LogitpressError } from "./errors";

/** How far a long step has come. */
export interface Progress {
  /** What is under way, e.g. `fit`. */
  readonly step: string;
  /** Work done so far, in the unit of `total`. */
  readonly done: number;
  /** The whole work, where it is known. */
  readonly total?: number;
  /** A short remark to show, e.g. `loss 0.0412, gap 3e-5`. */
  readonly message?: string;
}

/** What every step of over a second takes: a listener and a way to stop. */
export interface Watch {
  /** Called as the work goes on, at most some 20 times a second. */
  readonly onProgress?: (progress: Progress) => void;
  /** When it aborts, the step throws `cancelled` and leaves all state as it was. */
  readonly signal?: AbortSignal;
}

/** The options of {@link Watch}. */
export const watchKeys: readonly string[] = ["onProgress", "signal"];

/** What the options of a step say of its watch, where they are one object. */
export function watchOf({ onProgress, signal }: Watch): Watch {
  return { ...(onProgress === undefined ? {} : { onProgress }), ...(signal === undefined ? {} : { signal }) };
}

/** @throws `missing-option`, `unknown-option` or `invalid-option` for what is no {@link Watch} */
export function checkWatch(watch: Watch): void {
  checkKeys(watch, watchKeys, "the watch of a step");
  const { onProgress, signal } = watch;
  if (onProgress !== undefined && typeof onProgress !== "function") {
    fail("invalid-option", { thing: "onProgress", value: onProgress, expected: "a function" });
  }
  if (signal !== undefined && typeof (signal as { aborted?: unknown } | null)?.aborted !== "boolean") {
    fail("invalid-option", { thing: "signal", value: signal, expected: "the signal of an AbortController" });
  }
}

/** Throws `cancelled` once the signal has aborted. */
export function checkCancelled(signal: AbortSignal | undefined, step: string): void {
  if (signal?.aborted) throw new LogitpressError("cancelled", { thing: step }, { cause: signal.reason });
}
