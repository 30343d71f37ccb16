/**
 * Adds the number of each of `count` indices to `counts`, 32-bit, and writes those whose count was zero to `met`, in the order in
 * which they come; how many these are.
 */
export function meetColumns(indices: usize, count: u32, counts: usize, met: usize): u32 {
  let next = met;
  const end = indices + ((<usize>count) << 2);
  for (let k = indices; k < end; k += 4) {
    const column = load<u32>(k);
    const at = counts + ((<usize>column) << 2);
    const before = load<u32>(at);
    store<u32>(at, before + 1);
    if (before > 0) continue;
    store<u32>(next, column);
    next += 4;
  }
  return <u32>((next - met) >> 2);
}
