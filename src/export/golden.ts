import { checkLength } from "../base/check";
import { fail } from "../base/errors";
import { Random } from "../base/random";
import { blockColumns } from "../frame/blocks/state";
import { columnOf, type Frame, isMissing, numberColumn, rowsOf, textColumn } from "../frame/columns";
import type { EncoderState } from "../frame/encoder-state";
import { DenseMatrix } from "../matrix/dense";
import { type Matrix, SparseMatrix } from "../matrix/sparse";
import { madeTable } from "./made-table";
import type { Portable } from "./portable";

/** One row of the self-test: what goes in, in the order of the columns of a {@link Portable}, and what must come out. */
export interface GoldenRow {
  /** Numbers, `NaN` where one is missing. */
  readonly numeric: readonly number[];
  /** Levels, `null` where one is missing. */
  readonly categorical: readonly (string | null)[];
  readonly text: readonly string[];
  /** Columns and values that are not zero, where features come as they are. */
  readonly features: readonly (readonly [column: number, value: number])[];
  readonly margins: readonly number[];
  readonly probabilities: readonly number[];
  /** The number of the label. */
  readonly label: number;
}

const count = 8;

/**
 * Rows with what the model itself says of them, for an export to check itself by.
 * @throws what the encoder throws for examples that it refuses; `invalid-option` for examples of the wrong kind
 */
export function goldenRows(portable: Portable, examples: Frame | Matrix | undefined): GoldenRow[] {
  return portable.encoder === undefined
    ? featureRows(portable, examples)
    : tableRows(portable, examples as Frame | undefined);
}

/** The number of the label for margins of one row: the most probable class, or by the threshold of two. */
export function labelOf(margins: ArrayLike<number>, portable: Pick<Portable, "link" | "cut">): number {
  if (portable.link === "binary") return margins[0] > portable.cut ? 1 : 0;
  let best = 0;
  for (let k = 1; k < margins.length; k++) if (margins[k] > margins[best]) best = k;
  return best;
}

function featureRows(portable: Portable, examples: Frame | Matrix | undefined): GoldenRow[] {
  const all = examples ?? madeFeatures(portable);
  if (!(all instanceof DenseMatrix || all instanceof SparseMatrix)) {
    return fail("invalid-option", {
      thing: "examples",
      value: examples,
      expected: "a matrix of features, as there is no encoder",
    });
  }
  const some = all.take(Array.from({ length: Math.min(count, all.rows) }, (_, i) => i));
  return answers(portable, some).map((answer, i) => ({
    numeric: [],
    categorical: [],
    text: [],
    features: entriesOf(some, i),
    ...answer,
  }));
}

function entriesOf(matrix: Matrix, row: number): (readonly [number, number])[] {
  const { columns, values } = matrix;
  if (matrix.kind === "dense") {
    return Array.from({ length: columns }, (_, j) => [j, matrix.values[row * columns + j]] as const).filter(
      ([, x]) => x !== 0,
    );
  }
  const { pointers, indices } = matrix;
  const from = pointers[row];
  return Array.from(
    { length: pointers[row + 1] - from },
    (_, p) => [indices[from + p], values === null ? 1 : values[from + p]] as const,
  );
}

function madeFeatures({ matrix, model }: Portable): Matrix {
  const random = new Random(1);
  const columns = matrix!.columns;
  const rows = Array.from({ length: count }, (_, i) => {
    const entries = new Map<number, number>();
    for (let n = 0; n < Math.min(columns.length, 24) * Math.sign(i); n++) {
      entries.set(columns[random.integer(columns.length)], Math.round(8 * random.normal()) / 8);
    }
    return entries;
  });
  return SparseMatrix.fromRows(rows, model.features);
}

function tableRows(portable: Portable, examples: Frame | undefined): GoldenRow[] {
  const { encoder, numeric, categorical, text } = portable;
  const state = encoder!.state();
  if (examples instanceof DenseMatrix || examples instanceof SparseMatrix) {
    fail("invalid-option", {
      thing: "examples",
      value: examples,
      expected: "rows of the table, as there is an encoder",
    });
  }
  const frame = examples === undefined ? madeTable(state, count) : firstRows(state, examples);
  const numbers = numeric.map(({ name }) => numberColumn(frame, name));
  const levels = categorical.map(({ name }) => Array.from(columnOf(frame, name)));
  const texts = text.map(({ name }) => textColumn(frame, name));
  return answers(portable, encoder!.features(frame)).map((answer, i) => ({
    numeric: numbers.map((column) => column[i]),
    categorical: levels.map((column) => (isMissing(column[i]) ? null : String(column[i]))),
    text: texts.map((column) => column[i]),
    features: [],
    ...answer,
  }));
}

function firstRows(state: EncoderState, frame: Frame): Frame {
  const rows = Math.min(rowsOf(frame), count);
  return Object.fromEntries(
    encodedColumns(state).map((name) => [name, Array.from(columnOf(frame, name)).slice(0, rows)]),
  );
}

/** The columns that an encoder reads, each once. */
export function encodedColumns({ numeric, categorical, text, blocks = [] }: EncoderState): string[] {
  const own = [...numeric, ...categorical, ...text].map(({ name }) => name);
  return [...new Set([...own, ...blocks.flatMap(blockColumns)])];
}

function answers(
  portable: Portable,
  features: Matrix,
): Pick<GoldenRow, "margins" | "probabilities" | "label">[] {
  const { model, outputs, classes } = portable;
  const margins = model.margins(features);
  const probabilities = model.predictProba(features);
  checkLength(margins.columns, outputs, "margins");
  return Array.from({ length: features.rows }, (_, i) => {
    const own = margins.values.subarray(i * outputs, (i + 1) * outputs);
    return {
      margins: [...own],
      probabilities: [...probabilities.values.subarray(i * classes.length, (i + 1) * classes.length)],
      label: labelOf(own, portable),
    };
  });
}
