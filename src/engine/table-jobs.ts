import { join } from "node:path";
import { listening } from "../base/ambient-signal";
import { checkCancelled, type Progress, type Watch } from "../base/progress";
import { SparseMatrix } from "../matrix/sparse";
import { runJobs } from "../train/threads/run";

/** The jobs over packed rows, by the files that do them. */
type TableJob =
  | "fit-job"
  | "path-job"
  | "evaluate-job"
  | "masses-job"
  | "reduce-job"
  | "levels-job"
  | "sums-job";

/**
 * Does a job over packed rows in a thread of its own, and others for its passes. The job brings its rows from disk; what it has
 * of the design is the kernels, the memory and the threads.
 * @param columns of the packed rows
 * @throws `cancelled`, and what the job throws
 */
export async function runTableJob<R extends object>(
  file: TableJob,
  task: object,
  columns: number,
  threads: number,
  watch: Watch,
  step: string,
): Promise<R> {
  const features = new SparseMatrix(1, columns, new Uint32Array(2), new Uint32Array(0), null);
  const rows = { features, labels: new Uint32Array(1), shares: new Float64Array(1) };
  const job = { kind: "module", file: join(__dirname, file), task } as const;
  const heard = listening(watch);
  let last: Progress = { step, done: 0, total: 1 };
  const tell = (progress: Progress): void => {
    last = progress;
    heard.onProgress?.(progress);
  };
  tell(last);
  const [result] = await runJobs<R>(
    rows,
    [job],
    { outputs: 1, threads },
    { ...heard, onProgress: tell },
    step,
  );
  checkCancelled(heard.signal, step);
  // No fewer than was told before, which would be taken for the begin of other work.
  const done = Math.max(1, Math.ceil(last.done));
  tell({ ...last, step, done, total: done });
  return result;
}
