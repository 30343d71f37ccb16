import { listening } from "../../base/ambient-signal";
import { checkCancelled, type Watch } from "../../base/progress";
import { checkStillFinite, type Matrix } from "../../matrix/sparse";
import { loadKernels } from "../../simd/load";
import { Design } from "../design";
import { type Job, type JobResult, runJob } from "../job";
import type { Answer } from "../joined";
import { layoutFor } from "../layout";
import { checkMemory, needOf } from "../memory-need";
import { monitorOf } from "../monitor";
import { inFull } from "../sparse-weights";
import { becomesDense } from "../storage";
import { Unanswered } from "./ask";
import { Errand } from "./errand";
import { fingerprintOf } from "./fingerprint";
import { SmallRoom } from "./small-room";
import { spare } from "./spare";

/** Work, in stored values times outputs, that is done before a thread would have begun. */
export const mostHere = 100_000;

/** Small work of so few parameters needs little memory, whatever the solver. */
const fewParameters = 1000;

/** The rows that jobs are about. */
export interface Rows {
  readonly features: Matrix;
  readonly labels: Uint32Array;
  readonly shares: Float64Array;
}

/**
 * Does jobs on the same rows in threads of their own, so that this thread stays free; small ones at once. One job
 * has all threads for its passes, several are done side by side, each on one thread. Results do not depend on that.
 * @param outputs the outputs of each job, by which its size is judged
 * @param heardOf called with each result as it comes, in whatever order
 * @throws `not-finite` where features have become so, `cancelled`, and what the jobs throw; then no job is left running
 */
export async function runJobs<R extends object>(
  rows: Rows,
  jobs: readonly Job[],
  { outputs, threads }: { readonly outputs: number; readonly threads: number },
  watch: Watch,
  step: string,
  heardOf: (at: number, result: R) => void = () => {},
): Promise<R[]> {
  const heard = listening(watch);
  checkCancelled(heard.signal, step);
  const { features } = rows;
  const { columns } = features;
  const modules = hasModule(jobs);
  const dense = features.kind === "dense" || (!modules && becomesDense(features));
  const nonzeros = dense ? features.rows * columns : features.nonzeros;
  const work = (nonzeros + columns) * outputs * jobs.length;
  const small = work <= mostHere && !modules;
  if (!small || features.rows > mostHere || (columns + 1) * outputs > fewParameters) {
    const shape = { rows: features.rows, columns, nonzeros, dense };
    checkMemory(needOf(jobs, { ...shape, valued: features.values !== null, outputs }, threads));
  }
  if (small) return runHere<R>(rows, jobs, heard, step);
  const hear = (at: number, result: JobResult) => heardOf(at, whole(jobs[at], result) as R);
  const run = (again: boolean) => runThere(rows, jobs, { outputs, threads, again }, heard, step, hear);
  const results = (await run(true)) ?? (await run(false))!;
  return results.map((result, at) => whole(jobs[at], result) as R);
}

/**
 * Does jobs in threads; `null` where rows from before were taken for theirs, but their arrays hold other numbers now. Threads
 * begin before that is looked at, since it takes long, and what they work on was copied before, so nobody writes in between.
 * @param again whether rows that lie in memory from before may be taken
 */
async function runThere(
  rows: Rows,
  jobs: readonly Job[],
  { outputs, threads, again }: { outputs: number; threads: number; again: boolean },
  watch: Watch,
  step: string,
  heardOf: (at: number, result: JobResult) => void,
): Promise<JobResult[] | null> {
  const { features, labels, shares } = rows;
  const task = layoutFor(jobs, outputs);
  const { arena, laid } = again ? spare.take(rows, task) : spare.take();
  try {
    // Rows from before were finite, and are taken only where they are the same still.
    if (laid === null) checkStillFinite(features);
    const place =
      laid?.place ?? Design.of(features, labels, shares, loadKernels, arena, !hasModule(jobs)).place;
    const errand = new Errand(place, jobs, laid === null ? task : null, threads, watch, step);
    const running = errand.run(heardOf);
    const fingerprint = fingerprintOf(rows);
    if (laid !== null && fingerprint !== laid.fingerprint) {
      errand.abandon();
      await running.catch((error) => {
        if (error instanceof Unanswered) throw error;
      });
      checkCancelled(watch.signal, step);
      spare.giveBack(arena);
      return null;
    }
    const results = await running;
    spare.giveBack(arena, { rows, task, place: errand.place, fingerprint, height: errand.height });
    return results;
  } catch (error) {
    if (!(error instanceof Unanswered)) spare.giveBack(arena);
    throw error;
  }
}

/** Jobs of later folders have rows as they were given. */
function hasModule(jobs: readonly Job[]): boolean {
  return jobs.some((job) => job.kind === "module");
}

const room = new SmallRoom();

function runHere<R extends object>(rows: Rows, jobs: readonly Job[], watch: Watch, step: string): R[] {
  return room.with(rows, (design) => {
    // What was copied is looked through in a fraction of the time.
    if (!design.finite) checkStillFinite(rows.features);
    const monitor = monitorOf(watch, step);
    return jobs.map((job) => whole(job, runJob(design, job, monitor)) as R);
  });
}

/** A result with its weights in full. */
function whole(job: Job, result: JobResult): object {
  if (job.kind === "module" || !("weights" in result)) return result;
  if ((result as Answer).weights instanceof Float64Array) return result;
  return { ...result, weights: inFull((result as Answer).weights) };
}
