import type { Worker } from "node:worker_threads";
import { listening } from "../../base/ambient-signal";
import { LogitpressError } from "../../base/errors";
import { checkCancelled, type Watch } from "../../base/progress";
import type { Matrix } from "../../matrix/sparse";
import { kernelModule, loadKernels } from "../../simd/load";
import { Arena } from "../../simd/memory";
import { type Control, close, newControl } from "../../simd/team";
import { Design, type DesignPlace } from "../design";
import { type Job, type JobResult, runJob } from "../job";
import { type LayoutTask, layoutFor } from "../layout";
import { checkMemory, needOf } from "../memory-need";
import { monitorOf } from "../monitor";
import type { PathOutcome } from "../path-job";
import type { Solution } from "../plan";
import { inFull } from "../sparse-weights";
import { lender } from "./lend";
import type { Question, Reply, ServeRequest } from "./messages";
import { borrowThread, discardThread, returnThread } from "./pool";

/** Work, in stored values times outputs, that is done before a thread would have begun. */
const small = 100_000;
/** How long a thread may take to hear that it is cancelled. */
const patience = 300;

/** The rows that jobs are about. */
export interface Rows {
  readonly features: Matrix;
  readonly labels: Uint32Array;
  readonly shares: Float64Array;
}

/** The most bytes of memory that are kept for the next fit; the engine is slow to free what is let go. */
const kept = 2 ** 30;
let spare: Arena | undefined;
/** Errands so far, by which threads know one's design from another's. */
let count = 0;

/** The memory of small jobs, used again and again, unless one of them made it large. */
const modest = 2 ** 26;
let scratch: Arena | undefined;

/**
 * Does jobs on the same rows in threads of their own, so that this thread stays free; small ones at once. One job
 * has all threads for its passes, several are done side by side, each on one thread. Results do not depend on that.
 * @param outputs the outputs of each job, by which its size is judged
 * @throws `cancelled`, and what the jobs throw; then no job is left running
 */
export async function runJobs<R extends Solution | PathOutcome>(
  rows: Rows,
  jobs: readonly Job[],
  { outputs, threads }: { readonly outputs: number; readonly threads: number },
  watch: Watch,
  step: string,
): Promise<R[]> {
  const heard = listening(watch);
  checkCancelled(heard.signal, step);
  const { features } = rows;
  const { kind, columns, nonzeros } = features;
  const shape = { rows: features.rows, columns, nonzeros, dense: kind === "dense" };
  checkMemory(needOf(jobs, { ...shape, valued: features.values !== null, outputs }, threads));
  const work = (nonzeros + columns) * outputs * jobs.length;
  if (work <= small) return runHere<R>(rows, jobs, heard, step);
  const arena = spare ?? new Arena();
  spare = undefined;
  let lost = false;
  const design = Design.of(features, rows.labels, rows.shares, loadKernels, arena);
  try {
    const task = layoutFor(jobs, shape, outputs);
    const results = await new Errand(design, jobs, task, threads, heard, step).run();
    return results.map((result) => whole(result) as R);
  } catch (error) {
    lost = error instanceof Unanswered;
    throw error;
  } finally {
    if (!lost && arena.memory.buffer.byteLength <= kept) {
      arena.clear();
      spare = arena;
    }
  }
}

function runHere<R extends Solution | PathOutcome>(
  rows: Rows,
  jobs: readonly Job[],
  watch: Watch,
  step: string,
): R[] {
  const arena = scratch ?? new Arena();
  scratch = undefined;
  try {
    const design = Design.of(rows.features, rows.labels, rows.shares, loadKernels, arena);
    const monitor = monitorOf(watch, step);
    return jobs.map((job) => whole(runJob(design, job, monitor)) as R);
  } finally {
    arena.clear();
    if (arena.memory.buffer.byteLength <= modest) scratch = arena;
  }
}

/** A result with its weights in full. */
function whole(result: JobResult): Solution | PathOutcome {
  return "weights" in result ? { ...result, weights: inFull(result.weights) } : result;
}

/** Jobs on their way through the threads. */
class Errand {
  readonly #task: LayoutTask;
  readonly #jobs: readonly Job[];
  readonly #threads: number;
  readonly #watch: Watch;
  readonly #step: string;
  readonly #cancel = new Int32Array(new SharedArrayBuffer(4));
  readonly #results: JobResult[] = [];
  /** How far each job has come, from 0 to 1. */
  readonly #shares: number[] = [];
  readonly #id = ++count;
  readonly #lend = lender();
  #place: DesignPlace;
  #next = 0;

  constructor(
    design: Design,
    jobs: readonly Job[],
    task: LayoutTask,
    threads: number,
    watch: Watch,
    step: string,
  ) {
    this.#place = design.place;
    this.#task = task;
    this.#jobs = jobs;
    this.#threads = threads;
    this.#watch = watch;
    this.#step = step;
  }

  async run(): Promise<JobResult[]> {
    const { signal } = this.#watch;
    const stop = () => this.#stop();
    signal?.addEventListener("abort", stop);
    try {
      const thread = await this.#laidOut();
      if (this.#jobs.length === 1) await this.#together(thread);
      else await this.#sideBySide(thread);
    } catch (error) {
      checkCancelled(signal, this.#step);
      throw error;
    } finally {
      signal?.removeEventListener("abort", stop);
    }
    return this.#results;
  }

  /** Has a thread lay out the data; it is the first to work on them. */
  async #laidOut(): Promise<Worker> {
    const thread = borrowThread();
    return await this.#on(thread, async () => {
      const { place } = await this.#askOf(thread, { kind: "layout", task: this.#task }, "placed", 0);
      this.#place = place;
      checkCancelled(this.#watch.signal, this.#step);
      return thread;
    });
  }

  async #together(thread: Worker): Promise<void> {
    const control = this.#threads > 1 ? newControl() : null;
    const members = Array.from({ length: this.#threads - 1 }, () => borrowThread());
    const { shared } = this.#place;
    for (const member of members) {
      member.postMessage({
        kind: "serve",
        module: kernelModule(),
        shared,
        control: control!,
      } satisfies ServeRequest);
    }
    try {
      await this.#onThread(thread, control);
    } finally {
      if (control !== null) close(control);
      for (const member of members) this.#giveBack(member);
    }
  }

  async #sideBySide(first: Worker): Promise<void> {
    const count = Math.min(this.#threads, this.#jobs.length);
    const runs = Array.from({ length: count }, (_, k) =>
      this.#onThread(k === 0 ? first : borrowThread(), null),
    );
    const ended = await Promise.allSettled(runs.map((run) => run.catch((error) => this.#fallen(error))));
    for (const end of ended) if (end.status === "rejected") throw end.reason;
  }

  #fallen(error: unknown): never {
    this.#stop();
    throw error;
  }

  #stop(): void {
    Atomics.store(this.#cancel, 0, 1);
  }

  /** Takes a thread through jobs until none is left. */
  async #onThread(thread: Worker, control: Control | null): Promise<void> {
    await this.#on(thread, async () => {
      while (this.#next < this.#jobs.length) {
        const at = this.#next++;
        const job = this.#lend(this.#jobs[at]);
        const { result } = await this.#askOf(thread, { kind: "job", job, control }, "result", at);
        this.#results[at] = result;
      }
    });
    this.#giveBack(thread);
  }

  /** A thread that fell silent or broke is not used again. */
  async #on<T>(thread: Worker, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if (error instanceof LogitpressError && !(error instanceof Unanswered)) returnThread(thread);
      else discardThread(thread);
      throw error;
    }
  }

  /** A thread holds on to the memory that it last worked on, so large memories end with their threads. */
  #giveBack(thread: Worker): void {
    if (this.#place.shared.memory.buffer.byteLength > kept) discardThread(thread);
    else returnThread(thread);
  }

  #askOf<K extends "placed" | "result">(
    thread: Worker,
    question: Asked,
    kind: K,
    at: number,
  ): Promise<Extract<Reply, { kind: K }>> {
    const { signal } = this.#watch;
    return new Promise((resolve, reject) => {
      let timer: NodeJS.Timeout | undefined;
      const expire = () => {
        timer = setTimeout(() => settle(() => reject(new Unanswered(this.#step))), patience);
      };
      const broken = (error: Error) => settle(() => reject(error));
      const gone = () => broken(new Error(`the thread of ${this.#step} ended`));
      const settle = (then: () => void) => {
        clearTimeout(timer);
        signal?.removeEventListener("abort", expire);
        thread.off("message", hear).off("error", broken).off("exit", gone);
        then();
      };
      const hear = (reply: Reply) => {
        if (reply.kind === "progress") this.#report(at, reply);
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
      const common = { module: kernelModule(), id: this.#id, place: this.#place, cancel: this.#cancel };
      thread.postMessage({ ...common, ...question } satisfies Question);
    });
  }

  #report(at: number, { done, total, message }: { done: number; total: number; message: string }): void {
    this.#shares[at] = done / total;
    const one = this.#jobs.length === 1;
    const all = this.#jobs.reduce((sum, _, k) => sum + (k in this.#results ? 1 : (this.#shares[k] ?? 0)), 0);
    this.#watch.onProgress?.({
      step: this.#step,
      done: one ? done : all,
      total: one ? total : this.#jobs.length,
      message,
    });
  }
}

/** A question but for what all questions of an errand share. */
type Asked = Question extends infer Q
  ? Q extends Question
    ? Omit<Q, "module" | "id" | "place" | "cancel">
    : never
  : never;

/** A thread that was told to end and did not in time. */
class Unanswered extends LogitpressError {
  constructor(step: string) {
    super("cancelled", { thing: step });
  }
}
