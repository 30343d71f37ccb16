import type { Squares } from "../matrix/squares";
import type { CodebookScheme } from "../quantize/schemes";

/** The stored weights of a model of one codebook. */
interface CodebookWeights {
  /** Ascending places in the `features x outputs` table. */
  readonly positions: Uint32Array;
  readonly codes: Uint16Array;
  readonly levels: Float64Array;
}

/** The most levels that codes of 16 bits tell apart. */
const mostLevels = 2 ** 16;

/**
 * The weights of pixels that give each row the margin that weights of the means of squares give: in every pixel of a square that of the
 * square over its size. Codes of smaller squares, those of one size after those of another, follow the codes of one pixel.
 * `null` where codes of 16 bits are too few.
 */
export function spreadOut(
  weights: CodebookWeights,
  outputs: number,
  squares: Squares,
): CodebookWeights | null {
  const { positions, codes, levels } = weights;
  const squareOf = (i: number) => Math.floor(positions[i] / outputs);
  const sizes = [...new Set(Array.from(positions, (_, i) => squares.size(squareOf(i))))].sort(
    (a, b) => a - b,
  );
  const total = spreadCount(positions, outputs, squares);
  if (levels.length * sizes.length > mostLevels) return null;
  const spread = { positions: new Uint32Array(total), codes: new Uint16Array(total) };
  let filled = 0;
  for (let from = 0; from < positions.length; ) {
    const line = squares.lineOf(squareOf(from));
    let to = from;
    while (to < positions.length && squares.lineOf(squareOf(to)) === line) to++;
    const lines = squares.linesOf(line);
    for (let y = lines.from; y < lines.to; y++) {
      for (let i = from; i < to; ) {
        const square = squareOf(i);
        let end = i;
        while (end < to && squareOf(end) === square) end++;
        const offset = levels.length * sizes.indexOf(squares.size(square));
        const pixels = squares.acrossOf(square);
        for (let x = pixels.from; x < pixels.to; x++) {
          for (let m = i; m < end; m++) {
            spread.positions[filled] = (y * squares.pooling.width + x) * outputs + (positions[m] % outputs);
            spread.codes[filled++] = codes[m] + offset;
          }
        }
        i = end;
      }
    }
    from = to;
  }
  return { ...spread, levels: Float64Array.from(sizes.flatMap((size) => [...levels].map((v) => v / size))) };
}

/** How many pixels' weights the weights of squares are. */
export function spreadCount(positions: Uint32Array, outputs: number, squares: Squares): number {
  return positions.reduce((sum, at) => sum + squares.size(Math.floor(at / outputs)), 0);
}

/** A codebook of these levels. */
export function codebookOf(levels: Float64Array): CodebookScheme {
  return { kind: "codebook", bits: Math.max(1, Math.ceil(Math.log2(levels.length))), levels };
}
