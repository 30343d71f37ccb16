import { sumClasses } from "./class-sums";
import type { Design, DesignPlace } from "./design";
import { mergeEqualRows } from "./equal-rows";
import { orderColumns } from "./frequent-columns";
import type { Job } from "./job";
import type { Plan } from "./plan";

/** What the layout of a design depends on beside the data. */
export interface LayoutTask {
  /** Numbers a column. */
  readonly outputs: number;
  /** Whether, where the columns go by frequency, those without a stored value may go: then their weights are zero. */
  readonly dropEmpty: boolean;
  /** Whether all stays as it was given. */
  readonly asGiven: boolean;
}

/**
 * Lays the data of a design out for many passes, in place: equal rows become one, and the columns of wide sparse
 * matrices go by frequency. Neither changes the problem; {@link Design.gather} and `order` lead back to what was given.
 */
export function layOut(design: Design, { outputs, dropEmpty, asGiven }: LayoutTask): DesignPlace {
  const { place } = design;
  if (asGiven) return place;
  const [pointers, indices, values, rows, columns] = place.matrix;
  const merged = mergeEqualRows(design);
  const left = merged?.rows ?? rows;
  const row = pointers === 0 ? null : new Uint32Array(design.arena.memory.buffer, pointers, rows + 1);
  const nonzeros = merged === null ? place.nonzeros : row === null ? left * columns : row[left];
  const shorter: DesignPlace = {
    ...place,
    matrix: [pointers, indices, values, left, columns],
    nonzeros,
    given: { ...place.given, merged: mergedTwice(design, merged?.merged ?? 0) },
  };
  const ordered = orderColumns(design.at(shorter), outputs, dropEmpty);
  if (ordered === null) return shorter;
  const laid: DesignPlace = {
    ...shorter,
    matrix: [pointers, indices, values, left, ordered.columns],
    given: { ...shorter.given, order: ordered.order, halves: ordered.halves },
  };
  if (outputs > 1 || !laid.given.mixed) return laid;
  return { ...laid, given: { ...laid.given, sums: sumClasses(design.at(laid)) } };
}

/** Where the number of each given row lies after rows that may lie in another order were merged. */
function mergedTwice({ arena, given, rows }: Design, merged: number): number {
  if (given.merged === 0 || merged === 0) return given.merged + merged;
  const second = new Uint32Array(arena.memory.buffer, merged, rows);
  const first = new Uint32Array(arena.memory.buffer, given.merged, given.rows);
  for (let i = 0; i < first.length; i++) first[i] = second[first[i]];
  return given.merged;
}

/** The layout that suits jobs. */
export function layoutFor(jobs: readonly Job[], outputs: number): LayoutTask {
  const plans = jobs.flatMap((job) =>
    job.kind === "module" ? [] : [job.kind === "fit" ? job.plan : job.path.plan],
  );
  return { outputs, dropEmpty: plans.every(mayDropEmpty), asGiven: plans.length < jobs.length };
}

/**
 * Whether the weights of columns without a stored value are sure to be zero: they start there, or the penalty draws
 * them there. Groups need all their columns, since their size counts.
 */
function mayDropEmpty({ penalty, start }: Plan): boolean {
  if (penalty.groups !== null) return false;
  return (
    (penalty.name !== "none" && penalty.weights === null) || (start.weights?.every((w) => w === 0) ?? true)
  );
}
