import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import type { LogitpressError } from "../../../src/base/errors";
import { duckdb } from "../../../src/engine/duckdb";
import { ConnectClient } from "../../../src/engine/spark/client";
import type { ClusterTable } from "../../../src/engine/spark/cluster-table";
import type { SparkOptions } from "../../../src/engine/spark/options";
import { type SparkEngine, spark } from "../../../src/engine/spark/spark";
import { crossValidate } from "../../../src/evaluate/cross-validate";
import { evaluate } from "../../../src/evaluate/evaluate";
import { TableEncoder } from "../../../src/frame/encoder";
import { flightsFile } from "../../../src/frame/flights";
import type { LinearModel } from "../../../src/model/linear";
import { quantize } from "../../../src/quantize/quantize";
import { LogisticRegression } from "../../../src/train/logistic-regression";
import type { LogisticRegressionOptions } from "../../../src/train/options";
import { root } from "../../python";
import { folder, people, sql, write } from "../tables";
import { every, single, visits, written } from "../visits";
import { TestCluster } from "./cluster";

const cluster = new TestCluster();
const flights = join(folder, "flights.parquet");
const select =
  "SELECT delay > 15 AS late, origin, destination, hour, CAST(distance AS DOUBLE) AS distance FROM source";
const table = {
  parquet: flights,
  select,
  label: "late",
  categorical: ["origin", "destination", "hour"],
  numeric: "distance",
};
const options = { lambda: 1e-2, tolerance: 1e-6, maxIterations: 200 } as const;
const estimator = new LogisticRegression(options);
const partitions = 3;

before(async () => {
  await cluster.up();
  await sql([
    `COPY (SELECT *, substr(date, 5, 2) AS hour FROM '${flightsFile()}' LIMIT 20000) TO '${flights}' (FORMAT parquet, ROW_GROUP_SIZE 4096)`,
  ]);
});
after(async () => {
  await (await packed)?.close();
  await cluster.down();
});

function engine(own: SparkOptions = {}): SparkEngine {
  return spark(cluster.address, { token: cluster.token, partitions, ...own });
}

/** None until a test wants it. */
let packed: Promise<ClusterTable> | undefined;
let whole: Promise<LinearModel>;

/** The flights on the cluster, encoded once. */
async function flightsThere(): Promise<ClusterTable> {
  packed ??= engine().encode(table);
  return await packed;
}

/** The fit that nothing disturbs. */
async function undisturbed(): Promise<LinearModel> {
  whole ??= (async () => estimator.fit(await flightsThere(), { engine: engine() }))();
  return await whole;
}

function sameBits(ours: LinearModel, theirs: LinearModel): void {
  assert.deepEqual(ours.weights, theirs.weights);
  assert.deepEqual(ours.intercepts, theirs.intercepts);
  assert.equal(ours.fit.objective, theirs.fit.objective);
}

function namesOf({ featureNames }: Pick<LinearModel, "featureNames">): readonly unknown[] {
  return Array.from({ length: featureNames.length }, (_, j) => featureNames.at(j));
}

/**
 * Two fits of one problem with a ridge: from the optimum each is within the root of twice its gap over the strength, since the
 * objective rises by half the strength times the square of the distance.
 */
function near(ours: LinearModel, theirs: LinearModel, ridge: number = options.lambda): void {
  assert.deepEqual(ours.classes, theirs.classes);
  assert.deepEqual(namesOf(ours), namesOf(theirs));
  const [one, other] = [ours.fit.dualityGap, theirs.fit.dualityGap].map((gap) => Math.max(gap, 1e-12));
  const distance = Math.hypot(...ours.weights.map((w, j) => w - theirs.weights[j]));
  const most = Math.sqrt((2 * one) / ridge) + Math.sqrt((2 * other) / ridge);
  assert.ok(distance <= most, `${distance} apart, not ${most}`);
  const apart = ours.fit.objective - theirs.fit.objective;
  assert.ok(apart <= one && -apart <= other, `${apart}, by gaps of ${one} and ${other}`);
  assert.ok(ours.fit.converged && theirs.fit.converged, JSON.stringify(ours.fit.warnings));
}

test("the flights on two executors have the embedded engine's answer, within 20 rounds to a gap of 1e-4", async () => {
  const ours = await undisturbed();
  near(ours, await estimator.fit(table, { engine: duckdb({}) }));
  const { history, objective } = ours.fit;
  const rounds = history.findIndex((step) => step.objective - objective < 1e-4 * objective);
  assert.ok(rounds <= 20, `${rounds} rounds`);
});

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

test("a token that is wrong or missing is refused, and none is seen in the list of processes", async () => {
  for (const token of ["wrong", ""]) {
    const fit = estimator.fit(table, { engine: spark(cluster.address, { token }) });
    await assert.rejects(fit, (error: LogitpressError) => {
      assert.equal(error.code, "invalid-option");
      assert.match(error.message, /token/);
      return true;
    });
  }
  assert.ok(!cluster.commandLines().includes(cluster.token));
});

/** Fits, and ends a process by force when some rounds are done. */
async function disturbed(rounds: number, kill: () => void | Promise<void>): Promise<void> {
  const theirs = await undisturbed();
  let killed: unknown = null;
  let at = -1;
  const ours = await estimator.fit(await flightsThere(), {
    engine: engine(),
    onProgress: ({ step, done = 0 }) => {
      if (step === "fit" && at < 0 && done >= rounds) {
        at = done;
        killed = kill();
      }
    },
  });
  await killed;
  assert.ok(at >= 0, "nothing was ended");
  sameBits(ours, theirs);
}

test("an executor that is killed in mid-fit costs time alone", async () => {
  await disturbed(2, () => {
    const [pid] = cluster.processes("CoarseGrainedExecutorBackend");
    process.kill(pid, "SIGKILL");
  });
});

test("a worker that is killed in mid-round costs time alone", async () => {
  let tries = 0;
  await disturbed(2, async () => {
    for (let killed = false; !killed && tries < 2000; tries++) {
      const [pid] = cluster.processes("worker.cjs");
      if (pid === undefined) await new Promise((resolve) => setTimeout(resolve, 5));
      else {
        process.kill(pid, "SIGKILL");
        killed = true;
      }
    }
    assert.ok(tries < 2000, "no worker was found");
  });
});

test("the Connect server that is killed and started again costs time alone", async () => {
  await disturbed(2, async () => {
    const { processes } = (await cluster.command("status")) as { processes: Record<string, number> };
    process.kill(processes.connect, "SIGKILL");
    await new Promise((resolve) => setTimeout(resolve, 500));
    await cluster.start();
  });
});

test("a fit whose process is killed goes on from its checkpoint to the same weights", async () => {
  const theirs = await undisturbed();
  const checkpoint = join(folder, "fit.checkpoint");
  const code = `
    const { spark } = require(${JSON.stringify(join(root, "dist/src/engine/spark/spark.js"))});
    const { LogisticRegression } = require(${JSON.stringify(join(root, "dist/src/train/logistic-regression.js"))});
    const engine = spark(${JSON.stringify(cluster.address)}, { partitions: ${partitions}, checkpoint: ${JSON.stringify(checkpoint)} });
    new LogisticRegression(${JSON.stringify(options)}).fit(${JSON.stringify(table)}, {
      engine, onProgress: ({ step, done }) => step === "fit" && console.log(done),
    });`;
  const env = { ...process.env, SPARK_CONNECT_AUTHENTICATE_TOKEN: cluster.token };
  const child = spawn(process.execPath, ["-e", code], { env, stdio: ["ignore", "pipe", "inherit"] });
  await new Promise<void>((resolve, reject) => {
    child.stdout.on("data", (text) => {
      if (
        String(text)
          .split("\n")
          .some((line) => Number(line) >= 3)
      )
        child.kill("SIGKILL");
    });
    child.on("exit", (_, signal) =>
      signal === "SIGKILL" ? resolve() : reject(new Error("it was not killed")),
    );
  });
  const bytes = readFileSync(checkpoint);
  const first: number[] = [];
  const own = engine({ checkpoint });
  const ours = await estimator.fit(table, {
    engine: own,
    onProgress: ({ step, done = 0 }) => {
      if (step === "fit") first.push(done);
    },
  });
  assert.ok(first[0] >= 3, `it began at ${first[0]}`);
  sameBits(ours, theirs);
  assert.ok(!existsSync(checkpoint), "the checkpoint stayed");
  writeFileSync(checkpoint, bytes);
  const other = new LogisticRegression({ lambda: 2e-3 }).fit(table, { engine: own });
  await assert.rejects(other, { code: "invalid-file" });
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

test("rows are encoded as others were, and sums in SQL alone are those of the embedded engine", async () => {
  const all = await flightsThere();
  const early = { ...table, select: `${select} WHERE hour < '10'` };
  const some = await engine().encode(early, {}, all.encoder);
  assert.deepEqual(namesOf(some.encoder), namesOf(all.encoder));
  const model = await undisturbed();
  const { logLoss } = await some.evaluate(model);
  await some.close();
  const known = await duckdb({}).encode(early, {}, all.encoder);
  assert.ok(Math.abs(logLoss - (await known.evaluate(model)).logLoss) < 1e-12);
  known.close();
  const ridge = new LogisticRegression({ ...options, tolerance: 1e-5 });
  const sums = engine({ compute: "sql" });
  const words = { ...early, text: "origin", categorical: "hour" };
  await assert.rejects(sums.encode(words), { code: "invalid-option", message: /compute for text/ });
  near(await ridge.fit(early, { engine: sums }), await ridge.fit(early, { engine: duckdb({}) }));
});

test("what Spark does to scripts and text, which the engine is built around", async () => {
  const { port } = new URL(cluster.address.replace("sc:", "http:"));
  const client = new ConnectClient({
    address: { host: "127.0.0.1", port: Number(port), tls: false },
    token: cluster.token,
    certificates: null,
  });
  try {
    const [broken] = await client.rows("SELECT instr(base64(repeat('x', 90)), chr(10)) AS at");
    assert.ok(Number(broken.at) > 0, "base64() breaks lines");
    await client.add([{ name: "where.txt", bytes: Buffer.from("here") }]);
    const format = "ROW FORMAT DELIMITED FIELDS TERMINATED BY '\\t'";
    const [found] = await client.rows(
      `SELECT TRANSFORM (id) ${format} USING 'cat ./${client.serverSession}/where.txt' AS (a STRING) ${format} FROM range(1)`,
    );
    assert.equal(found.a, "here", "files lie under the server's name of the session");
    const early = await client.rows(
      `SELECT TRANSFORM (id) ${format} USING 'head -n 1' AS (a STRING) ${format} FROM range(0, 100000, 1, 1)`,
    );
    assert.equal(early.length, 1, "a script that ends early with 0 loses rows without an error");
  } finally {
    await client.close();
  }
});

test("a worker that ends early loses no rows unnoticed, and executors without Node are told", async () => {
  const liar = join(folder, "liar.sh");
  writeFileSync(
    liar,
    '#!/bin/sh\n[ "$1" = --version ] && exec node --version\nhead -c 200000 | node "$@"\n',
    { mode: 0o755 },
  );
  await assert.rejects(estimator.fit(table, { engine: engine({ node: liar }) }), (error: LogitpressError) => {
    assert.equal(error.code, "failed");
    return true;
  });
  await assert.rejects(
    estimator.fit(table, { engine: engine({ node: "/no/such/node" }) }),
    (error: LogitpressError) => {
      assert.equal(error.code, "missing-dependency");
      assert.match(error.message, /Node/);
      return true;
    },
  );
});

test("what is wrong in a table or its source is told by name", async () => {
  const missing = { ...table, categorical: ["orgin"] };
  await assert.rejects(estimator.fit(missing, { engine: engine() }), { code: "missing-column" });
  const nowhere = { ...table, parquet: join(folder, "nowhere.parquet") };
  await assert.rejects(estimator.fit(nowhere, { engine: engine() }), { code: "invalid-file" });
  const one = { ...table, select: `${select} WHERE delay > 15` };
  await assert.rejects(estimator.fit(one, { engine: engine() }), { code: "invalid-label" });
  const nan = "CASE WHEN delay = 16 THEN double('nan') ELSE double(delay > 15) END AS late";
  const unlabelled = { ...table, select: select.replace("delay > 15 AS late", nan) };
  await assert.rejects(estimator.fit(unlabelled, { engine: engine() }), { code: "invalid-label" });
  const none = { ...table, select: `${select} WHERE delay > 1e9` };
  await assert.rejects(estimator.fit(none, { engine: engine() }), { code: "empty-data" });
  const broken = {
    ...table,
    select: select
      .replace("CAST(distance AS DOUBLE)", "DOUBLE(distance) / (delay - 20)")
      .replace("delay > 15", "delay > 15"),
  };
  await assert.rejects(
    estimator.fit(
      { ...broken, select: broken.select.replace("/ (delay - 20)", "* double('inf')") },
      { engine: engine() },
    ),
    { code: "not-finite" },
  );
});
