import type { Design } from "../design";
import type { Factored } from "../solvers/metric";
import { wideCholesky } from "../wide-cholesky";
import { type BorderedColumns, borderedColumns } from "./known";
import { type BorderedParts, borderedParts } from "./parts";
import { type Bordered, border } from "./structure";

/** The ridge, as a share of each diagonal number, that takes what rounding leaves of dependent columns; tried in turn. */
const ridges = [1e-11, 1e-8, 1e-5];

/** What a factor takes from the loss and the penalty at a point. */
interface HessianParts {
  /** The curvature of each row's loss by its margin. */
  readonly curvatures: Float64Array;
  /** Adds the curvatures of the penalty. */
  addDiagonal(out: Float64Array): void;
}

/**
 * The Hessian X' D X plus a diagonal of columns with blocks and a border (see {@link borderedColumns}), factored by
 * eliminating the blocks: L = [L1 0; W' L2], with L2 of the border's Schur complement. `null` where there is no such
 * structure. Threads share rows and blocks; each part of these adds to a border of its own, so bits don't depend on them.
 */
export function borderedFactor(design: Design, parts: HessianParts): Factored | null {
  const found = borderedColumns(design);
  return found === null ? null : new BorderedFactor(design, found, parts);
}

class BorderedFactor implements Factored {
  readonly passes: number;
  readonly #design: Design;
  readonly #given: HessianParts;
  readonly #structure: Bordered;
  readonly #parts: BorderedParts;
  readonly #blocks: Uint32Array;
  readonly #places: Uint32Array;
  /** Squares, later their factors, and sides, later times the inverse factor. */
  readonly #numbers: Float64Array;
  /** The border's square, of each part of the work. */
  readonly #corners: readonly Float64Array[];
  readonly #scratch: readonly Float64Array[];
  readonly #edges: readonly Float64Array[];
  readonly #x: Float64Array;
  readonly #diagonal: Float64Array;

  constructor(design: Design, { structure, rows: told }: BorderedColumns, given: HessianParts) {
    const { arena, columns } = design;
    const { borderSize } = structure;
    this.#design = design;
    this.#given = given;
    this.#structure = structure;
    this.#blocks = arena.copy(structure.blocks);
    this.#places = arena.copy(structure.places);
    this.#parts = borderedParts(design, structure, told);
    const { length, rows, widest, passes } = this.#parts;
    this.#numbers = arena.floats(length);
    const room = Math.max(widest * widest, 4 * (columns + 1));
    this.#corners = rows.map(() => arena.floats(borderSize * borderSize));
    this.#scratch = rows.map(() => arena.floats(room));
    this.#edges = rows.map(() => arena.floats(borderSize));
    this.#x = arena.floats(columns + 1);
    this.#diagonal = new Float64Array(columns + 1);
    this.passes = passes;
  }

  update(): boolean {
    return ridges.some((ridge) => this.#factor(ridge));
  }

  solve(r: Float64Array, out: Float64Array): void {
    const { kernels, columns, team } = this.#design;
    const { solve } = this.#parts;
    const places = this.#places;
    for (const edge of this.#edges) edge.fill(0);
    const edges = this.#edges.map((edge) => edge.byteOffset);
    const x = this.#x.byteOffset;
    const given = this.#arguments();
    team.run("forwardBlocks", solve.length, (part) => {
      const { from, to } = solve[part];
      return [from, to, ...given, r.byteOffset, x, edges[part], this.#scratch[part].byteOffset];
    });
    const [edge, ...others] = this.#edges;
    const n = edge.length;
    for (const other of others) kernels.axpy(n, 1, other.byteOffset, edge.byteOffset);
    for (let j = 0; j <= columns; j++) if (this.#blocks[j] === border) edge[places[j]] += r[j];
    const corner = this.#corners[0].byteOffset;
    kernels.forwardSolve(n, n, corner, edge.byteOffset);
    kernels.backwardSolve(n, n, corner, edge.byteOffset);
    team.run("backwardBlocks", solve.length, (part) => {
      const { from, to } = solve[part];
      return [from, to, ...given, edge.byteOffset, x, out.byteOffset, this.#scratch[part].byteOffset];
    });
    for (let j = 0; j <= columns; j++) if (this.#blocks[j] === border) out[j] = edge[places[j]];
  }

  #factor(ridge: number): boolean {
    const { kernels, team } = this.#design;
    this.#gram();
    this.#addDiagonal(ridge);
    const { factor, tables, borders } = this.#parts;
    const n = this.#structure.borderSize;
    const failed = team.run("eliminateBlocks", factor.length, (part) => {
      const { from, to } = factor[part];
      const numbers = this.#numbers.byteOffset;
      const own = [this.#corners[part].byteOffset, this.#scratch[part].byteOffset];
      return [from, to, tables.byteOffset, borders.byteOffset, n, numbers, ...own];
    });
    if (failed > 0) return false;
    const [{ byteOffset: corner }, ...others] = this.#corners;
    for (const { byteOffset } of others) {
      for (let row = 0; row < n; row++) {
        kernels.axpy(row + 1, 1, byteOffset + 8 * row * n, corner + 8 * row * n);
      }
    }
    return wideCholesky(this.#design, n, corner, 0);
  }

  #gram(): void {
    const { columns, matrix, team } = this.#design;
    const { order, rows, tables, local } = this.#parts;
    this.#numbers.fill(0);
    for (const corner of this.#corners) corner.fill(0);
    this.#design.passes++;
    const [pointers, indices, values] = matrix;
    const at = [this.#given.curvatures, this.#blocks, this.#places, tables, local].map(
      (view) => view.byteOffset,
    );
    team.run("borderedGram", rows.length, (part) => {
      const { from, to } = rows[part];
      const listed = [order.byteOffset + 4 * from, to - from, columns];
      const own = [this.#numbers, this.#corners[part], this.#scratch[part]].map((view) => view.byteOffset);
      return [pointers, indices, values, ...listed, ...at, this.#structure.borderSize, ...own];
    });
  }

  #addDiagonal(ridge: number): void {
    const { borderSize, sizes } = this.#structure;
    const { tables } = this.#parts;
    const [corner, ...others] = this.#corners;
    const numbers = this.#numbers;
    const places = this.#places;
    const diagonal = this.#diagonal.fill(0);
    this.#given.addDiagonal(diagonal);
    for (let j = 0; j < diagonal.length; j++) {
      const block = this.#blocks[j];
      const inBorder = block === border;
      const to = inBorder ? corner : numbers;
      const at = inBorder ? places[j] * (borderSize + 1) : tables[6 * block] + places[j] * (sizes[block] + 1);
      const beside = inBorder ? others.reduce((sum, other) => sum + other[at], 0) : 0;
      const found = (to[at] + beside + diagonal[j]) * (1 + ridge);
      to[at] = (found > 0 ? found : 1) - beside;
    }
  }

  #arguments(): readonly number[] {
    const { tables, borders, members } = this.#parts;
    return [tables, borders, members, this.#numbers].map((view) => view.byteOffset);
  }
}
