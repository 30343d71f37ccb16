import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { Random } from "../../src/base/random";
import { compress } from "../../src/compress/compress";
import { duckdb } from "../../src/engine/duckdb";
import { encodeTable } from "../../src/engine/encode-table";
import { shareOf } from "../../src/engine/folds";
import { parseEngine } from "../../src/engine/options";
import { PackedTable } from "../../src/engine/packed-table";
import { parseTable } from "../../src/engine/source";
import { compare } from "../../src/evaluate/compare";
import { crossValidate } from "../../src/evaluate/cross-validate";
import { evaluate } from "../../src/evaluate/evaluate";
import { TableEncoder } from "../../src/frame/encoder";
import { Dataset } from "../../src/matrix/dataset";
import type { LinearModel } from "../../src/model/linear";
import { unpack } from "../../src/pack/read";
import { prune } from "../../src/prune/prune";
import { quantize } from "../../src/quantize/quantize";
import { LogisticRegression } from "../../src/train/logistic-regression";
import { regularizationPath } from "../../src/train/path";
import { near } from "./near";
import { folder, people, sql, temporary, write } from "./tables";

const engine = duckdb({ memoryLimit: "400MB", threads: 2, temporaryFolder: temporary });
const columns = { label: "label", categorical: ['ci"ty', "code"], numeric: "age" } as const;
const rows = people(4000, 11, ["no", "yes"]);
const data = TableEncoder.fit(rows, columns).transform(rows);
let table: PackedTable;
let model: LinearModel;

before(async () => {
  table = await engine.encode({ parquet: await write(rows, "parquet", "steps.parquet"), ...columns });
  model = await new LogisticRegression({ penalty: "l2", lambda: 1e-3, tolerance: 1e-13 }).fit(data);
});
after(() => table.close());

function close(ours: number, theirs: number, most: number): void {
  assert.ok(Math.abs(ours - theirs) <= most, `${ours}, ${theirs}`);
}

test("a path on disk is the path in memory, for penalties with and without corners", async () => {
  for (const penalty of ["l1", "l2", "elasticnet"] as const) {
    const options = { penalty, lambdas: 12, lambdaRatio: 1e-3, tolerance: 1e-14, earlyStop: false } as const;
    const ours = await regularizationPath(table, options, { engine });
    const theirs = await regularizationPath(data, options);
    assert.equal(ours.steps.length, 12);
    ours.steps.forEach((step, at) => {
      const other = theirs.steps[at];
      close(step.lambda, other.lambda, 1e-10 * other.lambda);
      assert.equal(step.nonzeros, other.nonzeros, `${penalty}, step ${at}`);
      close(step.objective, other.objective, 1e-12);
      close(step.devianceExplained, other.devianceExplained, 1e-7);
      step.model.weights.forEach((w, j) => {
        close(w, other.model.weights[j], 1e-6);
      });
    });
  }
});

test("a path of three classes, both links", async () => {
  const three = people(2500, 12, ["a", "b", "c"]);
  const whole = TableEncoder.fit(three, columns).transform(three);
  const own = await engine.encode({ parquet: await write(three, "parquet", "three.parquet"), ...columns });
  for (const multiclass of ["ovr", "softmax"] as const) {
    const options = { penalty: "l1", multiclass, lambdas: 6, lambdaRatio: 1e-2, tolerance: 1e-14 } as const;
    const [ours, theirs] = [await own.path(options), await regularizationPath(whole, options)];
    ours.steps.forEach((step, at) => {
      close(step.objective, theirs.steps[at].objective, 1e-12);
    });
  }
  own.close();
});

test("shares of folds sum to one, whole rows are never parted, and counts are spread evenly", () => {
  const folds = 5;
  const share = (fold: number, row: number, count: number) =>
    shareOf({ fold, folds, seed: 3, held: true }, row, count);
  const totals = new Float64Array(folds);
  for (let row = 0; row < 5000; row++) {
    const count = 1 + (row % 13);
    let sum = 0;
    for (let fold = 0; fold < folds; fold++) {
      const own = share(fold, row, count) * count;
      close(own, Math.round(own), 1e-12);
      assert.ok(own >= Math.floor(count / folds) && own <= Math.ceil(count / folds));
      close(shareOf({ fold, folds, seed: 3, held: false }, row, count), 1 - own / count, 1e-15);
      sum += own;
      totals[fold] += own;
    }
    close(sum, count, 1e-12);
    const whole = Array.from({ length: folds }, (_, fold) => share(fold, row, 0.25));
    assert.deepEqual(whole.sort(), [0, 0, 0, 0, 1]);
  }
  const mean = totals.reduce((a, b) => a + b) / folds;
  for (const total of totals) close(total, mean, 0.02 * mean);
});

test("cross-validation scores are those of fits to the weighted rows of each fold", async () => {
  const lambdas = [0.03, 0.003, 0.0003];
  const folds = 3;
  const seed = 5;
  for (const penalty of ["l1", "l2"] as const) {
    const options = { penalty, lambdas, tolerance: 1e-13, seed, folds } as const;
    const ours = await crossValidate(table, options, { engine });
    const all = await table.reduced(Uint32Array.from({ length: data.columns }, (_, j) => j));
    const part = (fold: number, held: boolean) => {
      const shares = all.weights!.map((w, i) => w * shareOf({ fold, folds, seed, held }, i, w));
      const kept = Array.from(shares.keys()).filter((i) => shares[i] > 0);
      const { features, labels, classes, featureNames } = all.take(kept);
      return Dataset.from({
        ...{ features, classes, featureNames },
        labels: Array.from(labels, (k) => classes[k]),
        weights: kept.map((i) => shares[i]),
      });
    };
    for (let fold = 0; fold < folds; fold++) {
      const path = await regularizationPath(part(fold, false), { penalty, lambdas, tolerance: 1e-13 });
      path.steps.forEach((step, at) => {
        const { logLoss } = evaluate(step.model, part(fold, true));
        close(ours.points[at].scores[fold], logLoss, 1e-8);
      });
    }
    const best = Math.min(...ours.points.map(({ mean }) => mean));
    assert.equal(ours.best.mean, best);
    const chosen = { penalty, lambda: ours.best.lambda, tolerance: 1e-13 } as const;
    near(ours.model, await new LogisticRegression(chosen).fit(data), 1e-5);
  }
});

test("rows of some features alone are the rows of the table, each of its weight", async () => {
  const reduced = await table.reduced([0, 3, 7]);
  assert.ok(reduced.rows <= 40 * 2 * 2 * 2 && reduced.rows > 2);
  assert.equal(
    reduced.weights!.reduce((sum, w) => sum + w, 0),
    4000,
  );
  const sparse = await new LogisticRegression({ penalty: "l1", lambda: 0.02 }).fit(data);
  const [ours, theirs] = [evaluate(sparse, await table.reduced(sparse)), evaluate(sparse, data)];
  for (const key of ["accuracy", "logLoss", "brier"] as const) close(ours[key], theirs[key], 1e-12);
});

test("pruning and quantizing by the table are what they are by its rows in memory", async () => {
  for (const options of [
    { strategy: "taylor", keep: 6 },
    { strategy: "gradient", keep: 6 },
    { strategy: "obs", keep: 6 },
    { strategy: "bestSubset", keep: 6 },
    { strategy: "magnitude", keep: 6, refit: true },
  ] as const) {
    const ours = await table.prune(model, options);
    const theirs = await prune(model, { ...options, data });
    ours.weights.forEach((w, j) => {
      close(w, theirs.weights[j], 1e-7);
    });
    assert.equal(ours.nonzeros, 6);
  }
  const options = { method: "kmeans", bits: 3, rounding: "compensated" } as const;
  const ours = await table.quantize(model, options);
  const theirs = await quantize(model, { ...options, data });
  ours.weights.forEach((w, j) => {
    close(w, theirs.weights[j], 1e-5);
  });
});

test("compression by the table: as good as by its rows in memory", async () => {
  const budget = { maxLogLossIncrease: 0.01, folds: 3, seed: 1 } as const;
  const [ours, theirs] = [await table.compress(budget), await compress(data, data, budget)];
  assert.ok(ours.met && theirs.met);
  const [a, b] = [ours, theirs].map(({ chosen }) => evaluate(chosen.model, data));
  assert.ok(a.logLoss <= 1.01 * b.logLoss, `${a.logLoss}, ${b.logLoss}`);
  assert.ok(ours.chosen.bytes <= theirs.chosen.bytes + 8, `${ours.chosen.bytes}, ${theirs.chosen.bytes}`);
  const again = await table.compress(model, { ...budget, maxLogLossIncrease: 0.02 });
  assert.ok(again.met);
});

test("comparison in one pass: the sums of the comparison in memory", async () => {
  const small = await prune(model, { keep: 4 });
  const codes = await quantize(model, { bits: 2 });
  const ours = await table.compare({ model, small, codes });
  const theirs = compare({ model, small, codes }, data, { resamples: 100 });
  for (const name of ["model", "small", "codes"]) {
    const [a, b] = [ours.row(name).evaluation, theirs.row(name).evaluation];
    for (const key of ["accuracy", "logLoss", "brier"] as const) close(a[key], b[key], 1e-12);
    assert.ok(Math.abs(a.auc - b.auc!) <= a.aucError + 1e-12);
  }
  for (const name of ["small", "codes"]) {
    const [a, b] = [ours.row(name).difference!, theirs.row(name).difference!];
    assert.deepEqual([a.mcNemar.lost, a.mcNemar.gained], [b.mcNemar.lost, b.mcNemar.gained]);
    close(a.mcNemar.pValue, b.mcNemar.pValue, 1e-12);
    close(a.changed, b.changed, 1e-9);
    close(a.accuracy, b.accuracy, 1e-12);
    assert.ok(a.logLossInterval[0] < a.logLoss && a.logLoss < a.logLossInterval[1]);
  }
});

test("squares of pixels on disk are those of pixels in memory, also beside a model that has no weight in them", async () => {
  const random = new Random(21);
  const names = Array.from({ length: 16 }, (_, j) => `p${j}`);
  const count = 2000;
  const labels = Array.from({ length: count }, () => (random.uniform() < 0.5 ? "ink" : "blank"));
  const pixels = names.map((_, j) =>
    labels.map((label) => random.normal() + (label === "ink" && j % 4 < 2 ? 0.4 : 0)),
  );
  const pictures = { ...Object.fromEntries(names.map((name, j) => [name, pixels[j]])), label: labels };
  const spec = { label: "label", numeric: names };
  const parquet = join(folder, "pictures.parquet");
  const rows = labels.map((label, i) => `(${[...pixels.map((own) => `${own[i]}::DOUBLE`), `'${label}'`]})`);
  await sql([
    `COPY (SELECT * FROM (VALUES ${rows}) t(${[...names, "label"]})) TO '${parquet}' (FORMAT parquet)`,
  ]);
  const whole = TableEncoder.fitTransform(pictures, spec).data;
  const sparse = await new LogisticRegression({ penalty: "l1", lambda: 0.08 }).fit(whole);
  assert.ok(sparse.weights.filter((w) => w !== 0).length < 12);
  const options = {
    maxBytes: 70,
    levels: [3],
    lambdas: [1e-3],
    folds: 3,
    seed: 2,
    pool: { width: 4 },
  } as const;
  const encoded = await encodeTable(
    parseTable({ parquet, ...spec }),
    parseEngine({ temporaryFolder: temporary }),
    {},
  );
  const disk = new PackedTable(encoded);
  const ours = await disk.compress(sparse, options);
  const theirs = await compress(sparse, whole, options);
  const [a, b] = [ours, theirs].map(({ points }) => points.filter(({ input }) => input === "pooled"));
  assert.ok(a.length > 3);
  assert.equal(a.length, b.length);
  a.forEach(({ model: squared, crossValidated }, at) => {
    close(crossValidated.logLoss, b[at].crossValidated.logLoss, 1e-6);
    close(evaluate(squared, whole).logLoss, evaluate(b[at].model, whole).logLoss, 1e-6);
  });
  const small = new PackedTable({ ...encoded, room: 6_000_000 });
  const roomy = await small.compress(options);
  const losses = roomy.points.map(({ crossValidated }) => crossValidated.logLoss);
  assert.equal(roomy.chosen.crossValidated.logLoss, Math.min(...losses));
  assert.ok(["", "pooled"].every((input) => roomy.points.some((point) => point.input === input)));
  // As small as this are squares alone.
  const { chosen, warnings } = await small.compress({ ...options, maxBytes: 21 });
  assert.equal(chosen.input, "pooled");
  assert.deepEqual(unpack(chosen.packed).weights, chosen.model.weights);
  const said = warnings.join(" ");
  assert.match(said, /A sample proposed the models, and all rows chose among them: \d+ of 2,000 stored rows/);
  const judged = /By all rows the chosen model has the log-loss ([\d.]+)/.exec(said)!;
  close(Number(judged[1]), evaluate(chosen.model, whole).logLoss, 1e-5);
  disk.close();
});
