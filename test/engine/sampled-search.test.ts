import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { choiceOf } from "../../src/compress/choice";
import { compress } from "../../src/compress/compress";
import type { CompressedPoint } from "../../src/compress/compression";
import type { HeldOut } from "../../src/compress/held-out";
import { Judge } from "../../src/compress/judge";
import type { Draw } from "../../src/engine/aggregate";
import { duckdb } from "../../src/engine/duckdb";
import { encodeTable } from "../../src/engine/encode-table";
import { drawnOf, shareOf } from "../../src/engine/folds";
import { contendersOf, judgedBeside, judgedByRest, judgedFolds } from "../../src/engine/judged-search";
import { parseEngine } from "../../src/engine/options";
import { PackedTable } from "../../src/engine/packed-table";
import { parseTable } from "../../src/engine/source";
import { clusterSums } from "../../src/engine/spark/sums";
import type { SummedTable } from "../../src/engine/summed-rows";
import type { RowSample } from "../../src/engine/table-sample";
import { packedSums } from "../../src/engine/table-sums";
import { uncompressedOf } from "../../src/engine/uncompressed";
import { evaluate } from "../../src/evaluate/evaluate";
import { TableEncoder } from "../../src/frame/encoder";
import type { Dataset } from "../../src/matrix/dataset";
import type { LinearModel } from "../../src/model/linear";
import { rowLosses } from "../../src/model/log-loss";
import { mostProbable, type Scorer } from "../../src/model/scorer";
import { prune } from "../../src/prune/prune";
import { LogisticRegression } from "../../src/train/logistic-regression";
import { fitOnSupport } from "../../src/train/support";
import { madeCompression } from "../compress/made";
import { drawn, dataset as drawnRows, LocalRounds, LocalWorker } from "./spark/local";
import { people, temporary, write } from "./tables";

const spec = { label: "label", numeric: "age", categorical: ['ci"ty', "code"] } as const;
const draw: Draw = { seed: 7, share: 0.3 };
const seed = 3;

/** A table on disk or on a cluster, and its rows in memory, in their order. */
interface Sampled {
  readonly name: string;
  readonly table: SummedTable;
  readonly data: Dataset;
  readonly close: () => void;
}

let cases: Sampled[];
before(async () => {
  cases = [await onDisk(["no", "yes"]), await onCluster(["no", "yes"]), await onCluster(["a", "b", "c"])];
});
after(() => {
  for (const { close } of cases) close();
});

async function onDisk(classes: readonly string[]): Promise<Sampled> {
  const rows = people(1500, 6, classes);
  const source = parseTable({ parquet: await write(rows, "parquet", "sampled-search.parquet"), ...spec });
  const encoded = await encodeTable(source, parseEngine({ temporaryFolder: temporary }), {});
  assert.ok(!encoded.packed.counted || encoded.distinct === rows.age.length, "rows were merged");
  const open = new PackedTable(encoded);
  const { data } = TableEncoder.fitTransform(rows, spec);
  const { packed, scale, masses, room } = encoded;
  const { featureNames } = data;
  const planned = { packed, scale, masses, room, classes: data.classes, featureNames, rows: 1500 };
  return { name: "disk", table: packedSums(planned), data, close: () => open.close() };
}

async function onCluster(classes: readonly string[]): Promise<Sampled> {
  const { cells, plan } = drawn(1500, 8, classes);
  const lines = cells.map((row, i) => [Math.floor(i / 400), JSON.stringify(row)]);
  const blocks = new LocalWorker(plan).run("pack", lines).rows;
  const data = drawnRows(cells, plan);
  const masses = new Float64Array(plan.classes);
  for (const label of data.labels) masses[label]++;
  const { featureNames } = data;
  const rounds = new LocalRounds(blocks, plan);
  const table = clusterSums({ rounds, classes, featureNames, scale: null, masses, rows: cells.length });
  return { name: `cluster, ${classes.length} classes`, table, data, close: () => {} };
}

/** The search by the rows that are drawn, and what is known of them. */
async function searched({ data }: Sampled, options: object = {}, { share }: Draw = draw) {
  const own = { seed: draw.seed, share };
  const numbers = Array.from({ length: data.rows }, (_, i) => i).filter((i) => drawnOf(own, i, 1) > 0);
  const model = await new LogisticRegression({ lambda: 1e-3, tolerance: 1e-13 }).fit(data);
  const rows = data.take(numbers);
  const found = await compress(model, rows, { maxLogLossIncrease: 0.03, folds: 2, levels: [4], ...options });
  const sample: RowSample = { ...own, rows: numbers.length, stored: data.rows, since: "memory" };
  return { model, found, sample };
}

function subjectOf({ table }: Sampled, model: LinearModel) {
  const features = Uint32Array.from({ length: table.columns }, (_, j) => j);
  return { model, features, scale: null, seed };
}

/** What a model says of each row. */
function saidBy(model: Scorer, { features, labels }: Dataset): HeldOut {
  const margins = model.margins(features);
  return {
    losses: rowLosses(margins, model.link, labels),
    predicted: mostProbable(margins, model.link),
    // Of so many rows it is not asked for.
    smoothed: new Float64Array(labels.length),
  };
}

test("the rows that were not drawn say of models what they say in memory, paired with fits that lack their folds", async () => {
  for (const one of cases) {
    const { table, data, name } = one;
    const { found } = await searched(one);
    const foldOf = (i: number) =>
      Array.from({ length: judgedFolds }, (_, fold) => fold).find(
        (fold) => shareOf({ fold, folds: judgedFolds, seed, held: true }, i, 1) === 1,
      )!;
    const numbers = Array.from({ length: data.rows }, (_, i) => i);
    const fits = await Promise.all(
      Array.from({ length: judgedFolds }, async (_, fold) => {
        const rest = data.take(numbers.filter((i) => foldOf(i) !== fold));
        return await new LogisticRegression({ lambda: 1e-3, tolerance: 1e-13 }).fit(rest);
      }),
    );
    const left = numbers.filter((i) => drawnOf(draw, i, 1) === 0);
    const heldOut = (said: (i: number) => HeldOut): HeldOut => ({
      losses: Float64Array.from(left, (i) => said(i).losses[i]),
      predicted: Uint32Array.from(left, (i) => said(i).predicted[i]),
      smoothed: Float64Array.from(left, (i) => said(i).smoothed[i]),
    });
    const saidByFits = fits.map((fit) => saidBy(fit, data));
    const labels = Uint32Array.from(left, (i) => data.labels[i]);
    const judge = new Judge(
      labels,
      null,
      heldOut((i) => saidByFits[foldOf(i)]),
    );
    const models = found.points.map(({ model }) => model);
    const ours = await judgedBeside(table, fits, models, seed, draw, {});
    assert.equal(ours.rows, left.length, name);
    assert.ok(left.length > 900 && left.length < 1200);
    assert.ok(Math.abs(ours.before.logLoss - judge.logLoss(judge.baseline)) < 1e-10, name);
    assert.ok(Math.abs(ours.before.accuracy - judge.accuracy(judge.baseline)) < 1e-10, name);
    assert.ok(models.length > 5, name);
    models.forEach((model, m) => {
      const said = saidBy(model, data);
      const theirs = judge.of([heldOut(() => said)]);
      for (const key of ["logLoss", "accuracy"] as const) {
        assert.ok(Math.abs(ours.each[m][key] - theirs[key]) < 1e-10, `${name}, ${key} of ${m}`);
      }
      for (const key of ["accuracyDrop", "logLossIncrease", "flips"] as const) {
        for (const end of ["estimate", "low", "high"] as const) {
          const [a, b] = [ours.each[m][key][end], theirs[key][end]];
          assert.ok(Math.abs(a - b) < 1e-10, `${name}, ${key}.${end} of ${m}: ${a}, ${b}`);
        }
      }
    });

    const { model, sample } = await searched(one);
    const judged = await judgedByRest(table, found, subjectOf(one, model), sample, {});
    assert.equal(judged.unjudged, null, name);
    const { search } = judged;
    assert.equal(search.rows, left.length);
    assert.equal(search.points.length, found.points.length);
    // The fits of the table end at a gap of 1e-6 of their objective.
    assert.ok(Math.abs(search.baseline.logLoss - ours.before.logLoss) < 1e-4, name);
    const byRest = new Map(search.points.map((point) => [point.model, point]));
    found.points.forEach(({ model: own, crossValidated }, m) => {
      const point = byRest.get(own)!;
      assert.ok(Math.abs(point.crossValidated.logLoss - ours.each[m].logLoss) < 1e-10, name);
      assert.deepEqual(point.bySample, crossValidated);
    });
    const { point } = choiceOf(search.points, search.budget, search.margin);
    assert.equal(search.chosen, point);
  }
});

test("the sample chooses where the rows that it left are fewer than it judged by, or it alone knows its rows", async () => {
  const [one] = cases;
  const most = { seed: draw.seed, share: 0.6 };
  const { model, found, sample } = await searched(one, {}, most);
  const few = await judgedByRest(one.table, found, subjectOf(one, model), sample, {});
  assert.ok(found.rows > 1500 - found.rows && few.search === found);
  assert.match(few.unjudged!, /^\d+ rows that were not drawn are fewer than the \d+ of the sample/);
  const rare: SummedTable = {
    ...one.table,
    foldMasses: async (folds, by, watch) => {
      const masses = await one.table.foldMasses(folds, by, watch);
      return masses.map((own, fold) => (fold === 2 ? own.map((mass, k) => (k === 1 ? 0 : mass)) : own));
    },
  };
  const small = await searched(one);
  const lacking = await judgedByRest(rare, small.found, subjectOf(one, model), small.sample, {});
  assert.ok(lacking.search === small.found && /^class yes has no row/.test(lacking.unjudged!));
  const other = madeCompression(8, "hashed");
  const foreign = await judgedByRest(one.table, other, subjectOf(one, model), sample, {});
  assert.ok(foreign.search === other && /no rows of hashed/.test(foreign.unjudged!));
});

test("the uncompressed model of all rows has the support of the one that is compressed, or a strength that suits all rows", async () => {
  for (const one of cases) {
    const { table, data, name } = one;
    const { model, found, sample } = await searched(one);
    const masses = await table.foldMasses(judgedFolds, seed, {});
    const parts = masses.map((own, fold) => ({
      part: { fold, folds: judgedFolds, seed, held: false },
      masses: table.masses.map((mass, k) => mass - own[k]),
    }));
    const numbers = Array.from({ length: data.rows }, (_, i) => i);
    const folds = parts.map(({ part }) => ({
      train: data.take(numbers.filter((i) => shareOf(part, i, 1) === 1)),
      test: data.take(numbers.filter((i) => shareOf(part, i, 1) === 0)),
    }));
    const pruned = await prune(model, { strategy: "magnitude", keep: 5 });
    const few = await uncompressedOf(
      table,
      found,
      { ...subjectOf(one, model), model: pruned },
      parts,
      sample,
      {},
    );
    assert.equal(few.lambda, found.baseline.lambda);
    for (const [fold, { weights, intercepts }] of few.fits.entries()) {
      // The search looks at all weights of the features that a pruned model has.
      const K = model.outputs;
      const mask = Uint8Array.from(pruned.weights, (_, at) => {
        const j = Math.floor(at / K);
        return Number(pruned.weights.subarray(j * K, (j + 1) * K).some((w) => w !== 0));
      });
      const theirs = await fitOnSupport(folds[fold].train, model, mask, {
        lambda: few.lambda,
        tolerance: 1e-12,
      });
      assert.ok(mask.includes(0) && theirs.weights.length === weights.length);
      const apart = Math.hypot(...theirs.weights.map((w, at) => w - weights[at]));
      // Fits end at a gap of 1e-8 of the objective, which the ridge turns into a distance.
      assert.ok(apart < Math.sqrt((4e-8 * theirs.fit.objective) / few.lambda), `${name}: ${apart}`);
      assert.ok(Math.abs(theirs.intercepts[0] - intercepts[0]) < 1e-2, name);
    }

    const lambda = 0.05;
    const strong = found.rejudged({
      ...{ points: found.points, folds: 2, rows: found.rows },
      baseline: { ...found.baseline, lambda },
    });
    const unknown = await uncompressedOf(
      table,
      strong,
      { ...subjectOf(one, model), model: null },
      parts,
      sample,
      {},
    );
    const tried = await Promise.all(
      [lambda, lambda * Math.sqrt(sample.share), lambda * sample.share].map(async (own) => {
        let loss = 0;
        for (const { train, test } of folds) {
          const fit = await new LogisticRegression({ lambda: own, tolerance: 1e-12 }).fit(train);
          loss += rowLosses(fit.margins(test.features), fit.link, test.labels).reduce((a, b) => a + b, 0);
        }
        return { own, loss };
      }),
    );
    const best = tried.reduce((least, other) => (other.loss < least.loss ? other : least));
    assert.equal(unknown.lambda, best.own, name);
    assert.ok(tried[0].loss > 1.001 * best.loss && unknown.unconverged === 0, name);
  }
});

test("where not all models are judged, these are the front and what is next to it", () => {
  const made = madeCompression(20);
  assert.deepEqual(contendersOf(made, 20), made.points);
  const some = contendersOf(made, made.front.length + 3);
  assert.equal(some.length, made.front.length + 3);
  assert.ok(made.front.every((point) => some.includes(point)) && some.includes(made.chosen));
  const few = contendersOf(made, 5);
  assert.ok(few.length <= 5 && few.includes(made.chosen) && few.length > 3);
});

test("of equal rows a sample takes its share, and leaves the rest", () => {
  for (const share of [0.03, 0.3, 0.9, 1]) {
    const sums = new Map([1, 2, 7, 100].map((count) => [count, 0]));
    for (let row = 0; row < 4000; row++) {
      for (const count of sums.keys()) {
        const taken = drawnOf({ seed: 5, share }, row, count);
        assert.ok(Number.isInteger(taken) && taken >= 0 && taken <= count);
        assert.ok(Math.abs(taken - share * count) < 1);
        sums.set(count, sums.get(count)! + taken);
        const part = { fold: 1, folds: 3, seed: 2, held: row % 2 === 0 };
        const left = shareOf({ ...part, without: { seed: 5, share } }, row, count);
        assert.ok(Math.abs(left - shareOf(part, row, count) * (1 - taken / count)) < 1e-15);
      }
    }
    for (const [count, sum] of sums)
      assert.ok(Math.abs(sum / 4000 / count - share) < 0.03 / count, `${share}`);
  }
});

test("the interval of a difference does not depend on the unit of weights, and counts are so many rows", async () => {
  const rows = people(1200, 3, ["no", "yes"]);
  const parquet = await write(rows, "parquet", "weighed.parquet");
  const models: Record<string, Scorer>[] = [];
  const found = [];
  for (const weight of ["1.0", "1e-3", "250.0"]) {
    const select = `SELECT *, ${weight}::DOUBLE AS w FROM source`;
    const table = await duckdb({ temporaryFolder: temporary }).encode({
      parquet,
      ...spec,
      weights: "w",
      select,
    });
    if (models.length === 0) {
      const whole = await new LogisticRegression({ lambda: 1e-3 }).fit(table, { engine: duckdb() });
      models.push({ whole, few: await prune(whole, { keep: 4 }) });
    }
    found.push((await table.compare(models[0])).row("few").difference!);
    table.close();
  }
  const merged = await duckdb({ temporaryFolder: temporary }).encode({
    ...{ parquet, ...spec, select: "SELECT * FROM source UNION ALL SELECT * FROM source" },
  });
  assert.ok(merged.distinctRows < 1200 && merged.rows === 2400);
  const twice = (await merged.compare(models[0])).row("few").difference!;
  merged.close();
  const width = ([low, high]: readonly [number, number]) => high - low;
  const [one] = found;
  for (const { logLoss, logLossInterval } of found) {
    assert.ok(Math.abs(logLoss - one.logLoss) < 1e-12);
    assert.ok(Math.abs(width(logLossInterval) - width(one.logLossInterval)) < 1e-12);
  }
  assert.ok(Math.abs(width(twice.logLossInterval) * Math.SQRT2 - width(one.logLossInterval)) < 1e-9);
});

test("chosen by all rows a budget is kept on fresh rows, chosen by a small sample often not", async () => {
  const rows = people(8000, 6, ["no", "yes"]);
  const source = parseTable({ parquet: await write(rows, "parquet", "small-sample.parquet"), ...spec });
  const encoded = await encodeTable(source, parseEngine({ temporaryFolder: temporary }), {});
  const table = new PackedTable({ ...encoded, room: 4_000_000 });
  const full = await new LogisticRegression({ lambda: 1e-3, tolerance: 1e-12 }).fit(table, {
    engine: duckdb(),
  });
  const fresh = table.encoder.transform(people(40_000, 99, ["no", "yes"]));
  const lossOf = (model: Scorer) => evaluate(model, fresh, { latencyRows: 0 }).logLoss;
  const most = 1.03 * lossOf(full);
  const kept = { sample: 0, all: 0 };
  const options = { maxLogLossIncrease: 0.03, folds: 3, levels: [4] } as const;
  let other = 0;
  for (let seed = 0; seed < 6; seed++) {
    const search = await table.compress(full, { ...options, seed, threads: 1 });
    assert.ok(search.met && /all rows chose among them: [\d,]+ of 2,329 stored/.test(search.warnings.join()));
    assert.ok(search.rows > 7000);
    const before = search.points.map(
      (point): CompressedPoint => ({ ...point, crossValidated: point.bySample! }),
    );
    const { point } = choiceOf(before, search.budget, search.margin);
    if (point.bytes !== search.chosen.bytes) other++;
    kept.sample += Number(lossOf(point.model) <= most);
    kept.all += Number(lossOf(search.chosen.model) <= most);
    if (seed > 0) continue;
    const again = await table.compress(full, { ...options, seed, threads: 2 });
    assert.deepEqual(again.chosen.packed, search.chosen.packed);
    assert.deepEqual(again.chosen.crossValidated, search.chosen.crossValidated);
    assert.equal(search.choose({ maxLogLossIncrease: 0.03 }).bytes <= search.bytes, true);
  }
  table.close();
  assert.ok(other > 0, "the sample chose the same each time");
  assert.ok(kept.all === 6 && kept.sample < kept.all, JSON.stringify(kept));
});

test("cancelled while all rows judge or fit, a search returns what was chosen until then", async () => {
  const rows = people(8000, 6, ["no", "yes"]);
  const source = parseTable({ parquet: await write(rows, "parquet", "cancelled-search.parquet"), ...spec });
  const encoded = await encodeTable(source, parseEngine({ temporaryFolder: temporary }), {});
  const table = new PackedTable({ ...encoded, room: 4_000_000 });
  const full = await new LogisticRegression({ lambda: 1e-3 }).fit(table, { engine: duckdb() });
  const options = { maxLogLossIncrease: 0.03, folds: 3, levels: [4], threads: 1 } as const;
  const whole = await table.compress(full, options);
  const stoppedAt = async (last: string) => {
    const stop = new AbortController();
    const steps = new Set<string>();
    const onProgress = ({ step }: { step: string }) => {
      steps.add(step);
      if (step === last) stop.abort();
    };
    const search = await table.compress(full, options, { signal: stop.signal, onProgress });
    assert.ok(search.cancelled && !whole.cancelled);
    assert.match(search.warnings.join(), /The search was stopped/);
    return { search, steps };
  };

  const early = await stoppedAt("folds");
  assert.ok(!early.steps.has("evaluate"));
  assert.match(early.search.warnings.join(), /A sample proposed the models and chose among them/);
  assert.equal(early.search.points.length, whole.points.length);
  const bySample = whole.points.map((point): CompressedPoint => {
    return { ...point, crossValidated: point.bySample! };
  });
  const { point } = choiceOf(bySample, whole.budget, whole.margin);
  assert.equal(early.search.chosen.bytes, point.bytes);
  assert.ok(early.search.chosen.bySample === undefined);

  const late = await stoppedAt("refit");
  assert.ok(late.steps.has("evaluate"));
  assert.match(late.search.warnings.join(), /all rows chose among them, but nothing was fitted/);
  assert.deepEqual(late.search.chosen.crossValidated, whole.chosen.crossValidated);
  assert.equal(late.search.chosen.allRows, undefined);
  table.close();
});
