import { LogitpressError } from "../../../base/errors";
import { bold } from "../excerpt";
import type { Failure } from "../messages";

/** What is known of the memory at one moment, in bytes. */
export interface HeapUse {
  /** What V8 has taken for JavaScript's values. */
  readonly used: number;
  /** What it may take at most. */
  readonly limit: number;
}

const remedy =
  "Work in parts, keep numbers in typed arrays, read tables that memory does not hold by an engine such as duckdb(), " +
  "or start Jupyter with NODE_OPTIONS=--max-old-space-size=MEGABYTES in its environment.";

/** The error of a cell that was stopped because the heap was full. */
export function heapFull(use: HeapUse): Failure {
  const { name: ename, message: evalue } = new LogitpressError("failed", {
    thing: `cell: the kernel used ${size(use.used)} of memory`,
    expected: `at most ${size(use.limit)}, the limit of its heap`,
    remedy: `The cell was stopped: variables of earlier cells are kept, what it declared is let go. ${remedy}`,
  });
  return { ename, evalue, traceback: [`${bold(ename)}: ${evalue}`] };
}

/** What is said when the heap was full while no cell ran. */
export function idleHeapFull(use: HeapUse): string {
  const { message } = new LogitpressError("failed", {
    thing: `work in the background: the kernel used ${size(use.used)} of memory while no cell ran`,
    expected: `at most ${size(use.limit)}, the limit of its heap`,
    remedy: `What ran was stopped, but timers go on: restart the kernel if this comes again. ${remedy}`,
  });
  return `${message}\n`;
}

/** What is said before the heap is full. */
export function heapNearlyFull(use: HeapUse): string {
  return `The kernel uses ${size(use.used)} of at most ${size(use.limit)} of its heap; a cell that needs more is stopped. ${remedy}\n`;
}

/** What is said before the machine's memory is full, which no kernel survives. */
export function machineNearlyFull(used: number, available: number): string {
  return (
    `The kernel uses ${size(used)} of memory, and ${size(available)} are left; beyond that the system kills it, ` +
    "and all variables are lost. Let go what is not needed, or work in parts.\n"
  );
}

/** Bytes as people say them. */
export function size(bytes: number): string {
  return bytes < 1e9 ? `${Math.round(bytes / 1e6)} MB` : `${(bytes / 1e9).toFixed(1)} GB`;
}
