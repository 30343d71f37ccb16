import type { MimeBundle } from "../base/display";
import { counted } from "../chart/format";
import { type Grid, gridBundle } from "./grid";
import { cut } from "./table";

/** What is used of a danfo DataFrame or Series. */
interface FrameLike {
  readonly $data: readonly unknown[];
  readonly $isSeries?: boolean;
  readonly columns: readonly unknown[];
  readonly index: readonly unknown[];
  readonly dtypes: readonly unknown[];
}

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

/** The first and last rows of a frame, with its shape and types; the data are neither copied nor passed over. */
export function frameBundle(frame: FrameLike): MimeBundle {
  return gridBundle(gridOf(frame));
}

function gridOf({ $data, $isSeries, columns, index, dtypes }: FrameLike): Grid {
  const type = (column: number) => typeName(String(dtypes?.[column] ?? ""), $data, column);
  const series = $isSeries === true;
  return {
    title: series
      ? `${cut(`Series ${columns[0] ?? ""}`.trimEnd(), 60)}: ${counted($data.length, "value")}`
      : `DataFrame: ${counted($data.length, "row")} x ${counted(columns.length, "column")}`,
    rows: $data.length,
    columns: columns.length,
    at: (row, column) => {
      const cells = $data[row];
      return Array.isArray(cells) && !series ? cells[column] : cells;
    },
    rowName: (row) => index[row],
    columnName: (column) => String(columns[column]),
    type,
  };
}

// danfo calls columns of dates `float32`.
function typeName(type: string, data: readonly unknown[], column: number): string {
  const [row] = data;
  return (Array.isArray(row) ? row[column] : row) instanceof Date ? "date (UTC)" : type;
}
