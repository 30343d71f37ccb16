import { fail } from "../base/errors";
import type { Kernels } from "./kernels";
import { registry } from "./registry";

const names = Object.keys(registry) as (keyof Kernels)[];
const mostBlocks = 64;
const mostArguments = 24;

/** The places of the control block's integers. */
const sequence = 0;
const ticket = 1;
const kernel = 2;
const argumentCount = 3;
const done = 4;
const failed = 5;
const closed = 6;
/** Where the threads of a call meet in the memory, which wait for each other within it; 0 where they do not. */
const meeting = 7;
/** 1 once a thread that helps has come. */
const attended = 8;
const integers = 9;

/** How often a thread looks again before it sleeps: kernels follow one another within microseconds. */
const spins = 2000;

/** What the threads of a team share beside the memory: the call under way, and its arguments and results. */
export interface Control {
  readonly buffer: SharedArrayBuffer;
}

/** A new control block. */
export function newControl(): Control {
  return { buffer: new SharedArrayBuffer(8 * integers + 8 * mostBlocks * (mostArguments + 1)) };
}

interface Views {
  readonly state: Int32Array;
  readonly given: Float64Array;
  readonly results: Float64Array;
}

function viewsOf({ buffer }: Control): Views {
  return {
    state: new Int32Array(buffer, 0, integers),
    given: new Float64Array(buffer, 8 * integers, mostBlocks * mostArguments),
    results: new Float64Array(buffer, 8 * integers + 8 * mostBlocks * mostArguments, mostBlocks),
  };
}

/**
 * Runs a kernel over blocks of the data, on this thread and those that {@link serve} the same control block. What a
 * block computes depends on the block alone, and results are added in the order of blocks, so the bits of an answer
 * do not depend on the number of threads.
 */
export class Team {
  readonly #kernels: Kernels;
  /** What the threads share; `null` where there is one. */
  readonly #views: Views | null;
  /** Called between blocks; what it throws ends the call, and no block is left running. */
  check: () => void = () => {};

  /** @param control of the threads that help; left out, this thread works alone */
  constructor(kernels: Kernels, control?: Control) {
    this.#kernels = kernels;
    this.#views = control === undefined ? null : viewsOf(control);
  }

  /** Whether other threads help. */
  get helped(): boolean {
    return this.#views !== null;
  }

  /** Whether a thread that helps has come; until then nobody need wait for one. */
  get attended(): boolean {
    return this.#views !== null && Atomics.load(this.#views.state, attended) === 1;
  }

  /**
   * Calls a kernel that two threads share: here, and on one that helps if it is there before this one is done. Returns what it
   * returns here.
   * @param own the arguments for this thread
   * @param other those for the one that helps; left out, none does
   * @param pair where in the memory they meet, which the one that fails leaves; see {@link Kernels.abandon}
   * @throws `invalid-data` where the kernel failed on the thread that helps
   */
  runBeside(name: keyof Kernels, own: readonly number[], other?: readonly number[], pair = 0): number {
    this.check();
    const views = this.#views;
    if (views === null || other === undefined) return call(this.#kernels, name, own);
    return this.#beside(views, name, own, other, pair).result;
  }

  /**
   * Calls a kernel twice, here and on a thread that helps if it is there before this one is done, and returns the sum of what it
   * returns. Unlike {@link run} it leaves each thread its own arguments, and so what lies in its caches.
   * @param own the arguments for this thread
   * @param other those for the one that helps
   * @throws `invalid-data` where the kernel failed on the thread that helps
   */
  runBoth(name: keyof Kernels, own: readonly number[], other: readonly number[]): number {
    this.check();
    const views = this.#views;
    if (views === null) return call(this.#kernels, name, own) + call(this.#kernels, name, other);
    const { result, left } = this.#beside(views, name, own, other, 0);
    return result + (left ? call(this.#kernels, name, other) : views.results[0]);
  }

  /** Calls a kernel here, and with `other` on a thread that helps, unless that is `left`. */
  #beside(
    views: Views,
    name: keyof Kernels,
    own: readonly number[],
    other: readonly number[],
    pair: number,
  ): { result: number; left: boolean } {
    const { state } = views;
    publish(views, name, [other], pair);
    let left = 0;
    let result: number;
    try {
      result = call(this.#kernels, name, own);
    } catch (error) {
      if (pair !== 0) this.#kernels.abandon(pair);
      throw error;
    } finally {
      left = Atomics.exchange(state, ticket, 0);
      finish(state, 1 - left);
    }
    checkDone(state, name);
    return { result, left: left === 1 };
  }

  /**
   * Calls a kernel once for each block, at most 64, and returns the sum of what it returns.
   * @param argumentsOf the arguments for a block
   */
  run(name: keyof Kernels, blocks: number, argumentsOf: (block: number) => readonly number[]): number {
    if (blocks === 1) {
      this.check();
      return call(this.#kernels, name, argumentsOf(0));
    }
    const views = this.#views;
    if (views === null) {
      let sum = 0;
      for (let block = 0; block < blocks; block++) {
        this.check();
        sum += call(this.#kernels, name, argumentsOf(block));
      }
      return sum;
    }
    const { state, results } = views;
    publish(
      views,
      name,
      Array.from({ length: blocks }, (_, block) => argumentsOf(block)),
    );
    let due = blocks;
    try {
      work(this.#kernels, views, this.check);
    } catch (error) {
      due -= Atomics.exchange(state, ticket, 0);
      finish(state, due);
      throw error;
    }
    finish(state, due);
    checkDone(state, name);
    let sum = 0;
    for (let block = 0; block < blocks; block++) sum += results[block];
    return sum;
  }
}

/** Tells the threads that help of a call, with the arguments of each block. */
function publish(
  { state, given }: Views,
  name: keyof Kernels,
  rows: readonly (readonly number[])[],
  pair: number = 0,
): void {
  rows.forEach((row, block) => {
    given.set(row, block * mostArguments);
    state[argumentCount] = row.length;
  });
  state[kernel] = names.indexOf(name);
  state[meeting] = pair;
  Atomics.store(state, done, 0);
  const turn = Atomics.load(state, sequence) + 1;
  // The ticket is published last: whoever takes one sees the call that it belongs to.
  Atomics.store(state, ticket, rows.length);
  Atomics.store(state, sequence, turn);
  Atomics.notify(state, sequence);
}

/** Helps the team of a control block until it is closed. Blocks this thread. */
export function serve(kernels: Kernels, control: Control): void {
  const views = viewsOf(control);
  const { state } = views;
  Atomics.store(state, attended, 1);
  let seen = 0;
  while (Atomics.load(state, closed) === 0) {
    work(kernels, views, () => {});
    let spin = 0;
    while (Atomics.load(state, sequence) === seen && Atomics.load(state, closed) === 0) {
      if (spin++ > spins) Atomics.wait(state, sequence, seen);
    }
    seen = Atomics.load(state, sequence);
  }
}

/** Ends {@link serve} in the threads of a control block. */
export function close(control: Control): void {
  const { state } = viewsOf(control);
  Atomics.store(state, closed, 1);
  // One that has found it open and is about to sleep on the last turn finds another, and does not.
  Atomics.add(state, sequence, 1);
  Atomics.notify(state, sequence);
}

/** Waits until so many blocks are done. */
function finish(state: Int32Array, count: number): void {
  for (let spin = 0; ; spin++) {
    const ready = Atomics.load(state, done);
    if (ready >= count) return;
    if (spin > spins) Atomics.wait(state, done, ready, 10);
  }
}

/** Fails where a kernel did, on whichever thread. */
function checkDone(state: Int32Array, name: keyof Kernels): void {
  if (Atomics.load(state, failed) > 0) fail("invalid-data", { thing: "kernel that failed", value: name });
}

/** Takes blocks and computes them until none is left. */
function work(kernels: Kernels, { state, given, results }: Views, check: () => void): void {
  for (;;) {
    check();
    const left = Atomics.load(state, ticket);
    if (left === 0) return;
    if (Atomics.compareExchange(state, ticket, left, left - 1) !== left) continue;
    const block = left - 1;
    const start = block * mostArguments;
    try {
      const row = given.subarray(start, start + state[argumentCount]);
      results[block] = call(kernels, names[state[kernel]], row);
    } catch {
      Atomics.store(state, failed, 1);
      if (state[meeting] !== 0) kernels.abandon(state[meeting]);
    }
    Atomics.add(state, done, 1);
    Atomics.notify(state, done);
  }
}

function call(kernels: Kernels, name: keyof Kernels, row: ArrayLike<number>): number {
  const result: unknown = Reflect.apply(kernels[name], undefined, row);
  return result === undefined ? 0 : (result as number);
}
