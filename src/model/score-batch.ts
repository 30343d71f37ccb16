import { join } from "node:path";
import { Worker } from "node:worker_threads";
import type { Matrix } from "../matrix/sparse";
import { kernelModule, loadKernels } from "../simd/load";
import { Arena } from "../simd/memory";
import { close, newControl, Team } from "../simd/team";
import type { MarginParts } from "./score-rows";

/** Stored values that are copied before they are scored: what the processor's cache holds, for each thread. */
const perThread = 2 ** 16;
/** The most bytes of memory that are kept for the next batch. */
const kept = 2 ** 26;

/** A memory with the threads that serve it. They sleep between batches and don't keep the process alive. */
class Crew {
  readonly arena = new Arena();
  readonly #control;
  readonly team: Team;

  constructor(readonly threads: number) {
    const kernels = loadKernels(this.arena.memory);
    this.#control = threads > 1 ? newControl() : undefined;
    this.team = new Team(kernels, this.#control);
    for (let k = 1; k < threads; k++) {
      const workerData = { module: kernelModule(), memory: this.arena.memory, control: this.#control };
      new Worker(join(__dirname, "score-thread.js"), { workerData, execArgv: [] }).unref();
    }
  }

  end(): void {
    if (this.#control !== undefined) close(this.#control);
  }
}

let spare: Crew | undefined;

/**
 * The margins of each row by the kernel `score`, on this thread and others, with the same bits for any number of them. A
 * thread that has not started yet is not waited for: the others take its share.
 */
export function scoreBatch(parts: MarginParts, features: Matrix, threads: number): Float64Array {
  const crew = spare?.threads === threads ? spare : new Crew(threads);
  if (spare !== crew) spare?.end();
  // A batch that is broken off leaves blocks running, so its crew is not used again.
  spare = undefined;
  let ended = false;
  try {
    const margins = scored(crew, parts, features);
    ended = true;
    return margins;
  } finally {
    crew.arena.clear();
    if (ended && crew.arena.memory.buffer.byteLength <= kept) spare = crew;
    else crew.end();
  }
}

function scored({ arena, team, threads }: Crew, parts: MarginParts, features: Matrix): Float64Array {
  const { outputs, weights, intercepts } = parts;
  const { rows, columns, values } = features;
  const margins = new Float64Array(rows * outputs);
  const w = arena.floats(weights.length + outputs);
  w.set(weights);
  w.set(intercepts, weights.length);
  const taken = arena.mark();
  const begin = (i: number) => (features.kind === "dense" ? i * columns : features.pointers[i]);
  for (let first = 0; first < rows; ) {
    let last = first + 1;
    while (last < rows && begin(last + 1) - begin(first) <= perThread * threads) last++;
    arena.rewind(taken);
    const [from, to] = [begin(first), begin(last)];
    const x = values === null ? 0 : arena.copy(values.subarray(from, to)).byteOffset;
    let [pointers, indices] = [0, 0];
    if (features.kind === "csr") {
      const own = arena.integers(last - first + 1);
      for (let i = first; i <= last; i++) own[i - first] = features.pointers[i] - from;
      pointers = own.byteOffset;
      indices = arena.copy(features.indices.subarray(from, to)).byteOffset;
    }
    const out = arena.floats((last - first) * outputs);
    const count = last - first;
    const blocks = threads === 1 ? 1 : Math.min(count, 4 * threads, 64);
    const bound = (block: number) => Math.floor((block * count) / blocks);
    team.run("score", blocks, (block) => {
      const start = bound(block);
      const own = [
        pointers === 0 ? 0 : pointers + 4 * start,
        indices,
        pointers === 0 ? x + 4 * start * columns : x,
      ];
      return [
        ...own,
        bound(block + 1) - start,
        columns,
        outputs,
        w.byteOffset,
        out.byteOffset + 8 * start * outputs,
      ];
    });
    margins.set(out, first * outputs);
    first = last;
  }
  return margins;
}
