import { sigmoid, softplus } from "../../base/sigmoid";
import type { Heap } from "./heap";
import { Rows } from "./row";

/** The scalar twin of the kernel: maximises the logistic dual over one row after another. See `Kernels`. One thread does all. */
export function dualAscent(
  heap: Heap,
  pointers: number,
  _halves: number,
  indices: number,
  values: number,
  columns: number,
  order: number,
  count: number,
  together: number,
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
  _pair: number,
  half: number,
): number {
  if (half === 1) return 0;
  const { f64, u32 } = heap;
  const x = new Rows(heap, pointers, indices, values, columns);
  const inverseOf = (j: number) => (inverses === 0 ? inverse : f64[inverses / 8 + j]);
  const intercept = w / 8 + columns;
  for (let first = 0; first < count; first += together) {
    const group = Array.from(u32.subarray(order / 4 + first, order / 4 + Math.min(count, first + together)));
    const products = group.map((i) => {
      let product = 0;
      for (let v = x.begin(i); v < x.begin(i + 1); v++) product += x.value(v) * f64[w / 8 + x.column(i, v)];
      return product;
    });
    const moves = group.map((i, c) => {
      const y = u32[labels / 4 + i] === positive ? 1 : -1;
      const t = -y * (products[c] + f64[intercept]);
      const s = f64[shares / 8 + i];
      const a = f64[alphas / 8 + i];
      const z = f64[logits / 8 + i];
      f64[divergences / 8 + i] = Math.abs((t - z) * (s * sigmoid(t) - a)) / 2;
      f64[sums / 8] += f64[divergences / 8 + i];
      f64[sums / 8 + 1] += s * softplus(t);
      const norm = normOf(i);
      const q = norm + drift;
      const next = root(q * s, t + q * a, z, t);
      f64[logits / 8 + i] = next;
      f64[alphas / 8 + i] = s * sigmoid(next);
      const r = y * (f64[alphas / 8 + i] - a);
      f64[intercept] += drift * r;
      f64[sums / 8 + 2] += r * (products[c] + 0.5 * r * norm);
      f64[sums / 8 + 3] += 0.5 * r * r * norm;
      return r;
    });
    group.forEach((i, c) => {
      for (let v = x.begin(i); moves[c] !== 0 && v < x.begin(i + 1); v++) {
        const j = x.column(i, v);
        f64[w / 8 + j] += moves[c] * x.value(v) * inverseOf(j);
      }
    });
  }
  return 0;

  function normOf(i: number): number {
    const at = norms / 8 + i;
    for (let v = x.begin(i), known = f64[at] !== 0; !known && v < x.begin(i + 1); v++) {
      f64[at] += x.value(v) ** 2 * inverseOf(x.column(i, v));
    }
    return f64[at];
  }
}

/** The z with z + k sigmoid(z) = c, which lies between `a` and `b`. */
export function root(k: number, c: number, a: number, b: number): number {
  let z = Math.max(Math.min(a, b), Math.min(Math.max(a, b), 0));
  for (let n = 0; n < 100; n++) {
    const p = sigmoid(z);
    const step = (c - z - k * p) / (1 + k * p * sigmoid(-z));
    z += step;
    if (!(step * step > 1e-9 * (1 + Math.abs(z)))) break;
  }
  return z;
}
