import assert from "node:assert/strict";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { type ErrorCode, LogitpressError } from "../../src/base/errors";
import { CellBatch } from "../../src/frame/cell-batch";
import { columnsOf, numberColumn } from "../../src/frame/columns";
import { CsvScanner, type ScannedCells } from "../../src/frame/csv-scanner";
import { Decoder } from "../../src/frame/decoder";
import { TableEncoder } from "../../src/frame/encoder";
import { MissingCells } from "../../src/frame/missing-cells";
import { readCsv, readJson, readParquet, readTable } from "../../src/frame/read";
import { scanTable } from "../../src/frame/scan";
import { readSvmlight } from "../../src/frame/svmlight";
import { root } from "../python";
import { CsvParser, type CsvRow } from "./csv-reference";

let folder = "";
before(async () => {
  folder = await mkdtemp(join(tmpdir(), "logitpress-tables-"));
});
after(() => rm(folder, { recursive: true }));

async function file(name: string, content: string | Uint8Array): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, content);
  return path;
}

function refusal(code: ErrorCode, pattern: RegExp): (error: unknown) => boolean {
  return (error) => error instanceof LogitpressError && error.code === code && pattern.test(error.message);
}

const golden = (codec: string): string => join(root, "test", "golden", "tables", `${codec}.parquet`);

function scanned(delimiter: string, pieces: readonly Uint8Array[]): CsvRow[] {
  const scanner = new CsvScanner(delimiter, "t", 0);
  const rows: CsvRow[] = [];
  const add = (cells: ScannedCells | null): void => {
    if (cells === null) return;
    const batch = new CellBatch([], cells.lines.length, "t", new MissingCells(), cells);
    cells.lines.forEach((line, i) => {
      rows.push({ cells: Array.from({ length: cells.width }, (_, j) => batch.raw(i, j)), line });
    });
  };
  const decoder = new Decoder(undefined);
  for (const piece of pieces) add(scanner.push(decoder.utf8(piece)));
  decoder.end();
  add(scanner.end());
  return rows;
}

const caught = (work: () => unknown): unknown => {
  try {
    return work();
  } catch (error) {
    return (error as Error).message;
  }
};

test("a CSV text in pieces of any bytes has the rows that a parser of the whole text finds", () => {
  const parts = ["a", "b,", ",", '"', '""', '"x,\n"', "\n", "\r\n", "\r", "é", "§", "\u{1f600}"];
  const text = fc.array(fc.constantFrom(...parts), { maxLength: 40 }).map((all) => all.join(""));
  fc.assert(
    fc.property(
      text,
      fc.array(fc.nat(5), { maxLength: 12 }),
      fc.constantFrom(",", "§", "é"),
      (whole, steps, delimiter) => {
        const reference = caught(() => {
          const parser = new CsvParser(delimiter, "t");
          return [...parser.push(whole), ...parser.end()];
        });
        const bytes = Buffer.from(whole);
        const pieces: Uint8Array[] = [];
        let at = 0;
        for (const step of steps) {
          pieces.push(bytes.subarray(at, at + step));
          at += step;
        }
        assert.deepEqual(
          caught(() => scanned(delimiter, [...pieces, bytes.subarray(at)])),
          reference,
        );
      },
    ),
    { numRuns: 4000 },
  );
});

test("encodings: by name, by mark, and a wrong one is refused", async () => {
  const latin = await file("latin.csv", Uint8Array.from(Buffer.from("a,b\nSão,1\n", "latin1")));
  await assert.rejects(readCsv(latin), refusal("invalid-file", /utf-8.*encoding/));
  assert.deepEqual(columnsOf(await readCsv(latin, { encoding: "windows-1252" })).get("a"), ["São"]);
  const wide = await file("wide.csv", Uint8Array.from(Buffer.from("\ufeffa,b\nSão,1\n", "utf16le")));
  assert.deepEqual(Object.fromEntries(columnsOf(await readCsv(wide))), { a: ["São"], b: [1] });
  await assert.rejects(readCsv(latin, { encoding: "klingon" }), refusal("invalid-option", /encoding/));
});

test("a packed file is read as it is, and one cut short is refused", async () => {
  const packed = gzipSync(`a,b\n${"x,1\n".repeat(5000)}`);
  const whole = await readTable(await file("t.csv.gz", packed));
  assert.deepEqual(whole.shape, [5000, 2]);
  const cut = await file("cut.csv.gz", packed.subarray(0, packed.length - 20));
  await assert.rejects(readTable(cut), refusal("invalid-file", /cut\.csv\.gz.*gzip/));
});

test("JSON lines keep types, and a bad line is named", async () => {
  const path = await file("t.jsonl", '{"a":1,"b":"00"}\n\n{"b":"x","c":true}');
  assert.deepEqual(Object.fromEntries(columnsOf(await readJson(path))), {
    a: [1, null],
    b: ["00", "x"],
    c: [null, true],
  });
  await assert.rejects(
    readJson(await file("u.jsonl", '{"a":1}\n{"a":\n')),
    refusal("invalid-file", /JSON at line 2, character 6 of .*u\.jsonl: "the end"/),
  );
  await assert.rejects(
    readJson(await file("v.ndjson", '{"a":1}\n\n[1]\n')),
    refusal("invalid-file", /line 3/),
  );
});

for (const codec of ["snappy", "zstd", "gzip", "brotli", "lz4", "none"]) {
  test(`Parquet as pyarrow writes it: ${codec}`, async () => {
    const columns = columnsOf(await readParquet(golden(codec)));
    const rows = Array.from({ length: 300 }, (_, i) => i);
    assert.deepEqual(
      columns.get("count"),
      rows.map((i) => (i % 7 ? i : null)),
    );
    assert.deepEqual(
      columns.get("big"),
      rows.map((i) => String(2n ** 60n + BigInt(i))),
    );
    assert.deepEqual(
      columns.get("f"),
      rows.map((i) => (i === 5 ? Number.NaN : i / 4)),
    );
    assert.deepEqual(
      columns.get("city"),
      rows.map((i) => ["Rome", "Oslo", null, "São Paulo"][i % 4]),
    );
    assert.deepEqual(
      columns.get("ok"),
      rows.map((i) => i % 3 === 0),
    );
    assert.equal((columns.get("day")![31] as Date).toISOString().slice(0, 10), "2024-02-01");
  });
}

test("columns of Parquet are chosen, and a file cut short or of another kind is refused", async () => {
  const some = await readParquet(golden("snappy"), { columns: ["x", "city"] });
  assert.deepEqual(some.columns, ["x", "city"]);
  await assert.rejects(
    readParquet(golden("snappy"), { columns: ["y"] }),
    refusal("missing-column", /"y".*count/),
  );
  const bytes = await readFile(golden("snappy"));
  for (const length of [0, 4, 11, bytes.length >> 1, bytes.length - 1]) {
    const cut = await file("cut.parquet", bytes.subarray(0, length));
    await assert.rejects(readParquet(cut), refusal("invalid-file", /cut\.parquet/));
  }
  await assert.rejects(
    readParquet(await file("no.parquet", "a,b\n1,2\n")),
    refusal("invalid-file", /Parquet/),
  );
  await assert.rejects(readParquet(join(folder, "none.parquet")), refusal("invalid-file", /none\.parquet/));
  await assert.rejects(readTable(await file("t.xlsx", "x")), refusal("invalid-file", /t\.xlsx.*\.csv/));
});

test("a scan gives the rows of the file, in batches of at most the size", async () => {
  const text = `id,name\n${Array.from({ length: 1000 }, (_, i) => `${i},n${i}`).join("\n")}`;
  const lines = Array.from({ length: 1000 }, (_, i) => JSON.stringify({ id: String(i), name: `n${i}` }));
  const paths = [await file("s.csv", text), await file("s.jsonl", lines.join("\n"))];
  for (const path of paths) {
    const ids: unknown[] = [];
    for await (const batch of scanTable(path, { rows: 64 })) {
      assert.ok(batch.id.length <= 64);
      ids.push(...Array.from(batch.id));
    }
    assert.deepEqual(
      ids,
      Array.from({ length: 1000 }, (_, i) => String(i)),
    );
  }
  let rows = 0;
  for await (const { x } of scanTable(golden("zstd"), { rows: 100 })) rows += x.length;
  assert.equal(rows, 300);
  await assert.rejects(
    async () => {
      for await (const _ of scanTable(await file("e.csv", "a,b\n"))) assert.fail();
    },
    refusal("empty-data", /e\.csv/),
  );
});

test("a value that can't be encoded in a table that is gone through is named by its place in the file", async () => {
  const { encoder } = TableEncoder.fitTransform(
    { x: [1, 2, 3], city: ["a", "b", "a"], y: ["n", "y", "n"] },
    { label: "y", numeric: "x", categorical: "city", unseen: "error" },
  );
  const lines = (bad: string): string[] =>
    Array.from({ length: 20_000 }, (_, i) => (i === 15_000 ? bad : `${i},a,n`));
  const scan = async (path: string): Promise<void> => {
    for await (const batch of scanTable(path, { rows: 4096 })) encoder.transform(batch);
  };
  const csv = (bad: string) => file("late.csv", `x,city,"y"\n${lines(bad).join("\n")}\n`);
  await assert.rejects(
    scan(await csv("1O,a,n")),
    refusal("invalid-data", /value at line 15002 of .*late\.csv, column "x": "1O"/),
  );
  await assert.rejects(scan(await csv("1e999,a,n")), refusal("not-finite", /line 15002 of .*, column "x"/));
  await assert.rejects(
    scan(await csv(",a,n")),
    refusal("not-finite", /value at line 15002 of .*, column "x"/),
  );
  await assert.rejects(
    scan(await csv("1,c,n")),
    refusal("invalid-data", /level at line 15002 of .*, column "city"/),
  );
  await assert.rejects(
    scan(await csv("1,a,")),
    refusal("invalid-label", /label at line 15002 of .*, column "y"/),
  );
  const records = lines("1,c,n")
    .map((line) => line.split(","))
    .map(([x, city, y]) => ({ x: Number(x), city, y }));
  const json = await file("late.jsonl", records.map((record) => JSON.stringify(record)).join("\n"));
  await assert.rejects(
    scan(json),
    refusal("invalid-data", /level at row 15000 of .*late\.jsonl, column "city"/),
  );
});

test("numbers of a scanned CSV are those of its text, and columns that nobody looked at can still be had", async () => {
  const cell = fc.oneof(
    fc.double({ noNaN: true, noDefaultInfinity: true }).map(String),
    fc.integer().map((n) => ` ${n} `),
    fc.constantFrom(
      "",
      "NA",
      "-0",
      "007",
      "0x1F",
      "1e3",
      '"1,5"',
      '"""7"""',
      "true",
      "-999",
      "Infinity",
      ".",
    ),
  );
  const missing = fc.constantFrom(undefined, ["-999", ""], ["007"]);
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(cell, cell), { minLength: 1, maxLength: 30 }),
      missing,
      async (rows, tokens) => {
        const path = await file("n.csv", `a,b\n${rows.map((row) => row.join(",")).join("\n")}\n`);
        const options = tokens === undefined ? {} : { missing: tokens };
        for await (const batch of scanTable(path, { rows: 7, ...options })) {
          for (const name of ["a", "b"]) {
            const said = caught(() => numberColumn(batch, name));
            assert.deepEqual(
              said,
              caught(() => numberColumn({ [name]: batch[name] }, name)),
            );
          }
        }
      },
    ),
    { numRuns: 300 },
  );
});

test("svmlight: indices from 1, comments, ids of queries, ones without values", async () => {
  const path = await file("t.svm", "# a comment\n+1 1:0.5 3:2 # tail\n-1 qid:3 2:1\n\n-1\n");
  const data = await readSvmlight(path);
  assert.deepEqual([data.rows, data.columns, data.classes], [3, 3, [-1, 1]]);
  assert.deepEqual(Array.from(data.labels), [1, 0, 0]);
  assert.deepEqual(
    [...(data.features.kind === "csr" ? data.features.toDense() : data.features).values],
    [0.5, 0, 2, 0, 1, 0, 0, 0, 0],
  );
  const ones = await readSvmlight(await file("o.svm", "1 0:1 4:1\n0 2:1\n"), { zeroBased: true, columns: 9 });
  assert.equal(ones.columns, 9);
  assert.equal(ones.features.kind === "csr" && ones.features.values, null);
});

test("a bad svmlight file is refused by line and field", async () => {
  const bad: readonly (readonly [string, RegExp])[] = [
    ["1 0:1\n", /line 1 .*"0:1".*from 1/],
    ["1 1:1\nx 1:1\n", /line 2 .*"x".*label/],
    ["1 2:1 1:1\n", /"1:1".*ascending/],
    ["1 1:\n", /"1:"/],
    ["1 1:1e40\n", /1e40/],
    ["1 1:nan\n", /1:nan/],
  ];
  for (const [text, pattern] of bad) {
    await assert.rejects(readSvmlight(await file("bad.svm", text)), refusal("invalid-file", pattern));
  }
  const path = await file("wide.svm", "1 7:1\n");
  await assert.rejects(readSvmlight(path, { columns: 3 }), refusal("invalid-file", /up to 3/));
  await assert.rejects(readSvmlight(await file("none.svm", "# x\n")), refusal("empty-data", /none\.svm/));
});
