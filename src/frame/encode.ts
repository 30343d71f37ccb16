import { DenseMatrix } from "../matrix/dense";
import type { Matrix } from "../matrix/sparse";
import { type EncodedBlock, encodeBlock, isSparseBlock } from "./blocks/encode";
import { levelNumbers } from "./categorical";
import { columnOf, type Frame, numberColumn, rowsOf, textColumn } from "./columns";
import { type EncoderState, levelWidth, textWidth, widthOf } from "./encoder-state";
import { standardise } from "./numeric";
import type { Pacer } from "./pacer";
import { RowBuilder } from "./row-builder";
import { TextHasher } from "./text";

/**
 * The features of a frame: sparse where there is text or a category, else dense.
 * @param known values of blocks, by their numbers, that are not to be encoded anew
 */
export function encodeFeatures(
  state: EncoderState,
  frame: Frame,
  pacer: Pacer,
  known: ReadonlyMap<number, Float64Array> = new Map(),
): Matrix {
  const numeric = state.numeric.map(({ name, ...column }): EncodedBlock => {
    const values = standardise({ name, ...column }, numberColumn(frame, name), state.missing);
    return { kind: "values", width: 1, values };
  });
  const categorical = state.categorical.map((column): EncodedBlock => {
    const numbers = levelNumbers(column, columnOf(frame, column.name), state);
    return { kind: "level", width: levelWidth(column), numbers };
  });
  const text = state.text.map((column) => ({
    texts: textColumn(frame, column.name),
    hasher: new TextHasher(column),
    width: textWidth(column),
  }));
  const { blocks = [] } = state;
  const others = blocks.map((block, k): EncodedBlock => {
    const values = known.get(k);
    if (values === undefined) return encodeBlock(block, frame, state);
    return { kind: "values", width: values.length / rowsOf(frame), values };
  });
  const rows = rowsOf(frame);
  if (categorical.length + text.length === 0 && !blocks.some(isSparseBlock)) {
    return interleaved([...numeric, ...others], rows, widthOf(state), pacer);
  }
  const builder = new RowBuilder();
  const before = [...numeric, ...categorical];
  const textFrom = before.reduce((sum, { width }) => sum + width, 0);
  const othersFrom = text.reduce((sum, { width }) => sum + width, textFrom);
  for (let i = 0; i < rows; i++) {
    pacer.at(i);
    addRow(builder, before, i, 0);
    let offset = textFrom;
    for (const { texts, hasher, width } of text) {
      hasher.hash(texts[i]);
      builder.addAll(hasher.columns, hasher.values, hasher.size, offset);
      offset += width;
    }
    addRow(builder, others, i, othersFrom);
    builder.endRow();
  }
  pacer.at(rows);
  return builder.build(widthOf(state));
}

function addRow(builder: RowBuilder, blocks: readonly EncodedBlock[], row: number, from: number): void {
  let offset = from;
  for (let b = 0; b < blocks.length; b++) {
    const block = blocks[b];
    const { width } = block;
    if (block.kind === "level") {
      const number = block.numbers[row];
      if (number >= 0) builder.add(offset + number, 1);
    } else {
      for (let j = 0; j < width; j++) {
        const value = block.values[row * width + j];
        if (value !== 0) builder.add(offset + j, value);
      }
    }
    offset += width;
  }
}

function interleaved(
  blocks: readonly EncodedBlock[],
  rows: number,
  width: number,
  pacer: Pacer,
): DenseMatrix {
  const values = new Float32Array(rows * width);
  let offset = 0;
  for (const block of blocks) {
    for (let i = 0; i < rows; i++) {
      const at = i * width + offset;
      if (block.kind === "level") {
        if (block.numbers[i] >= 0) values[at + block.numbers[i]] = 1;
      } else {
        for (let j = 0; j < block.width; j++) values[at + j] = block.values[i * block.width + j];
      }
    }
    offset += block.width;
  }
  pacer.at(rows);
  return new DenseMatrix(rows, width, values);
}
