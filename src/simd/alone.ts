import { fail } from "../base/errors";
import type { Kernels } from "./kernels";
import { compileKernels } from "./load";
import { type AloneMemory, wasm } from "./webassembly";

const page = 65536;
/** The address space of 32-bit WebAssembly, in pages. */
const mostPages = 65536;
/** The first bytes belong to the module's own tables. */
const reserved = 65536;

let compiled: object | undefined;

/** Kernels over a memory of one thread: rows are copied there ten times as fast as to one that threads share. */
interface AloneKernels {
  readonly score: Kernels["score"];
  /**
   * The product of `count` values (f32, 0 where all are one) of columns (u32) with a table of 32-bit floats, in the four parts of
   * `score`; NaN where one is not among the columns.
   */
  scoreSingles(indices: number, values: number, count: number, columns: number, w: number): number;
  /** The largest of `count` indices (u32), as an integer with a sign; 0 of none. */
  largest(indices: number, count: number): number;
}

/** A memory with its kernels, and the first byte that is free. */
export interface Alone {
  readonly kernels: AloneKernels;
  readonly memory: AloneMemory;
  readonly start: number;
}

/** Kernels over a memory of their own with at least `bytes` free bytes. @throws `invalid-data` beyond 4 GB */
export function loadAlone(bytes: number): Alone {
  compiled ??= compileKernels("alone.wasm");
  const memory = memoryOf(reserved + bytes);
  const kernels = new wasm.Instance(compiled, { env: { memory } }).exports as AloneKernels;
  return { kernels, memory, start: reserved };
}

function memoryOf(bytes: number): AloneMemory {
  try {
    return new wasm.Memory({ initial: Math.ceil(bytes / page), maximum: mostPages });
  } catch (cause) {
    return fail(
      "invalid-data",
      {
        thing: "memory that a table of weights needs, in bytes",
        value: bytes,
        expected: `at most ${mostPages * page} and what the machine has free`,
        remedy: "Prune the model to fewer features.",
      },
      { cause },
    );
  }
}
