import { sigmoid, softplus } from "../../base/sigmoid";
import { root } from "./dual-ascent";
import type { Heap } from "./heap";
import { Rows } from "./row";

/** The scalar twin of the kernel: maximises the logistic duals of several classes over one row after another. See `Kernels`. */
export function sigmoidsAscent(
  heap: Heap,
  pointers: number,
  indices: number,
  values: number,
  columns: number,
  order: number,
  count: number,
  first: number,
  outputs: number,
  labels: number,
  shares: number,
  inverse: number,
  norms: number,
  drifts: number,
  alphas: number,
  logits: number,
  w: number,
  sums: number,
  scratch: number,
): void {
  const { f64, u32 } = heap;
  const x = new Rows(heap, pointers, indices, values, columns);
  u32.slice(order / 4, order / 4 + count).forEach((i, n) => {
    const at = norms / 8 + i;
    for (let v = x.begin(i), known = f64[at] !== 0; !known && v < x.begin(i + 1); v++) {
      f64[at] += inverse * x.value(v) ** 2;
    }
    const s = f64[shares / 8 + i];
    for (let o = 0; o < outputs; o++) {
      const y = u32[labels / 4 + i] === first + o ? 1 : -1;
      const t = -y * x.margin(i, outputs, o, w);
      const own = i * outputs + o;
      const a = f64[alphas / 8 + own];
      const z = f64[logits / 8 + own];
      const drift = f64[drifts / 8 + o];
      const q = f64[at] + drift;
      const near = Math.abs(t - z) < 0.5;
      const start = near ? z + (t - z) / (1 + q * (a - (a * a) / s)) : Number.NaN;
      const next = near ? root(q * s, t + q * a, start, start) : root(q * s, t + q * a, z, t);
      const alpha = s * sigmoid(next);
      f64[logits / 8 + own] = next;
      f64[alphas / 8 + own] = alpha;
      f64[sums / 8 + o] += divergenceOf(next - z, alpha - a, 1 + q * alpha * sigmoid(-next));
      f64[sums / 8 + outputs + o] += y * (alpha - a);
      f64[sums / 8 + 2 * outputs + o] += alpha * sigmoid(-next);
      if (n % 8 === 0) f64[sums / 8 + 3 * outputs + o] += s * softplus(t);
      f64[scratch / 8 + o] = y * (alpha - a) * inverse;
      f64[w / 8 + columns * outputs + o] += drift * y * (alpha - a);
    }
    for (let v = x.begin(i); v < x.begin(i + 1); v++) {
      for (let o = 0; o < outputs; o++) {
        f64[w / 8 + x.column(i, v) * outputs + o] += f64[scratch / 8 + o] * x.value(v);
      }
    }
  });
}

/** Half the symmetric divergence from the margin as met, by the move alone: that of logit and margin to second order. */
function divergenceOf(way: number, change: number, stretch: number): number {
  return Math.abs(way * change * stretch * stretch) / 2;
}
