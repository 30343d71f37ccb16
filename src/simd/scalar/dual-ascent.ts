import { sigmoid, softplus } from "../../base/sigmoid";
import type { Heap } from "./heap";
import { Rows } from "./row";

/** The scalar twin of the kernel: maximises the logistic dual over one row after another. See `Kernels`. */
export function dualAscent(
  heap: Heap,
  pointers: number,
  indices: number,
  values: number,
  columns: number,
  order: number,
  count: number,
  labels: number,
  positive: number,
  shares: number,
  inverses: number,
  inverse: number,
  drift: number,
  norms: number,
  alphas: number,
  logits: number,
  w: number,
  divergences: number,
  sums: number,
): void {
  const { f64, u32 } = heap;
  const x = new Rows(heap, pointers, indices, values, columns);
  const inverseOf = (j: number) => (inverses === 0 ? inverse : f64[inverses / 8 + j]);
  const intercept = w / 8 + columns;
  for (let k = 0; k < count; k++) {
    const i = u32[order / 4 + k];
    let product = 0;
    let norm = 0;
    for (let v = x.begin(i); v < x.begin(i + 1); v++) {
      product += x.value(v) * f64[w / 8 + x.column(i, v)];
      norm += x.value(v) ** 2 * inverseOf(x.column(i, v));
    }
    if (f64[norms / 8 + i] !== 0) norm = f64[norms / 8 + i];
    f64[norms / 8 + i] = norm;
    const y = u32[labels / 4 + i] === positive ? 1 : -1;
    const t = -y * (product + f64[intercept]);
    const s = f64[shares / 8 + i];
    const a = f64[alphas / 8 + i];
    const z = f64[logits / 8 + i];
    f64[divergences / 8 + i] = Math.abs((t - z) * (s * sigmoid(t) - a)) / 2;
    f64[sums / 8] += f64[divergences / 8 + i];
    f64[sums / 8 + 1] += s * softplus(t);
    const q = norm + drift;
    const next = root(q * s, t + q * a, z, t);
    f64[logits / 8 + i] = next;
    f64[alphas / 8 + i] = s * sigmoid(next);
    const r = y * (f64[alphas / 8 + i] - a);
    if (r === 0) continue;
    f64[intercept] += drift * r;
    f64[sums / 8 + 2] += r * (product + 0.5 * r * norm);
    for (let v = x.begin(i); v < x.begin(i + 1); v++) {
      const j = x.column(i, v);
      f64[w / 8 + j] += r * x.value(v) * inverseOf(j);
    }
  }
}

/** The z with z + k sigmoid(z) = c, which lies between `a` and `b`. */
function root(k: number, c: number, a: number, b: number): number {
  let z = Math.max(Math.min(a, b), Math.min(Math.max(a, b), 0));
  for (let n = 0; n < 100; n++) {
    const p = sigmoid(z);
    const step = (c - z - k * p) / (1 + k * p * sigmoid(-z));
    z += step;
    if (!(Math.abs(step) > 1e-7 * (1 + Math.abs(z)))) break;
  }
  return z;
}
