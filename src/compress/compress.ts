import { listening } from "../base/ambient-signal";
import { fail, LogitpressError } from "../base/errors";
import type { Progress, Watch } from "../base/progress";
import { checkDataset } from "../matrix/check-dataset";
import { Dataset } from "../matrix/dataset";
import { alignedTo } from "../model/align";
import { LinearScorer } from "../model/linear";
import { writeEncoder } from "../pack/encoder-section";
import { PackedModel } from "../pack/packed";
import { lambdaOf } from "../prune/prune";
import { type CompressedPoint, Compression } from "./compression";
import { descend } from "./descents";
import { type CompressOptions, type CompressPlan, planCompression } from "./options";
import { type Pass, preparePass, referenceOf } from "./passes";
import { pointOf } from "./point";
import type { Outline } from "./race";
import { type Candidate, prepare, type SearchInput, type Setting, type Subject } from "./search";

/**
 * The smallest file at a given quality, or the best model of a given size. Minimises
 *
 *     mean loss + lambda / 2 ||W||^2 + mu x bits of the file
 *
 * over the support, the codes of the weights and the levels together, for every price `mu` of a bit from large models to
 * small ones: coordinate descent on the exact loss with the adaptive code length (a weight changes only if the true objective
 * falls), levels and intercepts fitted again by Newton's method after each sweep; from several starts, for several numbers of
 * levels and strengths of the penalty, all cross-validated. Entropy-coded scalar quantization with the loss itself for the
 * distortion (Chou, Lookabaugh and Gray, 1989, for a signal; Wiedemann et al., 2020, "DeepCABAC", for a network).
 *
 * The model that is chosen is of all rows; what is said of its quality comes from folds that went through the same
 * steps without their rows, the uncompressed model's from 20 folds or more, since every row less harms a large model most.
 * Of each descent those models count that keep the budget by the margin, together with all between them and the safest one: the
 * smallest of many that seem to keep it would be one that is lucky on these rows. The budget is kept on new rows in
 * the mean, not surely: where the losses of few rows decide, as the log-loss of models that are hardly ever wrong, a sample of some
 * thousand rows can say much else. The same input gives the same bytes on any number of threads.
 *
 * When it is cancelled and has something, it returns the best that it has, with `cancelled` true.
 *
 * @param source a trained or pruned model, whose kind, strength of L2 and support the search takes over; or the data
 * themselves, to have a model trained; bounds that it was fitted within are not kept
 * @param data the rows to search with, never test rows
 * @throws `unknown-option`, `invalid-option`, `missing-option`; `invalid-model` for a quantized model; `width-mismatch`
 * and `invalid-label` where the data are of other features or classes than the model; `cancelled` where nothing was found yet
 */
export async function compress(
  source: LinearScorer | PackedModel | Dataset,
  data: Dataset,
  options: CompressOptions,
  watch: Watch = {},
): Promise<Compression> {
  const started = performance.now();
  const heard = listening(watch);
  const rows = rowsOf(source, data);
  const plan = planCompression(options, rows);
  const subject = subjectOf(source, rows, plan);
  const passes = [...(plan.before === null ? [] : [plan.before]), plan];
  const tell = progressOf(heard, rows, passes);
  const prepared: Pass[] = [];
  for (const [at, own] of passes.entries()) {
    prepared.push(await preparePass(rows, subject, own, prepared, tell.prepare(at)));
  }
  const reference = referenceOf(rows, prepared);
  const { lambda, judged } = reference;
  const judge = reference.judge(judged);
  const baseline = {
    lambda,
    bytes: plainBytes(rows, subject, plan),
    logLoss: judge.logLoss(judge.baseline),
    accuracy: judge.accuracy(judge.baseline),
  };
  const points: CompressedPoint[] = [];
  const result = (cancelled: boolean) =>
    new Compression({
      ...{ points, baseline, budget: plan.budget, margin: plan.margin, folds: plan.run },
      ...{
        rows: judged,
        coarse: plan.coarse,
        cancelled,
        seconds: (performance.now() - started) / 1000,
      },
    });
  const found = (candidates: readonly Candidate[], own: CompressPlan) => {
    if (candidates.length === 0) return;
    const judging = reference.judge(candidates[0].heldOut.losses.length);
    candidates.forEach((candidate, at) => {
      const near = nearTo(candidates, at).map(({ heldOut }) => heldOut);
      points.push(pointOf(candidate, rows, subject, judging.of(near), own));
    });
    tell.best(result(false));
  };
  try {
    for (const [at, { plan: own, parts, input }] of prepared.entries()) {
      const rivals: Outline[] = [];
      for (const [name, other] of inputsOf(rows, own)) {
        const bar = tell.pass(at, name);
        const of = { ...subject, mask: null, lambda: null };
        const how = { parts, plan: own, measured: () => false };
        const ready =
          name === "" ? input : await prepare(name, other.withClasses(rows.classes), of, how, bar(0, 0.2));
        const task = { subject, parts, plan: own, rivals };
        const tried = settingsOf(ready, own);
        rivals.push(...(await descend(tried, task, bar(0.2, 1), (candidates) => found(candidates, own))));
      }
    }
  } catch (error) {
    const stopped = error instanceof LogitpressError && error.code === "cancelled";
    if (!stopped || points.length === 0) throw error;
    return result(true);
  }
  if (points.length === 0) {
    fail("invalid-data", {
      thing: "data to compress a model of",
      value: "no weight pays",
      expected: "features that tell something of the labels",
    });
  }
  const whole = result(false);
  tell.end(whole);
  return whole;
}

function rowsOf(source: LinearScorer | PackedModel | Dataset, data: Dataset): Dataset {
  if (source instanceof Dataset) {
    if (source === data) return data;
    return fail(data instanceof Dataset ? "invalid-option" : "invalid-data", {
      thing: "data of compress",
      value: data ?? "nothing",
      expected: "the data that come first, where no model does",
      remedy: "compress(data, data, options) takes them twice.",
    });
  }
  checkDataset(data, "data of compress");
  return alignedTo(source, data);
}

function subjectOf(source: LinearScorer | PackedModel | Dataset, data: Dataset, plan: CompressPlan): Subject {
  if (source instanceof Dataset) {
    return { link: data.classes.length === 2 ? "binary" : plan.multiclass, lambda: null, mask: null };
  }
  const model = source instanceof PackedModel ? source.model : source;
  if (!(model instanceof LinearScorer)) {
    fail("invalid-model", {
      thing: "model to compress",
      value: (model as { stage?: string }).stage,
      expected: "a trained or a pruned model: codes are compressed already",
    });
  }
  const mask = model.stage === "pruned" ? Uint8Array.from(model.weights, (w) => Number(w !== 0)) : null;
  if (mask !== null && !mask.includes(1)) {
    fail("invalid-model", {
      thing: "model to compress",
      value: "all weights zero",
      expected: "a nonzero weight",
    });
  }
  return { link: model.link, lambda: lambdaOf(model), mask };
}

function plainBytes({ columns, classes }: Dataset, { link }: Subject, { packing }: CompressPlan): number {
  const { encoder } = packing;
  const table = 4 * (columns + 1) * (link === "binary" ? 1 : classes.length);
  return table + (encoder === undefined ? 0 : writeEncoder(encoder.state()).length);
}

function settingsOf(input: SearchInput, plan: CompressPlan): Setting[] {
  const { lambda } = input.uncompressed;
  const { lambdas, levels } = plan;
  const strengths =
    lambdas.kind === "strengths" ? lambdas.values : lambdas.values.map((factor) => factor * lambda);
  return strengths
    .flatMap((strength) => levels.map((count) => ({ input, levels: count, lambda: strength })))
    .slice(0, plan.shares[input.name].settings);
}

/** Those next to one on its path, and all whose prices are about its own: where prices lie closer, models differ less. */
function nearTo(candidates: readonly Candidate[], at: number): readonly Candidate[] {
  const { mu } = candidates[at];
  return candidates.filter(
    (other, i) => Math.abs(i - at) <= 1 || Math.max(other.mu / mu, mu / other.mu) < 1.6,
  );
}

/** The data themselves and the other inputs, those with the fewest values first: they are soonest done, and the rivals of the rest. */
function inputsOf(rows: Dataset, { inputs }: CompressPlan): readonly (readonly [string, Dataset])[] {
  return Object.entries({ "": rows, ...inputs }).sort(
    ([, a], [, b]) => a.features.nonzeros - b.features.nonzeros,
  );
}

/** The part of the bar in which the uncompressed model is sought and measured. */
const preparing = 0.25;

/**
 * One bar for all steps: passes and inputs by their stored values and settings, so that the time that is left follows from what is done.
 */
function progressOf(watch: Watch, rows: Dataset, passes: readonly CompressPlan[]) {
  let best = "";
  const sizes = passes.flatMap((plan, pass) =>
    inputsOf(rows, plan).map(([name, { features }]) => ({
      ...{ pass, name },
      size: features.nonzeros * plan.shares[name].settings * (1 + plan.shares[name].folds),
    })),
  );
  const all = sizes.reduce((sum, { size }) => sum + size, 0);
  const part = (from: number, to: number): Watch => ({
    ...watch,
    onProgress: ({ done, total = 1, message = "" }: Progress) =>
      watch.onProgress?.({
        step: "compress",
        done: from + ((to - from) * done) / total,
        total: 1,
        message: best === "" ? message : `${best}; ${message}`,
      }),
  });
  return {
    prepare: (pass: number) =>
      part((preparing * pass) / passes.length, (preparing * (pass + 1)) / passes.length),
    pass: (pass: number, name: string) => {
      const at = sizes.findIndex((own) => own.pass === pass && own.name === name);
      const share = (size: number) => ((1 - preparing) * size) / all;
      const from = preparing + share(sizes.slice(0, at).reduce((sum, { size }) => sum + size, 0));
      const width = share(sizes[at].size);
      return (low: number, high: number) => part(from + width * low, from + width * high);
    },
    best: (compression: Compression) => {
      best = `best so far ${summaryOf(compression)}`;
    },
    // The last to be heard of before is whichever setting happened to be the last.
    end: (compression: Compression) => {
      watch.onProgress?.({
        ...{ step: "compress", done: 1, total: 1 },
        message: `${summaryOf(compression)}, of ${compression.points.length} models`,
      });
    },
  };
}

function summaryOf({ chosen, met }: Compression): string {
  const { bytes, crossValidated } = chosen;
  return `${bytes} bytes, log-loss ${crossValidated.logLoss.toPrecision(3)}${met ? "" : ", beyond the budget"}`;
}
