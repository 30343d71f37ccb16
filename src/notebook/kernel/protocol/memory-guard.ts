import { Session } from "node:inspector";
import { totalmem } from "node:os";
import { heapNearlyFull, machineNearlyFull } from "./memory-words";

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
  readonly warn: (text: string) => void;
  /** Called at each look with the memory of the process, and whether that is much of what the heap may have. */
  readonly looked: (rss: number, much: boolean) => void;
}

/**
 * Warns before the main thread fills its heap, where V8 ends the process without a word, and before the machine's memory is full. The heap is
 * asked for its size, which interrupts whatever runs there for a moment, only while the process has much memory.
 */
export class MemoryGuard {
  #session: Session | undefined;
  #timer: NodeJS.Timeout | undefined;
  #milliseconds = idleMilliseconds;
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

  /** The process is about to end. */
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
    else if (rss < armed.until * this.limit) this.#disconnect();
  }

  #disconnect(): void {
    this.#session?.disconnect();
    this.#session = undefined;
    this.#heapWarned = false;
  }

  #connect(): void {
    const session = new Session();
    session.connectToMainThread();
    this.#session = session;
    this.#asked = false;
  }

  #ask(): void {
    const session = this.#session;
    if (session === undefined || this.#asked) return;
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
