import { constants } from "node:os";
import { silently } from "./silently";

/** libuv's watcher of one signal, which Node gives to no thread but the main one. */
interface SignalWatcher {
  onsignal: () => void;
  start(signal: number): number;
  unref(): void;
}

interface SignalBinding {
  readonly Signal: new () => SignalWatcher;
}

const watchers: SignalWatcher[] = [];

/**
 * Calls the handlers on this thread even while the main thread computes, which a handler there can't do. False where
 * this Node has no such thing.
 */
export function watchSignals(handlers: Readonly<Partial<Record<NodeJS.Signals, () => void>>>): boolean {
  try {
    // The warning is that these are not for everybody.
    const { Signal } = silently(signalBinding);
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

// From Node 24 on it is among the internals alone, which the kernelspec exposes there.
function signalBinding(): SignalBinding {
  try {
    return (process as unknown as { binding(name: string): SignalBinding }).binding("signal_wrap");
  } catch {
    const { internalBinding } = require("internal/test/binding") as {
      internalBinding(name: string): SignalBinding;
    };
    return internalBinding("signal_wrap");
  }
}
