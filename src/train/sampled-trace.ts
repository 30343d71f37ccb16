import type { Design } from "./design";

/** Rows that are looked at. */
const counted = 1024;

/** The trace of X' diag(h) X, by some rows that lie evenly among all. @param h a number a row, none negative */
export function sampledTrace({ arena, rows, columns, matrix }: Design, h: Float64Array): number {
  const [pointers, , values] = matrix;
  const { buffer } = arena.memory;
  const starts = pointers === 0 ? null : new Uint32Array(buffer, pointers, rows + 1);
  const x = values === 0 ? null : new Float32Array(buffer, values, starts?.[rows] ?? rows * columns);
  const step = Math.max(1, Math.floor(rows / counted));
  let [trace, mass, sampled] = [0, 0, 0];
  for (let i = 0; i < rows; i++) mass += h[i];
  for (let i = 0; i < rows; i += step) {
    const [from, to] = starts === null ? [i * columns, (i + 1) * columns] : [starts[i], starts[i + 1]];
    let square = x === null ? to - from : 0;
    for (let k = from; x !== null && k < to; k++) square += x[k] * x[k];
    trace += h[i] * square;
    sampled += h[i];
  }
  return (trace * mass) / sampled;
}
