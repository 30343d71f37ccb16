/** What is known of the memory at one moment, in bytes. */
export interface HeapUse {
  /** What V8 has taken for JavaScript's values. */
  readonly used: number;
  /** What it may take at most. */
  readonly limit: number;
}

/** What to do about it. */
export const remedy: string =
  "Work in parts, keep numbers in typed arrays, read tables that memory does not hold by an engine such as duckdb(), " +
  "or start Jupyter with NODE_OPTIONS=--max-old-space-size=MEGABYTES in its environment.";

/** What is said before the heap is full. */
export function heapNearlyFull(use: HeapUse): string {
  return `The kernel uses ${size(use.used)} of at most ${size(use.limit)} of its heap; one that needs more ends, and all variables are lost. ${remedy}\n`;
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
