import type { Watch } from "../base/progress";
import type { Dataset } from "../matrix/dataset";
import type { Link } from "../model/scorer";
import type { ModuleJob } from "../train/job";
import { runJobs } from "../train/threads/run";
import { type Baselines, baselineJob } from "./baseline-job";
import { type CompactData, compactOf } from "./compact";
import type { DescendStep } from "./descend-job";
import { type HeldOut, joinHeldOut } from "./held-out";
import type { CompressPlan } from "./options";
import type { Part, Parts } from "./parts";
import { type Prepared, prepareJob } from "./prepare-job";
import type { Start } from "./start";

/** What is to be compressed. */
export interface Subject {
  readonly link: Link;
  /** The strength of the model's L2 penalty, where it is known. */
  readonly lambda: number | null;
  /** 1 for each weight that may differ from zero, or `null` for all. */
  readonly mask: Uint8Array | null;
}

/** One way to encode the rows, ready for threads. */
export interface SearchInput {
  readonly name: string;
  readonly data: Dataset;
  readonly compact: CompactData;
  /** The places of the weights that may differ from zero among the compact columns. */
  readonly allowed: Uint32Array | null;
  /** Where the descents of each part start: the first is of all rows, the others of the folds that are run. */
  readonly starts: readonly (readonly Start[])[];
  readonly uncompressed: Uncompressed;
}

/** One setting of the descent. */
export interface Setting {
  readonly input: SearchInput;
  readonly levels: number;
  readonly lambda: number;
}

/** A setting at a price of a bit: the model of all rows, and what its folds say of the rows left out. */
export interface Candidate {
  readonly setting: Setting;
  readonly mu: number;
  readonly start: string;
  readonly step: DescendStep;
  readonly heldOut: HeldOut;
}

/** The uncompressed model. */
interface Uncompressed {
  /** Of the input's own: columns of another scale want another. */
  readonly lambda: number;
  /** By the smaller folds; `null` where none is measured against it. */
  readonly heldOut: HeldOut | null;
}

const most = 20_000;
const l1OfFew = { count: 8, ratio: 0.001 };
/** Where its last step alone is wanted. */
const l1ToLast = { count: 3, ratio: 0.003 };
/** Beyond it weak L1 keeps about what L2 does, where rows are more than columns, and takes the longest. */
const l1OfShort = { count: 6, ratio: 0.01 };
/** Weak L1 with many classes takes long, and starts from L2 are as good there. */
const l1OfMany = { count: 4, ratio: 0.05 };

/** How an input is prepared. */
interface PrepareOptions {
  readonly parts: Parts;
  readonly plan: CompressPlan;
  /** Whether rows left out are judged by the uncompressed model of that strength, against which all inputs are measured. */
  readonly measured: (lambda: number) => boolean;
}

/**
 * Lays the rows out and fits the float models: the uncompressed one of folds for every strength, then where to start for the one
 * with the least log-loss on the rows left out.
 * @throws `cancelled`
 */
export async function prepare(
  name: string,
  data: Dataset,
  subject: Subject,
  { parts, plan, measured: isMeasured }: PrepareOptions,
  watch: Watch,
): Promise<SearchInput> {
  const K = subject.link === "binary" ? 1 : data.classes.length;
  const { mask, link } = subject;
  const used =
    mask &&
    Uint8Array.from({ length: data.columns }, (_, j) => Math.max(...mask.subarray(j * K, (j + 1) * K)));
  const compact = compactOf(data, used);
  const allowed =
    mask &&
    Uint32Array.from({ length: compact.columns.length * K }, (_, at) => at).filter(
      (at) => mask[compact.columns[Math.floor(at / K)] * K + (at % K)] === 1,
    );
  const task = { link, classes: data.classes.length, scale: compact.scale };
  const { whole, folds, fine } = parts;
  const fit = <R extends object>(jobs: readonly ModuleJob[], from: number, share: number) =>
    runJobs<R>(
      { features: compact.features, labels: data.labels, shares: whole.shares },
      jobs,
      { outputs: K, threads: plan.threads },
      shareOf(watch, from, share),
      "compress",
    );
  const known = subject.lambda;
  const some = spreadOver(folds, plan.strengthFolds);
  const lambda =
    known !== null && known > 0
      ? known
      : bestStrength(
          plan.strengths,
          some,
          await fit<Baselines>(
            some.map((part) =>
              baselineJob({ ...task, lambdas: plan.strengths, parts: [part], tolerance: 1e-2 }),
            ),
            0,
            0.2,
          ),
          data.weights,
        );
  const measured = isMeasured(lambda);
  const wide = K === 1 && compact.columns.length > data.rows;
  const count = Math.max(1, plan.starts - 1);
  const l1OfWide = count === 1 ? l1ToLast : l1OfFew;
  const l1 = K > 1 ? l1OfMany : wide ? l1OfWide : l1OfShort;
  const starting = {
    ...task,
    most,
    lambda,
    l1: { ...l1, wanted: count },
  };
  const descended = plan.shares[name].folds;
  const found = await fit<Prepared>(
    [whole, ...folds].flatMap(({ shares }, at) => {
      const own = at === 0 ? [] : measured ? fine[at - 1] : [];
      const descends = at <= descended;
      return descends || own.length > 0 ? [prepareJob({ ...starting, shares, fine: own, descends })] : [];
    }),
    0.2,
    0.8,
  );
  const heldOut = measured ? joinHeldOut(found.flatMap((part) => part.heldOut)) : null;
  const starts = found.slice(0, 1 + descended).map((part) => part.starts);
  return { name, data, compact, allowed, starts, uncompressed: { lambda, heldOut } };
}

/** So many of a list, evenly spread. */
function spreadOver<T>(list: readonly T[], count: number): readonly T[] {
  const most = Math.min(count, list.length);
  return Array.from({ length: most }, (_, i) => list[Math.floor((i * list.length) / most)]);
}

/** The strength with the least log-loss, among those that every fold came to. */
function bestStrength(
  strengths: readonly number[],
  parts: readonly Part[],
  folds: readonly Baselines[],
  weights: ArrayLike<number> | null,
): number {
  const lossOf = ({ losses }: HeldOut, { test }: Part) =>
    losses.reduce((sum, loss, i) => sum + (weights?.[test[i]] ?? 1) * loss, 0);
  const tried = strengths.flatMap((lambda, at) => {
    const found = folds.flatMap(([own], fold) =>
      own.slice(at, at + 1).map((heldOut) => lossOf(heldOut, parts[fold])),
    );
    return found.length < folds.length ? [] : [{ lambda, loss: found.reduce((a, b) => a + b, 0) }];
  });
  return tried.reduce((least, other) => (other.loss < least.loss ? other : least)).lambda;
}

/** A part of a bar. */
export function shareOf(watch: Watch, from: number, share: number): Watch {
  return {
    ...watch,
    onProgress: (progress) =>
      watch.onProgress?.({
        ...progress,
        done: from + (share * progress.done) / (progress.total ?? 1),
        total: 1,
      }),
  };
}
