import assert from "node:assert/strict";
import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { duckdb } from "../../../src/engine/duckdb";
import { crossValidate } from "../../../src/evaluate/cross-validate";
import { evaluate } from "../../../src/evaluate/evaluate";
import { TableEncoder } from "../../../src/frame/encoder";
import { quantize } from "../../../src/quantize/quantize";
import { LogisticRegression } from "../../../src/train/logistic-regression";
import type { LogisticRegressionOptions } from "../../../src/train/options";
import { folder, people, write } from "../tables";
import { every, single, visits, written } from "../visits";

import { engine, near, onCluster, options } from "./flights";

onCluster();

test("columns of every kind are encoded on the cluster as in memory, folds of the label's log-odds over partitions too", async () => {
  const rows = visits(6000, 5);
  const parquet = await written(rows, "visits");
  const target = [{ column: "shop2", folds: 3, seed: 7 }];
  for (const spec of [{ ...every, target }, ...single.slice(1, 3)]) {
    const both = { ...rows, shop2: rows.shop };
    const { encoder, data } = TableEncoder.fitTransform(both, spec);
    const model = await new LogisticRegression({ lambda: 0.1, tolerance: 1e-12 }).fit(data);
    const select = "SELECT *, shop AS shop2 FROM source";
    const there = await engine().encode({ parquet, select, ...spec });
    const rounded = (value: unknown) =>
      JSON.stringify(value, (_, x) => (typeof x === "number" ? x.toPrecision(12) : x));
    assert.equal(rounded(there.encoder.state()), rounded(encoder.state()));
    // The rows of the fit have the features that they have in memory, where folds know nothing of their own labels.
    const close = (ours: number, theirs: number) =>
      assert.ok(Math.abs(ours - theirs) < 1e-9, `${ours}, ${theirs}`);
    close((await there.evaluate(model)).logLoss, evaluate(model, data).logLoss);
    if ("target" in spec) {
      const own = { bits: 2, method: "kmeans", sample: { rows: 2000 } } as const;
      const coded = await there.quantize(model, own);
      const { quantization } = coded;
      assert.ok(quantization!.warnings!.some(({ code }) => code === "sampled"));
      close(quantization!.loss!.after, evaluate(coded, data).logLoss);
      for (const all of [{ bits: 4 }, { bits: 2, rounding: "compensated" }] as const) {
        const [ours, theirs] = [await there.quantize(model, all), await quantize(model, { ...all, data })];
        assert.deepEqual(ours.codes, theirs.codes);
        assert.deepEqual(ours.quantization!.warnings, []);
        close(ours.quantization!.loss!.before, theirs.quantization!.loss!.before);
        assert.ok(Math.abs(ours.quantization!.loss!.after - theirs.quantization!.loss!.after) < 1e-5);
      }
      const test = await engine().encode({ parquet, select, ...spec }, {}, there.encoder);
      close((await test.evaluate(model)).logLoss, evaluate(model, encoder.transform(both)).logLoss);
      await test.close();
    }
    await there.close();
  }
  const inSql = engine({ compute: "sql" }).encode({ parquet, label: "label", dates: "day", missing: "mean" });
  await assert.rejects(inSql, { code: "invalid-option", message: /dates of day/ });
  const faulty = engine().encode({ parquet, label: "label", dates: "shop", missing: "mean" });
  await assert.rejects(faulty, { code: "failed", message: /no date in column shop/ });
});

test("several classes, weights of rows, CSV, missing numbers, and cells with tabs, quotes and ends of lines", async () => {
  const few = people(1500, 4, ["a", "b", "c"]);
  const odd = ["tab\there", "line\nend", 'quo"te', "back\\slash", "\\N", "null", "ü\u{1f600}"];
  const rows = { ...few, 'ci"ty': few.age.map((_, i) => odd[i % odd.length]) };
  const path = await write(rows, "parquet", "odd.parquet");
  const spec = {
    parquet: path,
    label: "label",
    categorical: ['ci"ty', "code"],
    numeric: "age",
    weights: "w",
  } as const;
  const query = "SELECT *, 1 + (age > 30)::INT AS w FROM source";
  const several = new LogisticRegression({ ...options, multiclass: "ovr" });
  const theirs = await several.fit({ ...spec, select: query }, { engine: duckdb({}) });
  const ours = await several.fit(
    { ...spec, select: "SELECT *, CAST(1 + CAST(age > 30 AS INT) AS DOUBLE) AS w FROM source" },
    { engine: engine() },
  );
  near(ours, theirs);
  const csv = join(folder, "gaps.csv");
  writeFileSync(
    csv,
    `x,late\n${few.age.map((age, i) => `${i % 9 === 0 ? (i % 2 ? "" : "NA") : age},${i % 3 === 0 || age > 35}`).join("\n")}\n`,
  );
  const gaps = { csv, label: "late", numeric: "x", missing: "mean" } as const;
  near(await several.fit(gaps, { engine: engine() }), await several.fit(gaps, { engine: duckdb({}) }));
});

test("softmax, groups, a lasso by screening, judging and folds have the answers of the embedded engine", async () => {
  const rows = people(2000, 9, ["a", "b", "c"]);
  const file = {
    parquet: await write({ ...rows, i: rows.age.map((_, i) => i) }, "parquet", "three.parquet"),
  };
  const spec = { ...file, label: "label", categorical: ['ci"ty', "code"], numeric: ["age", "i"] } as const;
  const ours = await engine().encode(spec);
  const theirs = await duckdb({}).encode(spec);
  try {
    const groups = [Array.from({ length: 5 }, (_, k) => 2 + k), Array.from({ length: 7 }, (_, k) => 7 + k)];
    const fits: readonly LogisticRegressionOptions[] = [
      {},
      { penalty: "group", groups },
      { penalty: "l1", lambda: 0.05, multiclass: "ovr", solver: "lbfgs", tolerance: 1e-3 },
    ];
    for (const own of fits) {
      const all: LogisticRegressionOptions = { ...options, ...own };
      const found = await new LogisticRegression(all).fit(ours, { engine: engine() });
      const known = await new LogisticRegression({ ...all, solver: "auto" }).fit(theirs, {
        engine: duckdb({}),
      });
      if (all.penalty === undefined) near(found, known);
      const apart = found.fit.objective - known.fit.objective;
      const named = `${JSON.stringify(own)}: ${apart}, by gaps of ${found.fit.dualityGap}, ${known.fit.dualityGap}`;
      assert.ok(apart <= found.fit.dualityGap + 1e-12 && -apart <= known.fit.dualityGap + 1e-12, named);
      assert.ok(found.fit.converged, named);
      const judged = await ours.evaluate(found);
      const same = await theirs.evaluate(found);
      assert.ok(Math.abs(judged.logLoss - same.logLoss) < 1e-12);
      assert.deepEqual(judged.confusion, same.confusion);
    }
    const folds = { lambdas: [0.1, 0.03], folds: 3, seed: 4, tolerance: 1e-6, maxIterations: 200 };
    const before = ours.rounds;
    const found = await crossValidate(ours, folds, { engine: engine() });
    const known = await crossValidate(theirs, folds, { engine: duckdb({}) });
    found.points.forEach(({ scores }, at) => {
      scores.forEach((score, fold) => {
        assert.ok(Math.abs(score - known.points[at].scores[fold]) < 3e-4, `lambda ${at}, fold ${fold}`);
      });
    });
    assert.equal(found.chosen.lambda, known.chosen.lambda);
    assert.ok(ours.rounds - before < 60, `${ours.rounds - before} rounds`);
  } finally {
    await ours.close();
    theirs.close();
  }
});

test("text, samples, and a cross-validation that goes on after its driver stopped have the embedded engine's answer", async () => {
  const rows = people(900, 14, ["no", "yes"]);
  const tokens = [
    "Straße",
    "don't",
    "tab\there",
    "line\nend",
    'quo"te',
    "\\N",
    "日本",
    "\u{1f600}",
    "the",
    "a-b",
  ];
  const letter = rows.label.map((label, i) => {
    const own = Array.from(
      { length: i % 11 },
      (_, k) => tokens[(i * 7 + k * k) % (label === "yes" ? 10 : 7)],
    );
    return own.join(" ");
  });
  const parquet = await write({ ...rows, letter }, "parquet", "letters.parquet");
  const spec = { parquet, label: "label", categorical: "code", text: { column: "letter", bits: 8 } } as const;
  const checkpoint = join(folder, "folds.checkpoint");
  const ours = await engine({ checkpoint }).encode(spec);
  const theirs = await duckdb({}).encode(spec);
  try {
    assert.deepEqual(ours.encoder.state(), theirs.encoder.state());
    assert.deepEqual(ours.encoder.scale, theirs.encoder.scale);
    assert.ok(ours.encoder.scale!.some((own) => own !== 1));
    const learnt = { ...spec, text: { column: "letter", vocabulary: { minRows: 3, most: 12 } } } as const;
    const [words, embedded] = [await engine().encode(learnt), await duckdb({}).encode(learnt)];
    assert.equal(embedded.encoder.state().text[0].vocabulary!.length, 12);
    assert.deepEqual(words.encoder.state(), embedded.encoder.state());
    assert.deepEqual(words.encoder.scale, embedded.encoder.scale);
    await words.close();
    embedded.close();
    const known = await new LogisticRegression(options).fit(theirs, { engine: duckdb({}) });
    const found = await new LogisticRegression({ ...options, tolerance: 1e-9 }).fit(ours, {
      engine: engine(),
    });
    const most = Math.max(...ours.encoder.scale!);
    near(found, known, options.lambda / most ** 2);
    assert.ok(
      Math.abs((await ours.evaluate(known)).logLoss - (await theirs.evaluate(known)).logLoss) < 1e-12,
    );
    const all = await ours.sample({ rows: 900 });
    assert.equal(all.rows, 900);
    const pruned = await ours.prune(found, { strategy: "obs", keep: 15 });
    const same = await theirs.prune(found, { strategy: "obs", keep: 15 });
    assert.deepEqual(pruned.mask, same.mask);
    assert.ok(!pruned.pruning.warnings!.some(({ code }) => code === "sampled"));
    pruned.weights.forEach((own, j) => {
      assert.ok(Math.abs(own - same.weights[j]) < 1e-8, `weight ${j}: ${own}, ${same.weights[j]}`);
    });
    const drawn = await ours.prune(found, { keep: 12, refit: true, sample: { rows: 300 } });
    assert.ok(drawn.pruning.warnings!.some(({ code }) => code === "sampled"));
    const refitted = await theirs.prune(found, { keep: 12, refit: true });
    const apart = Math.hypot(...drawn.weights.map((own, j) => own - refitted.weights[j]));
    assert.ok(apart < Math.sqrt(4e-8 / (options.lambda / most ** 2)), `${apart}`);
    const small = await ours.compress(found, { maxLogLossIncrease: 0.05, folds: 2, sample: { rows: 600 } });
    assert.ok(small.chosen.bytes < 400);
    assert.match(small.warnings.join(), /The sample chose, too/);
    const asked = ours.rounds;
    const byRest = await ours.compress(found, { maxLogLossIncrease: 0.05, folds: 2, sample: { rows: 300 } });
    assert.match(byRest.warnings.join(), /A sample proposed the models, and all rows chose among them/);
    assert.ok(byRest.rows > 540 && byRest.rows < 660, `${byRest.rows} rows`);
    assert.ok(ours.rounds - asked < 200, `${ours.rounds - asked} rounds`);
    const { allRows, model } = byRest.chosen;
    assert.ok(Math.abs(allRows!.logLoss - (await theirs.evaluate(model)).logLoss) < 1e-12);
    const folds = { penalty: "l1", lambdas: [0.05, 0.02], folds: 2, tolerance: 1e-4 } as const;
    const stop = new AbortController();
    const before = ours.rounds;
    const onProgress = ({ done }: { done: number }): void => {
      if (done > 0.5) stop.abort();
    };
    await assert.rejects(ours.crossValidate(folds, { signal: stop.signal, onProgress }), {
      code: "cancelled",
    });
    assert.ok(existsSync(checkpoint), "no state was written");
    const lost = ours.rounds - before;
    const resumed = await ours.crossValidate(folds);
    const rounds = ours.rounds - before - lost;
    assert.ok(!existsSync(checkpoint));
    const whole = await ours.crossValidate(folds);
    assert.deepEqual(resumed.points, whole.points);
    assert.deepEqual(resumed.model.weights, whole.model.weights);
    const needed = ours.rounds - before - lost - rounds;
    assert.ok(rounds < needed, `${rounds} rounds after ${lost}, ${needed} at once`);
  } finally {
    await ours.close();
    theirs.close();
  }
});
