import { availableMemory } from "node:process";
import { fail } from "../base/errors";

/** What the memory of a fit depends on. */
export interface Need {
  readonly rows: number;
  readonly columns: number;
  readonly nonzeros: number;
  readonly dense: boolean;
  /** Whether each value is stored. */
  readonly valued: boolean;
  readonly outputs: number;
  /** Fits that are done side by side. */
  readonly fits: number;
}

/** What any machine has free: to ask takes as long as a part of a small fit. */
const surelyFree = 2 ** 24;
/** The address space of 32-bit WebAssembly. */
const mostBytes = 2 ** 32;
/** Tables of parameters that the leanest solver holds: point, gradient, direction and the like. */
const tables = 8;

/**
 * The bytes that a fit needs at least: the one copy of the data, what the loss keeps of each row, and a solver's
 * tables of one number for each weight.
 */
export function leastBytes({ rows, columns, nonzeros, dense, valued, outputs, fits }: Need): number {
  const stored = (valued ? 4 : 0) + (dense ? 0 : 4);
  const data = nonzeros * stored + (dense ? 0 : 4 * (rows + 1)) + 12 * rows;
  const loss = outputs === 1 ? 24 * rows : 16 * rows * outputs;
  return data + fits * (loss + 8 * tables * (columns + 1) * outputs);
}

/**
 * Refuses, before anything is copied, what can't be done in the address space or with the memory that the machine has.
 * @param free bytes that can be had; asked of the machine where left out and not sure to be enough
 * @throws `invalid-data`
 */
export function checkMemory(need: Need, free?: number): void {
  const bytes = leastBytes(need);
  if (free === undefined && bytes <= surelyFree) return;
  const most = Math.min(mostBytes, free ?? availableMemory());
  if (bytes <= most) return;
  const size = `${need.rows} rows x ${need.columns} columns x ${need.outputs} outputs`;
  fail("invalid-data", {
    thing: `bytes of memory that a fit of ${size} needs`,
    value: bytes,
    expected: `at most ${most}, ${most < mostBytes ? "what the machine has free" : "the address space of WebAssembly"}`,
    remedy: "Fit on fewer rows, hash to fewer columns, or leave out rare classes.",
  });
}
