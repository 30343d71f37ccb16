import { checkCancelled, type Watch } from "../../base/progress";
import type { FitterSolution } from "../../train/fitter";
import { type PathOptions, parsePath, pathOf } from "../../train/path";
import { type PathOutcome, pathSteps } from "../../train/path-job";
import type { RegularizationPath } from "../../train/regularization-path";
import { answeredBy } from "../aggregate";
import type { PathPart } from "../judged-table";
import { stronger, strongestFor } from "../strongest";
import { ClusterFitter } from "./cluster-fitter";
import { type ClusterRows, clusterProblem } from "./cluster-plan";
import { solutionOf } from "./fit";
import type { KeptFits } from "./kept-fits";

/**
 * A path of fits to rows of a cluster, and as it was told; sigmoids of several classes are fitted side by side.
 * @param kept where the fits stand, of all paths that are followed
 * @param some rows or weights; left out, all, by the options' strengths
 */
export async function pathOnCluster(
  data: ClusterRows,
  options: PathOptions,
  { signal, onProgress }: Watch,
  kept: KeptFits,
  some?: PathPart,
): Promise<{ readonly path: RegularizationPath; readonly outcome: PathOutcome }> {
  const { rounds, rows } = data;
  const { settings, strengths, earlyStop } = parsePath(options, { rows, columns: rounds.columns });
  const part = some?.part ?? null;
  const problem = clusterProblem(data, settings, some?.masses ?? data.masses, part, some?.mask ?? null);
  const { plan, factors, fits } = problem;
  const ceilings = await Promise.all(
    fits.map(async ({ task }, k) => {
      const work = strongestFor({ plan, factors, part }, task.task.loss, k, rounds.columns);
      return await answeredBy(rounds, work);
    }),
  );
  const fitters = fits.map(({ task, start }) => new ClusterFitter(rounds, task, start, false, { signal }));
  const monitor = {
    report: (done: number, total: number, message: string) =>
      onProgress?.({ step: "path", done, total, message }),
  };
  const along = {
    plan,
    strengths: some?.strengths ?? strengths,
    earlyStop: some === undefined && earlyStop,
  };
  const steps = pathSteps(along, ceilings.reduce(stronger), fits.length, monitor);
  const own = JSON.stringify([options.l1Ratio ?? null, part?.fold ?? null]);
  let next = steps.next();
  for (let at = 0; !next.done; at++) {
    checkCancelled(signal, "path");
    const asked = next.value;
    const found = await Promise.all(
      asked.map(async ({ problem: k, penalty }): Promise<FitterSolution> => {
        const name = `${own} ${at} ${k}`;
        const outcome = await fitters[k].fit(penalty, kept.begin(name), (state) => kept.keep(name, state));
        return { ...solutionOf(outcome, problem), loss: outcome.loss };
      }),
    );
    next = steps.next(found);
  }
  return { path: pathOf(data, plan, next.value), outcome: next.value };
}
