import { blockColumns, blockWidth } from "../../frame/blocks/state";
import { columnOf, type Frame, rowsOf } from "../../frame/columns";
import { type EncoderState, levelWidth, textWidth } from "../../frame/encoder-state";
import { cut } from "../table";
import { mostFields } from "./feature-fields";
import type { PageExample, PageField } from "./page/payload";
import { columnsOfState } from "./page/row";

const mostExamples = 6;
const longestText = 4000;
const longestName = 36;

/** A field a column of the table; those that no model reads are not asked for. */
export function columnFields(
  state: EncoderState,
  kept: Uint32Array,
  examples: Frame | undefined,
): PageField[] {
  const read = readColumns(state, kept);
  const shown = new Set([...columnsOfState(state)].filter((name) => read.has(name)).slice(0, mostFields));
  return columnsOfState(state).map((name) => {
    const field = { name, ...kindOf(state, name), shown: shown.has(name) };
    return examples === undefined ? field : { ...field, value: textAt(examples, name, 0) };
  });
}

/** The first rows of a table. */
export function columnExamples(fields: readonly PageField[], examples: Frame | undefined): PageExample[] {
  if (examples === undefined) return [];
  return Array.from({ length: Math.min(rowsOf(examples), mostExamples) }, (_, row) => {
    const values = fields.map(({ name }) => textAt(examples, name, row));
    const text = fields.findIndex(({ kind }) => kind === "text");
    const named = text < 0 ? "" : `: ${cut(values[text].replace(/\s+/g, " ").trim(), longestName)}`;
    return { name: `example ${row + 1}${named}`, values };
  });
}

function textAt(frame: Frame, name: string, row: number): string {
  const value = columnOf(frame, name)[row];
  const missing = value === null || value === undefined || Number.isNaN(value);
  const text = missing ? "" : value instanceof Date ? value.toISOString() : String(value);
  return text.length <= longestText ? text : [...text].slice(0, longestText).join("");
}

function kindOf(
  { numeric, categorical, text }: EncoderState,
  name: string,
): Pick<PageField, "kind" | "levels" | "value"> {
  if (text.some((column) => column.name === name)) return { kind: "text", value: "" };
  const number = numeric.find((column) => column.name === name);
  if (number !== undefined) return { kind: "number", value: String(Number(number.mean.toPrecision(6))) };
  const levels = categorical.find((column) => column.name === name)?.levels;
  if (levels !== undefined) return { kind: "choice", levels, value: levels[0] ?? "" };
  return { kind: "line", value: "" };
}

/** The columns behind the features that any model has a weight for. */
function readColumns(
  { numeric, categorical, text, blocks = [] }: EncoderState,
  kept: Uint32Array,
): Set<string> {
  const parts = [
    ...numeric.map(({ name }) => ({ names: [name], width: 1 })),
    ...categorical.map((column) => ({ names: [column.name], width: levelWidth(column) })),
    ...text.map((column) => ({ names: [column.name], width: textWidth(column) })),
    ...blocks.map((block) => ({ names: blockColumns(block), width: blockWidth(block) })),
  ];
  let from = 0;
  const found = parts.flatMap(({ names, width }) => {
    const [low, high] = [from, from + width];
    from = high;
    return kept.some((column) => column >= low && column < high) ? names : [];
  });
  return new Set(found);
}
