import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import type { Aggregation } from "../../../src/engine/aggregate";
import { answeredBy } from "../../../src/engine/aggregate";
import { Checkpoint, type FitState } from "../../../src/engine/spark/checkpoint";
import type { ClusterRounds } from "../../../src/engine/spark/class-fit";
import { type ClusterRows, fitRows } from "../../../src/engine/spark/fit";
import { Objective } from "../../../src/engine/spark/objective";
import { LogisticRegression } from "../../../src/train/logistic-regression";
import { type LogisticRegressionOptions, parseOptions } from "../../../src/train/options";
import { folder } from "../tables";
import { dataset, drawn, LocalRounds, LocalWorker } from "./local";

const { cells, plan } = drawn(2000, 11);
const blocks = new LocalWorker(plan).run(
  "pack",
  cells.map((row, i) => [Math.floor(i / 700), JSON.stringify(row)]),
).rows;
const data = dataset(cells, plan);

function rows(): ClusterRows & { readonly rounds: LocalRounds & ClusterRounds } {
  const masses = new Float64Array(2);
  for (const label of data.labels) masses[label]++;
  const rounds = Object.assign(new LocalRounds(blocks, plan.columns), { start: null });
  const state = {
    label: "late",
    classes: ["no", "yes"],
    numeric: [{ name: "age", ...plan.numeric[0] }],
    categorical: plan.categorical.map((column, k) => ({ name: `c${k}`, levels: column.cells })),
    text: [],
    missing: "mean",
    unseen: "zero",
  } as const;
  return { rounds, state, masses, rows: cells.length };
}

const cases: readonly LogisticRegressionOptions[] = [
  { lambda: 1e-3 },
  { lambda: 1e-2, classWeight: "balanced" },
  { lambda: 1e-2, fitIntercept: false },
  { penalty: "l1", lambda: 5e-3 },
  {
    penalty: "elasticnet",
    lambda: 2e-2,
    l1Ratio: 0.7,
    penaltyWeights: Array.from({ length: plan.columns }, (_, j) => 0.5 + (j % 3)),
  },
  { penalty: "l1", lambda: 10 },
];

test("fits by rounds have the objective of fits in memory, and the bound of what it lacks holds", async () => {
  for (const options of cases) {
    const all = { tolerance: 1e-8, maxIterations: 500, ...options };
    const own = rows();
    const ours = await fitRows(own, parseOptions(all), {}, null);
    const theirs = await new LogisticRegression({ ...all, tolerance: 1e-12 }).fit(data);
    const lacking = ours.fit.objective - theirs.fit.objective;
    const named = JSON.stringify(options);
    assert.ok(ours.fit.converged, `${named}: ${JSON.stringify(ours.fit.warnings)}`);
    assert.ok(
      lacking >= -1e-12 && lacking <= ours.fit.dualityGap + 1e-14,
      `${named}: ${lacking} of ${ours.fit.dualityGap}`,
    );
    assert.ok(ours.fit.dualityGap <= 1e-8 * ours.fit.objective);
    ours.weights.forEach((w, j) => {
      assert.ok(Math.abs(w - theirs.weights[j]) < 1e-3, `${named}: weight ${j}: ${w}, ${theirs.weights[j]}`);
    });
    if (options.penalty !== "l1") continue;
    const most = Math.max(...own.rounds.widths.filter((width) => width < plan.columns));
    assert.ok(most < plan.columns, "no round was of some columns alone");
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
    const objective = new Objective(penalty, plan.columns, true, {
      loss: { kind: "logistic", positive: 1 },
      factors,
      part: null,
    });
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
  for (const options of [cases[0], cases[3]]) {
    const settings = parseOptions({ tolerance: 1e-7, maxIterations: 300, ...options });
    const path = join(folder, "each.checkpoint");
    const states: Buffer[] = [];
    const onProgress = (): void => void states.push(readFileSync(path));
    const whole = await fitRows(rows(), settings, { onProgress }, path);
    assert.ok(!existsSync(path), "the checkpoint stayed");
    assert.ok(states.length > 5);
    for (const at of [0, 2, Math.floor(states.length / 2), states.length - 1]) {
      writeFileSync(path, states[at]);
      const again = rows();
      const resumed = await fitRows(again, settings, {}, path);
      assert.deepEqual(resumed.weights, whole.weights, `from state ${at}`);
      assert.deepEqual(resumed.intercepts, whole.intercepts);
    }
    writeFileSync(path, states[1]);
    await assert.rejects(fitRows(rows(), { ...settings, tolerance: 1e-5 }, {}, path), {
      code: "invalid-file",
    });
    for (const spoilt of [states[1].subarray(0, 900), Buffer.alloc(0), flipped(states[1])]) {
      writeFileSync(path, spoilt);
      await assert.rejects(fitRows(rows(), settings, {}, path), { code: "corrupt-file" });
    }
    rmSync(path);
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
  const outcome = {
    w: Float64Array.of(1, -0, Number.NaN, 5e-324),
    converged: true,
    objective: 0.1,
    gap: Number.NaN,
    gradientNorm: Number.POSITIVE_INFINITY,
    history: [{ iteration: 0, objective: 0.1, gradientNorm: 1, seconds: 0.5 }],
    seconds: 1,
    rounds: 3,
  };
  const state: FitState = { done: [outcome], descent: null, path: null };
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
    { penalty: "group" },
    { bounds: { lower: 0 } },
    { solver: "dual" },
  ];
  for (const options of refused) {
    const own = rows();
    await assert.rejects(fitRows(own, parseOptions(options), {}, null), { code: "invalid-option" });
    assert.equal(own.rounds.count, 0);
  }
});
