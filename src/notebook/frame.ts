import type { MimeBundle } from "../base/display";
import { grouped, significant } from "../chart/format";
import { type TableView, tableHtml, tableText } from "./table";

/** What is used of a danfo DataFrame or Series. */
interface FrameLike {
  readonly $data: readonly unknown[];
  readonly columns: readonly unknown[];
  readonly index: readonly unknown[];
  readonly dtypes: readonly unknown[];
}

const ends = 5;
const widest = 20;

/** True for a danfo DataFrame or Series, told by its shape, so that danfo need not be loaded. */
export function isFrame(value: object): value is FrameLike {
  return (
    "$data" in value &&
    Array.isArray(value.$data) &&
    "columns" in value &&
    Array.isArray(value.columns) &&
    "index" in value &&
    Array.isArray(value.index)
  );
}

/** The first and last rows of a frame, with its shape and types. */
export function frameBundle(frame: FrameLike): MimeBundle {
  const view = frameView(frame);
  return { "text/html": tableHtml(view), "text/plain": tableText(view) };
}

function frameView({ $data, columns, index, dtypes }: FrameLike): TableView {
  const rows = $data.length;
  const all = columns.length;
  const shown = all <= widest ? columns.map((_, j) => j) : [...places(0, 12), ...places(all - 6, all)];
  const gap = all <= widest ? -1 : 12;
  const at = rows <= 2 * ends + 2 ? places(0, rows) : [...places(0, ends), -1, ...places(rows - ends, rows)];
  const types = columns.map((_, j) => String(dtypes?.[j] ?? ""));
  const withGap = (cells: string[]) => (gap < 0 ? cells : [...cells.slice(0, gap), "…", ...cells.slice(gap)]);
  const words = shown.filter((j) => !/int|float/.test(types[j])).map((j) => shown.indexOf(j));
  const shift = (j: number) => 1 + j + (gap >= 0 && j >= gap ? 1 : 0);
  return {
    title: `${grouped(rows)} rows x ${grouped(all)} columns`,
    columns: ["", ...withGap(shown.map((j) => String(columns[j])))],
    words: [0, ...words.map(shift)],
    rows: [
      ["", ...withGap(shown.map((j) => types[j]))],
      ...at.map((i) =>
        i < 0
          ? ["…", ...withGap(shown.map(() => "…"))]
          : [cellText(index[i]), ...withGap(shown.map((j) => cellText(cellOf($data[i], j))))],
      ),
    ],
  };
}

function cellOf(row: unknown, column: number): unknown {
  return Array.isArray(row) ? row[column] : row;
}

function cellText(value: unknown): string {
  if (typeof value === "number") return Number.isInteger(value) ? String(value) : significant(value, 6);
  if (value === null || value === undefined) return "missing";
  return String(value);
}

function places(from: number, to: number): number[] {
  return Array.from({ length: Math.max(to - from, 0) }, (_, i) => from + i);
}
