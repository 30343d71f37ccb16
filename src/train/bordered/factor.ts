import type { Design } from "../design";
import type { Factored } from "../solvers/metric";
import { type Bordered, border, borderedBlocks } from "./structure";

/** The ridge, as a share of each diagonal number, that takes what rounding leaves of dependent columns; tried in turn. */
const ridges = [1e-11, 1e-8, 1e-5];
/** The time of a multiplication in the factor, and of a product of two values of a row, beside that of a value in a pass. */
const perFactor = 0.4;
const perPair = 1.3;

/** What a factor takes from the loss and the penalty at a point. */
export interface HessianParts {
  /** The curvature of each row's loss by its margin. */
  readonly curvatures: Float64Array;
  /** Adds the curvatures of the penalty. */
  addDiagonal(out: Float64Array): void;
}

/**
 * The Hessian X' D X plus a diagonal of columns with blocks and a border (see {@link borderedBlocks}), factored by
 * eliminating the blocks: L = [L1 0; W' L2], with L2 of the border's Schur complement. `null` where there is no such
 * structure.
 */
export function borderedFactor(design: Design, parts: HessianParts): Factored | null {
  const structure = borderedBlocks(design);
  return structure === null ? null : new BorderedFactor(design, structure, parts);
}

interface Block {
  /** The square, then the Cholesky factor. */
  readonly square: Float64Array;
  /** The rows of the border, later times the inverse factor. */
  readonly side: Float64Array;
  /** The places in the border that the block has to do with, ascending. */
  readonly border: Uint32Array;
  /** The part of a vector. */
  readonly part: Float64Array;
  readonly columns: Uint32Array;
}

class BorderedFactor implements Factored {
  readonly passes: number;
  readonly #design: Design;
  readonly #parts: HessianParts;
  readonly #structure: Bordered;
  readonly #blocks: readonly Block[];
  readonly #numbers: Float64Array;
  readonly #corner: Float64Array;
  readonly #scratch: Float64Array;
  readonly #edge: Float64Array;
  readonly #own: Float64Array;
  readonly #row: Float64Array;
  readonly #diagonal: Float64Array;
  readonly #places: { blocks: number; places: number; tables: number; local: number };

  constructor(design: Design, structure: Bordered, parts: HessianParts) {
    const { arena, columns, rows, nonzeros } = design;
    const { sizes, borderSize } = structure;
    this.#design = design;
    this.#parts = parts;
    this.#structure = structure;
    const local = arena.integers(sizes.length * borderSize);
    const borders = bordersOf(design, structure, local);
    const tables = arena.integers(4 * sizes.length);
    let length = 0;
    let work = borderSize ** 3 / 6;
    let widest = 0;
    borders.forEach(({ length: width }, q) => {
      const size = sizes[q];
      tables.set([length, size, length + size * size, width], 4 * q);
      length += size * (size + width);
      work += (size * (size * size + 3 * size * width + 3 * width * width)) / 6;
      widest = Math.max(widest, width);
    });
    this.#numbers = arena.floats(length);
    this.#corner = arena.floats(borderSize * borderSize);
    this.#scratch = arena.floats(widest * widest);
    this.#own = arena.floats(widest);
    this.#edge = arena.floats(borderSize);
    this.#row = arena.floats(4 * (columns + 1));
    this.#diagonal = new Float64Array(columns + 1);
    const members = membersOf(structure);
    this.#blocks = borders.map((own, q) => {
      const [first, size, side, width] = tables.subarray(4 * q, 4 * q + 4);
      return {
        square: this.#numbers.subarray(first, first + size * size),
        side: this.#numbers.subarray(side, side + size * width),
        border: own,
        part: arena.floats(size),
        columns: members[q],
      };
    });
    const placed = (numbers: Uint32Array) => arena.copy(numbers).byteOffset;
    this.#places = {
      blocks: placed(structure.blocks),
      places: placed(structure.places),
      tables: tables.byteOffset,
      local: local.byteOffset,
    };
    const longest = nonzeros / rows + 1;
    const pairs = (rows * longest * (longest + 1)) / 2;
    this.passes = (perFactor * work + perPair * pairs) / nonzeros;
  }

  update(): boolean {
    return ridges.some((ridge) => this.#factor(ridge));
  }

  solve(r: Float64Array, out: Float64Array): void {
    const { kernels, columns } = this.#design;
    const { places, blocks: blockOf } = this.#structure;
    const edge = this.#edge;
    const own = this.#own;
    for (let j = 0; j <= columns; j++) if (blockOf[j] === border) edge[places[j]] = r[j];
    for (const { square, side, border: wide, part, columns: members } of this.#blocks) {
      const size = members.length;
      for (let i = 0; i < size; i++) part[i] = r[members[i]];
      kernels.forwardSolve(size, size, square.byteOffset, part.byteOffset);
      own.fill(0, 0, wide.length);
      for (let i = 0, at = side.byteOffset; i < size; i++, at += 8 * wide.length) {
        kernels.axpy(wide.length, part[i], at, own.byteOffset);
      }
      for (let b = 0; b < wide.length; b++) edge[wide[b]] -= own[b];
    }
    const { byteOffset: corner } = this.#corner;
    kernels.forwardSolve(edge.length, edge.length, corner, edge.byteOffset);
    kernels.backwardSolve(edge.length, edge.length, corner, edge.byteOffset);
    for (const { square, side, border: wide, part, columns: members } of this.#blocks) {
      const size = members.length;
      for (let b = 0; b < wide.length; b++) own[b] = edge[wide[b]];
      for (let i = 0, at = side.byteOffset; i < size; i++, at += 8 * wide.length) {
        part[i] -= kernels.dot(wide.length, at, own.byteOffset);
      }
      kernels.backwardSolve(size, size, square.byteOffset, part.byteOffset);
      for (let i = 0; i < size; i++) out[members[i]] = part[i];
    }
    for (let j = 0; j <= columns; j++) if (blockOf[j] === border) out[j] = edge[places[j]];
  }

  #factor(ridge: number): boolean {
    const { kernels } = this.#design;
    this.#gram();
    this.#addDiagonal(ridge);
    const corner = this.#corner;
    const n = this.#structure.borderSize;
    const scratch = this.#scratch;
    for (const { square, side, border: wide, columns: members } of this.#blocks) {
      const size = members.length;
      const width = wide.length;
      if (kernels.cholesky(size, square.byteOffset, 0) !== size) return false;
      kernels.eliminate(size, width, square.byteOffset, side.byteOffset, scratch.byteOffset);
      for (let a = 0; a < width; a++) {
        const row = wide[a] * n;
        for (let b = 0; b <= a; b++) corner[row + wide[b]] -= scratch[a * width + b];
      }
    }
    return kernels.cholesky(n, corner.byteOffset, 0) === n;
  }

  #gram(): void {
    const { kernels, matrix } = this.#design;
    const { blocks, places, tables, local } = this.#places;
    this.#design.passes++;
    kernels.borderedGram(
      ...matrix,
      this.#parts.curvatures.byteOffset,
      blocks,
      places,
      tables,
      local,
      this.#structure.borderSize,
      this.#numbers.fill(0).byteOffset,
      this.#corner.fill(0).byteOffset,
      this.#row.byteOffset,
    );
  }

  #addDiagonal(ridge: number): void {
    const { blocks, places, sizes, borderSize } = this.#structure;
    const diagonal = this.#diagonal.fill(0);
    this.#parts.addDiagonal(diagonal);
    for (let j = 0; j < diagonal.length; j++) {
      const inBorder = blocks[j] === border;
      const square = inBorder ? this.#corner : this.#blocks[blocks[j]].square;
      const at = places[j] * ((inBorder ? borderSize : sizes[blocks[j]]) + 1);
      square[at] = (square[at] + diagonal[j]) * (1 + ridge);
      if (!(square[at] > 0)) square[at] = 1;
    }
  }
}

/** The places of the border that each block has to do with; `local` gets the number of each among them. */
function bordersOf(
  design: Design,
  { blocks, places, sizes, borderSize }: Bordered,
  local: Uint32Array,
): Uint32Array[] {
  const { matrix, rows, columns, nonzeros, arena } = design;
  const { buffer } = arena.memory;
  const pointers = new Uint32Array(buffer, matrix[0], rows + 1);
  const indices = new Uint32Array(buffer, matrix[1], nonzeros);
  for (let i = 0; i < rows; i++) {
    let block = border;
    for (let e = pointers[i]; e < pointers[i + 1] && block === border; e++) block = blocks[indices[e]];
    if (block === border) continue;
    const row = block * borderSize;
    local[row + places[columns]] = 1;
    for (let e = pointers[i]; e < pointers[i + 1]; e++) {
      const j = indices[e];
      if (blocks[j] === border) local[row + places[j]] = 1;
    }
  }
  return Array.from(sizes, (_, q) => {
    const own: number[] = [];
    for (let b = 0; b < borderSize; b++) {
      const at = q * borderSize + b;
      if (local[at] === 1) local[at] = own.push(b) - 1;
    }
    return Uint32Array.from(own);
  });
}

/** The columns of each block, by their places. */
function membersOf({ blocks, places, sizes }: Bordered): Uint32Array[] {
  const members = Array.from(sizes, (size) => new Uint32Array(size));
  for (let j = 0; j < blocks.length; j++) if (blocks[j] !== border) members[blocks[j]][places[j]] = j;
  return members;
}
