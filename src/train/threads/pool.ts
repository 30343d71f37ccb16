import { join } from "node:path";
import { Worker } from "node:worker_threads";

/** Threads that wait for their next request; they don't keep the process alive. */
const idle: Worker[] = [];

/** A thread that waits, or a new one. Until it is given back it keeps the process alive. */
export function borrowThread(): Worker {
  const thread = idle.pop() ?? startThread();
  thread.ref();
  return thread;
}

/** Gives a thread back once it has nothing to do, or will soon have. */
export function returnThread(thread: Worker): void {
  thread.removeAllListeners("message");
  thread.unref();
  idle.push(thread);
}

/** Ends a thread that does not answer. */
export function discardThread(thread: Worker): void {
  thread.removeAllListeners();
  void thread.terminate();
}

function startThread(): Worker {
  const thread = new Worker(join(__dirname, "worker.js"), { execArgv: [] });
  thread.on("exit", () => {
    const at = idle.indexOf(thread);
    if (at >= 0) idle.splice(at, 1);
  });
  return thread;
}
