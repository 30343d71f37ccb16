import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { duckdb } from "../../src/engine/duckdb";
import { evaluate } from "../../src/evaluate/evaluate";
import { TableEncoder } from "../../src/frame/encoder";
import { LogisticRegression } from "../../src/train/logistic-regression";
import { near } from "./near";
import { folder, leftBehind, sql, temporary } from "./tables";
import { every, single, visits, written } from "./visits";

const engine = duckdb({ threads: 2, temporaryFolder: temporary });
const options = { lambda: 0.1, solver: "newton", tolerance: 1e-16, maxIterations: 300 } as const;
const estimator = new LogisticRegression(options);

test("every kind of column is learnt and fitted on disk as in memory", async () => {
  const table = visits(2000, 4);
  const parquet = await written(table, "visits");
  const csv = await written(table, "visits", "csv");
  for (const spec of [every, ...single]) {
    const { encoder, data } = TableEncoder.fitTransform(table, spec);
    const theirs = await estimator.fit(data);
    for (const source of spec === every ? [{ parquet }, { csv }] : [{ parquet }]) {
      const own = await engine.encode({ ...source, ...spec });
      const [ours, expected] = [own.encoder.state(), encoder.state()];
      ours.numeric.forEach(({ mean, scale }, k) => {
        assert.ok(Math.abs(mean - expected.numeric[k].mean) < 1e-12 * Math.abs(mean));
        assert.ok(Math.abs(scale - expected.numeric[k].scale) < 1e-12 * scale);
      });
      const rounded = (value: unknown) =>
        JSON.stringify(value, (_, x) => (typeof x === "number" ? x.toPrecision(13) : x));
      assert.equal(rounded(ours.blocks), rounded(expected.blocks));
      assert.deepEqual(ours.categorical, expected.categorical);
      near(await estimator.fit(own, { engine }), theirs);
      own.close();
    }
  }
  assert.deepEqual(leftBehind(), []);
});

test("dates of all types are the same dates, and levels as those of the same text", async () => {
  const text = join(folder, "times.parquet");
  const typed = join(folder, "typed.parquet");
  const day = "TIMESTAMP '2021-03-04 05:06:07' + to_hours(CAST(hash(i) % 30000 AS INTEGER))";
  const columns = `SELECT i, ${day} AS moment, hash(i * 3) % 9 AS code, CASE WHEN hour(${day}) + hash(i * 7) % 12 > 17 THEN 'b' ELSE 'a' END AS label FROM range(900) t(i)`;
  await sql([
    `COPY (SELECT label, CAST(moment AS VARCHAR) AS moment, CAST(CAST(moment AS DATE) AS VARCHAR) AS day, CAST(epoch_ms(moment) AS VARCHAR) AS ms, CAST(code AS VARCHAR) AS code FROM (${columns})) TO '${text}' (FORMAT parquet)`,
    `COPY (SELECT label, moment, CAST(moment AS DATE) AS day, epoch_ms(moment) AS ms, CAST(code AS DOUBLE) AS code FROM (${columns})) TO '${typed}' (FORMAT parquet)`,
  ]);
  const spec = {
    label: "label",
    dates: [{ column: "moment", cycles: ["hour", "month"] as const }, "day", "ms"],
    categorical: { column: "code", bits: 4 },
  };
  const models = [];
  for (const parquet of [text, typed]) models.push(await estimator.fit({ parquet, ...spec }, { engine }));
  near(models[0], models[1]);
  assert.ok(models[0].weights.some((w) => Math.abs(w) > 0.5));
});

test("what can't be encoded is named by its row: dates, levels that are not listed, levels that are new", async () => {
  const csv = join(folder, "faults.csv");
  const lines = (last: string) =>
    [
      "label,day,size,code",
      ...Array.from({ length: 40 }, (_, i) => `${i % 2},2024-01-0${1 + (i % 9)},S,${i % 3}`),
      last,
    ].join("\n");
  const refused = async (spec: object, last: string, message: RegExp, like?: TableEncoder): Promise<void> => {
    writeFileSync(csv, lines(last));
    await assert.rejects(engine.encode({ csv, label: "label", ...spec } as never, {}, like), {
      code: "invalid-data",
      message,
    });
  };
  const ordinal = { ordinal: { column: "size", levels: ["S", "M"] } } as const;
  await refused(
    { dates: "day" },
    "1,2024-02-30,S,1",
    /date at row 40 \(line 42\) of .*faults\.csv, column "day": "2024-02-30"/,
  );
  await refused(
    ordinal,
    "1,2024-02-01,L,1",
    /level at row 40 \(line 42\) of .*faults\.csv, column "size": "L".*List the level/,
  );
  await refused(
    ordinal,
    "1,2024-02-01,,1",
    /level at row 40 \(line 42\) of .*faults\.csv, column "size": "missing"/,
  );
  await refused(
    { dates: "day" },
    "1,,S,1",
    /date at row 40 \(line 42\) of .*faults\.csv, column "day": "missing"/,
  );
  writeFileSync(csv, lines("1,2024-02-01,M,1"));
  for (const [spec, cell] of [
    [{ categorical: "code" }, '"7"'],
    [{ target: "code" }, '"7"'],
    [{ crosses: [{ columns: ["size", "code"] }] }, '"M & 7"'],
  ] as const) {
    writeFileSync(csv, lines("1,2024-02-01,M,1"));
    const own = await engine.encode({ csv, label: "label", ...spec, unseen: "error" });
    await refused(
      { ...spec, unseen: "error" },
      "0,2024-02-01,M,7",
      new RegExp(`level at row 40 \\(line 42\\) of .*faults\\.csv.*: ${cell}`),
      own.encoder,
    );
    own.close();
  }
  const times = join(folder, "infinite.parquet");
  await sql([
    `COPY (SELECT i % 2 AS label, CASE WHEN i = 30 THEN 'infinity' ELSE '2024-01-05 10:00:00' END::TIMESTAMP AS day FROM range(50) t(i)) TO '${times}' (FORMAT parquet)`,
  ]);
  const fit = estimator.fit({ parquet: times, label: "label", dates: "day" }, { engine });
  await assert.rejects(fit, {
    code: "invalid-data",
    message: /date at row 30 of .*infinite\.parquet, column "day": "infinity"/,
  });
  assert.deepEqual(leftBehind(), []);
});

test("test rows are encoded as training rows were, by every kind", async () => {
  const table = visits(900, 8);
  const parquet = await written(table, "train");
  const other = visits(500, 9);
  const unseen = await written(other, "test");
  const spec = { ...every, target: { column: "size2", folds: 4 } };
  const both = (rows: typeof table) => ({ ...rows, size2: rows.size });
  const select = "SELECT *, size AS size2 FROM source";
  const { encoder, data } = TableEncoder.fitTransform(both(table), spec);
  const train = await engine.encode({ parquet, select, ...spec });
  const test = await engine.encode({ parquet: unseen, select, ...spec }, {}, train.encoder);
  const model = await estimator.fit(train, { engine });
  near(model, await estimator.fit(data));
  const judged = await test.evaluate(model);
  const expected = evaluate(model, encoder.transform(both(other)));
  assert.equal(judged.weight, 500);
  assert.ok(Math.abs(judged.logLoss - expected.logLoss) < 1e-7, `${judged.logLoss}, ${expected.logLoss}`);
  train.close();
  test.close();
});
