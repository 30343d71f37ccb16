import type { Matrix } from "../matrix/sparse";

/** Columns of a matrix, each with the rows in which it is not zero. */
export interface Columns {
  /** Column c is `rows[starts[c] .. starts[c + 1]]`, ascending, with `values`. */
  readonly starts: Uint32Array;
  readonly rows: Uint32Array;
  readonly values: Float64Array;
}

/** The given columns of a matrix, column after column. @param chosen ascending */
export function columnsOf(features: Matrix, chosen: Uint32Array): Columns {
  const place = new Int32Array(features.columns).fill(-1);
  chosen.forEach((j, c) => {
    place[j] = c;
  });
  const starts = new Uint32Array(chosen.length + 1);
  eachOf(features, place, (c) => {
    starts[c + 1]++;
  });
  for (let c = 0; c < chosen.length; c++) starts[c + 1] += starts[c];
  const next = starts.slice(0, chosen.length);
  const rows = new Uint32Array(starts[chosen.length]);
  const values = new Float64Array(rows.length);
  eachOf(features, place, (c, i, x) => {
    const to = next[c]++;
    rows[to] = i;
    values[to] = x;
  });
  return { starts, rows, values };
}

function eachOf(
  features: Matrix,
  place: Int32Array,
  visit: (column: number, row: number, x: number) => void,
): void {
  const dense = features.kind === "dense";
  for (let i = 0; i < features.rows; i++) {
    const from = dense ? i * features.columns : features.pointers[i];
    const to = dense ? from + features.columns : features.pointers[i + 1];
    for (let e = from; e < to; e++) {
      const x = features.values === null ? 1 : features.values[e];
      const column = place[dense ? e - from : features.indices[e]];
      if (column >= 0 && x !== 0) visit(column, i, x);
    }
  }
}
