import type { SparseMatrix } from "../../matrix/sparse";
import { columnOf, type Frame, isMissing, numberColumn } from "../columns";
import type { EncoderState } from "../encoder-state";
import { binNumbers } from "./bins";
import { crossNumbers, hashedNumbers } from "./cross";
import { dateValues } from "./dates";
import { ordinalValues } from "./ordinal";
import { type BlockState, blockWidth } from "./state";
import { targetValues } from "./target";

/** The features of rows: the number of the one that is 1, -1 for none; or the values of all, row after row; or sparse rows. */
export type EncodedBlock =
  | { readonly kind: "level"; readonly width: number; readonly numbers: Int32Array }
  | { readonly kind: "values"; readonly width: number; readonly values: Float64Array }
  | { readonly kind: "rows"; readonly width: number; readonly features: SparseMatrix };

/** The features of a block for the rows of a table. @throws as the encoder's `features` */
export function encodeBlock(
  block: BlockState,
  frame: Frame,
  policy: Pick<EncoderState, "missing" | "unseen">,
): EncodedBlock {
  const width = blockWidth(block);
  const level = (numbers: Int32Array): EncodedBlock => ({ kind: "level", width, numbers });
  const dense = (values: Float64Array): EncodedBlock => ({ kind: "values", width, values });
  switch (block.kind) {
    case "indicator":
      return level(indicatorNumbers(columnOf(frame, block.name)));
    case "bins":
      return level(binNumbers(block, numberColumn(frame, block.name), policy.missing));
    case "ordinal":
      return dense(ordinalValues(block, columnOf(frame, block.name), policy));
    case "dates":
      return dense(dateValues(block, columnOf(frame, block.name), policy.missing));
    case "target":
      return dense(targetValues(block, columnOf(frame, block.name), policy));
    case "hashed":
    case "cross": {
      const columns = block.names.map((name) => columnOf(frame, name));
      if (block.kind === "cross") return level(crossNumbers(block, columns, policy));
      return level(hashedNumbers(block, columns, policy.missing));
    }
  }
}

/** Whether a block's features are 0 for most rows. */
export function isSparseBlock({ kind }: BlockState): boolean {
  return kind === "bins" || kind === "hashed" || kind === "cross";
}

function indicatorNumbers(values: ArrayLike<unknown>): Int32Array {
  return Int32Array.from({ length: values.length }, (_, i) => {
    const value = values[i];
    return isMissing(value) || (typeof value === "string" && value.trim() === "") ? 0 : -1;
  });
}
