import { fail } from "../../base/errors";
import type { Kernels } from "../../simd/kernels";
import type { Arena } from "../../simd/memory";
import type { Pace } from "../../train/pace";
import type { PlacedHessian } from "./hessian";
import { downdateRows, invert, type Panels, panelsOf } from "./invert";

/** Pivots below this share of the diagonal are what 32-bit features and rounding leave of a dependent column. */
const leastPivot = 1e-10;
const firstRidge = 1e-8;
const mostRidge = 1;

function notFinite(): never {
  return fail("invalid-model", {
    thing: "curvature of the loss at the model",
    expected: "finite numbers",
    remedy: "Its margins on these rows are not finite: fit it again, or scale the features.",
  });
}

/**
 * The inverse of a Hessian, from which parameters are taken one after another or together: what is left is the inverse
 * of the Hessian without their rows and columns, and the weights that are left move to where the quadratic model has
 * its minimum without them (Hassibi and Stork, 1993, equation 5; for several at once Singh and Alistarh, 2020).
 *
 * All numbers are of the Hessian scaled to a diagonal of ones. Where it is singular, as with equal columns and no
 * penalty, a ridge of 1e-8 of the diagonal is added, a hundred times more until it has an inverse.
 */
export class Inverse {
  /** The place of each row. */
  places: Uint32Array;
  /** The weights of each row, times the root of its curvature. */
  u: Float64Array;
  /** The share of the diagonal that was added to make the Hessian regular; 0 for none. */
  readonly ridge: number;
  readonly #kernels: Kernels;
  readonly #G: Float64Array;
  readonly #stride: number;
  readonly #rowOf: Map<number, number>;
  readonly #roots: Float64Array;
  readonly #panels: Panels;
  readonly #rank: number;

  private constructor(
    hessian: PlacedHessian,
    G: Float64Array,
    values: Float64Array,
    roots: Float64Array,
    ridge: number,
    panels: Panels,
    rank: number,
  ) {
    this.#kernels = hessian.kernels;
    this.#G = G;
    this.#stride = roots.length;
    this.#roots = roots;
    this.#panels = panels;
    this.#rank = rank;
    this.places = hessian.places;
    this.u = values.map((w, i) => w * roots[i]);
    this.ridge = ridge;
    this.#rowOf = new Map(Array.from(hessian.places, (place, row) => [place, row]));
  }

  /**
   * @param values the weight of each of its places
   * @param rank how many parameters go together at most
   */
  static async of(
    hessian: PlacedHessian,
    values: Float64Array,
    rank: number,
    arena: Arena,
    pace: Pace,
  ): Promise<Inverse> {
    const n = hessian.places.length;
    const G = arena.floats(n * n);
    const roots = new Float64Array(n);
    for (let ridge = 0; ; ridge = Math.max(firstRidge, ridge * 100)) {
      await hessian.form(G, pace);
      if (ridge > mostRidge || !G.subarray(0, n).every(Number.isFinite)) notFinite();
      for (let i = 0; i < n; i++) roots[i] = G[i * n + i] > 0 ? Math.sqrt(G[i * n + i]) : 1;
      for (let i = 0; i < n; i++) {
        for (let j = 0; j < i; j++) G[i * n + j] /= roots[i] * roots[j];
        G[i * n + i] = 1 + ridge;
      }
      if ((await invert(G, n, leastPivot, hessian.kernels, arena, pace)) < n) continue;
      return new Inverse(hessian, G, values, roots, ridge, panelsOf(arena, n, rank), rank);
    }
  }

  /** The row of a place, or -1 where it is of another problem or gone. */
  row(place: number): number {
    return this.#rowOf.get(place) ?? -1;
  }

  /** The number at two rows. */
  at(i: number, j: number): number {
    return i >= j ? this.#G[i * this.#stride + j] : this.#G[j * this.#stride + i];
  }

  /** The weight of a row in its own unit. */
  weight(row: number): number {
    return this.u[row] / this.#roots[row];
  }

  /** Takes rows out, in blocks. */
  async remove(rows: readonly number[], pace: Pace): Promise<void> {
    const places = rows.map((row) => this.places[row]);
    for (let from = 0; from < places.length; from += this.#rank) {
      await this.#removeBlock(
        places.slice(from, from + this.#rank).map((place) => this.row(place)),
        pace,
      );
    }
  }

  async #removeBlock(rows: readonly number[], pace: Pace): Promise<void> {
    const b = rows.length;
    const n = this.places.length;
    const { L, U } = this.#panels;
    const kernels = this.#kernels;
    for (let r = 0; r < b; r++) for (let c = 0; c <= r; c++) L[r * b + c] = this.at(rows[r], rows[c]);
    kernels.cholesky(b, L.byteOffset, 0);
    const y = U.subarray(0, b);
    for (let c = 0; c < b; c++) y[c] = this.u[rows[c]];
    kernels.forwardSolve(b, b, L.byteOffset, y.byteOffset);
    const gone = y.slice();
    for (let i = 0; i < n; i++) {
      for (let c = 0; c < b; c++) U[i * b + c] = this.at(i, rows[c]);
      kernels.forwardSolve(b, b, L.byteOffset, U.byteOffset + 8 * i * b);
      for (let c = 0; c < b; c++) this.u[i] -= U[i * b + c] * gone[c];
    }
    for (const row of rows) U.fill(0, row * b, (row + 1) * b);
    await downdateRows(this.#G, n, this.#stride, b, U, kernels, pace);
    this.#compact(new Set(rows));
  }

  /** Moves the rows that are left together; in the lower triangle each number goes to where all before it have gone. */
  #compact(gone: ReadonlySet<number>): void {
    const left = Uint32Array.from(this.places.keys()).filter((row) => !gone.has(row));
    const G = this.#G;
    const stride = this.#stride;
    for (let i = 0; i < left.length; i++) {
      const from = left[i] * stride;
      const to = i * stride;
      for (let j = 0; j <= i; j++) G[to + j] = G[from + left[j]];
      this.#roots[i] = this.#roots[left[i]];
      this.u[i] = this.u[left[i]];
    }
    this.places = Uint32Array.from(left, (row) => this.places[row]);
    this.u = this.u.subarray(0, left.length);
    this.#rowOf.clear();
    this.places.forEach((place, row) => {
      this.#rowOf.set(place, row);
    });
  }
}
