import { checkWatch, type Watch } from "./progress";

const key: unique symbol = Symbol.for("logitpress.signal") as never;

interface Ambient {
  [key]?: AbortSignal | undefined;
}

/** Signals that hear of the running cell already, so that a step inside a step does not ask again. */
const heard = new WeakSet<AbortSignal>();

/**
 * The signal of the cell that is running, which aborts when it is interrupted; `undefined` outside a notebook. Take it
 * where the work starts: later it is another cell's.
 */
export function ambientSignal(): AbortSignal | undefined {
  return (globalThis as Ambient)[key];
}

/** Called by the kernel as a cell starts; `undefined` takes the signal away. */
export function setAmbientSignal(signal: AbortSignal | undefined): void {
  (globalThis as Ambient)[key] = signal;
}

/**
 * `watch` with a signal that also hears of the running cell's interruption. Called once where a step starts; what it
 * hands to inner steps stays as it is there.
 * @throws as `checkWatch`
 */
export function listening(watch: Watch): Watch {
  checkWatch(watch);
  const ambient = ambientSignal();
  const { signal } = watch;
  if (ambient === undefined || (signal !== undefined && heard.has(signal))) return watch;
  const both = signal === undefined ? ambient : AbortSignal.any([signal, ambient]);
  heard.add(both);
  return { ...watch, signal: both };
}
