import type { Worker } from "node:worker_threads";
import { LogitpressError } from "../../base/errors";
import type { Question, Reply } from "./messages";

/** How long a thread may take to hear that it is cancelled. */
const patience = 300;

/** A reply that ends a question. */
export type Ending = "placed" | "result";
/** What a thread tells before that. */
export type Progress = Extract<Reply, { kind: "progress" }>;

/** What comes with a question. */
interface Terms {
  /** What the thread is about, for errors. */
  readonly step: string;
  /** Aborted where the thread was told to end. */
  readonly signal: AbortSignal | undefined;
  readonly onProgress: (progress: Progress) => void;
}

/** A thread that was told to end and did not in time. */
export class Unanswered extends LogitpressError {
  constructor(step: string) {
    super("cancelled", { thing: step });
  }
}

/** Asks a thread and waits for the reply of a kind. @throws what the thread threw; {@link Unanswered} */
export function ask<K extends Ending>(
  thread: Worker,
  question: Question,
  kind: K,
  { step, signal, onProgress }: Terms,
): Promise<Extract<Reply, { kind: K }>> {
  return new Promise((resolve, reject) => {
    let timer: NodeJS.Timeout | undefined;
    const expire = () => {
      timer = setTimeout(() => settle(() => reject(new Unanswered(step))), patience);
    };
    const broken = (error: Error) => settle(() => reject(error));
    const gone = () => broken(new Error(`the thread of ${step} ended`));
    const settle = (then: () => void) => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", expire);
      thread.off("message", hear).off("error", broken).off("exit", gone);
      then();
    };
    const hear = (reply: Reply) => {
      if (reply.kind === "progress") onProgress(reply);
      else if (reply.kind === kind) settle(() => resolve(reply as Extract<Reply, { kind: K }>));
      else if (reply.kind === "refused") {
        settle(() => reject(new LogitpressError(reply.code, reply.complaint)));
      } else if (reply.kind === "broken") {
        const error = new Error(reply.message);
        error.stack = reply.stack;
        broken(error);
      }
    };
    signal?.addEventListener("abort", expire);
    if (signal?.aborted) expire();
    thread.on("message", hear).once("error", broken).once("exit", gone);
    thread.postMessage(question);
  });
}
