import { type Debugger, Session } from "node:inspector";
import { totalmem } from "node:os";
import { fileURLToPath } from "node:url";
import type { StoppedAt } from "../link";
import { type HeapUse, heapNearlyFull, machineNearlyFull } from "./memory-words";

const busyMilliseconds = 100;
const idleMilliseconds = 500;

/** Shares of the limit of the heap. */
const armed = { from: 0.5, until: 0.4 };
const warned = { from: 0.8, until: 0.7 };
/** Shares of the machine's memory, or of what the process may have of it. */
const large = 0.25;
const scarce = 0.1;

/** What the guard does at moments that matter. */
interface GuardSteps {
  /** Called when the heap was full and what ran has been terminated; resolves when its values may be collected. */
  readonly full: (use: HeapUse, frames: readonly StoppedAt[]) => Promise<void>;
  readonly warn: (text: string) => void;
  /** Called at each look with the memory of the process, and whether that is much of what the heap may have. */
  readonly looked: (rss: number, much: boolean) => void;
}

/**
 * Keeps the process alive when the main thread fills its heap. V8 ends a process there, unless its debugger is on: that
 * raises the limit and pauses at the next statement, so that what runs can be terminated from here. It is on
 * only while the process has much memory.
 */
export class MemoryGuard {
  #session: Session | undefined;
  #timer: NodeJS.Timeout | undefined;
  #milliseconds = idleMilliseconds;
  #recovering = false;
  /** The names of scripts by their numbers. */
  readonly #files = new Map<string, string>();
  #asked = false;
  #closed = false;
  #heapWarned = false;
  readonly #machine = machineMemory();
  #machineWarned = false;

  /** @param limit of the main thread's heap, in bytes */
  constructor(
    readonly limit: number,
    readonly steps: GuardSteps,
  ) {}

  /** A cell begins to run. */
  began(): void {
    this.#machineWarned = false;
    this.#milliseconds = busyMilliseconds;
    this.#arm(process.memoryUsage.rss());
    this.#wait();
  }

  /** The cell has ended. */
  ended(): void {
    this.#milliseconds = idleMilliseconds;
    this.#wait();
  }

  /** The process is about to end, which Node would delay while a debugger is on. */
  close(): void {
    clearTimeout(this.#timer);
    this.#closed = true;
    this.#disconnect();
  }

  #wait(): void {
    if (this.#closed) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#look();
      this.#wait();
    }, this.#milliseconds).unref();
  }

  #look(): void {
    const rss = process.memoryUsage.rss();
    this.#arm(rss);
    this.#ask();
    if (rss > large * this.#machine) this.#lookAtMachine(rss);
    this.steps.looked(rss, this.#session !== undefined);
  }

  #arm(rss: number): void {
    if (this.#closed) return;
    if (this.#session === undefined && rss > armed.from * this.limit) this.#connect();
    else if (rss < armed.until * this.limit && !this.#recovering) this.#disconnect();
  }

  #disconnect(): void {
    this.#session?.disconnect();
    this.#session = undefined;
    this.#files.clear();
    this.#heapWarned = false;
  }

  #connect(): void {
    const session = new Session();
    session.connectToMainThread();
    session.on("Debugger.paused", ({ params }) => {
      if ((params.reason as string) === "OOM") this.#full(session, params.callFrames);
      else session.post("Debugger.resume");
    });
    session.on("Debugger.scriptParsed", ({ params: { scriptId, url } }) => {
      if (url !== "" && !url.startsWith("node:")) this.#files.set(scriptId, url);
    });
    watch(session);
    this.#session = session;
    this.#asked = false;
  }

  #full(session: Session, frames: readonly Debugger.CallFrame[]): void {
    this.#recovering = true;
    usedHeap(session, (used = this.limit) => {
      const places = frames.map(({ location: { scriptId, lineNumber, columnNumber = 0 } }) => {
        const url = this.#files.get(scriptId) ?? "";
        const file = url.startsWith("file:") ? fileURLToPath(url) : url;
        return { file, line: lineNumber + 1, column: columnNumber + 1 };
      });
      void this.steps.full({ used, limit: this.limit }, places).finally(() => this.#recover(session));
    });
    session.post("Runtime.terminateExecution");
    session.post("Debugger.resume");
  }

  /** Lets V8 collect what was terminated, then takes the raised limit back, which it leaves above what is still held. */
  #recover(session: Session): void {
    if (this.#session !== session) return;
    // One after the other: garbage beyond the limit that is taken back would end the process.
    session.post("HeapProfiler.collectGarbage", () => {
      if (this.#session !== session) return;
      session.post("Debugger.disable", () => {
        this.#recovering = false;
        if (this.#session === session) watch(session);
      });
    });
  }

  #ask(): void {
    const session = this.#session;
    if (session === undefined || this.#asked || this.#recovering) return;
    this.#asked = true;
    usedHeap(session, (used) => {
      this.#asked = false;
      if (used !== undefined) this.#lookAtHeap(used);
    });
  }

  #lookAtHeap(used: number): void {
    if (used < warned.until * this.limit) this.#heapWarned = false;
    if (used < warned.from * this.limit || this.#heapWarned) return;
    this.#heapWarned = true;
    this.steps.warn(heapNearlyFull({ used, limit: this.limit }));
  }

  #lookAtMachine(rss: number): void {
    const available = process.availableMemory();
    if (available > scarce * this.#machine || this.#machineWarned) return;
    this.#machineWarned = true;
    this.steps.warn(machineNearlyFull(rss, available));
  }
}

/** Has the session told when the heap is full, and of no statement or breakpoint of the user. */
function watch(session: Session): void {
  session.post("Debugger.enable");
  session.post("Debugger.setSkipAllPauses", { skip: true });
}

/** Calls back with the bytes in use of the main thread's heap; with nothing where it can't be asked. */
function usedHeap(session: Session, found: (used: number | undefined) => void): void {
  session.post("Runtime.getHeapUsage", (_, usage) =>
    found((usage as { usedSize: number } | undefined)?.usedSize),
  );
}

function machineMemory(): number {
  const constrained = process.constrainedMemory();
  return constrained > 0 && constrained < totalmem() ? constrained : totalmem();
}
