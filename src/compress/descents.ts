import { checkCancelled, type Watch } from "../base/progress";
import { runJobs } from "../train/threads/run";
import { type DescendStep, descendJob } from "./descend-job";
import { joinHeldOut } from "./held-out";
import type { CompressPlan } from "./options";
import type { Part, Parts } from "./parts";
import { pricesOf } from "./prices";
import { isBehind, type Outline, outlineOf } from "./race";
import { type Candidate, type Setting, type Subject, shareOf } from "./search";
import type { Start } from "./start";

/** The folds after which an input that is behind at every size is given up. */
const trial = 2;

/** What a descent is given beside its settings. */
interface DescentTask {
  readonly subject: Subject;
  readonly parts: Parts;
  readonly plan: CompressPlan;
  /** What other inputs came to on the folds of the trial. */
  readonly rivals: readonly Outline[];
}

/**
 * Descends for every setting of an input on all rows and on each fold, and tells of each setting as it is complete. Of an input that is raced, two folds
 * are run first, and only settings that are not behind on these go on (a race: Maron and Moore, 1994, "Hoeffding races").
 * @returns what each setting came to on the folds of the trial
 * @throws `cancelled`
 */
export async function descend(
  settings: readonly Setting[],
  { subject, parts, plan, rivals }: DescentTask,
  watch: Watch,
  found: (candidates: readonly Candidate[]) => void,
): Promise<readonly Outline[]> {
  const { input } = settings[0];
  const { data, compact, starts } = input;
  const folds = parts.folds.slice(0, starts.length - 1);
  const own: readonly Part[] = [parts.whole, ...folds];
  const prices = pricesOf(data, plan);
  const classes = data.classes.length;
  const K = subject.link === "binary" ? 1 : classes;
  const jobOf = (setting: Setting, at: number) =>
    descendJob({
      coded: {
        link: subject.link,
        classes,
        lambda: setting.lambda,
        scale: compact.scale,
        allowed: input.allowed,
        total: data.columns * K,
      },
      levels: setting.levels,
      starts: starts[at],
      prices,
      sweeps: plan.sweeps,
      shares: own[at].shares,
      test: at === 0 ? null : own[at].test,
    });
  const results = settings.map((): (readonly DescendStep[])[] => []);
  const run = async (chosen: readonly number[], ats: readonly number[], from: number, share: number) => {
    const jobs = chosen.flatMap((s) => ats.map((at) => ({ s, at })));
    await runJobs<readonly DescendStep[]>(
      { features: compact.features, labels: data.labels, shares: parts.whole.shares },
      jobs.map(({ s, at }) => jobOf(settings[s], at)),
      { outputs: K, threads: plan.threads },
      shareOf(watch, from, share),
      "compress",
      (job, result) => {
        const { s, at } = jobs[job];
        results[s][at] = result;
        const all = Array.from(own, (_, i) => results[s][i]);
        if (!all.includes(undefined as never)) found(candidatesOf(settings[s], all, prices, starts[0]));
      },
    );
    checkCancelled(watch.signal, "compress");
  };
  const outlines = () => results.map((steps) => outlineOf(steps.slice(1, 1 + trial), own.slice(1), data));
  const every = [...settings.keys()];
  const ats = [...own.keys()];
  if (!plan.shares[input.name].raced || rivals.length === 0 || folds.length <= trial) {
    await run(every, ats, 0, 1);
    return outlines();
  }
  const first = ats.slice(1, 1 + trial);
  await run(every, first, 0, trial / own.length);
  const left = every.filter((s) => !isBehind(outlines()[s], rivals));
  if (left.length > 0) {
    await run(
      left,
      ats.filter((at) => !first.includes(at)),
      trial / own.length,
      1 - trial / own.length,
    );
  }
  return outlines();
}

function candidatesOf(
  setting: Setting,
  parts: readonly (readonly DescendStep[])[],
  prices: readonly number[],
  starts: readonly Start[],
): Candidate[] {
  const [whole, ...others] = parts;
  return whole.flatMap((step) => {
    if (step.model.positions.length === 0) return [];
    const same = others.flatMap((steps) => steps.find(({ at }) => at === step.at)?.heldOut ?? []);
    if (same.length < others.length) return [];
    return [
      { setting, mu: prices[step.at], start: starts[step.start].name, step, heldOut: joinHeldOut(same) },
    ];
  });
}
