import { fail } from "../base/errors";
import { type WasmMemory, wasm } from "./webassembly";

/** The first bytes belong to the module's own tables. */
const reserved = 65536;
const page = 65536;
/** The address space of 32-bit WebAssembly, in pages. */
const mostPages = 65536;

/**
 * The memory of one computation: arrays that kernels reach by their byte offset, taken one after another and let go
 * all at once with the arena itself. The memory is shared, so that threads can work on it.
 */
export class Arena {
  readonly memory: WasmMemory = new wasm.Memory({
    initial: 2,
    maximum: mostPages,
    shared: true,
  });
  #end = reserved;

  /** The bytes taken so far. */
  get bytes(): number {
    return this.#end - reserved;
  }

  /** Lets go of all that was taken since `bytes` was this. */
  rewind(bytes: number): void {
    this.#end = reserved + bytes;
  }

  /** `length` 64-bit floats, all zero. @throws `invalid-data` beyond 4 GB, as do the others */
  floats(length: number): Float64Array {
    const start = this.#take(8 * length);
    return new Float64Array(this.memory.buffer, start, length).fill(0);
  }

  /** `length` 32-bit floats, all zero. */
  singles(length: number): Float32Array {
    const start = this.#take(4 * length);
    return new Float32Array(this.memory.buffer, start, length).fill(0);
  }

  /** `length` unsigned 32-bit integers, all zero. */
  integers(length: number): Uint32Array {
    const start = this.#take(4 * length);
    return new Uint32Array(this.memory.buffer, start, length).fill(0);
  }

  #take(bytes: number): number {
    const start = this.#end;
    const end = start + Math.ceil(bytes / 16) * 16;
    const missing = Math.ceil(end / page) - this.memory.buffer.byteLength / page;
    if (end > mostPages * page || !this.#grow(missing)) {
      fail("invalid-data", {
        thing: "memory that the data and the solver need, in bytes",
        value: end,
        expected: "at most 4294967296 and what the machine has free",
        remedy: "Fit on fewer rows, or on fewer columns.",
      });
    }
    this.#end = end;
    return start;
  }

  #grow(pages: number): boolean {
    if (pages <= 0) return true;
    try {
      this.memory.grow(pages);
      return true;
    } catch {
      return false;
    }
  }
}
