/**
 * The order of numbers from the least to the greatest, equal ones as they come: by the digits of their bits (LSD radix
 * sort), several times as fast as a sort by comparison for many. Minus zero comes before zero; none may be NaN.
 */
export function ascendingOrder(values: Float64Array): Uint32Array {
  const n = values.length;
  const words = new Uint32Array(values.slice().buffer);
  // Bits in the order of the numbers: negative ones all inverted, others with the sign set.
  for (let i = 0; i < n; i++) {
    const negative = words[2 * i + 1] >>> 31 === 1;
    words[2 * i + 1] = negative ? ~words[2 * i + 1] : words[2 * i + 1] | 0x80000000;
    if (negative) words[2 * i] = ~words[2 * i];
  }
  let order = Uint32Array.from(values.keys());
  let next = new Uint32Array(n);
  for (let digit = 0; digit < 4; digit++) {
    const word = digit >> 1;
    const shift = 16 * (digit & 1);
    const starts = new Uint32Array(65537);
    for (let i = 0; i < n; i++) starts[((words[2 * i + word] >>> shift) & 65535) + 1]++;
    // A digit that all share sorts nothing.
    if (n > 0 && starts[((words[word] >>> shift) & 65535) + 1] === n) continue;
    for (let d = 0; d < 65536; d++) starts[d + 1] += starts[d];
    for (let at = 0; at < n; at++) {
      const i = order[at];
      next[starts[(words[2 * i + word] >>> shift) & 65535]++] = i;
    }
    [order, next] = [next, order];
  }
  return order;
}
