import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import type { Aggregate, AggregateState, Aggregation, Operation } from "../../../src/engine/aggregate";
import { answeredBy } from "../../../src/engine/aggregate";
import { begunAt } from "../../../src/engine/shrink";
import { Checkpoint } from "../../../src/engine/spark/checkpoint";
import { notBegun } from "../../../src/engine/spark/cluster-fitter";
import type { ClusterRows } from "../../../src/engine/spark/cluster-plan";
import { fitRows } from "../../../src/engine/spark/fit";
import { clusterJudged } from "../../../src/engine/spark/judged";
import { KeptFits } from "../../../src/engine/spark/kept-fits";
import { Objective } from "../../../src/engine/spark/objective";
import type { Outcome } from "../../../src/engine/spark/outcome";
import { crossValidateOn } from "../../../src/engine/table-cross-validate";
import type { CrossValidateOptions } from "../../../src/evaluate/cross-validate";
import { Dataset } from "../../../src/matrix/dataset";
import { LogisticRegression } from "../../../src/train/logistic-regression";
import { type LogisticRegressionOptions, parseOptions } from "../../../src/train/options";
import type { PathOptions } from "../../../src/train/path";
import { folder } from "../tables";
import { dataset, drawn, LocalRounds, LocalWorker } from "./local";

/** Rows packed in partitions of 700, and in memory. */
function made(classes?: readonly string[]) {
  const { cells, plan } = drawn(2000, 11, classes);
  const blocks = new LocalWorker(plan).run(
    "pack",
    cells.map((row, i) => [Math.floor(i / 700), JSON.stringify(row)]),
  ).rows;
  return { cells, plan, blocks, data: dataset(cells, plan) };
}

const two = made();
const three = made(["no", "very", "yes"]);
const { cells, plan, data } = two;

function rows({ cells, plan, blocks, data }: typeof two = two): ClusterRows & {
  readonly rounds: LocalRounds;
} {
  const masses = new Float64Array(plan.classes);
  for (const label of data.labels) masses[label]++;
  const { classes, featureNames } = data;
  const rounds = new LocalRounds(blocks, plan);
  return { rounds, classes, featureNames, scale: null, masses, rows: cells.length };
}

interface Case {
  readonly options: LogisticRegressionOptions;
  /** Rows of three classes, not of two. */
  readonly several?: boolean;
}

const groups = [plan.categorical[0].features, plan.categorical[1].features];
const penaltyWeights = Array.from({ length: plan.columns }, (_, j) => 0.5 + (j % 3));
const cases: readonly Case[] = [
  { options: { lambda: 1e-3 } },
  { options: { penalty: "l1", lambda: 5e-3, solver: "lbfgs" } },
  { options: { penalty: "l1", lambda: 5e-3 } },
  { options: { lambda: 1e-2, multiclass: "ovr" }, several: true },
  { options: { lambda: 1e-2, classWeight: "balanced" } },
  { options: { lambda: 1e-2, fitIntercept: false } },
  { options: { penalty: "elasticnet", lambda: 2e-2, l1Ratio: 0.7, penaltyWeights, solver: "lbfgs" } },
  { options: { penalty: "elasticnet", lambda: 2e-2, l1Ratio: 0.7, penaltyWeights } },
  { options: { penalty: "l1", lambda: 10 } },
  { options: { penalty: "group", lambda: 1e-2, groups } },
  { options: { lambda: 1e-2, bounds: { lower: 0 } } },
  { options: { lambda: 1e-2 }, several: true },
  { options: { lambda: 1e-2, penaltyWeights, classWeight: "balanced", fitIntercept: false }, several: true },
  { options: { penalty: "l1", lambda: 3e-3 }, several: true },
  { options: { penalty: "group", lambda: 1e-2, groups }, several: true },
  { options: { penalty: "elasticnet", lambda: 1e-2, l1Ratio: 0.3, multiclass: "ovr" }, several: true },
];

test("fits by rounds have the objective of fits in memory, and the bound of what it lacks holds", async () => {
  for (const { options, several } of cases) {
    const all = { tolerance: 1e-8, maxIterations: 500, ...options };
    const made = several ? three : two;
    const own = rows(made);
    const ours = await fitRows(own, parseOptions(all), {}, null);
    const theirs = await new LogisticRegression({ ...all, solver: "auto", tolerance: 1e-12 }).fit(made.data);
    const lacking = ours.fit.objective - theirs.fit.objective;
    const named = JSON.stringify({ ...options, classes: made.plan.classes, solver: ours.fit.solver });
    assert.ok(ours.fit.converged, `${named}: ${JSON.stringify(ours.fit.warnings)}`);
    assert.ok(
      lacking >= -1e-12 && lacking <= ours.fit.dualityGap + 1e-14,
      `${named}: ${lacking} of ${ours.fit.dualityGap}`,
    );
    assert.ok(ours.fit.dualityGap <= 1e-8 * ours.fit.objective, named);
    assert.equal(ours.weights.length, theirs.weights.length);
    ours.weights.forEach((w, j) => {
      assert.ok(Math.abs(w - theirs.weights[j]) < 2e-3, `${named}: weight ${j}: ${w}, ${theirs.weights[j]}`);
    });
    ours.intercepts.forEach((b, k) => {
      assert.ok(Math.abs(b - theirs.intercepts[k]) < 2e-3, `${named}: intercept ${k}`);
    });
    if (ours.fit.solver !== "owl-qn" || options.lambda === 10) continue;
    assert.ok(
      own.rounds.widths.some((width) => width < plan.columns),
      `${named}: no round was of some columns alone`,
    );
  }
});

test("the bound holds at every point, also far from the minimum", async () => {
  const { rounds } = rows();
  const factors = new Float64Array(2).fill(1 / cells.length);
  for (const name of ["l2", "l1", "elasticnet"] as const) {
    const ratio = { l2: 0, l1: 1, elasticnet: 0.5 }[name];
    const penalty = {
      name,
      lambda: 1e-2,
      l1Ratio: ratio,
      groups: null,
      weights: null,
      lower: null,
      upper: null,
      scale: null,
    };
    const task = { loss: { kind: "logistic", positive: 1 }, factors, part: null } as const;
    const masses = rows().masses.map((mass) => mass / cells.length);
    const objective = new Objective(penalty, plan.columns, true, task, masses);
    const options = {
      penalty: name,
      lambda: 1e-2,
      tolerance: 1e-12,
      ...(name === "elasticnet" ? { l1Ratio: 0.5 } : {}),
    };
    const best = (await new LogisticRegression(options).fit(data)).fit.objective;
    for (const size of [0, 0.3, 2]) {
      const w = Float64Array.from({ length: plan.columns + 1 }, (_, j) => size * Math.sin(j));
      const { value, gap } = await answeredBy(rounds, looked(objective, w));
      assert.ok(gap >= value - best - 1e-12, `${name} at ${size}: ${gap}, not ${value - best}`);
      assert.ok(
        gap < 100 * (value - best) + 0.1,
        `${name} at ${size}: ${gap} says little of ${value - best}`,
      );
    }
  }
});

function* looked(objective: Objective, w: Float64Array): Aggregation<{ value: number; gap: number }> {
  const point = yield* objective.at(w);
  return { value: point.value, gap: yield* objective.gap(w, point) };
}

test("a fit goes on from each of its checkpoints to the same bits", async () => {
  const chosen = [...cases.slice(0, 4), ...cases.slice(7, 8), ...cases.slice(9, 11), ...cases.slice(13)];
  for (const { options, several } of chosen) {
    const made = several ? three : two;
    const settings = parseOptions({ tolerance: 1e-7, maxIterations: 300, ...options });
    const path = join(folder, "each.checkpoint");
    const states: Buffer[] = [];
    const onProgress = (): void => {
      // Of fits side by side nothing is written before each has begun.
      if (existsSync(path)) states.push(readFileSync(path));
    };
    const whole = await fitRows(rows(made), settings, { onProgress }, path);
    assert.ok(!existsSync(path), "the checkpoint stayed");
    // A step of proximal Newton takes several rounds, and its first is to learn where to start.
    const proximal = whole.fit.solver === "prox-newton";
    assert.ok(states.length > (proximal ? 3 : 5), `${states.length} states`);
    const some = [0, 2, Math.floor(states.length / 2), states.length - 1];
    for (const at of proximal ? states.keys() : some) {
      writeFileSync(path, states[at]);
      const again = rows(made);
      const resumed = await fitRows(again, settings, {}, path);
      const begun = at > (proximal ? 1 : 0);
      assert.ok(again.rounds.count < whole.fit.passes! || !begun, `from state ${at} to no avail`);
      assert.deepEqual(resumed.weights, whole.weights, `${JSON.stringify(options)} from state ${at}`);
      assert.deepEqual(resumed.intercepts, whole.intercepts);
      assert.equal(resumed.fit.iterations, whole.fit.iterations);
    }
    writeFileSync(path, states[1]);
    await assert.rejects(fitRows(rows(made), { ...settings, tolerance: 1e-5 }, {}, path), {
      code: "invalid-file",
    });
    for (const spoilt of [
      states[1].subarray(0, states[1].length >> 1),
      Buffer.alloc(0),
      flipped(states[1]),
    ]) {
      writeFileSync(path, spoilt);
      await assert.rejects(fitRows(rows(made), settings, {}, path), { code: "corrupt-file" });
    }
    rmSync(path);
  }
});

test("paths and cross-validations go on from each of their checkpoints to the same bits", async () => {
  const path = join(folder, "path.checkpoint");
  const works: readonly (readonly [CrossValidateOptions, boolean, boolean])[] = [
    [{ penalty: "l1", lambdas: 4, lambdaRatio: 0.1 }, false, false],
    [{ lambdas: [0.1, 0.01] }, false, false],
    [{ penalty: "l1", lambdas: [0.03, 0.01], multiclass: "ovr" }, true, false],
    [{ penalty: "elasticnet", l1Ratio: [0.3, 0.9], lambdas: [0.05, 0.02], folds: 2 }, false, true],
    [{ lambdas: [0.1, 0.01], folds: 3 }, true, true],
  ];
  for (const [options, several, folded] of works) {
    const made = several ? three : two;
    const all = { tolerance: 1e-6, maxIterations: 200, ...options };
    const follow = async (own: LocalRounds, signal?: AbortSignal) => {
      const kept = new KeptFits(path, all);
      const table = clusterJudged({ ...rows(made), rounds: own }, kept);
      const watch = signal === undefined ? {} : { signal };
      const steps = folded
        ? await crossValidateOn(table, all, watch).then(({ points, model }) => ({ points, model }))
        : (await table.path(all as PathOptions, watch)).path.steps.map(({ lambda, model }) => ({
            lambda,
            model,
          }));
      kept.remove();
      return steps;
    };
    const plain = (found: Awaited<ReturnType<typeof follow>>) =>
      JSON.stringify(found, (key, value) =>
        key === "model" ? [[...value.weights], [...value.intercepts]] : value,
      );
    const first = rows(made).rounds;
    const whole = plain(await follow(first));
    assert.ok(!existsSync(path), "the checkpoint stayed");
    for (const share of [0.2, 0.5, 0.8]) {
      const stop = new AbortController();
      const lost = new StoppedRounds(made.blocks, made.plan, Math.floor(share * first.count), stop);
      await assert.rejects(follow(lost, stop.signal), { code: "cancelled" });
      assert.ok(existsSync(path), "nothing was written");
      const again = rows(made).rounds;
      assert.equal(plain(await follow(again)), whole, `${JSON.stringify(options)} at ${share}`);
      const most = (1 - 0.5 * share) * first.count + 8;
      assert.ok(again.count < most, `${again.count} rounds of ${first.count} after ${lost.count}`);
      assert.ok(!existsSync(path));
    }
  }
});

/** Rounds of a driver that is told to stop after some. */
class StoppedRounds extends LocalRounds {
  readonly #most: number;
  readonly #stop: AbortController;

  constructor(blocks: typeof two.blocks, own: typeof plan, most: number, stop: AbortController) {
    super(blocks, own);
    this.#most = most;
    this.#stop = stop;
  }

  override async aggregate(
    operation: Operation,
    state: AggregateState,
    chosen: Uint32Array | null = null,
  ): Promise<Aggregate> {
    if (this.count >= this.#most) this.#stop.abort();
    return await super.aggregate(operation, state, chosen);
  }
}

test("weights that are penalised in a scale have the objective of those in memory", async () => {
  const scale = Float32Array.from({ length: plan.columns }, (_, j) => 1 + (j % 4) / 2);
  const { features, labels, classes } = data;
  const scaled = Dataset.from({ features, labels: Array.from(labels, (k) => classes[k]), scale });
  const several: readonly LogisticRegressionOptions[] = [
    { lambda: 1e-2 },
    { penalty: "l1", lambda: 5e-3 },
    { penalty: "elasticnet", lambda: 2e-2, l1Ratio: 0.4, solver: "lbfgs" },
  ];
  for (const options of several) {
    const all = { tolerance: 1e-9, maxIterations: 500, ...options };
    const ours = await fitRows({ ...rows(), scale }, parseOptions(all), {}, null);
    const theirs = await new LogisticRegression({ ...all, solver: "auto", tolerance: 1e-12 }).fit(scaled);
    const plainly = await new LogisticRegression({ ...all, solver: "auto" }).fit(data);
    const lacking = ours.fit.objective - theirs.fit.objective;
    assert.ok(lacking > -1e-12 && lacking < 1e-8, `${lacking}`);
    assert.ok(Math.abs(plainly.fit.objective - theirs.fit.objective) > 1e-4);
    assert.deepEqual(ours.scale, scale);
  }
});

function flipped(bytes: Buffer): Buffer {
  const other = Buffer.from(bytes);
  other[other.length - 20] ^= 1;
  return other;
}

test("a state is read as it was written, and a disk that takes none leaves the one before", () => {
  const path = join(folder, "state.checkpoint");
  const checkpoint = new Checkpoint(path, { any: 1 });
  assert.equal(checkpoint.read(), null);
  const outcome: Outcome = {
    w: Float64Array.of(1, -0, Number.NaN, 5e-324),
    converged: true,
    objective: 0.1,
    loss: 0.05,
    solver: "lbfgs",
    gap: Number.NaN,
    gradientNorm: Number.POSITIVE_INFINITY,
    history: [{ iteration: 0, objective: 0.1, gradientNorm: 1, seconds: 0.5 }],
    seconds: 1,
    rounds: 3,
  };
  const some = new Float64Array(40);
  some.set(outcome.w, 7);
  const set = { blocks: Float64Array.of(3, 5), size: 128, curvedAt: some };
  const reached = { ...begunAt(some), history: outcome.history, steps: 3, keep: true, set };
  const state = {
    begun: notBegun,
    done: { ...notBegun, done: outcome },
    reached: { ...notBegun, reached },
  };
  checkpoint.write(state);
  assert.deepEqual(checkpoint.read(), state);
  assert.deepEqual(
    readdirSync(folder).filter((name) => name.endsWith(".tmp")),
    [],
  );
  const nowhere = new Checkpoint(join(folder, "no", "such", "folder"), {});
  assert.throws(() => nowhere.write(state), { code: "failed" });
});

test("what a cluster does not fit is refused before any round", async () => {
  const refused: readonly LogisticRegressionOptions[] = [
    { penalty: "group", solver: "lbfgs" },
    { bounds: { lower: 0 }, solver: "lbfgs" },
    { solver: "dual" },
    { solver: "newton" },
    { solver: "prox-newton" },
  ];
  for (const options of refused) {
    const own = rows();
    await assert.rejects(fitRows(own, parseOptions(options), {}, null), { code: "invalid-option" });
    assert.equal(own.rounds.count, 0);
  }
});
