import { constants } from "node:os";

/** libuv's watcher of one signal, which Node gives to no thread but the main one. */
interface SignalWatcher {
  onsignal: () => void;
  start(signal: number): number;
  unref(): void;
}

type Binding = (name: "signal_wrap") => { Signal: new () => SignalWatcher };

const watchers: SignalWatcher[] = [];

/**
 * Calls the handlers on this thread even while the main thread computes, which a handler there can't do. False where
 * this Node has no such thing.
 */
export function watchSignals(handlers: Readonly<Partial<Record<NodeJS.Signals, () => void>>>): boolean {
  try {
    const { Signal } = silently(() => (process as unknown as { binding: Binding }).binding("signal_wrap"));
    for (const [name, handler] of Object.entries(handlers)) {
      const watcher = new Signal();
      watcher.unref();
      watcher.onsignal = handler;
      if (watcher.start(constants.signals[name as NodeJS.Signals]) === 0) watchers.push(watcher);
    }
    return watchers.length > 0;
  } catch {
    return false;
  }
}

/** Keeps back the warning that `process.binding` is deprecated, and no other. */
function silently<T>(call: () => T): T {
  const { emitWarning } = process;
  process.emitWarning = (() => undefined) as typeof process.emitWarning;
  try {
    return call();
  } finally {
    process.emitWarning = emitWarning;
  }
}
