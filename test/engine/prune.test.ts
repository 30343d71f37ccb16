import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { encodeTable } from "../../src/engine/encode-table";
import { parseEngine } from "../../src/engine/options";
import { PackedTable } from "../../src/engine/packed-table";
import { parseTable } from "../../src/engine/source";
import { clusterSums } from "../../src/engine/spark/sums";
import { prunedBySums } from "../../src/engine/table-prune";
import { TableEncoder } from "../../src/frame/encoder";
import type { Dataset } from "../../src/matrix/dataset";
import type { LinearModel } from "../../src/model/linear";
import type { PruneOptions } from "../../src/prune/options";
import { prune } from "../../src/prune/prune";
import type { PrunedModel } from "../../src/prune/pruned";
import { LogisticRegression } from "../../src/train/logistic-regression";
import type { LogisticRegressionOptions } from "../../src/train/options";
import { drawn, dataset as drawnRows, LocalRounds, LocalWorker } from "./spark/local";
import { people, temporary, write } from "./tables";

const spec = { label: "label", numeric: "age", categorical: ['ci"ty', "code"] } as const;

/** A table whose rows do not fit what pruning may take, and the same rows in memory. */
interface Case {
  readonly table: { prune(model: LinearModel, options: Omit<PruneOptions, "data">): Promise<PrunedModel> };
  readonly data: Dataset;
  readonly model: LinearModel;
}

const cases: (Case & { readonly name: string })[] = [];
const closed: (() => void)[] = [];

before(async () => {
  for (const [name, classes, multiclass] of [
    ["two classes", ["no", "yes"], "softmax"],
    ["three, softmax", ["a", "b", "c"], "softmax"],
    ["three, ovr", ["a", "b", "c"], "ovr"],
  ] as const) {
    const rows = people(5000, 6, classes);
    const source = parseTable({ parquet: await write(rows, "parquet", `prune-${name}.parquet`), ...spec });
    const encoded = await encodeTable(source, parseEngine({ temporaryFolder: temporary }), {});
    const table = new PackedTable({ ...encoded, room: 300_000 });
    closed.push(() => table.close());
    const { data } = TableEncoder.fitTransform(rows, spec);
    const options = { penalty: "l2", lambda: 1e-3, tolerance: 1e-13, multiclass } as const;
    const all = Uint32Array.from({ length: data.columns }, (_, j) => j);
    await assert.rejects(table.reduced(all.subarray(0, 13)), { code: "invalid-data" });
    cases.push({ name, table, data, model: await new LogisticRegression(options).fit(data) });
    cases.push(await onCluster(name, classes, options));
  }
});

/** Rows as a cluster's executors pack and add them up. */
async function onCluster(
  name: string,
  classes: readonly string[],
  options: LogisticRegressionOptions,
): Promise<(typeof cases)[number]> {
  const { cells, plan } = drawn(1500, 8, classes);
  const lines = cells.map((row, i) => [Math.floor(i / 400), JSON.stringify(row)]);
  const blocks = new LocalWorker(plan).run("pack", lines).rows;
  const data = drawnRows(cells, plan);
  const masses = new Float64Array(plan.classes);
  for (const label of data.labels) masses[label]++;
  const { featureNames } = data;
  const rounds = new LocalRounds(blocks, plan);
  const sums = clusterSums({ rounds, classes, featureNames, scale: null, masses, rows: cells.length });
  return {
    ...{ name: `${name} on a cluster`, data },
    table: { prune: async (model, own) => await prunedBySums(sums, model, own, {}) },
    model: await new LogisticRegression(options).fit(data),
  };
}
after(() => {
  for (const close of closed) close();
});

function same(ours: PrunedModel, theirs: PrunedModel, most: number, what: string): void {
  assert.deepEqual(ours.mask, theirs.mask, what);
  for (const [a, b] of [
    [ours.weights, theirs.weights],
    [ours.intercepts, theirs.intercepts],
  ]) {
    a.forEach((w, at) => {
      assert.ok(Math.abs(w - b[at]) <= most, `${what}, ${at}: ${w}, ${b[at]}`);
    });
  }
  ours.importances.forEach((worth, at) => {
    const other = theirs.importances[at];
    assert.ok(Math.abs(worth - other) <= 1e-8 * Math.max(1e-3, other), `${what}: ${worth}, ${other}`);
  });
  assert.ok(!ours.pruning.warnings!.some(({ code }) => code === "sampled"), what);
  const losses = [ours, theirs].map(({ pruning }) => pruning.rounds!.map(({ logLoss }) => logLoss));
  losses[0].forEach((loss, r) => {
    assert.ok(Math.abs(loss - losses[1][r]) <= 1e-8, `${what}, round ${r}: ${loss}, ${losses[1][r]}`);
  });
}

const judged: readonly Omit<PruneOptions, "data">[] = [
  { strategy: "magnitude", keep: 6 },
  { strategy: "gradient", keep: 6 },
  { strategy: "taylor", keep: 6 },
  { strategy: "taylor", order: 1, keep: 6 },
  { strategy: "obs", keep: 6 },
  { strategy: "obs", scope: "feature", keep: 4 },
];

test("beyond memory every strategy that sums over rows leaves what it leaves in memory, by all rows", async () => {
  for (const { name, table, data, model } of cases) {
    for (const options of judged) {
      const what = `${name}: ${JSON.stringify(options)}`;
      same(await table.prune(model, options), await prune(model, { ...options, data }), 1e-8, what);
    }
  }
});

test("beyond memory refits, rounds, exchanges and budgets of loss are by all rows", async () => {
  for (const { name, table, data, model } of cases) {
    for (const options of [
      { strategy: "obs", keep: 5, refit: true },
      { strategy: "taylor", keep: 6, schedule: "cubic", rounds: 3, refit: true },
      { strategy: "magnitude", maxLogLossIncrease: 0.02, refit: true },
      { strategy: "l2", keep: 4, decay: 0.1 },
    ] as const) {
      const what = `${name}: ${JSON.stringify(options)}`;
      const [ours, theirs] = [await table.prune(model, options), await prune(model, { ...options, data })];
      assert.deepEqual(ours.mask, theirs.mask, what);
      // Refits end at a gap of 1e-8 of the objective, which the ridge turns into a distance.
      const apart = Math.hypot(...ours.weights.map((w, at) => w - theirs.weights[at]));
      assert.ok(apart <= Math.sqrt((4 * 1e-8) / 1e-3), `${what}: ${apart}`);
      const [a, b] = [ours, theirs].map(({ pruning }) => pruning.rounds!.at(-1)!.logLoss);
      assert.ok(Math.abs(a - b) <= 1e-6, `${what}: ${a}, ${b}`);
    }
  }
});

test("beyond memory a refit's strength is chosen by rows that are held out, and all rows are fitted", async () => {
  const [{ table, data, model }] = cases;
  const lambdas = [1e-4, 1e-2, 1];
  for (const refit of [{ lambda: lambdas }, { lambda: lambdas, folds: 3 }]) {
    const { pruning, mask, weights } = await table.prune(model, { keep: 6, refit, seed: 2 });
    const { tried = [], refitLambda } = pruning;
    assert.deepEqual(
      tried.map(({ lambda }) => lambda),
      lambdas,
    );
    const least = tried.reduce((best, one) => (one.logLoss < best.logLoss ? one : best));
    assert.equal(refitLambda, least.lambda);
    assert.ok(tried[2].logLoss > 1.05 * least.logLoss);
    const again = await prune(model, { keep: 6, data, refit: { lambda: refitLambda! } });
    assert.deepEqual(mask, again.mask);
    weights.forEach((w, at) => {
      assert.ok(Math.abs(w - again.weights[at]) < 1e-3);
    });
  }
});
