import { grouped } from "../base/grouped";
import type { Watch } from "../base/progress";
import type { Dataset } from "../matrix/dataset";
import type { FitWarning } from "../model/warning";
import type { Draw } from "./aggregate";
import type { PlannedTable } from "./table-plan";
import { datasetOf, reduceBy, refuseRows } from "./table-reduce";

/** Of which rows a step was that memory does not hold all for. */
export interface RowSample extends Draw {
  /** The rows that were drawn, of those that are stored. */
  readonly rows: number;
  readonly stored: number;
  /** Why not all: the memory limit had no room, or the rows are a cluster's. */
  readonly since: "memory" | "cluster";
}

/** Rows of some columns in memory: all, or those of a sample. */
export interface RowsHere {
  readonly data: Dataset;
  readonly sample: RowSample | null;
}

/** A sample is a little smaller than what fitted before the room ended. */
const margin = 0.9;
/** The fewest rows of a sample. */
const fewest = 100;

/**
 * The distinct rows of some columns where they fit `room` bytes, else those of as large a sample as fits, drawn by the numbers of the
 * stored rows and the seed.
 * @throws `invalid-data` where not even a small sample fits, or a class has no row in it
 */
export async function rowsHere(
  table: PlannedTable,
  columns: Uint32Array,
  room: number,
  seed: number,
  watch: Watch,
): Promise<RowsHere> {
  const stored = table.packed.blocks.reduce((sum, { rows }) => sum + rows, 0);
  let share = 1;
  for (;;) {
    const found = await reduceBy(table, columns, room, share === 1 ? null : { seed, share }, watch);
    const lacks = () => table.classes.some((_, k) => table.masses[k] > 0 && !found.labels.includes(k));
    if (found.whole && !lacks()) {
      const sample = share === 1 ? null : { rows: found.seen, stored, seed, share, since: "memory" as const };
      return { data: datasetOf(table, found), sample };
    }
    share *= (margin * found.passed) / stored;
    if (found.whole || share * stored < fewest) refuseRows(columns, room);
  }
}

/** What is said of a step whose rows were a sample. @param what was decided by it, and what by all rows */
export function sampledWarning({ rows, stored, seed, since }: RowSample, what: string): FitWarning {
  const drawn = `${grouped(rows)} of ${grouped(stored)} stored rows`;
  return {
    code: "sampled",
    message: `${what}: ${drawn}${since === "memory" ? ", as many as fit the memory limit" : ""}, drawn by seed ${seed}.`,
    remedy:
      since === "memory"
        ? "Raise memoryLimit, or take fewer features: a fit with penalty l1, or prune by magnitude first."
        : "Take more rows: { sample: { rows } }.",
  };
}
