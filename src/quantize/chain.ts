/** Sums over sorted points from the first on: of their weights, their weighted values and their weighted squares. */
export interface RunSums {
  readonly total: Float64Array;
  readonly first: Float64Array;
  readonly second: Float64Array;
}

/** The weighted squared distance of the points `from <= i < to` to their mean. */
export function runCost({ total, first, second }: RunSums, from: number, to: number): number {
  const sum = first[to] - first[from];
  return Math.max(0, second[to] - second[from] - (sum * sum) / (total[to] - total[from]));
}

/**
 * The cheapest chain of runs that covers points `0 .. n`, where each run costs its squared error plus `price`: the
 * concave least-weight subsequence problem, by the queue of Hirschberg and Larmore (1987), O(n log n) costs of a run. Of
 * equal chains one with few runs is taken.
 *
 * @returns the ends of the runs, from 0 to n
 */
export function cheapestChain(sums: RunSums, price: number): Uint32Array {
  const { total, first, second } = sums;
  const n = total.length - 1;
  const best = new Float64Array(n + 1);
  const from = new Uint32Array(n + 1);
  const runs = new Uint32Array(n + 1);
  const queue = new Uint32Array(n + 1);
  const since = new Uint32Array(n + 2);
  // The cost is written out, since a call for each of some 10^7 takes most of the time.
  const via = (start: number, end: number): number => {
    const sum = first[end] - first[start];
    const cost = second[end] - second[start] - (sum * sum) / (total[end] - total[start]);
    return best[start] + (cost > 0 ? cost : 0) + price;
  };
  const better = (a: number, b: number, end: number): boolean => {
    const difference = via(a, end) - via(b, end);
    return difference < 0 || (difference === 0 && runs[a] < runs[b]);
  };
  let head = 0;
  let tail = 0;
  let reach = 1;
  since[0] = 1;
  for (let end = 1; end <= n; end++) {
    while (head < tail && since[head + 1] <= end) head++;
    const start = queue[head];
    from[end] = start;
    best[end] = via(start, end);
    runs[end] = runs[start] + 1;
    if (end === n) break;
    while (tail > head && better(end, queue[tail], since[tail])) tail--;
    let low = Math.max(since[tail], end + 1);
    let high = n + 1;
    // Where the new start takes over lies about as far ahead as it did for the one before: from there in doubling steps.
    let probe = low + reach;
    let step = 16;
    if (probe < high && better(end, queue[tail], probe)) {
      high = probe;
      for (probe -= step; probe > low && better(end, queue[tail], probe); probe -= step) {
        high = probe;
        step *= 2;
      }
      if (probe > low) low = probe + 1;
    } else if (probe < high) {
      low = probe + 1;
      for (probe += step; probe < high && !better(end, queue[tail], probe); probe += step) {
        low = probe + 1;
        step *= 2;
      }
      if (probe < high) high = probe;
    }
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (better(end, queue[tail], middle)) high = middle;
      else low = middle + 1;
    }
    if (low > n) continue;
    reach = low - Math.max(since[tail], end + 1);
    tail++;
    queue[tail] = end;
    since[tail] = low;
  }
  return backtrack(from, runs[n], n);
}

/**
 * A chain of `count` runs out of the best one with fewer and the best one with more at the same price: where a run
 * of `few` encloses one of `many`, both can be cut and joined crosswise at no cost (Aggarwal, Schieber and
 * Tokuyama, 1994, section 3).
 */
export function joinChains(few: Uint32Array, many: Uint32Array, count: number): Uint32Array {
  const shift = count - (few.length - 1);
  let i = 0;
  while (many[i + shift] < few[i] || many[i + shift + 1] > few[i + 1]) i++;
  const joined = new Uint32Array(count + 1);
  joined.set(many.subarray(0, i + shift + 1));
  joined.set(few.subarray(i + 1), i + shift + 1);
  return joined;
}

function backtrack(from: Uint32Array, runs: number, n: number): Uint32Array {
  const ends = new Uint32Array(runs + 1);
  for (let end = n, at = runs; at >= 0; end = from[end], at--) ends[at] = end;
  return ends;
}
