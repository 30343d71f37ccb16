import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { duckdb } from "../../src/engine/duckdb";
import { encodeTable } from "../../src/engine/encode-table";
import { parseEngine } from "../../src/engine/options";
import { PackedTable } from "../../src/engine/packed-table";
import { parseTable } from "../../src/engine/source";
import { evaluate } from "../../src/evaluate/evaluate";
import { TableEncoder } from "../../src/frame/encoder";
import type { PackedModel } from "../../src/pack/packed";
import { unpack } from "../../src/pack/read";
import { prune } from "../../src/prune/prune";
import { fitLevels } from "../../src/train/levels";
import { LogisticRegression } from "../../src/train/logistic-regression";
import { fitOnSupport } from "../../src/train/support";
import { folder, leftBehind, people, sql, temporary, write } from "./tables";

/** Rows that differ all, by a generator. */
async function generated(rows: number): Promise<string> {
  const path = join(folder, `generated-${rows}.parquet`);
  await sql([
    `COPY (SELECT hash(i) % 997 AS place, hash(i + 1000000007) % 31 AS day, i / 1e6 AS x,
       CASE WHEN (hash(i) % 997) / 997 + (hash(i * 7) % 100) / 100 > 1 THEN 'late' ELSE 'early' END AS label
     FROM range(${rows}) t(i)) TO '${path}' (FORMAT parquet)`,
  ]);
  return path;
}

/** Runs a script in a process of its own, with the library as `l`. */
function child(script: string): ChildProcess {
  const library = JSON.stringify(join(__dirname, "..", "..", "src", "index.js"));
  return spawn(process.execPath, ["-e", `const l = require(${library});\n${script}`], {
    stdio: ["ignore", "pipe", "inherit"],
  });
}

const spec = `label: "label", categorical: ["place", "day"], numeric: "x"`;

test("the memory that is asked for is not passed, by encoding, fits, paths and pruning", async () => {
  const path = await generated(1_500_000);
  const process_ = child(`(async () => {
    const engine = l.duckdb({ memoryLimit: "400MB", threads: 2, temporaryFolder: ${JSON.stringify(temporary)} });
    const table = await engine.encode({ parquet: ${JSON.stringify(path)}, ${spec} });
    const fit = (options) => new l.LogisticRegression({ tolerance: 1e-4, ...options }).fit(table, { engine });
    const dense = await fit({ penalty: "l2", lambda: 1e-4 });
    const { pruning } = await table.prune(dense, { strategy: "obs", keep: 100 });
    const sampled = pruning.warnings.some(({ code }) => code === "sampled");
    const sparse = await fit({ penalty: "l1", lambda: 1e-3 });
    await table.path({ penalty: "l1", lambdas: 5, lambdaRatio: 0.1, tolerance: 1e-3 });
    await table.evaluate(sparse);
    const own = await table.reduced([1, 2, 3]);
    table.close();
    console.log(JSON.stringify({ peak: 1024 * process.resourceUsage().maxRSS, rows: table.distinctRows, own: own.rows, sampled, kept: pruning.kept }));
  })()`);
  let text = "";
  process_.stdout!.on("data", (part) => {
    text += part;
  });
  const [code] = await once(process_, "close");
  assert.equal(code, 0);
  const { peak, rows, own, sampled, kept } = JSON.parse(text);
  assert.ok(!sampled && kept === 100);
  assert.equal(rows, 1_500_000);
  assert.ok(own <= 8);
  assert.ok(peak < 400e6, `${peak / 1e6} MB`);
  assert.deepEqual(leftBehind(), []);
});

test("over many blocks the bits do not depend on the number of threads", async () => {
  const engine = duckdb({ threads: 2, temporaryFolder: temporary });
  const table = await engine.encode({
    ...{ parquet: await generated(250_000), label: "label", categorical: ["place", "day"], numeric: "x" },
  });
  for (const options of [
    { penalty: "l1", lambda: 1e-3 },
    { penalty: "l2", lambda: 1e-4 },
  ] as const) {
    const fits = [1, 2].map((threads) =>
      new LogisticRegression({ ...options, threads }).fit(table, { engine }),
    );
    const [one, two] = await Promise.all(fits);
    assert.deepEqual(one.weights, two.weights);
    assert.deepEqual(one.intercepts, two.intercepts);
  }
  table.close();
});

test("rows are stored in one order, whoever reads them and how often", async () => {
  const parquet = await generated(250_000);
  const spec = { parquet, label: "label", categorical: ["place", "day"], numeric: "x" } as const;
  const files: Buffer[] = [];
  for (const threads of [2, 2, 1]) {
    const settings = parseEngine({ threads, temporaryFolder: temporary });
    const { packed, folder: own } = await encodeTable(parseTable(spec), settings, {});
    files.push(readFileSync(packed.path));
    rmSync(own, { recursive: true });
  }
  assert.ok(files[0].equals(files[1]) && files[0].equals(files[2]));
});

test("rows that do not fit are refused, with what to do", async () => {
  const path = await generated(1_500_000);
  const engine = duckdb({ memoryLimit: "300MB", threads: 2, temporaryFolder: temporary });
  const table = await engine.encode({
    ...{ parquet: path, label: "label", categorical: ["place", "day"], numeric: "x" },
  });
  const all = Uint32Array.from({ length: table.encoder.columns }, (_, j) => j);
  await assert.rejects(table.reduced(all), { code: "invalid-data", message: /memoryLimit/ });
  const { rows } = await table.reduced(all.subarray(1, 40));
  assert.ok(rows > 40 && rows <= 80, `${rows} rows`);
  await assert.rejects(table.reduced([5, 3]), { code: "invalid-option" });
  table.close();
});

test("compression takes the features that enter a path first, as many as there is room for", async () => {
  const rows = people(4000, 6, ["no", "yes"]);
  const spec = { label: "label", numeric: "age", categorical: ['ci"ty', "code"] } as const;
  const table = parseTable({ parquet: await write(rows, "parquet", "room.parquet"), ...spec });
  const settings = parseEngine({ temporaryFolder: temporary });
  const encoded = await encodeTable(table, settings, {});
  const small = new PackedTable({ ...encoded, room: 6_000_000 });
  const all = Uint32Array.from({ length: small.encoder.columns }, (_, j) => j);
  const tight = new PackedTable({ ...encoded, room: 250_000 });
  const refusal = { code: "invalid-data", message: /memoryLimit.*penalty l1, or prune by magnitude/ };
  await assert.rejects(tight.reduced(all), refusal);
  const { chosen } = await small.compress({ maxLogLossIncrease: 0.02, folds: 2 });
  const { logLoss } = await small.evaluate(chosen.model);
  const { logLoss: none } = await small.evaluate(
    await new LogisticRegression({ penalty: "l1", lambda: 10 }).fit(small, { engine: duckdb() }),
  );
  assert.ok(logLoss < 0.95 * none, `${logLoss}, ${none}`);
  assert.ok(chosen.nonzeros < all.length);
  const bare = new PackedTable({ ...encoded, room: 1000 });
  await assert.rejects(bare.compress({ maxLogLossIncrease: 0.02 }), refusal);
  assert.ok(chosen.nonzeros <= 12);
  small.close();
});

test("where a model's rows do not fit, a sample decides and all rows fit and judge, and the report says so", async () => {
  const rows = people(6000, 6, ["a", "b", "c", "d", "e", "f"]);
  const spec = { label: "label", numeric: "age", categorical: ['ci"ty', "code"] } as const;
  const source = parseTable({ parquet: await write(rows, "parquet", "sampled.parquet"), ...spec });
  const encoded = await encodeTable(source, parseEngine({ temporaryFolder: temporary }), {});
  const table = new PackedTable({ ...encoded, room: 350_000 });
  const full = await new LogisticRegression({ lambda: 1e-3, tolerance: 1e-12 }).fit(table, {
    engine: duckdb(),
  });
  const { data } = TableEncoder.fitTransform(rows, spec);
  const whole = evaluate(full, data).logLoss;
  const beyond = { strategy: "obs", keep: 6 } as const;
  const pruned = await table.prune(full, { ...beyond, seed: 4 });
  const warning = pruned.pruning.warnings!.find(({ code }) => code === "sampled")!;
  assert.match(warning.message, /all rows what they are: [\d,]+ of [\d,]+ stored rows.*seed 4/);
  assert.equal(pruned.nonzeros, 6);
  const refitted = await fitOnSupport(data, full, pruned.mask, { lambda: 1e-3, tolerance: 1e-12 });
  // A refit ends at a gap of 1e-8 of the objective, which the ridge turns into a distance.
  const apart = Math.hypot(...pruned.weights.map((w, j) => w - refitted.weights[j]));
  assert.ok(apart < Math.sqrt((2e-8 * refitted.fit.objective) / 1e-3), `${apart}`);
  const { rounds } = pruned.pruning;
  assert.ok(Math.abs(rounds![0].logLoss - whole) < 1e-10);
  assert.ok(Math.abs(rounds!.at(-1)!.logLoss - evaluate(pruned, data).logLoss) < 1e-10);
  assert.deepEqual((await table.prune(full, { ...beyond, seed: 4 })).weights, pruned.weights);
  const bySize = await table.prune(full, { strategy: "magnitude", keep: 6 });
  assert.deepEqual(bySize.weights, (await prune(full, { strategy: "magnitude", keep: 6 })).weights);

  const reads = { obs: 0, descent: 0 };
  const counting = (name: keyof typeof reads) => ({
    onProgress({ step, done }: { step: string; done: number }) {
      if (step === "reduce" && done === 0) reads[name]++;
    },
  });
  await table.prune(full, beyond, counting("obs"));
  const coded = await table.quantize(full, { bits: 2, method: "kmeans" }, counting("descent"));
  assert.ok(reads.obs > 1 && reads.descent === reads.obs, JSON.stringify(reads));
  const { loss, warnings } = coded.quantization!;
  assert.ok(
    warnings!.some(({ code, message }) => code === "sampled" && message.includes("all rows the levels")),
  );
  assert.ok(Math.abs(loss!.after - evaluate(coded, data).logLoss) < 1e-10 && loss!.rows === 6000);
  const positions = coded.positions;
  const scheme = coded.scheme as { levels: Float64Array };
  const levels = await fitLevels(
    data,
    {
      ...{ link: coded.link, classes: coded.classes, positions, scale: null, factors: null },
      parameters: Uint32Array.from(coded.codes),
      levels: scheme.levels,
      intercepts: coded.intercepts,
    },
    { lambda: 1e-3 },
  );
  // A level is stored in 16 bits.
  levels.levels.forEach((level, k) => {
    assert.ok(Math.abs(level - scheme.levels[k]) <= 2 ** -10 * Math.abs(level) + 1e-5, `level ${k}`);
  });

  const roomy = new PackedTable({ ...encoded, room: 24_000_000 });
  const search = await roomy.compress(full, { maxLogLossIncrease: 0.05, folds: 2 });
  const { chosen, warnings: notes, front } = search;
  const said = /By all rows .* the log-loss ([\d.]+)/.exec(notes.join(" "))!;
  const { logLoss } = evaluate(chosen.model, data);
  assert.ok(Math.abs(Number(said[1]) - logLoss) < 1e-4 * logLoss);
  assert.ok(front.length > 1 && front.includes(chosen));
  for (const { model, allRows } of front) {
    const judged = evaluate(model, data);
    assert.equal(allRows!.rows, 6000);
    assert.ok(Math.abs(allRows!.logLoss - judged.logLoss) < 1e-10);
    assert.ok(Math.abs(allRows!.accuracy - judged.accuracy) < 1e-12);
  }
  assert.ok(logLoss < 1.1 * whole, `${logLoss}, ${whole}`);
  assert.equal(chosen.bytes, chosen.packed.length);
  assert.deepEqual((unpack(chosen.packed) as PackedModel).model.weights, chosen.model.weights);
  table.close();
});

test("a process killed while it writes leaves nothing that passes for whole", async () => {
  const path = await generated(1_500_000);
  const own = mkdtempSync(join(folder, "killed-"));
  const process_ = child(`l.duckdb({ temporaryFolder: ${JSON.stringify(own)} })
    .encode({ parquet: ${JSON.stringify(path)}, ${spec} })`);
  const closed = once(process_, "close");
  const written = () => {
    const [name] = readdirSync(own);
    const rows = name === undefined ? "" : join(own, name, "rows");
    return rows !== "" && existsSync(rows) ? statSync(rows).size : 0;
  };
  while (written() < 4e6 && process_.exitCode === null) await new Promise((done) => setTimeout(done, 5));
  assert.equal(process_.exitCode, null);
  process_.kill("SIGKILL");
  await closed;
  // What lies there has no list of its blocks, which is in memory alone; a new encoding has a folder of its own.
  const [left] = readdirSync(own);
  const table = people(500, 1, ["no", "yes"]);
  const source = { parquet: await write(table, "parquet", "after.parquet"), label: "label", numeric: "age" };
  const engine = duckdb({ temporaryFolder: own });
  const model = await new LogisticRegression().fit(source, { engine });
  assert.ok(model.fit.converged);
  assert.deepEqual(readdirSync(own), [left]);
  rmSync(own, { recursive: true });
});

test("paths and cross-validation tell how far they are and stop when they are told to", async () => {
  const engine = duckdb({ threads: 2, temporaryFolder: temporary });
  const rows = await write(people(3000, 1, ["no", "yes"]), "parquet", "stop.parquet");
  const table = await engine.encode({ parquet: rows, label: "label", categorical: "code", numeric: "age" });
  for (const step of ["path", "crossValidate", "reduce"] as const) {
    const stop = new AbortController();
    const heard: number[] = [];
    const watch = {
      signal: stop.signal,
      onProgress({ done, total = 1 }: { done: number; total?: number }) {
        heard.push(done / total);
        stop.abort();
      },
    };
    const options = { penalty: "l1", tolerance: 1e-12 } as const;
    const work = step === "reduce" ? table.reduced([1, 2], watch) : table[step as "path"](options, watch);
    await assert.rejects(work, { code: "cancelled" });
    assert.ok(heard.length > 0 && heard.every((share) => share >= 0 && share <= 1));
  }
  const heard: number[] = [];
  await table.crossValidate(
    { penalty: "l1", lambdas: 4, folds: 2 },
    { onProgress: ({ done, total = 1 }) => heard.push(done / total) },
  );
  assert.deepEqual(
    heard,
    [...heard].sort((a, b) => a - b),
  );
  assert.equal(heard.at(-1), 1);
  table.close();
  assert.deepEqual(leftBehind(), []);
});
