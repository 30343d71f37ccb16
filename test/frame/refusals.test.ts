import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { displaySymbol } from "../../src/base/display";
import type { ColumnFrame } from "../../src/frame/columns";
import { TableEncoder } from "../../src/frame/encoder";
import { inspectFrame } from "../../src/frame/inspect/inspect-frame";
import { readCsv, readJson, readParquet } from "../../src/frame/read";
import { scanTable } from "../../src/frame/scan";
import { readSvmlight } from "../../src/frame/svmlight";
import { toColumns, toFrame } from "../../src/frame/to-frame";

const folder = mkdtempSync(join(tmpdir(), "refusals-"));
after(() => rmSync(folder, { recursive: true, force: true }));

function file(name: string, text: string | Buffer): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

async function rowsOf(batches: AsyncIterable<ColumnFrame>): Promise<number> {
  let rows = 0;
  for await (const batch of batches) rows += Object.values(batch)[0].length;
  return rows;
}

test("each fault of a file is told with its file, its line and what to do", async () => {
  const [csv, json, svm] = [readCsv, readJson, readSvmlight];
  const cases: readonly [read: (path: string) => Promise<unknown>, name: string, text: string, RegExp][] = [
    [csv, "short.csv", "a,y\n1,x\n2\n", /line 3 of .*short\.csv: 1; .*Repair the line/],
    [csv, "open.csv", 'a,y\n1,x\n"2,y\n', /line 3 of .*open\.csv; .*closing quote\. Close it/],
    [csv, "semi.csv", "a;y\n1;x\n", /line 1 of .*semi\.csv: "a;y"; .*delimiter: ";"/],
    [csv, "tab.csv", "a\ty\n1\tx\n", /delimiter: "\\t"/],
    [json, "cut.json", '[{"a":1},\n{"a":', /line 2, character 6 of .*cut\.json.*Fetch or write/],
    [json, "nul.jsonl", '{"a":1}\n{"a":nul}\n', /line 2, character 6 of .*nul\.jsonl.*Repair the text/],
    [svm, "zero.svm", "1 0:2 3:1\n", /line 1 of .*zero\.svm: "0:2".*zeroBased: true/],
    [svm, "word.svm", "1 1:2\n0 1:x\n", /line 2 of .*word\.svm: "1:x".*Repair the line/],
    [readParquet, "none.parquet", "a,b", /none\.parquet.*Fetch or write the file again/],
  ];
  for (const [read, name, text, message] of cases) {
    await assert.rejects(read(file(name, text)), { code: "invalid-file", message });
  }
});

test("a file of one column is read where its delimiter is given, whatever its name has", async () => {
  const path = file("one.csv", "a;y\n1;x\n");
  assert.deepEqual((await readCsv(path, { delimiter: "," })).columns, ["a;y"]);
  assert.deepEqual((await readCsv(path, { delimiter: ";" })).columns, ["a", "y"]);
});

test("a scan refuses a column whose type changes between files, but not one that is mixed within a file", async () => {
  const [numbers, texts] = [file("n.jsonl", '{"a":1}\n{"a":2}\n'), file("t.jsonl", '{"a":"x"}\n')];
  const absent = file("m.jsonl", '{"a":null}\n');
  const both = file("b.jsonl", '{"a":1}\n{"a":"x"}\n');
  const message = /type of column "a" of .*t\.jsonl: "string"; expected number, as in .*n\.jsonl/;
  await assert.rejects(rowsOf(scanTable([numbers, texts])), { code: "invalid-file", message });
  assert.equal(await rowsOf(scanTable([numbers, absent, numbers])), 5);
  assert.equal(await rowsOf(scanTable([both, texts], { rows: 1 })), 3);
  assert.equal(await rowsOf(scanTable([numbers, texts], { schema: { a: "string" } })), 3);
});

test("a scan shows its files and how far it is", async () => {
  const path = file("shown.csv", "a\n1\n2\n3\n");
  const scan = scanTable(path, { rows: 2 });
  const shown = () =>
    (scan as unknown as Record<symbol, () => Record<string, string>>)[displaySymbol]()["text/plain"];
  assert.match(shown(), /^Scan of .*shown\.csv, not begun, 0 rows/);
  await scan.next();
  assert.match(shown(), /on its way, 2 rows/);
  assert.equal(await rowsOf(scan), 1);
  assert.match(shown(), /at its end, 3 rows/);
  const stopped = scanTable([path, path, path, path, path], { rows: 2 });
  for await (const _ of stopped) break;
  assert.equal((await stopped.next()).done, true);
});

test("records and rows are no table yet, and are told how to become one", () => {
  const records = [
    { x: 1, y: "a" },
    { x: 2, y: "b" },
  ];
  const refused = { code: "invalid-data", message: /table: Array\(2\); .*toFrame or toColumns/ };
  const spec = { label: "y", numeric: "x" } as const;
  assert.throws(() => inspectFrame(records as unknown as ColumnFrame, { label: "y" }), refused);
  assert.throws(() => TableEncoder.fit(records as never, spec as never), refused);
  assert.equal(TableEncoder.fitTransform(toColumns(records), spec).data.columns, 1);
});

test("objects are neither levels nor text, which all would be one", () => {
  const y = ["a", "b"];
  const cells = [{ k: 1 }, { k: 2 }];
  for (const kind of ["categorical", "target", "text"] as const) {
    const spec = { label: "y", [kind]: "x" } as never;
    const message = /at row 0, column "x": "an object"; .*Make columns of what the object holds/;
    assert.throws(() => TableEncoder.fitTransform({ x: cells, y }, spec), { code: "invalid-data", message });
  }
});

test("levels that a spec does not list are refused at the fit with what helps there", () => {
  const spec = { label: "y", ordinal: { column: "x", levels: ["low", "high"] } } as const;
  const refused = { code: "invalid-data", message: /row 1, column "x": "mid"; .*List the level/ };
  assert.throws(() => TableEncoder.fit({ x: ["low", "mid"], y: ["a", "b"] }, spec), refused);
  const levels = Array.from({ length: 30 }, (_, k) => `l${k}`);
  const many = { x: [...levels, ...levels], y: [...levels, ...levels].map((_, i) => i % 2) };
  const encoder = TableEncoder.fit(many, { label: "y", categorical: "x", unseen: "error" });
  const message = /"new"; expected one of l0, .* and 18 more\./;
  assert.throws(() => encoder.transform({ x: ["new"], y: [0] }), { code: "invalid-data", message });
});

test("the columns of a DataFrame are found by name, also after they were renamed where they lie", () => {
  const frame = toFrame({ a: [1, 2], b: [3, 5], y: ["p", "q"] });
  const spec = (numeric: string) => ({ label: "y", numeric }) as never;
  const means = (name: string) => TableEncoder.fit(frame, spec(name)).state().numeric[0].mean;
  assert.equal(means("b"), 4);
  frame.columns[0] = "b";
  frame.columns[1] = "a";
  assert.equal(means("b"), 1.5);
  assert.equal(means("a"), 4);
  assert.throws(() => means("c"), { code: "missing-column" });
});
