/** Replaces each of `count` indices by its number in `places`. */
export function renumber(indices: usize, count: u32, places: usize): void {
  const end = indices + ((<usize>count) << 2);
  for (let k = indices; k < end; k += 4) store<u32>(k, load<u32>(places + ((<usize>load<u32>(k)) << 2)));
}
