import { Arena } from "../../simd/memory";

/** The most bytes of a memory that is kept for the next time; the engine is slow to free what is let go. */
const kept = 2 ** 28;
const spare: Arena[] = [];

/** Does work in a memory of its own, which is used again afterwards. */
export async function withArena<T>(work: (arena: Arena) => Promise<T>): Promise<T> {
  const arena = spare.pop() ?? new Arena();
  try {
    return await work(arena);
  } finally {
    arena.clear();
    if (arena.memory.buffer.byteLength <= kept) spare.push(arena);
  }
}
