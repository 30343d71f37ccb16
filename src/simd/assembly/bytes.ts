// Loops, not memory.fill and memory.copy: a thread checks these against the size of the memory that it has heard of, which may be the
// one before another thread let the memory grow.

/** Writes zeros to so many bytes, a multiple of four. */
// @ts-expect-error: decorator
@inline
export function zero(out: usize, bytes: usize): void {
  const whole = bytes & ~15;
  let at: usize = 0;
  for (; at < whole; at += 16) v128.store(out + at, i32x4.splat(0));
  for (; at < bytes; at += 4) store<u32>(out + at, 0);
}

/** Copies so many bytes, a multiple of four, between places that do not overlap. */
// @ts-expect-error: decorator
@inline
export function copyWords(from: usize, to: usize, bytes: usize): void {
  for (let at: usize = 0; at < bytes; at += 4) store<u32>(to + at, load<u32>(from + at));
}
