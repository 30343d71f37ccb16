import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { LogitpressError } from "../../src/base/errors";
import { columnsOf } from "../../src/frame/columns";
import type { CsvOptions } from "../../src/frame/csv-batches";
import { readCsv, readJson } from "../../src/frame/read";

let folder = "";
before(async () => {
  folder = await mkdtemp(join(tmpdir(), "logitpress-read-"));
});
after(() => rm(folder, { recursive: true }));

async function file(text: string, name = "table"): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, text);
  return path;
}

async function csv(text: string, options?: CsvOptions): Promise<Record<string, unknown>> {
  return Object.fromEntries(columnsOf(await readCsv(await file(text), options)));
}

function refusal(code: string, pattern: RegExp): (error: unknown) => boolean {
  return (error) => error instanceof LogitpressError && error.code === code && pattern.test(error.message);
}

test("columns keep what the file says", async () => {
  const columns = await csv("zip,n,x,ok,mixed\n00,1,-1.5e3,true,1\n07,2,NA,false,b\n10,+3,.5,,\n");
  assert.deepEqual(columns, {
    zip: ["00", "07", "10"],
    n: [1, 2, 3],
    x: [-1500, null, 0.5],
    ok: [true, false, null],
    mixed: ["1", "b", null],
  });
});

test("a number that a float can't hold stays text", async () => {
  const columns = await csv("id,x\n9007199254740993,1e999\n1,2\n");
  assert.deepEqual(columns, { id: ["9007199254740993", "1"], x: ["1e999", "2"] });
});

test("quotes, CRLF, a byte order mark, blank lines and a missing last line end", async () => {
  const columns = await csv('\ufeffa,b\r\n"x, ""y""\n2",1\r\n\r\nz,2');
  assert.deepEqual(columns, { a: ['x, "y"\n2', "z"], b: [1, 2] });
});

test("options: delimiter, header, missing, text", async () => {
  assert.deepEqual(await csv("1;NA\n2;-\n", { delimiter: ";", header: false, missing: ["-"] }), {
    0: [1, 2],
    1: ["NA", null],
  });
  assert.deepEqual(await csv("a\n1\n", { schema: { a: "string" } }), { a: ["1"] });
  await assert.rejects(csv("a\n1\n", { sep: ";" } as never), refusal("unknown-option", /sep/));
  await assert.rejects(csv("a\n1\n", { delimiter: "::" }), refusal("invalid-option", /delimiter/));
});

test("danfo is told the types", async () => {
  const frame = await readCsv(await file("a,b,c,d\n1,1.5,x,true\n2,,y,false\n"));
  assert.deepEqual(frame.dtypes, ["int32", "float32", "string", "boolean"]);
  assert.deepEqual(frame.shape, [2, 4]);
});

test("a bad CSV file is refused by line", async () => {
  await assert.rejects(readCsv(join(folder, "none.csv")), refusal("invalid-file", /none\.csv/));
  await assert.rejects(csv(""), refusal("empty-data", /table/));
  await assert.rejects(csv("a,b\n"), refusal("empty-data", /table/));
  await assert.rejects(csv('a,b\n"1\n2",3\n4\n'), refusal("invalid-file", /line 4 .*: 1; expected 2/));
  await assert.rejects(csv("a,b\n1,2,3\n"), refusal("invalid-file", /line 2 .*: 3/));
  await assert.rejects(csv('a,b\n1,"2\n'), refusal("invalid-file", /quote in line 2/));
  await assert.rejects(csv("a,a\n1,2\n"), refusal("invalid-file", /"a".*once/));
});

test("JSON: records and columns", async () => {
  const records = columnsOf(await readJson(await file('[{"a":1,"b":"00"},{"b":"x","c":true}]')));
  assert.deepEqual(Object.fromEntries(records), { a: [1, null], b: ["00", "x"], c: [null, true] });
  const columns = columnsOf(await readJson(await file('{"a":[1,2],"b":["x",null]}')));
  assert.deepEqual(Object.fromEntries(columns), { a: [1, 2], b: ["x", null] });
});

test("a bad JSON file is refused", async () => {
  const json = async (text: string) => readJson(await file(text));
  await assert.rejects(readJson(join(folder, "none.json")), refusal("invalid-file", /none\.json/));
  await assert.rejects(json("[1"), refusal("invalid-file", /line 1, character 3 of .*"the end".*valid JSON/));
  const late = '[\n  {"a": 1},\n  {"a": 2, "é": tru}\n]';
  await assert.rejects(json(late), refusal("invalid-file", /JSON at line 3, character 17 of .*: "tru/));
  await assert.rejects(json("3"), refusal("invalid-file", /records/));
  await assert.rejects(json('[{"a":1},2]'), refusal("invalid-file", /row 1 .*: 2/));
  await assert.rejects(json("[]"), refusal("empty-data", /table/));
  await assert.rejects(json('{"a":1}'), refusal("invalid-file", /column "a"/));
  await assert.rejects(json('{"a":[1],"b":[]}'), refusal("length-mismatch", /column "b"/));
});
