import { checkCancelled, type Watch } from "../base/progress";
import type { Dataset } from "../matrix/dataset";
import type { Link } from "../model/scorer";
import { runJobs } from "../train/threads/run";
import { type CompactData, compactOf } from "./compact";
import { type DescendStep, descendJob } from "./descend-job";
import { type HeldOut, joinHeldOut } from "./held-out";
import type { CompressPlan } from "./options";
import type { Part, Parts } from "./parts";
import { type Prepared, type PrepareTask, prepareJob } from "./prepare-job";
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
  /** What each part found before the descents: the first is of all rows. */
  readonly prepared: readonly Prepared[];
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
export interface Uncompressed {
  readonly lambda: number;
  /** By the smaller folds, for the data themselves; by the folds for another input, which none is measured against. */
  readonly heldOut: HeldOut;
}

const most = 20_000;
const none = { count: 0, ratio: 1 };
const l1OfFew = { count: 8, ratio: 0.001 };
/** Beyond it weak L1 keeps about what L2 does, where rows are more than columns, and takes the longest. */
const l1OfShort = { count: 6, ratio: 0.01 };
/** Weak L1 with many classes takes long, and starts from L2 are as good there. */
const l1OfMany = { count: 4, ratio: 0.05 };

/**
 * Lays the rows out and fits the float models: of each fold for every strength, then of all rows and of the smaller folds for the
 * one with the least log-loss on the rows left out.
 * @param logLoss of what is said of all rows
 * @throws `cancelled`
 */
export async function prepare(
  name: string,
  data: Dataset,
  subject: Subject,
  parts: Parts,
  plan: CompressPlan,
  watch: Watch,
  logLoss: (heldOut: HeldOut) => number,
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
  const known = subject.lambda !== null && subject.lambda > 0 ? [subject.lambda] : plan.strengths;
  const common = {
    link,
    classes: data.classes.length,
    scale: compact.scale,
    most,
  };
  const { whole, folds, fine } = parts;
  const l1 = K > 1 ? l1OfMany : compact.columns.length < data.rows ? l1OfShort : l1OfFew;
  const fit = (jobs: readonly Omit<PrepareTask, keyof typeof common>[], from: number, share: number) =>
    runJobs<Prepared>(
      { features: compact.features, labels: data.labels, shares: whole.shares },
      jobs.map((job) => prepareJob({ ...common, ...job })),
      { outputs: K, threads: plan.threads },
      shareOf(watch, from, share),
      "compress",
    );
  const ofFolds = await fit(
    folds.map((part) => ({ lambdas: known, l1, ...part })),
    0,
    0.5,
  );
  const tried = known.flatMap((lambda, at) => {
    const found = ofFolds.flatMap(({ baselines }) => (at < baselines.length ? [baselines[at].heldOut] : []));
    if (found.length < folds.length) return [];
    const heldOut = joinHeldOut(found);
    return [{ lambda, heldOut, loss: logLoss(heldOut) }];
  });
  const best = tried.reduce((least, other) => (other.loss < least.loss ? other : least));
  const lambdas = [best.lambda];
  const measured = name === "" && fine.length > folds.length;
  const [ofAll, ...others] = await fit(
    [{ lambdas, l1, ...whole }, ...(measured ? fine : []).map((part) => ({ lambdas, l1: none, ...part }))],
    0.5,
    0.5,
  );
  const heldOut = measured ? joinHeldOut(others.map(({ baselines }) => baselines[0].heldOut)) : best.heldOut;
  const uncompressed = { lambda: best.lambda, heldOut };
  return { name, data, compact, allowed, prepared: [ofAll, ...ofFolds], uncompressed };
}

function shareOf(watch: Watch, from: number, share: number): Watch {
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

/**
 * Descends for every setting on all rows and on each fold, and tells of each setting as it is complete.
 * @throws `cancelled`
 */
export async function descend(
  settings: readonly Setting[],
  subject: Subject,
  lambda: number,
  { whole, folds }: Parts,
  plan: CompressPlan,
  watch: Watch,
  found: (candidates: readonly Candidate[]) => void,
): Promise<void> {
  const { input } = settings[0];
  const { data, compact } = input;
  const classes = data.classes.length;
  const K = subject.link === "binary" ? 1 : classes;
  const parts: readonly Part[] = [whole, ...folds];
  const prices = pricesOf(data, plan);
  const starts = parts.map((_, at) => startsOf(input.prepared[at], lambda, plan.starts));
  const jobs = settings.flatMap((setting) =>
    parts.map(({ shares, test }, at) =>
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
        shares,
        test: at === 0 ? null : test,
      }),
    ),
  );
  const results: (readonly DescendStep[])[] = [];
  const complete = (s: number) => {
    const own = Array.from(parts, (_, at) => results[s * parts.length + at]);
    if (own.includes(undefined as never)) return;
    found(candidatesOf(settings[s], own, prices, starts[0]));
  };
  await runJobs<readonly DescendStep[]>(
    { features: compact.features, labels: data.labels, shares: whole.shares },
    jobs,
    { outputs: K, threads: plan.threads },
    watch,
    "compress",
    (at, result) => {
      results[at] = result;
      complete(Math.floor(at / parts.length));
    },
  );
  checkCancelled(watch.signal, "compress");
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
    const same = others.map((steps) => steps.find(({ at }) => at === step.at)?.heldOut ?? null);
    if (same.some((heldOut) => heldOut === null)) return [];
    const heldOut = joinHeldOut(same as HeldOut[]);
    return [{ setting, mu: prices[step.at], start: starts[step.start].name, step, heldOut }];
  });
}

/** From a price at which a large model pays to one at which hardly a weight does, in units of the loss of no features. */
function pricesOf({ counts, rows }: Dataset, { ratio }: CompressPlan): number[] {
  const entropy = counts.reduce((sum, c) => (c > 0 ? sum - (c / rows) * Math.log(c / rows) : sum), 0);
  const count = Math.ceil(Math.log(3e5) / Math.log(ratio));
  return Array.from({ length: count }, (_, i) => entropy * 3e-7 * ratio ** i);
}

/** The L2 fit and as many of the L1 path, spread evenly over it. */
function startsOf({ baselines, starts }: Prepared, lambda: number, count: number): Start[] {
  const l2 = baselines.reduce((near, b) =>
    Math.abs(Math.log(b.lambda / lambda)) < Math.abs(Math.log(near.lambda / lambda)) ? b : near,
  );
  const inner = Math.min(count - 1, starts.length);
  const chosen = Array.from(
    { length: inner },
    (_, i) => starts[Math.floor(((i + 1) * starts.length) / inner) - 1],
  );
  return [l2.start, ...chosen];
}
