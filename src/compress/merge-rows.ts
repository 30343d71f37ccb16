/** Rows of a table with their labels and shares. */
export interface TableRows {
  /** Row after row. */
  readonly values: Float64Array;
  readonly labels: Uint32Array;
  readonly shares: Float64Array;
}

/** Rows after which it is judged whether enough repeat one before. */
const sampled = 1024;

/**
 * The rows that have a share, equal ones of the same label merged and their shares summed, where that leaves less than half of
 * the first thousand; else without merging. What few levels make of one-hot rows are a few thousand kinds, however many
 * rows there are.
 */
export function mergedRows({ values, labels, shares }: TableRows, stride: number): TableRows {
  const rows = labels.length;
  const slots = new Int32Array(2 ** Math.ceil(Math.log2(2 * rows + 1))).fill(-1);
  const kinds = new Uint32Array(rows);
  const sums = new Float64Array(rows);
  const bits = new Uint32Array(values.buffer, values.byteOffset, 2 * values.length);
  let merging = rows > sampled;
  let seen = 0;
  let count = 0;
  for (let i = 0; i < rows; i++) {
    if (shares[i] === 0) continue;
    if (merging && ++seen === sampled && count > sampled / 2) merging = false;
    const own = merging ? kindOf(i) : -1;
    if (own >= 0) sums[own] += shares[i];
    else {
      sums[count] = shares[i];
      kinds[count++] = i;
    }
  }
  const merged = new Float64Array(count * stride);
  for (let n = 0; n < count; ) {
    let end = n + 1;
    while (end < count && kinds[end] === kinds[end - 1] + 1) end++;
    merged.set(values.subarray(kinds[n] * stride, (kinds[end - 1] + 1) * stride), n * stride);
    n = end;
  }
  const own = new Uint32Array(count);
  for (let n = 0; n < count; n++) own[n] = labels[kinds[n]];
  return {
    values: merged,
    labels: own,
    shares: sums.slice(0, count),
  };

  /** The kind of a row that was met before; else -1, and the next kind is its own. */
  function kindOf(i: number): number {
    let hash = labels[i] + 1;
    for (let a = 2 * i * stride; a < 2 * (i + 1) * stride; a++) {
      hash = Math.imul((hash << 13) | (hash >>> 19), 0x9e3779b1) ^ Math.imul(bits[a], 0x85ebca77);
    }
    let slot = (hash ^ (hash >>> 15)) & (slots.length - 1);
    for (; slots[slot] >= 0; slot = (slot + 1) & (slots.length - 1)) {
      if (same(kinds[slots[slot]], i)) return slots[slot];
    }
    slots[slot] = count;
    return -1;
  }

  function same(i: number, j: number): boolean {
    if (labels[i] !== labels[j]) return false;
    for (let a = 0; a < stride; a++) if (values[i * stride + a] !== values[j * stride + a]) return false;
    return true;
  }
}
