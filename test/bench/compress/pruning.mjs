#!/usr/bin/env node
// The pruning half of npm run bench:compress: every strategy at the same numbers of weights on real data, beside scikit-learn's L1.
// Strengths are chosen on validation rows; the tables show test rows, which nothing has seen. `--help` names the options.
import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { datasetOf, libraryOf } from "../train/data.mjs";
import { pruningPeers } from "./pruning-peers.mjs";
import { overSplits, percent, tableOf, verdicts } from "./pruning-table.mjs";

const library = libraryOf();

/** Data, the numbers of weights that are kept, and whether what fits again and again ends in time. */
export const cases = [
  { name: "cancer", keeps: [3, 5, 8, 12, 20], slow: true },
  { name: "e-mails", keeps: [30, 100, 300, 1000, 3000], slow: false },
  { name: "digits", keeps: [100, 250, 500, 1000, 2500], slow: false },
  { name: "flights", keeps: [30, 100, 300, 1000, 3000], slow: false },
];
const rounds = "obs in 6 rounds";
const plain = "obs without exchanges";
const strategies = ["magnitude", "l1", "l2", "gradient", "taylor", "obs", plain, "random"];
const strengths = [1e-2, 3e-3, 1e-3, 3e-4, 1e-4, 3e-5, 1e-5];
/** Strengths of a refit, as shares of the model's. */
const shares = [0.1, 0.3, 1, 3, 10];

/** Measures the cases whose names match, and returns lines of Markdown. */
export async function pruning({
  wanted = /./,
  peers = true,
  named = /./,
  slow = false,
  keeps,
  only,
  seeds = [1],
  limit = 300,
} = {}) {
  const lines = [];
  for (const one of cases.filter(({ name }) => wanted.test(name))) {
    console.error(one.name);
    const asked = { ...one, slow: slow || one.slow, keeps: keeps ?? one.keeps, only, limit, peers: named };
    const splits = [];
    for (const seed of seeds) splits.push(await measureCase({ ...asked, seed }, peers));
    if (seeds.length === 1) lines.push(...splits[0].lines, "");
    else lines.push(...overSplits(asked, splits), "");
  }
  return lines;
}

async function measureCase(one, peers) {
  const { train, validation, test } = await partsOf(one.name, one.seed);
  const model = await floatModel(train, validation);
  const base = lossOf(model, test);
  const points = [];
  const seconds = {};
  const named = [...strategies, ...(one.slow ? [rounds, "bestSubset"] : [])].filter(
    (name) => name === "obs" || (one.only?.includes(name) ?? true),
  );
  for (const strategy of named) {
    const started = process.cpuUsage();
    const pruned = await within(one.limit, (signal) =>
      prunedTo(model, one.keeps, strategy, train, { signal }),
    );
    const { user, system } = process.cpuUsage(started);
    const spent = (user + system) / 1e6;
    seconds[strategy] = spent;
    console.error(
      `  ${strategy}: ${spent.toFixed(1)} s of processor time${pruned === null ? ", stopped" : ""}`,
    );
    if (pruned === null) continue;
    for (const [i, keep] of one.keeps.entries()) {
      const lambda = shares.map((share) => share * model.lambda);
      const tuned = { sparsity: 0, data: train, validation, refit: { lambda } };
      const chosen = await library.prune(pruned[i], tuned);
      const objective = objectiveOf(pruned[i], lossOf(pruned[i], train), model.lambda);
      points.push({
        strategy,
        keep,
        kept: chosen.nonzeros,
        objective,
        chosen,
        logLoss: lossOf(chosen, test),
      });
    }
  }
  const theirs = peers ? pruningPeers(model, one.keeps, { train, validation, test }, one.peers) : [];
  for (const { name, results } of theirs)
    for (const [i, result] of results.entries())
      if (result !== null) points.push({ strategy: name, keep: one.keeps[i], peer: true, ...result });
  const lines = [
    `### ${one.name}: float log-loss ${base.toFixed(4)}, accuracy ${percent(model.score(test))} on ${test.rows} test rows, ${model.nonzeros} weights, lambda ${model.lambda}`,
    "",
    ...tableOf(one.keeps, named, points, theirs, seconds),
    "",
    ...verdicts(
      one.keeps,
      points.filter(({ peer }) => !peer),
      (models) => library.compare(models, test, { latencyRows: 0 }).row("other").difference.logLoss,
    ),
  ];
  return { lines, points, ratio: test.rows / (train.rows + validation.rows) };
}

/** What work gives, or `null` where it takes more than so many seconds of the processor. */
async function within(seconds, work) {
  const stop = new AbortController();
  const started = process.cpuUsage();
  const timer = setInterval(() => {
    const { user, system } = process.cpuUsage(started);
    if (user + system > 1e6 * seconds) stop.abort();
  }, 500);
  try {
    return await work(stop.signal);
  } catch (error) {
    if (error.code !== "cancelled") throw error;
    return null;
  } finally {
    clearInterval(timer);
  }
}

/** Pruned to each number of weights and fitted again at the model's own strength. */
async function prunedTo(model, keeps, strategy, data, watch) {
  const all = model.weights.length;
  if (strategy === rounds) {
    const options = { strategy: "obs", data, refit: true, schedule: "iterative", rounds: 6 };
    const found = [];
    for (const keep of keeps) found.push(await library.prune(model, { ...options, keep }, watch));
    return found;
  }
  const sparsities = keeps.map((keep) => 1 - keep / all);
  const own =
    strategy === plain ? { strategies: ["obs"], obs: { exchanges: 0 } } : { strategies: [strategy] };
  const { points } = await library.pruningCurve(model, { data, ...own, sparsities, refit: true }, watch);
  return points.map((point) => point.model).reverse();
}

/** Training, validation and test rows. */
async function partsOf(name, seed) {
  if (name === "e-mails") {
    const frames = library.splitFrame(await library.datasets.spam(), {
      test: 0.2,
      stratify: "label",
      seed,
    });
    const rest = library.splitFrame(frames.train, { test: 0.25, stratify: "label", seed: seed + 1 });
    const encoder = library.TableEncoder.fit(rest.train, {
      label: "label",
      text: "text",
      textOptions: { ngrams: [1, 2], bits: 18, tfidf: true },
    });
    const [train, validation, test] = [rest.train, rest.test, frames.test].map((f) => encoder.transform(f));
    return { train, validation, test };
  }
  const data = datasetOf(name === "flights" ? "flights240" : name, library);
  const { train: rest, test } = data.split({ test: 0.2, seed });
  const { train, test: validation } = rest.split({ test: 0.25, seed: seed + 1 });
  return { train, validation, test };
}

/** The L2 fit of the strength that validation rows prefer. */
async function floatModel(train, validation) {
  let best;
  for (const lambda of strengths) {
    const model = await new library.LogisticRegression({ lambda, tolerance: 1e-8 }).fit(train);
    const loss = lossOf(model, validation);
    if (best === undefined || loss < best.loss) best = { model, loss };
  }
  return best.model;
}

function lossOf(model, data) {
  return library.evaluate(model, data, { latencyRows: 0 }).logLoss;
}

function objectiveOf({ weights, scale, outputs }, loss, lambda) {
  let norm = 0;
  weights.forEach((w, at) => {
    norm += (w / (scale === null ? 1 : scale[Math.floor(at / outputs)])) ** 2;
  });
  return loss + (lambda / 2) * norm;
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const { values: options } = parseArgs({
    options: {
      cases: { type: "string", default: "" },
      keep: { type: "string" },
      "only-ours": { type: "boolean", default: false },
      peers: { type: "string", default: "" },
      slow: { type: "boolean", default: false },
      strategies: { type: "string" },
      seeds: { type: "string", default: "1" },
      limit: { type: "string", default: "300" },
      help: { type: "boolean", default: false },
    },
  });
  if (options.help) {
    console.log(`node test/bench/compress/pruning.mjs -- [options]
  --cases REGEX  only the data whose name it matches: ${cases.map(({ name }) => name).join(", ")}
  --keep LIST    these numbers of weights, comma between
  --only-ours    without peers
  --peers REGEX  the peers whose name it matches: scikit-learn, tfmot and torch (on dense data)
  --strategies LIST  these alone, comma between; obs is always among them
  --seeds LIST   of the splits; of several the table shows means and intervals of the differences
  --limit S      seconds of the processor that a strategy may take for a data set; default 300
  --slow         obs in rounds and bestSubset also on large data`);
    process.exit(0);
  }
  const keeps = options.keep?.split(",").map(Number);
  const asked = {
    only: options.strategies?.split(","),
    wanted: new RegExp(options.cases),
    slow: options.slow,
    seeds: options.seeds.split(",").map(Number),
    peers: !options["only-ours"],
    named: new RegExp(options.peers),
    limit: Number(options.limit),
    ...(keeps && { keeps }),
  };
  console.log((await pruning(asked)).join("\n"));
  process.exit(0);
}
