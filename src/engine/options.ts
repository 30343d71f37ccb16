import { availableParallelism, tmpdir } from "node:os";
import { checkKeys, checkNumber } from "../base/check";
import { fail } from "../base/errors";

/** The options of {@link duckdb}. */
export interface DuckDbOptions {
  /**
   * The most memory that the process is to take, in bytes or as text (`"500MB"`, `"2GB"`, of 10^6 and 10^9 bytes), at
   * least 300 MB: Node and the kernels have some 180 MB of it, DuckDB the rest. What the caller holds beside it counts
   * on top. Default 1 GB.
   */
  readonly memoryLimit?: number | string;
  /** How many threads read and encode, from 1; those of the fit are the estimator's. Default: the machine's cores. */
  readonly threads?: number;
  /** Where a folder for temporary files is made, removed at the end. Default: the system's. */
  readonly temporaryFolder?: string;
  /** The most bytes that the temporary files may take, of the packed rows and of DuckDB's each. Default: no limit. */
  readonly diskLimit?: number | string;
}

/** The options, complete. */
export interface EngineSettings {
  readonly memoryLimit: number;
  readonly threads: number;
  readonly temporaryFolder: string;
  readonly diskLimit: number | null;
}

const leastMemory = 300e6;

/** Checks options and fills in what is left out. @throws `unknown-option`, `invalid-option` */
export function parseEngine(options: DuckDbOptions): EngineSettings {
  checkKeys(options, ["memoryLimit", "threads", "temporaryFolder", "diskLimit"], "duckdb");
  const {
    memoryLimit = 1e9,
    threads = availableParallelism(),
    temporaryFolder = tmpdir(),
    diskLimit,
  } = options;
  return {
    memoryLimit: checkNumber(bytesOf(memoryLimit, "memoryLimit"), "memoryLimit", { min: leastMemory }),
    threads: checkNumber(threads, "threads", { min: 1, integer: true }),
    temporaryFolder,
    diskLimit:
      diskLimit === undefined ? null : checkNumber(bytesOf(diskLimit, "diskLimit"), "diskLimit", { min: 0 }),
  };
}

const units: Readonly<Record<string, number>> = { B: 1, KB: 1e3, MB: 1e6, GB: 1e9, TB: 1e12 };

function bytesOf(value: number | string, thing: string): number {
  if (typeof value === "number") return value;
  const [, number, unit] = /^(\d+(?:\.\d+)?) ?([KMGT]?B)$/i.exec(value) ?? [];
  if (number !== undefined) return Number(number) * units[unit.toUpperCase()];
  return fail("invalid-option", { thing, value, expected: 'a number of bytes, or text as "500MB" or "2GB"' });
}
