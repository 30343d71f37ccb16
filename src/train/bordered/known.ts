import type { Design } from "../design";
import { type BorderedRows, borderedRows } from "./parts";
import { type Bordered, borderedBlocks } from "./structure";

/** A structure and what the rows tell of it. */
export interface BorderedColumns {
  readonly structure: Bordered;
  readonly rows: BorderedRows;
}

/** What was found of the rows that this thread had last. */
let last: { readonly key: number; readonly found: BorderedColumns | null } | undefined;

/**
 * Finds blocks of columns and what the rows tell of them (see {@link borderedBlocks}), or takes them from the last fit to rows that
 * still lie where they did: to find them takes longer than the factor. `null` where there are none.
 */
export function borderedColumns(design: Design): BorderedColumns | null {
  const { key } = design.given;
  if (key !== 0 && last?.key === key) return last.found;
  const structure = borderedBlocks(design);
  const found = structure === null ? null : { structure, rows: borderedRows(design, structure) };
  last = key === 0 ? undefined : { key, found };
  return found;
}
