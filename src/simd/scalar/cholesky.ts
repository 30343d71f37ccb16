import type { Heap } from "./heap";

/** The scalar twin of the kernel: A = L L' in place; n, or the number of the first pivot not above `floor`. */
export function cholesky(heap: Heap, n: number, A: number, floor: number): number {
  return choleskyCorner(heap, n, A, floor, 0, n);
}

/** The scalar twin of the kernel: the factor's rows `from` to `to`, whose columns before `from` are finished. */
export function choleskyCorner(
  heap: Heap,
  n: number,
  A: number,
  floor: number,
  from: number,
  to: number,
): number {
  const { f64 } = heap;
  for (let i = from; i < to; i++) {
    choleskyRows(heap, n, A, i, i + 1, from, i);
    const at = A / 8 + i * n + i;
    const pivot = f64[at] - dot(heap, n, A, i, i, i);
    if (!(pivot > floor)) return i;
    f64[at] = Math.sqrt(pivot);
  }
  return to;
}

/** The scalar twin of the kernel: in some rows the columns from `first` to `last`, whose own rows are finished. */
export function choleskyRows(
  heap: Heap,
  n: number,
  A: number,
  from: number,
  to: number,
  first: number,
  last: number,
): void {
  const { f64 } = heap;
  for (let i = from; i < to; i++) {
    for (let j = first; j < last; j++) {
      const at = A / 8 + i * n + j;
      f64[at] = (f64[at] - dot(heap, n, A, i, j, j)) / f64[A / 8 + j * n + j];
    }
  }
}

/** The product of the first numbers of two rows. */
function dot({ f64 }: Heap, n: number, A: number, i: number, j: number, count: number): number {
  let sum = 0;
  for (let k = 0; k < count; k++) sum += f64[A / 8 + i * n + k] * f64[A / 8 + j * n + k];
  return sum;
}
