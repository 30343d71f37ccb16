import type { Dataset } from "../../matrix/dataset";
import { eachStored } from "./moments";

/**
 * For each column the first that has exactly its values in all rows of positive weight, itself where there is none:
 * candidates by a hash of what is not zero, each then compared value by value. Columns of zeros stay themselves.
 */
export function duplicatesOf(data: Dataset): Uint32Array {
  const { columns } = data;
  const hashes = new Uint32Array(2 * columns);
  const counts = new Uint32Array(columns);
  const bits = new Float32Array(1);
  const word = new Uint32Array(bits.buffer);
  eachStored(data, (i, j, x) => {
    if (x === 0) return;
    bits[0] = x;
    counts[j]++;
    hashes[2 * j] = mix(mix(hashes[2 * j], i), word[0]);
    hashes[2 * j + 1] = mix(mix(hashes[2 * j + 1], word[0] ^ 0x9e3779b9), i);
  });
  const firsts = new Map<string, number>();
  const leaders = Uint32Array.from({ length: columns }, (_, j) => {
    if (counts[j] === 0) return j;
    const key = `${counts[j]},${hashes[2 * j]},${hashes[2 * j + 1]}`;
    const first = firsts.get(key) ?? j;
    firsts.set(key, first);
    return first;
  });
  return confirmed(data, leaders, counts);
}

/** The leaders, but a column that differs from its own in any row leads itself. */
function confirmed(data: Dataset, leaders: Uint32Array, counts: Uint32Array): Uint32Array {
  const line = new Float32Array(data.columns);
  const same = new Uint32Array(data.columns);
  let row = -1;
  let met: number[] = [];
  const close = () => {
    for (const j of met) if (line[leaders[j]] === line[j]) same[j]++;
    for (const j of met) line[j] = 0;
    met = [];
  };
  eachStored(data, (i, j, x) => {
    if (i !== row) close();
    row = i;
    if (x === 0) return;
    line[j] = x;
    met.push(j);
  });
  close();
  return leaders.map((leader, j) => (same[j] === counts[j] ? leader : j));
}

/** One round of MurmurHash3 (Appleby, 2011). */
function mix(hash: number, value: number): number {
  let k = Math.imul(value, 0xcc9e2d51);
  k = Math.imul((k << 15) | (k >>> 17), 0x1b873593);
  const h = hash ^ k;
  return (Math.imul((h << 13) | (h >>> 19), 5) + 0xe6546b64) | 0;
}
