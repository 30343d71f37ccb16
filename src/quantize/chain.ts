/**
 * The cheapest chain of runs that covers `0 .. n`, where each run costs `cost(from, to) + price`: the concave
 * least-weight subsequence problem, by the queue of Hirschberg and Larmore (1987), O(n log n) calls of `cost`.
 * `cost` must obey the quadrangle inequality. Of equal chains one with few runs is taken.
 *
 * @returns the ends of the runs, from 0 to n
 */
export function cheapestChain(
  n: number,
  price: number,
  cost: (from: number, to: number) => number,
): Uint32Array {
  const best = new Float64Array(n + 1);
  const from = new Uint32Array(n + 1);
  const runs = new Uint32Array(n + 1);
  const queue = new Uint32Array(n + 1);
  const since = new Uint32Array(n + 2);
  const via = (start: number, end: number): number => best[start] + cost(start, end) + price;
  const better = (a: number, b: number, end: number): boolean => {
    const difference = via(a, end) - via(b, end);
    return difference < 0 || (difference === 0 && runs[a] < runs[b]);
  };
  let head = 0;
  let tail = 0;
  since[0] = 1;
  for (let end = 1; end <= n; end++) {
    while (head < tail && since[head + 1] <= end) head++;
    from[end] = queue[head];
    best[end] = via(queue[head], end);
    runs[end] = runs[queue[head]] + 1;
    if (end === n) break;
    while (tail > head && better(end, queue[tail], since[tail])) tail--;
    let low = Math.max(since[tail], end + 1);
    let high = n + 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (better(end, queue[tail], middle)) high = middle;
      else low = middle + 1;
    }
    if (low > n) continue;
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
