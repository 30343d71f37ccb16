import { solveCholesky } from "../cholesky";

const memory = 5;

/**
 * Anderson extrapolation of sweeps (Bertrand and Massias, 2021): of the last points the affine mixture with the shortest
 * mixture of steps.
 */
export class Extrapolation {
  readonly #parts: readonly Float64Array[];
  readonly #points: readonly (readonly Float64Array[])[];
  #count = 0;

  /** @param parts the vectors that together are a point, the weights first; the others are affine in them */
  constructor(parts: readonly Float64Array[]) {
    this.#parts = parts;
    this.#points = Array.from({ length: memory + 1 }, () =>
      parts.map((part) => new Float64Array(part.length)),
    );
  }

  /** Forgets the points. */
  clear(): void {
    this.#count = 0;
  }

  /** Keeps the point; true where there are enough to extrapolate. */
  push(): boolean {
    this.#parts.forEach((part, n) => {
      this.#points[this.#count][n].set(part);
    });
    this.#count++;
    return this.#count > memory;
  }

  /** Moves to the mixture; false, without a move, where there is none. Forgets the points but the last. */
  extrapolate(): boolean {
    const c = this.#mixture();
    this.#count = 0;
    if (c === null) return false;
    this.#parts.forEach((part, n) => {
      part.fill(0);
      for (let l = 0; l < memory; l++) {
        const point = this.#points[l + 1][n];
        for (let i = 0; i < part.length; i++) part[i] += c[l] * point[i];
      }
    });
    return true;
  }

  /** Moves back to the last point. */
  restore(): void {
    this.#parts.forEach((part, n) => {
      part.set(this.#points[memory][n]);
    });
  }

  #mixture(): Float64Array | null {
    const U = new Float64Array(memory * memory);
    const size = this.#parts[0].length;
    let most = 0;
    for (let a = 0; a < memory; a++) {
      for (let b = 0; b <= a; b++) {
        let sum = 0;
        for (let i = 0; i < size; i++) {
          sum +=
            (this.#points[a + 1][0][i] - this.#points[a][0][i]) *
            (this.#points[b + 1][0][i] - this.#points[b][0][i]);
        }
        U[a * memory + b] = sum;
      }
      most = Math.max(most, U[a * memory + a]);
    }
    if (!(most > 0)) return null;
    for (let a = 0; a < memory; a++) U[a * memory + a] += 1e-12 * most;
    const c = solveCholesky(U, new Float64Array(memory).fill(1));
    const total = c?.reduce((sum, x) => sum + x, 0) ?? 0;
    if (c === null || !Number.isFinite(total) || total === 0) return null;
    return c.map((x) => x / total);
  }
}
