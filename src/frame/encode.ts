import { DenseMatrix } from "../matrix/dense";
import type { Matrix } from "../matrix/sparse";
import { levelNumbers } from "./categorical";
import { columnOf, type Frame, numberColumn, rowsOf, textColumn } from "./columns";
import { type EncoderState, widthOf } from "./encoder-state";
import { standardise } from "./numeric";
import type { Pacer } from "./pacer";
import { RowBuilder } from "./row-builder";
import { TextHasher } from "./text";

/** The features of a frame: sparse where there is text or a category, else dense. */
export function encodeFeatures(state: EncoderState, frame: Frame, pacer: Pacer): Matrix {
  const numeric = state.numeric.map((column) =>
    standardise(column, numberColumn(frame, column.name), state.missing),
  );
  if (state.categorical.length + state.text.length === 0) return interleaved(numeric, rowsOf(frame), pacer);
  const categorical = state.categorical.map((column) => ({
    width: column.levels.length,
    numbers: levelNumbers(column, columnOf(frame, column.name), state),
  }));
  const text = state.text.map((column) => ({
    texts: textColumn(frame, column.name),
    hasher: new TextHasher(column),
  }));
  const rows = rowsOf(frame);
  const builder = new RowBuilder();
  for (let i = 0; i < rows; i++) {
    pacer.at(i);
    numeric.forEach((values, j) => {
      if (values[i] !== 0) builder.add(j, values[i]);
    });
    let offset = numeric.length;
    for (const { width, numbers } of categorical) {
      if (numbers[i] >= 0) builder.add(offset + numbers[i], 1);
      offset += width;
    }
    for (const { texts, hasher } of text) {
      hasher.hash(texts[i]);
      builder.addAll(hasher.columns, hasher.values, hasher.size, offset);
      offset += 2 ** hasher.state.bits;
    }
    builder.endRow();
  }
  pacer.at(rows);
  return builder.build(widthOf(state));
}

function interleaved(columns: readonly Float64Array[], rows: number, pacer: Pacer): DenseMatrix {
  const width = columns.length;
  const values = new Float32Array(rows * width);
  columns.forEach((column, j) => {
    for (let i = 0; i < rows; i++) values[i * width + j] = column[i];
  });
  pacer.at(rows);
  return new DenseMatrix(rows, width, values);
}
