import { fail } from "../base/errors";
import { type WasmMemory, wasm } from "./webassembly";

/** The first bytes belong to the module's own tables. */
const reserved = 65536;
const page = 65536;
/** The address space of 32-bit WebAssembly, in pages. */
const mostPages = 65536;
/** Regions are whole units, so that the count of four gigabytes of them fits a 32-bit integer. */
const unit = 65536;
/** Arrays begin at a line of the cache, so that threads that write to parts of one by lines do not share any. */
const line = 64;

/** A memory that several threads allocate from: how many of its units are taken. */
export interface SharedMemory {
  readonly memory: WasmMemory;
  readonly taken: Int32Array;
}

interface NumbersOf<T> {
  new (buffer: SharedArrayBuffer, start: number, length: number): T;
  readonly BYTES_PER_ELEMENT: number;
}

interface Region {
  readonly start: number;
  readonly end: number;
}

/**
 * A thread's arrays in a memory of all threads, which kernels reach by their byte offsets. Arrays are taken one after
 * another from regions that are this arena's alone, and let go together.
 */
export class Arena {
  readonly shared: SharedMemory;
  readonly #regions: Region[] = [];
  readonly #beside: Arena[] = [];
  #region = -1;
  #end = 0;
  /** The memory's buffer as large as it was when it was last too small: to ask the engine takes longer than most arrays. */
  #buffer: SharedArrayBuffer;

  /** @param shared a memory that others allocate from, too; a new one where left out */
  constructor(shared?: SharedMemory) {
    this.shared = shared ?? {
      memory: newMemory(),
      taken: new Int32Array(new SharedArrayBuffer(4)),
    };
    this.#buffer = this.shared.memory.buffer;
  }

  get memory(): WasmMemory {
    return this.shared.memory;
  }

  /** The bytes of the memory that are taken by all arenas. */
  get bytes(): number {
    return Atomics.load(this.shared.taken, 0) * unit;
  }

  /** Where the next array will lie, for {@link rewind}. */
  mark(): readonly [number, number] {
    return [this.#region, this.#end];
  }

  /** Lets go of all arrays taken since the mark; their place is used again. */
  rewind([region, end]: readonly [number, number]): void {
    this.#region = region;
    this.#end = end;
  }

  /** An empty arena of the same memory, for what lasts longer than what this one takes; see {@link takeBack}. */
  lend(): Arena {
    return this.#beside.pop() ?? new Arena(this.shared);
  }

  /** Takes an arena back that {@link lend} gave, to lend its place again. */
  takeBack(arena: Arena): void {
    arena.rewind([-1, 0]);
    this.#beside.push(arena);
  }

  /** Lets go of all arrays of all arenas of the memory. */
  clear(): void {
    this.#beside.length = 0;
    this.#regions.length = 0;
    this.rewind([-1, 0]);
    Atomics.store(this.shared.taken, 0, 0);
  }

  /** Lets go of what arenas took since the memory had a height; those that did are of no use any more. */
  lower(height: number): void {
    Atomics.store(this.shared.taken, 0, height);
  }

  /** `length` 64-bit floats, all zero. @throws `invalid-data` beyond 4 GB, as do the others */
  floats(length: number): Float64Array {
    const start = this.#take(8 * length);
    return new Float64Array(this.#buffer, start, length).fill(0);
  }

  /** `length` 64-bit floats that hold whatever was there. */
  scratch(length: number): Float64Array {
    const start = this.#take(8 * length);
    return new Float64Array(this.#buffer, start, length);
  }

  /** `length` 32-bit floats, all zero. */
  singles(length: number): Float32Array {
    const start = this.#take(4 * length);
    return new Float32Array(this.#buffer, start, length).fill(0);
  }

  /** `length` unsigned 32-bit integers, all zero. */
  integers(length: number): Uint32Array {
    const start = this.#take(4 * length);
    return new Uint32Array(this.#buffer, start, length).fill(0);
  }

  /** A copy of numbers. */
  copy<T extends Float64Array | Float32Array | Uint32Array>(numbers: T): T {
    const own = this.roomLike(numbers);
    own.set(numbers);
    return own;
  }

  /** As many numbers of the same type, of values that were there before. */
  roomLike<T extends Float64Array | Float32Array | Uint32Array>(numbers: T): T {
    return this.room(numbers.constructor as NumbersOf<T>, numbers.length);
  }

  /** `length` numbers of a type, of values that were there before. */
  room<T extends Float64Array | Float32Array | Uint32Array>(numbers: NumbersOf<T>, length: number): T {
    const start = this.#take(numbers.BYTES_PER_ELEMENT * length);
    return new numbers(this.#buffer, start, length);
  }

  /**
   * Makes the only array of this arena so many bytes long where it lies, with what it holds: another one beside it, to copy to, would leave
   * a hole as large as it. Goes where the memory has nothing behind it; else nothing changes.
   * @returns whether it is so long now
   */
  extend(bytes: number): boolean {
    const { memory, taken } = this.shared;
    const region = this.#regions.at(-1);
    if (region === undefined || this.#regions.length > 1) return false;
    const { start, end } = region;
    const more = Math.max(0, Math.ceil((start + bytes - end) / unit));
    const height = (end - reserved) / unit;
    if (more > 0 && Atomics.compareExchange(taken, 0, height, height + more) !== height) return false;
    if (!reaches(memory, end + more * unit)) {
      Atomics.sub(taken, 0, more);
      return false;
    }
    this.#regions[0] = { start, end: end + more * unit };
    this.#end = Math.max(this.#end, start + Math.ceil(bytes / line) * line);
    return true;
  }

  #take(bytes: number): number {
    const size = Math.ceil(bytes / line) * line;
    while (this.#region < 0 || this.#end + size > this.#regions[this.#region].end) {
      if (this.#join()) continue;
      if (this.#region + 1 === this.#regions.length) this.#widen(size);
      else this.#end = this.#regions[++this.#region].start;
    }
    const start = this.#end;
    this.#end += size;
    if (this.#end > this.#buffer.byteLength) this.#buffer = this.memory.buffer;
    return start;
  }

  /**
   * Makes one of the region in use and the one behind it, where nothing lies between them; else arrays of another order than
   * those before, one greater than the region that is next, would have all of their regions anew.
   */
  #join(): boolean {
    const [own, next] = [this.#regions[this.#region], this.#regions[this.#region + 1]];
    if (own === undefined || own.end !== next?.start) return false;
    this.#regions.splice(this.#region, 2, { start: own.start, end: next.end });
    return true;
  }

  #widen(size: number): void {
    const { memory, taken } = this.shared;
    const units = Math.max(1, Math.ceil(size / unit));
    const start = reserved + Atomics.add(taken, 0, units) * unit;
    const end = start + units * unit;
    if (end <= this.#buffer.byteLength || reaches(memory, end)) {
      this.#regions.push({ start, end });
      return;
    }
    Atomics.sub(taken, 0, units);
    fail("invalid-data", {
      thing: "memory that the data and the solver need, in bytes",
      value: end,
      expected: "at most 4294967296 and what the machine has free",
      remedy: "Fit on fewer rows, or on fewer columns.",
    });
  }
}

/** How much of a memory all its arenas have taken, for {@link Arena.lower}. */
export function heightOf({ taken }: SharedMemory): number {
  return Atomics.load(taken, 0);
}

/**
 * Reserves the addresses that the memory may grow to, and those by which V8 catches what is read beyond them; no bytes
 * are taken yet.
 */
function newMemory(): WasmMemory {
  try {
    return new wasm.Memory({ initial: 2, maximum: mostPages, shared: true });
  } catch (cause) {
    return fail(
      "failed",
      {
        thing: "reserving addresses for WebAssembly's memory",
        expected: "10 GB of them, which need not be memory that is there",
        remedy:
          "Raise the limit of the process (ulimit -v), or start Node with NODE_OPTIONS=--disable-wasm-trap-handler, " +
          "which needs 4 GB.",
      },
      { cause },
    );
  }
}

/** Whether the memory has so many bytes, or could be made to. */
function reaches(memory: WasmMemory, end: number): boolean {
  while (end <= mostPages * page && memory.buffer.byteLength < end) {
    if (!grow(memory, Math.ceil((end - memory.buffer.byteLength) / page))) break;
  }
  return memory.buffer.byteLength >= end;
}

function grow(memory: WasmMemory, pages: number): boolean {
  try {
    memory.grow(pages);
    return true;
  } catch {
    return false;
  }
}
