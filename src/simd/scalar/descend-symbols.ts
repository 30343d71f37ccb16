import type { Heap } from "./heap";

const least = 1e-12;

/** The least share of curvature x step^2 by which the loss is above its tangent (Bach, 2010). */
const bend = (t: number) => (t < 1e-3 ? 0.5 - t / 6 : (Math.expm1(-t) + t) / (t * t));

/** The scalar twin of the kernel: a sweep over symbols on the exact objective. See `Kernels`. */
export function descendSymbols(
  heap: Heap,
  list: number,
  count: number,
  pointers: number,
  indices: number,
  values: number,
  outputs: number,
  softmax: number,
  shares: number,
  r: number,
  symbols: number,
  levels: number,
  counts: number,
  levelCount: number,
  levelBits: number,
  strengths: number,
  mu: number,
  _scratch: number,
  totals: number,
): number {
  const { f64, f32, u32 } = heap;
  const L = levelCount;
  const level = f64.subarray(levels / 8, levels / 8 + L + 1);
  const seen = f64.subarray(counts / 8, counts / 8 + L + 1);
  const share = (i: number) => f64[shares / 8 + i];
  const residual = (i: number, k: number) => f64[r / 8 + i * outputs + k];
  const each = (j: number, visit: (i: number, x: number) => void) => {
    for (let e = u32[pointers / 4 + j]; e < u32[pointers / 4 + j + 1]; e++) {
      visit(u32[indices / 4 + e], values === 0 ? 1 : f32[values / 4 + e]);
    }
  };
  const used = (c: number) => (c > 0 ? levelBits : 0);
  const bitsOf = (a: number, b: number) => {
    const n = seen.subarray(1).reduce((sum, c) => sum + c, 0);
    const [ca, cb, zeros] = [seen[a], seen[b], seen[0]];
    const stored = (a === 0 ? 0 : used(ca - 1) - used(ca)) + (b === 0 ? 0 : used(cb + 1) - used(cb));
    if (a === 0)
      return zeros > 0 ? stored + Math.log2((zeros / (n + 1)) * ((n + L / 2) / (cb + 0.5))) : Infinity;
    if (b === 0) return stored - Math.log2(((zeros + 1) / n) * ((n - 1 + L / 2) / (ca - 0.5)));
    return stored + Math.log2((ca - 0.5) / (cb + 0.5));
  };
  const change = (j: number, k: number, d: number) => {
    let sum = 0;
    each(j, (i, x) => {
      const p = residual(i, k);
      if (share(i) !== 0) sum += share(i) * Math.log1p(Math.abs(p) * Math.expm1(p < 0 ? -d * x : d * x));
    });
    return sum;
  };
  const move = (j: number, k: number, d: number) =>
    each(j, (i, x) => {
      const row = f64.subarray(r / 8 + i * outputs, r / 8 + (i + 1) * outputs);
      const label = row[k] < 0;
      const a = Math.abs(row[k]);
      const grown = Math.expm1(label ? -d * x : d * x);
      const total = 1 + a * grown;
      row.forEach((p, m) => {
        if (m === k) row[m] = ((label ? -a : a) * (1 + grown)) / total;
        else if (softmax !== 0 && label) row[m] = (p * (1 + grown)) / total;
        else if (softmax !== 0) row[m] = (p < 0 ? p - a * grown : p) / total;
      });
    });
  let fall = 0;
  for (let n = 0; n < count; n++) {
    const place = u32[list / 4 + n];
    const j = Math.floor(place / outputs);
    const k = place % outputs;
    const own = u32[symbols / 4 + place];
    if (u32[pointers / 4 + j] === u32[pointers / 4 + j + 1] && own === 0) continue;
    let g = 0;
    let h = 0;
    let top = 0;
    each(j, (i, x) => {
      top = Math.max(top, Math.abs(x));
      const p = residual(i, k);
      g += share(i) * x * p;
      h += share(i) * x * x * (Math.abs(p) - p * p);
    });
    const penalty = (t: number) => 0.5 * f64[strengths / 8 + j] * (level[t] ** 2 - level[own] ** 2);
    const promising = Array.from(level.keys())
      .filter((t) => t !== own)
      .map((t) => {
        const d = level[t] - level[own];
        const tangent = g * d + penalty(t) + mu * bitsOf(own, t);
        const bound = tangent + h * d * d * bend(Math.abs(d) * top);
        return { t, tangent, bound, value: tangent + 0.5 * h * d * d };
      })
      .filter(({ tangent, bound, value }) => tangent < -least && bound < -least && value < Infinity)
      .sort((a, b) => a.value - b.value);
    for (const { t } of promising.slice(0, 2)) {
      const bits = bitsOf(own, t);
      const smooth = change(j, k, level[t] - level[own]) + penalty(t);
      if (!(smooth + mu * bits < -least)) continue;
      move(j, k, level[t] - level[own]);
      u32[symbols / 4 + place] = t;
      seen[own]--;
      seen[t]++;
      fall += smooth + mu * bits;
      f64[totals / 8] += smooth;
      f64[totals / 8 + 1] += bits;
      f64[totals / 8 + 2] += 1;
      break;
    }
  }
  return fall;
}
