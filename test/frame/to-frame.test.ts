import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import * as arrow from "apache-arrow";
import { columnsOf, type Frame } from "../../src/frame/columns";
import { TableEncoder } from "../../src/frame/encoder";
import { readCsv, readJson, readParquet } from "../../src/frame/read";
import { scanTable } from "../../src/frame/scan";
import type { Schema } from "../../src/frame/schema";
import { toColumns, toFrame } from "../../src/frame/to-frame";
import { root } from "../python";
import { refusal } from "../refusal";

let folder = "";
before(async () => {
  folder = await mkdtemp(join(tmpdir(), "logitpress-frame-"));
});
after(() => rm(folder, { recursive: true }));

async function file(name: string, text: string): Promise<string> {
  await writeFile(join(folder, name), text);
  return join(folder, name);
}

const schema: Schema = { zip: "string", amount: "number", n: "integer", ok: "boolean", when: "date" };
const typed = {
  zip: ["00", "10", null],
  amount: [1.5, null, -2],
  n: [1, 2, 3],
  ok: [true, null, false],
  when: [new Date("2024-02-29"), new Date("2024-02-29T13:45:00Z"), null],
};
const objectOf = (frame: Frame): unknown => Object.fromEntries(columnsOf(frame));

test("a schema says the types of CSV, JSON, JSON lines, records, rows and columns alike", async () => {
  const csv = "zip,amount,n,ok,when\n00,1.5,1,TRUE,2024-02-29\n10,,2,,2024-02-29T13:45:00Z\nNA,-2,3,false,\n";
  const records = [
    { zip: "00", amount: "1.5", n: 1n, ok: "true", when: "2024-02-29" },
    { zip: 10, n: "2", when: Date.UTC(2024, 1, 29, 13, 45) },
    { zip: null, amount: -2, n: 3, ok: false },
  ];
  const plain = records.map((record) => ({ ...record, n: Number(record.n) }));
  assert.deepEqual(objectOf(await readCsv(await file("t.csv", csv), { schema })), typed);
  assert.deepEqual(objectOf(await readJson(await file("t.json", JSON.stringify(plain)), { schema })), typed);
  const lines = await file("t.jsonl", plain.map((record) => JSON.stringify(record)).join("\n"));
  assert.deepEqual(objectOf(await readJson(lines, { schema })), typed);
  for await (const batch of scanTable(lines, { schema })) assert.deepEqual(batch, typed);
  for await (const batch of scanTable(join(folder, "t.csv"), { schema })) assert.deepEqual(batch, typed);
  assert.deepEqual(toColumns(records, { schema }), typed);
  const names = Object.keys(schema);
  const rows = records.map((record) => names.map((name) => (record as Record<string, unknown>)[name]));
  assert.deepEqual(toColumns(rows, { schema, columns: names }), typed);
  assert.deepEqual(objectOf(toFrame(typed, { schema })), typed);
  assert.deepEqual(objectOf(toFrame(toFrame(typed), { schema })), typed);
});

test("danfo is told the types of the schema", () => {
  const frame = toFrame(typed, { schema });
  assert.deepEqual(frame.dtypes, ["string", "float32", "int32", "boolean", "string"]);
  assert.deepEqual(toFrame({ a: [1, 2] }, { schema: { a: "number" } }).dtypes, ["float32"]);
  assert.deepEqual(toFrame({ a: [1, null] }, { schema: { a: "integer" } }).dtypes, ["float32"]);
});

test("a value of another type is refused with file, line or row, and column", async () => {
  const path = await file("bad.csv", 'zip,amount\n"0\n0",1\n10,"1,5"\n');
  const cell = refusal("invalid-data", `line 4 of ${path}, column "amount"`, '"1,5"', "a finite number");
  await assert.rejects(readCsv(path, { schema: { amount: "number" } }), cell);
  await assert.rejects(async () => {
    for await (const _ of scanTable(path, { schema: { amount: "number" } })) assert.fail();
  }, cell);
  const lines = await file("bad.jsonl", '{"a":1}\n\n{"a":1.5}\n');
  await assert.rejects(
    readJson(lines, { schema: { a: "integer" } }),
    refusal("invalid-data", `line 3 of ${lines}, column "a"`, "1.5", "an integer"),
  );
  const json = await file("bad.json", '[{"a":"x"},{"a":["y"]}]');
  await assert.rejects(
    readJson(json, { schema: { a: "string" } }),
    refusal("invalid-data", `row 1 of ${json}, column "a"`, "Array(1)", "text"),
  );
  const parquet = join(root, "test", "golden", "tables", "snappy.parquet");
  await assert.rejects(
    readParquet(parquet, { schema: { city: "boolean" } }),
    refusal("invalid-data", `row 0 of ${parquet}, column "city"`, '"Rome"', "true or false"),
  );
  const days = columnsOf(
    await readParquet(parquet, { columns: ["day", "count"], schema: { day: "string" } }),
  );
  assert.equal(days.get("day")![31], "2024-02-01T00:00:00.000Z");
});

test("values that are almost of a type are none", () => {
  const wrong: readonly (readonly [Schema[string], readonly unknown[]])[] = [
    ["number", ["0x10", "1,5", "", "Infinity", "12 ", true, "9007199254740993", 2n ** 60n, new Date(0)]],
    ["integer", [1.5, "1.5", 2 ** 53, "1e400"]],
    ["boolean", [1, 0, "yes", "1"]],
    ["date", ["2024-02-30", "29.2.2024", new Date(Number.NaN), "2024-02-29T25:00", true]],
    ["string", [[1], {}, Symbol.iterator]],
  ];
  for (const [kind, values] of wrong) {
    for (const value of values) {
      // Blanks around a number are no part of it.
      if (value === "12 ") assert.deepEqual(toColumns({ a: [value] }, { schema: { a: kind } }), { a: [12] });
      else
        assert.throws(
          () => toColumns({ a: [value] }, { schema: { a: kind } }),
          refusal("invalid-data", 'row 0, column "a"'),
        );
    }
  }
  assert.throws(
    () => toColumns({ a: [1, 1 / 0] }, { schema: { a: "number" } }),
    refusal("not-finite", "row 1"),
  );
});

test("tables and schemas that make no sense are refused", async () => {
  assert.throws(() => toFrame([]), refusal("empty-data", "0 rows"));
  assert.throws(() => toFrame({}), refusal("empty-data", "0 rows"));
  assert.throws(() => toFrame([{ a: 1 }, 2] as never), refusal("invalid-data", "table: 2"));
  assert.throws(() => toFrame({ a: 1 } as never), refusal("invalid-data", "table: 1"));
  assert.throws(() => toFrame("a,b" as never), refusal("invalid-data", '"a,b"'));
  assert.throws(() => toFrame([[1, 2], [3]]), refusal("length-mismatch", "row 1", ": 1", "expected 2"));
  assert.throws(() => toFrame({ a: [1, 2], b: [1] }), refusal("length-mismatch", 'column "b"'));
  assert.throws(() => toFrame([[1, 2]], { columns: ["a", "a"] }), refusal("invalid-option", "columns"));
  assert.throws(() => toFrame([{ a: 1 }], { columns: ["a"] }), refusal("invalid-option", "columns"));
  assert.throws(
    () => toFrame({ a: [1] }, { schema: { b: "number" } }),
    refusal("missing-column", '"b"', "a"),
  );
  assert.throws(
    () => toFrame({ a: [1] }, { schema: { a: "float" } } as never),
    refusal("invalid-option", "float"),
  );
  assert.throws(() => toFrame({ a: [1] }, { types: {} } as never), refusal("unknown-option", "types"));
  const path = await file("some.csv", "a\n1\n");
  await assert.rejects(readCsv(path, { schema: { b: "number" } }), refusal("missing-column", '"b"', "a"));
});

const table = arrow.tableFromArrays({
  count: Int32Array.of(1, 2, 3),
  x: [1.5, null, 2],
  city: ["Rome", "Oslo", "Rome"],
  ok: [true, false, null],
  big: BigInt64Array.of(1n, 2n ** 60n, 3n),
  when: [new Date(0), null, new Date(86_400_000)],
});

test("Arrow tables come in: dictionaries, nulls, dates, 64 bits", () => {
  assert.deepEqual(objectOf(toFrame(table)), {
    count: [1, 2, 3],
    x: [1.5, null, 2],
    city: ["Rome", "Oslo", "Rome"],
    ok: [true, false, null],
    big: [1, "1152921504606846976", 3],
    when: [new Date(0), null, new Date(86_400_000)],
  });
  const days = new arrow.Table({ d: arrow.vectorFromArray([new Date(86_400_000)], new arrow.DateDay()) });
  assert.deepEqual(toColumns(days), { d: [new Date(86_400_000)] });
  const lists = new arrow.Table({ l: arrow.vectorFromArray([[1], [2]]) });
  assert.throws(() => toFrame(lists), refusal("invalid-data", 'row 0, column "l"', "Cast the column"));
});

test("Arrow tables are encoded as they are, and go out by their columns", () => {
  const spec = {
    label: "city",
    numeric: "count",
    categorical: "ok",
    dates: "when",
    missing: "mean",
  } as const;
  const { features } = TableEncoder.fitTransform(table, spec).data;
  assert.deepEqual(features, TableEncoder.fitTransform(toColumns(table), spec).data.features);
  assert.throws(
    () => TableEncoder.fit(table, { label: "city", numeric: "age" }),
    refusal("missing-column", '"age"', "count, x, city"),
  );
  const columns = toColumns(toFrame({ city: ["Rome", null], x: [1, 2.5] }));
  const out = arrow.tableFromIPC(
    arrow.tableToIPC(arrow.tableFromArrays(columns as Record<string, unknown[]>)),
  );
  assert.deepEqual(toColumns(out as never), columns);
});
