import { checkKeys } from "../base/check";
import type { SplitOptions } from "../matrix/dataset";
import { splitRows } from "../matrix/split";
import { columnNames, columnOf, labelColumn, rowsOf } from "./columns";
import { frameOf } from "./danfo";
import type { DataFrame } from "./data-frame";

/** How to part a frame. */
export interface FrameSplitOptions extends Pick<SplitOptions, "test" | "seed"> {
  /** A column whose values keep their shares in both parts, usually the label. Default: none. */
  readonly stratify?: string;
}

/**
 * Parts the rows of a danfo DataFrame at random, before an encoder is fitted: what the encoder learns must come from
 * training rows alone. The order of rows is kept.
 * @throws `missing-column`; `invalid-option` for a share outside (0, 1); `empty-data` where a part would be empty
 */
export function splitFrame(
  frame: DataFrame,
  options: FrameSplitOptions = {},
): { train: DataFrame; test: DataFrame } {
  checkKeys(options, ["test", "stratify", "seed"], "splitFrame");
  const { stratify, ...rest } = options;
  const strata = strataOf(frame, stratify);
  const { train, test } = splitRows(strata.labels, strata.count, {
    ...rest,
    stratify: stratify !== undefined,
  });
  return { train: rowsTaken(frame, train), test: rowsTaken(frame, test) };
}

function strataOf(frame: DataFrame, column: string | undefined): { labels: Uint32Array; count: number } {
  if (column === undefined) return { labels: new Uint32Array(rowsOf(frame)), count: 1 };
  const names = labelColumn(frame, column);
  const classes = [...new Set(names)];
  const numbers = new Map(classes.map((name, k) => [name, k]));
  return { labels: Uint32Array.from(names, (name) => numbers.get(name)!), count: classes.length };
}

function rowsTaken(frame: DataFrame, rows: Uint32Array): DataFrame {
  const order = Array.from(rows);
  return frameOf(
    new Map(
      columnNames(frame).map((name) => {
        const column = columnOf(frame, name);
        return [name, order.map((i) => column[i])];
      }),
    ),
  );
}
