import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { type ErrorCode, LogitpressError } from "../../src/base/errors";
import { BlockWriter } from "../../src/engine/block-writer";
import { duckDbPackage } from "../../src/engine/database";
import { duckdb } from "../../src/engine/duckdb";
import type { DuckDbTable } from "../../src/engine/source";
import { TableEncoder } from "../../src/frame/encoder";
import { readCsv } from "../../src/frame/read";
import { LogisticRegression } from "../../src/train/logistic-regression";
import { folder, leftBehind, people, sql, temporary, write } from "./tables";

const settings = { threads: 2, temporaryFolder: temporary };
const engine = duckdb(settings);
const columns = { label: "label", categorical: ['ci"ty', "code"], numeric: "age" } as const;

async function refuses(table: unknown, code: ErrorCode, text: string, by = engine): Promise<void> {
  const fit = new LogisticRegression().fit(table as DuckDbTable, { engine: by });
  await assert.rejects(fit, (error) => {
    assert.ok(error instanceof LogitpressError, String(error));
    assert.equal(error.code, code, error.message);
    assert.ok(error.message.includes(text), error.message);
    return true;
  });
  assert.deepEqual(leftBehind(), []);
}

test("files that are cut short, differ in their columns or are not there", async () => {
  const whole = await write(people(2000, 1, ["no", "yes"]), "parquet", "whole.parquet");
  const bytes = readFileSync(whole);
  const cut = join(folder, "cut.parquet");
  for (const length of [0, 3, 100, bytes.length - 1]) {
    writeFileSync(cut, bytes.subarray(0, length));
    await refuses({ parquet: cut, ...columns }, "truncated-file", "cut.parquet");
  }
  const other = join(folder, "other.parquet");
  await sql([`COPY (SELECT * REPLACE (CAST(age AS VARCHAR) AS age) FROM '${whole}') TO '${other}'`]);
  await refuses({ parquet: [whole, other], ...columns }, "invalid-file", 'column "age" of');
  await refuses({ parquet: join(folder, "none-*.parquet"), ...columns }, "invalid-file", "none-*");
  await refuses({ database: join(folder, "none.db"), table: "t", ...columns }, "invalid-file", "none.db");
});

test("values that can't be encoded are named by row and column", async () => {
  const csv = join(folder, "bad.csv");
  const base = "label,age,code\nno,1,a\nyes,2,b\n";
  const spec = { label: "label", numeric: "age", categorical: "code" };
  writeFileSync(csv, `${base}yes,three,c\n`);
  await refuses({ csv, ...spec }, "invalid-data", `row 2 (line 4) of ${csv}, column "age": "three"`);
  writeFileSync(csv, `${base}yes,,c\n`);
  await refuses({ csv, ...spec }, "not-finite", `row 2 (line 4) of ${csv}, column "age"`);
  writeFileSync(csv, `${base}yes,inf,c\n`);
  await refuses({ csv, ...spec }, "not-finite", `row 2 (line 4) of ${csv}, column "age"`);
  const second = join(folder, "second.csv");
  writeFileSync(csv, base);
  writeFileSync(second, `${base}no,4,c\nyes,four,c\n`);
  await refuses(
    { csv: [csv, second], ...spec },
    "invalid-data",
    `row 3 (line 5) of ${second}, column "age": "four"`,
  );
  writeFileSync(second, `${base}no,4,c\nyes,5,\n`);
  await refuses(
    { csv: [csv, second], ...spec },
    "invalid-data",
    `level at row 3 (line 5) of ${second}, column "code"`,
  );
  writeFileSync(csv, `label,age,code\n\nno,1,"a\nb\nc"\nyes,2,b\nyes,three,c\n`);
  await refuses({ csv, ...spec }, "invalid-data", `row 2 (line 7) of ${csv}, column "age": "three"`);
  writeFileSync(csv, `${base}yes,4,\n`);
  await refuses({ csv, ...spec }, "invalid-data", `level at row 2 (line 4) of ${csv}, column "code"`);
  writeFileSync(csv, `${base},4,c\n`);
  await refuses({ csv, ...spec }, "invalid-label", `label at row 2 (line 4) of ${csv}, column "label"`);
  writeFileSync(csv, `${base}yes,4,c,5\n`);
  await refuses({ csv, ...spec }, "corrupt-file", "bad.csv");
  writeFileSync(csv, "label,age,code\nno,1,a\nno,2,b\n");
  await refuses({ csv, ...spec }, "invalid-label", "only the class no");
  writeFileSync(csv, "label,age,code\n");
  await refuses({ csv, ...spec }, "empty-data", "table");
});

test("CSV that is no CSV is refused by file and line, wherever the fault lies", async () => {
  const csv = join(folder, "faulty.csv");
  const spec = { csv, label: "label", numeric: "age", categorical: "code" };
  const lines = (rows: number): string[] =>
    Array.from({ length: rows }, (_, i) => `${i % 3 ? "no" : "yes"},${i},a`);
  const head = "label,age,code";
  const early = [head, ...lines(30)];
  const cases: readonly (readonly [string | Buffer, ErrorCode, string])[] = [
    ["", "empty-data", csv],
    ["\ufeff\n\n", "empty-data", csv],
    [Buffer.from(`\ufeff${early.join("\n")}`, "utf16le"), "invalid-file", `text of ${csv}: "UTF-16"`],
    [Buffer.from(early.join("\n"), "utf16le"), "invalid-file", `text of ${csv}: "a character of code 0"`],
    [
      Buffer.from([...early, "yes,1,\u00fc"].join("\n"), "latin1"),
      "corrupt-file",
      `text at line 32, character 7 of ${csv}, column "code"`,
    ],
    [[...early, "yes,5", "no,6,b"].join("\n"), "corrupt-file", `number of cells in line 32 of ${csv}: 2`],
    [[...early, "yes,5,a,9", "no,6,b"].join("\n"), "corrupt-file", `number of cells in line 32 of ${csv}: 4`],
    [[...early, 'yes,5,"abc', "no,6,b"].join("\n"), "corrupt-file", `line 3`],
    [
      [...early, 'yes,5,"abc"x', "no,6,b"].join("\n"),
      "corrupt-file",
      `text after a quote in line 32 of ${csv}`,
    ],
    [
      [head, ...lines(120_000), "yes,5"].join("\n"),
      "corrupt-file",
      `number of cells in line 120002 of ${csv}: 2`,
    ],
  ];
  for (const [text, code, said] of cases) {
    writeFileSync(csv, text);
    await refuses(spec, code, said);
  }
  const sound = join(folder, "sound.csv");
  writeFileSync(sound, early.join("\n"));
  writeFileSync(csv, [...early, "yes,5", "no,6,b"].join("\n"));
  await refuses({ ...spec, csv: [sound, csv] }, "corrupt-file", `line 32 of ${csv}`);
  writeFileSync(csv, `\ufeff${[...early, 'yes,7,"a ""b"", c\r\nd"', "no,8,z"].join("\r\n")}\r\n`);
  const table = await engine.encode(spec);
  assert.deepEqual(table.encoder.state().categorical[0].levels, ["a", 'a "b", c\r\nd', "z"]);
  table.close();
});

test("labels that are no number's or infinite, and a column that changes its type after a million rows, by row", async () => {
  const parquet = join(folder, "odd.parquet");
  const odd = async (label: string, code: string, rows = 50): Promise<void> =>
    await sql([
      `COPY (SELECT ${label} AS label, i::DOUBLE AS age, ${code} AS code FROM range(${rows}) t(i)) TO '${parquet}' (FORMAT parquet)`,
    ]);
  const spec = { parquet, label: "label", numeric: "age", categorical: "code" };
  for (const number of ["nan", "inf", "-inf"]) {
    await odd(`CASE WHEN i = 7 THEN '${number}'::DOUBLE ELSE i % 2 END`, "'a'");
    await refuses(spec, "invalid-label", `label at row 7 of ${parquet}, column "label"`);
  }
  await odd("i % 2", "CASE WHEN i = 9 THEN 'nan'::DOUBLE ELSE i % 3 END");
  await refuses(spec, "invalid-data", `level at row 9 of ${parquet}, column "code"`);
  const kept = await engine.encode({ ...spec, missing: "mean" });
  assert.equal(kept.encoder.columns, 4);
  kept.close();
  const csv = join(folder, "late.csv");
  await sql([
    `COPY (SELECT i % 2 AS label, CASE WHEN i = 1000050 THEN 'late' ELSE (i % 97)::VARCHAR END AS age, 'a' AS code
      FROM range(1000100) t(i)) TO '${csv}' (FORMAT csv, HEADER)`,
  ]);
  await refuses(
    { ...spec, parquet: undefined, csv },
    "invalid-data",
    `row 1000050 (line 1000052) of ${csv}, column "age": "late"`,
  );
});

test("options and columns that are not there or are not done on disk", async () => {
  const parquet = await write(people(500, 1, ["a", "b", "c"]), "parquet", "three.parquet");
  await refuses({ parquet, ...columns, numeric: "agee" }, "missing-column", "agee");
  await refuses({ parquet, ...columns, nummeric: "age" }, "unknown-option", "nummeric");
  await refuses({ ...columns }, "missing-option", "source");
  await refuses({ parquet, csv: "x", ...columns }, "invalid-option", "source");
  await refuses({ parquet, label: "label" }, "missing-option", "features");
  assert.throws(() => duckdb({ memoryLimit: "10MB" }), { code: "invalid-option" });
  assert.throws(() => duckdb({ memoryLimit: "much" }), { code: "invalid-option" });
  for (const options of [{ solver: "dual" }, { penalty: "l1", solver: "newton" }] as const) {
    const fit = new LogisticRegression(options).fit({ parquet, ...columns }, { engine });
    await assert.rejects(fit, { code: "invalid-option", message: /solver beyond memory/ });
  }
  assert.deepEqual(leftBehind(), []);
});

test("a select is one query that reads: what might write to the source is refused before it runs", async () => {
  const csv = join(folder, "kept.csv");
  const text = "label,age\nno,1\nyes,2\nno,3\n";
  writeFileSync(csv, text);
  const spec = { csv, label: "label", numeric: "age" };
  const copy = `COPY (SELECT 1 AS label, 2 AS age) TO '${csv}'`;
  for (const select of [`SELECT * FROM source; ${copy}`, copy, "", "SELEKT 1", "SELECT years FROM source"]) {
    await refuses({ ...spec, select }, "invalid-option", "select (");
    assert.equal(readFileSync(csv, "utf8"), text);
  }
  const path = join(folder, "kept.db");
  await sql(["CREATE TABLE t AS SELECT i % 2 AS label, i AS age FROM range(9) s(i)"], path);
  const before = readFileSync(path);
  const drop = "SELECT * FROM source; DROP TABLE logitpress_source.t";
  const database = { database: path, table: "t", label: "label", numeric: "age" };
  await refuses({ ...database, select: drop }, "invalid-option", "2 statements");
  assert.ok(before.equals(readFileSync(path)));
  const table = await engine.encode({ ...spec, select: "WITH a AS (FROM source) SELECT * FROM a; -- all" });
  assert.equal(table.rows, 3);
  table.close();
});

test("a CSV file on disk has the missing cells, the names and the faults that it has in memory", async () => {
  const csv = join(folder, "cells.csv");
  const write = (label: string, age: string): void => {
    const lines = Array.from({ length: 40 }, (_, i) =>
      [i === 20 ? label : `${i % 2}`, i === 21 ? age : `${i}`].join(),
    );
    writeFileSync(csv, ["label,age", ...lines].join("\n"));
  };
  const numbers = { csv, label: "label", numeric: "age" } as const;
  const levels = { csv, label: "label", categorical: "age" } as const;
  for (const cell of ["", "NA", "N/A", "NaN", "nan", "null", "NULL"]) {
    write(cell, "1");
    await refuses(numbers, "invalid-label", `label at row 20 (line 22) of ${csv}, column "label"`);
    write("1", cell);
    await refuses(numbers, "not-finite", `row 21 (line 23) of ${csv}, column "age": "missing"`);
    await refuses(levels, "invalid-data", `level at row 21 (line 23) of ${csv}, column "age": "missing"`);
    const table = await engine.encode({ ...numbers, missing: "mean" });
    const theirs = TableEncoder.fit(await readCsv(csv), { label: "label", numeric: "age", missing: "mean" });
    const [ours, expected] = [table.encoder, theirs].map((encoder) => encoder.state().numeric[0]);
    assert.ok(Math.abs(ours.mean - expected.mean) < 1e-12 && Math.abs(ours.scale - expected.scale) < 1e-12);
    table.close();
  }
  writeFileSync(csv, '\ufefflabel,"a ""b"", c","a ""b"", c"\r\nno,1,2\r\nyes,3,4\r\n');
  await refuses({ csv, label: "label", numeric: "label" }, "invalid-option", "label");
  await refuses({ csv, label: "label", numeric: 'a "b", c' }, "invalid-file", `column name in ${csv}`);
  writeFileSync(csv, Buffer.from(`label,age\n${"no,1\nyes,2\n".repeat(150_000)}no,\u00ff\n`, "latin1"));
  await refuses(levels, "corrupt-file", `text at line 300002, character 4 of ${csv}, column "age"`);
});

test("a full disk, as told by the limit and by the system", async () => {
  const parquet = await write(people(500, 1, ["no", "yes"]), "parquet", "full.parquet");
  await refuses({ parquet, ...columns }, "failed", "disk full", duckdb({ ...settings, diskLimit: "1KB" }));
  if (process.platform !== "linux") return;
  const writer = new BlockWriter("/dev/full", { columns: 2, width: 1, valued: false, counted: true }, null);
  writer.add(0, 1);
  writer.endRow(0, 1);
  assert.throws(() => writer.finish(), { code: "failed" });
  writer.close();
});

test("a CSV file of more columns than DuckDB's reader has memory for names them and the ways out", async () => {
  const csv = join(folder, "wide.csv");
  const names = Array.from({ length: 30_000 }, (_, j) => `c${j}`);
  const lines = Array.from({ length: 20 }, (_, i) => [i % 2, ...names.map(() => i)].join(","));
  writeFileSync(csv, [["label", ...names].join(","), ...lines].join("\n"));
  const small = duckdb({ ...settings, memoryLimit: "300MB" });
  await refuses({ csv, label: "label", numeric: "c1" }, "failed", "30001", small);
  await refuses({ csv, label: "label", numeric: "c1" }, "failed", "readCsv", small);
});

test("the missing package is named with the command that installs it", () => {
  const missing = () => {
    throw Object.assign(new Error("Cannot find module"), { code: "MODULE_NOT_FOUND" });
  };
  assert.throws(() => duckDbPackage(missing), {
    code: "missing-dependency",
    message: /npm install @duckdb\/node-api/,
  });
});

test("cancelled while it encodes and while it fits, with nothing left behind", async () => {
  const parquet = await write(people(3000, 1, ["no", "yes"]), "parquet", "cancel.parquet");
  for (const step of ["encode", "fit"]) {
    const stop = new AbortController();
    const steps = new Set<string>();
    const fit = new LogisticRegression({ tolerance: 1e-12 }).fit(
      { parquet, ...columns },
      {
        engine,
        signal: stop.signal,
        onProgress(progress) {
          steps.add(progress.step);
          if (progress.step === step) stop.abort();
        },
      },
    );
    await assert.rejects(fit, { code: "cancelled" });
    assert.ok(steps.has(step));
    assert.deepEqual(leftBehind(), []);
  }
});
