import type { MimeBundle } from "../base/display";
import { counted } from "../chart/format";
import { columnCells, type NumberFormat } from "./column";
import { displayBudget } from "./fold";
import { type Cell, cut, type TableView, tableHtml, tableText } from "./table";

/** A table of which only the ends are read: rows and columns in the middle are folded. */
export interface Grid {
  readonly title: string;
  readonly rows: number;
  readonly columns: number;
  readonly at: (row: number, column: number) => unknown;
  readonly rowName: (row: number) => unknown;
  readonly columnName: (column: number) => string;
  readonly type?: (column: number) => string;
  /** How numbers are written. Default: as data, in six significant digits. */
  readonly format?: NumberFormat;
  readonly note?: string;
}

const allRows = 20;
const endRows = 5;
const allColumns = 20;
const headColumns = 12;
const tailColumns = 6;
const folded = "…";

/** A grid as a table, in HTML and in text; of fewer columns where those of big cells would exceed the budget. */
export function gridBundle(grid: Grid): MimeBundle {
  for (let part = 1; ; part /= 2) {
    const view = gridView(grid, part);
    const bundle = { "text/html": tableHtml(view), "text/plain": tableText(view) };
    if (part < 1 / 4 || Buffer.byteLength(JSON.stringify(bundle)) <= displayBudget) return bundle;
  }
}

/** The beginning and the end of a grid, each column in one format. */
function gridView(grid: Grid, part: number): TableView {
  const rows = ends(grid.rows, allRows, endRows, endRows);
  const columns = ends(grid.columns, allColumns * part, headColumns * part, Math.floor(tailColumns * part));
  const filled = (cells: readonly (string | Cell)[]) => withGap(cells, rows);
  const names = columnCells(rows.shown.map(grid.rowName));
  const body = columns.shown.map((j) =>
    columnCells(
      rows.shown.map((i) => grid.at(i, j)),
      /int|float/.test(grid.type?.(j) ?? "float"),
      grid.format,
    ),
  );
  const all: ((string | Cell)[] | undefined)[] = [
    filled(names.cells),
    ...withGap<(string | Cell)[] | undefined>(
      body.map(({ cells }) => filled(cells)),
      columns,
      undefined,
    ),
  ];
  const sides = [
    names.words,
    ...withGap(
      body.map(({ words }) => words),
      columns,
      true,
    ),
  ];
  const count = rows.shown.length + (rows.gap < 0 ? 0 : 1);
  return {
    title: grid.title,
    columns: [
      "",
      ...withGap<string | Cell>(columns.shown.map(grid.columnName), columns, hidden(grid, columns)),
    ],
    ...(grid.type === undefined ? {} : { types: ["", ...withGap(columns.shown.map(grid.type), columns)] }),
    words: sides.flatMap((words, at) => (words ? [at] : [])),
    named: true,
    rows: Array.from({ length: count }, (_, i) => all.map((column) => column?.[i] ?? folded)),
    ...(grid.note === undefined ? {} : { note: grid.note }),
  };
}

/** The cell that stands for folded columns. */
function hidden(grid: Grid, { gap, left }: Ends): Cell {
  const names = Array.from({ length: Math.min(left, 20) }, (_, k) => cut(grid.columnName(gap + k), 40));
  return {
    text: folded,
    title: `${counted(left, "column")}: ${names.join(", ")}${left > names.length ? ", …" : ""}`,
  };
}

interface Ends {
  readonly shown: readonly number[];
  /** The place at which the middle is left out; -1 where nothing is. */
  readonly gap: number;
  readonly left: number;
}

function ends(count: number, all: number, head: number, tail: number): Ends {
  const places = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => from + i);
  if (count <= all) return { shown: places(0, count), gap: -1, left: 0 };
  return {
    shown: [...places(0, head), ...places(count - tail, count)],
    gap: head,
    left: count - head - tail,
  };
}

function withGap<T>(cells: readonly T[], { gap }: Ends, mark: T = folded as T): T[] {
  return gap < 0 ? [...cells] : [...cells.slice(0, gap), mark, ...cells.slice(gap)];
}
