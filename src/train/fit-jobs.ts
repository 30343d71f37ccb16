import type { Matrix } from "../matrix/sparse";
import { isComposite } from "./choose";
import type { Job } from "./job";
import type { Plan } from "./plan";

/** Stored values times classes that are worth a thread for each class. */
const worthwhile = 2 ** 20;
/** The most weights, since each class's come from its thread in full; and stored values, of which each thread has a copy by columns. */
const mostWeights = 2 ** 24;
const mostStored = 2 ** 26;

/**
 * The jobs of a fit: one, whose passes all threads share, or one for each class where classes are problems apart whose solver
 * works between passes on one thread, and no thread would be left without a class. The answer is the same.
 */
export function fitJobs(
  plan: Plan,
  { columns, nonzeros }: Matrix,
  threads: number,
): (Job & { kind: "fit" })[] {
  const { link, classes, penalty, solver } = plan;
  const serial = isComposite(penalty) || solver === "prox-newton" || solver === "dual";
  const fits = columns * classes <= mostWeights && nonzeros <= mostStored && nonzeros * classes >= worthwhile;
  if (link !== "ovr" || !serial || !fits || threads === 1 || threads > classes)
    return [{ kind: "fit", plan }];
  return Array.from({ length: classes }, (_, output) => ({ kind: "fit", plan, output }));
}
