import { backwardSolve } from "./backward-solve";
import { cholesky } from "./cholesky";
import { eliminate } from "./eliminate";
import { forwardSolve } from "./forward-solve";
import type { Heap } from "./heap";

/** The scalar twin of the kernel: factors blocks and takes what they leave from the border's square. */
export function eliminateBlocks(
  heap: Heap,
  from: number,
  to: number,
  tables: number,
  borders: number,
  borderSize: number,
  numbers: number,
  corner: number,
  scratch: number,
): number {
  const { f64 } = heap;
  let failed = 0;
  for (let q = from; q < to; q++) {
    const { square, size, side, width, places } = blockOf(heap, q, tables, borders, numbers);
    if (cholesky(heap, size, square, 0) !== size) {
      failed++;
      continue;
    }
    eliminate(heap, size, width, square, side, scratch);
    places.forEach((row, a) => {
      for (let b = 0; b <= a; b++)
        f64[corner / 8 + row * borderSize + places[b]] -= f64[scratch / 8 + a * width + b];
    });
  }
  return failed;
}

/** The scalar twin of the kernel: x = L1^-1 r, edge -= W' x. */
export function forwardBlocks(
  heap: Heap,
  from: number,
  to: number,
  tables: number,
  borders: number,
  members: number,
  numbers: number,
  r: number,
  x: number,
  edge: number,
  _scratch: number,
): void {
  const { f64, u32 } = heap;
  for (let q = from; q < to; q++) {
    const { square, size, side, width, places, own } = blockOf(heap, q, tables, borders, numbers);
    const part = x / 8 + own;
    for (let i = 0; i < size; i++) f64[part + i] = f64[r / 8 + u32[members / 4 + own + i]];
    forwardSolve(heap, size, size, square, 8 * part);
    places.forEach((place, b) => {
      let sum = 0;
      for (let i = 0; i < size; i++) sum += f64[part + i] * f64[side / 8 + i * width + b];
      f64[edge / 8 + place] -= sum;
    });
  }
}

/** The scalar twin of the kernel: out = L1'^-1 (x - W edge). */
export function backwardBlocks(
  heap: Heap,
  from: number,
  to: number,
  tables: number,
  borders: number,
  members: number,
  numbers: number,
  edge: number,
  x: number,
  out: number,
  _scratch: number,
): void {
  const { f64, u32 } = heap;
  for (let q = from; q < to; q++) {
    const { square, size, side, width, places, own } = blockOf(heap, q, tables, borders, numbers);
    const part = x / 8 + own;
    for (let i = 0; i < size; i++) {
      let sum = 0;
      places.forEach((place, b) => {
        sum += f64[side / 8 + i * width + b] * f64[edge / 8 + place];
      });
      f64[part + i] -= sum;
    }
    backwardSolve(heap, size, size, square, 8 * part);
    for (let i = 0; i < size; i++) f64[out / 8 + u32[members / 4 + own + i]] = f64[part + i];
  }
}

/** A block's numbers as byte offsets, and its columns of the border. */
function blockOf({ u32 }: Heap, q: number, tables: number, borders: number, numbers: number) {
  const [square, size, side, width, first, own] = u32.subarray(tables / 4 + 6 * q, tables / 4 + 6 * q + 6);
  const places = u32.subarray(borders / 4 + first, borders / 4 + first + width);
  return { square: numbers + 8 * square, size, side: numbers + 8 * side, width, places, own };
}
