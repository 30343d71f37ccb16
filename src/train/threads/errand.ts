import type { Worker } from "node:worker_threads";
import { LogitpressError } from "../../base/errors";
import { checkCancelled, type Watch } from "../../base/progress";
import { kernelModule } from "../../simd/load";
import { heightOf } from "../../simd/memory";
import { type Control, close, newControl } from "../../simd/team";
import type { DesignPlace } from "../design";
import type { Job, JobResult } from "../job";
import type { LayoutTask } from "../layout";
import { parseThreads } from "../options";
import { ask, type Ending, type Progress, Unanswered } from "./ask";
import { lender } from "./lend";
import type { Question, Reply, ServeRequest } from "./messages";
import { borrowThread, discardThread, returnThread } from "./pool";
import { kept } from "./spare";

/** Errands so far, by which threads know one's design from another's. */
let count = 0;

/** Jobs on their way through the threads. */
export class Errand {
  readonly #task: LayoutTask | null;
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
  #height = 0;
  #next = 0;
  #abandoned = false;
  #heardOf: (at: number, result: JobResult) => void = () => {};

  /** @param task how the data are to be laid out first; `null` where they are */
  constructor(
    place: DesignPlace,
    jobs: readonly Job[],
    task: LayoutTask | null,
    threads: number,
    watch: Watch,
    step: string,
  ) {
    this.#place = task === null ? place : { ...place, given: { ...place.given, key: this.#id } };
    this.#task = task;
    this.#jobs = jobs;
    this.#threads = threads;
    this.#watch = watch;
    this.#step = step;
  }

  /** Where the data lie, once they are laid out. */
  get place(): DesignPlace {
    return this.#place;
  }

  /** The height of their memory then. */
  get height(): number {
    return this.#height;
  }

  /** Ends an errand whose answer is not wanted any more; no more is heard of it, and {@link run} ends soon. */
  abandon(): void {
    this.#abandoned = true;
    this.#stop();
  }

  /**
   * By the time that this returns its promise a thread is asked.
   * @param heardOf called with each result as it comes
   */
  async run(heardOf: (at: number, result: JobResult) => void): Promise<JobResult[]> {
    this.#heardOf = heardOf;
    const { signal } = this.#watch;
    const stop = () => this.#stop();
    signal?.addEventListener("abort", stop);
    try {
      const thread = borrowThread();
      if (this.#task !== null) await this.#layOut(thread, this.#task);
      this.#height = heightOf(this.#place.shared);
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

  /** Has the thread that is the first to work on the data lay them out. */
  async #layOut(thread: Worker, task: LayoutTask): Promise<void> {
    await this.#on(thread, async () => {
      this.#place = (await this.#askOf(thread, { kind: "layout", task }, "placed", 0)).place;
      checkCancelled(this.#watch.signal, this.#step);
    });
  }

  async #together(thread: Worker): Promise<void> {
    const control = this.#threads > 1 ? newControl() : null;
    const members: Worker[] = [];
    try {
      const work = this.#work(thread, control);
      const helpers = this.#threads - 1;
      this.#enlist(members, Math.min(helpers, Math.max(0, parseThreads(undefined) - 2)), control);
      // The caller's thread has work of its own once this returns, and a core for each thread but the last.
      await null;
      if (!this.#abandoned) this.#enlist(members, helpers - members.length, control);
      await work;
    } finally {
      if (control !== null) close(control);
      for (const member of members) this.#giveBack(member);
    }
    // Last in, first out: the thread whose code is warm has the next job.
    this.#giveBack(thread);
  }

  /** Has so many more threads serve the team of a control block. */
  #enlist(members: Worker[], count: number, control: Control | null): void {
    for (let n = 0; n < count && control !== null; n++) {
      const member = borrowThread();
      members.push(member);
      const { shared } = this.#place;
      member.postMessage({ kind: "serve", module: kernelModule(), shared, control } satisfies ServeRequest);
    }
  }

  async #sideBySide(first: Worker): Promise<void> {
    const count = Math.min(this.#threads, this.#jobs.length);
    const runs = Array.from({ length: count }, (_, k) => this.#alone(k === 0 ? first : borrowThread()));
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

  async #alone(thread: Worker): Promise<void> {
    await this.#work(thread, null);
    this.#giveBack(thread);
  }

  /** Takes a thread through jobs until none is left. */
  async #work(thread: Worker, control: Control | null): Promise<void> {
    await this.#on(thread, async () => {
      while (this.#next < this.#jobs.length) {
        const at = this.#next++;
        const job = this.#lend(this.#jobs[at]);
        const { result } = await this.#askOf(thread, { kind: "job", job, control }, "result", at);
        this.#results[at] = result;
        if (!this.#abandoned) this.#heardOf(at, result);
      }
    });
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

  #askOf<K extends Ending>(
    thread: Worker,
    question: Asked,
    kind: K,
    at: number,
  ): Promise<Extract<Reply, { kind: K }>> {
    const common = { module: kernelModule(), id: this.#id, place: this.#place, cancel: this.#cancel };
    return ask(thread, { ...common, ...question } satisfies Question, kind, {
      step: this.#step,
      signal: this.#watch.signal,
      onProgress: (progress) => this.#report(at, progress),
    });
  }

  #report(at: number, { done, total, message }: Progress): void {
    if (this.#abandoned) return;
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
