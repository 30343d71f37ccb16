import { roomFor } from "../base/room";
import { DenseMatrix } from "../matrix/dense";
import type { Matrix, SparseMatrix } from "../matrix/sparse";
import { type EncodedBlock, encodeBlock, isSparseBlock } from "./blocks/encode";
import { levelNumbers } from "./categorical";
import { columnOf, type Frame, numberColumn, rowsOf, textColumn } from "./columns";
import { type EncoderState, levelWidth, type TextState, textWidth, widthOf } from "./encoder-state";
import { sparseRows } from "./fill-rows";
import { standardise } from "./numeric";
import type { Pacer } from "./pacer";
import { RowBuilder } from "./row-builder";
import { TextHasher } from "./text";

/** Features of the rows of a fit that are not to be encoded anew. */
export interface KnownFeatures {
  /** The numbers of the levels of columns of categories, by the numbers of these columns. */
  readonly levels: ReadonlyMap<number, Int32Array>;
  /** Values of blocks by their numbers. */
  readonly blocks: ReadonlyMap<number, Float64Array>;
  /** The rows of columns of text by their numbers. */
  readonly text: ReadonlyMap<number, SparseMatrix>;
}

const unknown: KnownFeatures = { levels: new Map(), blocks: new Map(), text: new Map() };

/** The features of a frame: sparse where there is text or a category, else dense. */
export function encodeFeatures(
  state: EncoderState,
  frame: Frame,
  pacer: Pacer,
  known: KnownFeatures = unknown,
): Matrix {
  const numeric = state.numeric.map((column): EncodedBlock => {
    pacer.at(0);
    const values = standardise(column, numberColumn(frame, column.name), state.missing);
    return { kind: "values", width: 1, values };
  });
  const categorical = state.categorical.map((column, k): EncodedBlock => {
    pacer.at(0);
    const numbers = known.levels.get(k) ?? levelNumbers(column, columnOf(frame, column.name), state);
    return { kind: "level", width: levelWidth(column), numbers };
  });
  const text = state.text.map((column, k): EncodedBlock => {
    const features = known.text.get(k) ?? textRows(column, textColumn(frame, column.name), pacer);
    return { kind: "rows", width: textWidth(column), features };
  });
  const { blocks = [] } = state;
  const others = blocks.map((block, k): EncodedBlock => {
    const values = known.blocks.get(k);
    if (values === undefined) return encodeBlock(block, frame, state);
    return { kind: "values", width: values.length / rowsOf(frame), values };
  });
  const all = [...numeric, ...categorical, ...text, ...others];
  const rows = rowsOf(frame);
  if (all.length === 1 && all[0].kind === "rows") return all[0].features;
  if (categorical.length + text.length > 0 || blocks.some(isSparseBlock)) return sparseRows(all, rows, pacer);
  return interleaved(all, rows, widthOf(state), pacer);
}

function textRows(state: TextState, texts: readonly string[], pacer: Pacer): SparseMatrix {
  const hasher = new TextHasher(state);
  const builder = new RowBuilder();
  for (let i = 0; i < texts.length; i++) {
    pacer.at(i);
    hasher.hash(texts[i]);
    builder.addAll(hasher.columns, hasher.values, hasher.size);
    builder.endRow();
  }
  pacer.at(texts.length);
  return builder.build(textWidth(state));
}

function interleaved(
  blocks: readonly EncodedBlock[],
  rows: number,
  width: number,
  pacer: Pacer,
): DenseMatrix {
  const values = roomFor(Float32Array, [rows, width], "features");
  let offset = 0;
  for (const block of blocks) {
    pacer.at(0);
    for (let i = 0; i < rows; i++) {
      const at = i * width + offset;
      if (block.kind === "level") {
        if (block.numbers[i] >= 0) values[at + block.numbers[i]] = 1;
      } else if (block.kind === "values") {
        for (let j = 0; j < block.width; j++) values[at + j] = block.values[i * block.width + j];
      }
    }
    offset += block.width;
  }
  pacer.at(rows);
  return new DenseMatrix(rows, width, values);
}
