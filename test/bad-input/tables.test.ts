import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import promises, { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, mock, test } from "node:test";
import { gzipSync } from "node:zlib";
import { writeWhole } from "../../src/base/whole-file";
import { columnsOf } from "../../src/frame/columns";
import { columnsOfTable } from "../../src/frame/read";
import {
  Dataset,
  inspectFrame,
  LogisticRegression,
  readCsv,
  readJson,
  readParquet,
  readSvmlight,
  readTable,
  save,
  scanTable,
  TableEncoder,
} from "../../src/index";
import { root } from "../python";
import { refusal } from "../refusal";

let folder = "";
before(async () => {
  folder = await mkdtemp(join(tmpdir(), "logitpress-bad-"));
});
after(() => rm(folder, { recursive: true }));

async function file(name: string, content: string | Uint8Array): Promise<string> {
  await writeFile(join(folder, name), content);
  return join(folder, name);
}

/** The rows that a scan gives before it ends or throws. */
async function scanned(path: string | readonly string[], options = {}): Promise<number> {
  let rows = 0;
  for await (const batch of scanTable(path, options)) rows += Object.values(batch)[0].length;
  return rows;
}

test("a ragged row names file and line, read whole or in batches, however late it comes", async () => {
  const path = await file("ragged.csv", `a,b\n${"1,2\n".repeat(20_000)}3\n4,5\n`);
  const ragged = refusal("invalid-file", `cells in line 20002 of ${path}`, ": 1", "expected 2");
  await assert.rejects(readCsv(path), ragged);
  await assert.rejects(scanned(path, { rows: 16 }), ragged);
  const wide = await file("wide.csv", 'a,b\n"x\ny",1,2\n');
  await assert.rejects(readCsv(wide), refusal("invalid-file", `cells in line 2 of ${wide}`, ": 3"));
});

test("quotes that are not closed, or closed too early", async () => {
  const open = await file("open.csv", 'a,b\n1,2\n3,"4\n5,6\n');
  await assert.rejects(
    readCsv(open),
    refusal("invalid-file", `quote in line 3 of ${open}`, "a closing quote"),
  );
  const early = await file("early.csv", 'a,b\n1,2\n"say "no"",4\n');
  const refused = refusal("invalid-file", `after a quote in line 3 of ${early}`, '"n"', "Double the quotes");
  await assert.rejects(readCsv(early), refused);
  await assert.rejects(scanned(early), refused);
});

test("byte order marks are no part of the first name; other encodings are named or refused", async () => {
  const text = "name,n\nSão,1\n";
  const utf16 = Buffer.from(`\ufeff${text}`, "utf16le");
  const files = [
    await file("bom.csv", `\ufeff${text}`),
    await file("little.csv", Uint8Array.from(utf16)),
    await file("big.csv", Uint8Array.from(Buffer.from(utf16).swap16())),
    await file("packed.csv.gz", gzipSync(`\ufeff${text}`)),
  ];
  for (const path of files) {
    assert.deepEqual(Object.fromEntries(columnsOf(await readTable(path))), { name: ["São"], n: [1] });
  }
  assert.deepEqual(columnsOf(await readJson(await file("bom.json", '\ufeff[{"a":1}]'))).get("a"), [1]);
  assert.deepEqual(columnsOf(await readJson(await file("bom.jsonl", '\ufeff{"a":1}'))).get("a"), [1]);
  const latin = await file("latin.csv", Uint8Array.from(Buffer.from(text, "latin1")));
  await assert.rejects(
    readCsv(latin),
    refusal("invalid-file", `text at line 2, character 2 of ${latin}, column "name"`, "in utf-8", "encoding"),
  );
  const rows = 160_000;
  const deep = Buffer.from(`name,n\n${"São,1\n".repeat(rows)}`);
  const late = Buffer.concat([deep, Buffer.from("Köln,2\nRio,é\n", "latin1")]);
  const place = `text at line ${rows + 2}, character 2 of `;
  for (const path of [
    await file("late.csv", Uint8Array.from(late)),
    await file("late.csv.gz", gzipSync(late)),
  ]) {
    await assert.rejects(readCsv(path), refusal("invalid-file", `${place}${path}, column "name"`));
  }
  const quoted = await file("quoted.csv", Uint8Array.from(Buffer.from('a,b\n"x\ny",\xe9\n', "latin1")));
  await assert.rejects(
    readCsv(quoted),
    refusal("invalid-file", `text at line 3, character 4 of ${quoted}: `),
  );
  const json = Buffer.concat([Buffer.from('[{"a":"São"},\n{"a":"'), Buffer.from([0xe9]), Buffer.from('"}]')]);
  const wrong = await file("wrong.json", Uint8Array.from(json));
  await assert.rejects(readJson(wrong), refusal("invalid-file", `text at line 2, character 7 of ${wrong}: `));
  const unmarked = await file("unmarked.csv", Uint8Array.from(utf16.subarray(2)));
  const sixteen = await file("ascii16.csv", Uint8Array.from(Buffer.from("a,b\n1,2\n", "utf16le")));
  await assert.rejects(readCsv(unmarked), refusal("invalid-file", unmarked));
  await assert.rejects(
    readCsv(sixteen),
    refusal("invalid-file", `line 1, character 2 of ${sixteen}`, "code 0", "utf-16le"),
  );
  assert.deepEqual(Object.fromEntries(columnsOf(await readCsv(sixteen, { encoding: "utf-16le" }))), {
    a: [1],
    b: [2],
  });
  const half = await file("half.csv", Uint8Array.from(utf16.subarray(0, utf16.length - 1)));
  await assert.rejects(readCsv(half), refusal("invalid-file", half, "utf-16le"));
});

test("empty files of every form say so", async () => {
  for (const name of ["e.csv", "e.tsv", "e.jsonl", "e.ndjson"]) {
    const path = await file(name, "");
    await assert.rejects(readTable(path), refusal("empty-data", path));
    await assert.rejects(scanned(path), refusal("empty-data", path));
  }
  const marked = await file("marked.csv", "\ufeff");
  await assert.rejects(readCsv(marked), refusal("empty-data", marked));
  const svm = await file("e.svm", "");
  await assert.rejects(readSvmlight(svm), refusal("empty-data", svm));
  for (const name of ["e.json", "e.parquet", "e.csv.gz"]) {
    const path = await file(name, "");
    await assert.rejects(readTable(path), refusal("invalid-file", path));
  }
});

test("100,000 columns are read, looked at by name, encoded and refused in the time of their cells", async () => {
  const width = 100_000;
  const names = Array.from({ length: width }, (_, j) => `x${j}`);
  const row = (shift: number): string => names.map((_, j) => String((j + shift) % 10)).join(",");
  const path = await file("broad.csv", `label,${names.join(",")}\na,${row(0)}\nb,${row(3)}\na,${row(5)}\n`);
  const schema = Object.fromEntries(names.map((name) => [name, "number" as const]));
  const columns = Object.fromEntries(await columnsOfTable(path, { schema })) as Record<string, number[]>;
  assert.deepEqual(columns.x99999, [9, 2, 4]);
  const { data } = TableEncoder.fitTransform(columns, { label: "label", numeric: names });
  assert.deepEqual([data.rows, data.columns], [3, width]);
  const short = await file("short.csv", `${names.join(",")}\n${row(0)}\n${row(1).slice(2)}\n`);
  await assert.rejects(readCsv(short), refusal("invalid-file", "line 3", ": 99999", "expected 100000"));
  await assert.rejects(
    columnsOfTable(path, { schema: { ...schema, y: "number" } }),
    refusal("missing-column", '"y"', "label, x0"),
  );
});

test("a column that changes its type after a million rows", async () => {
  const path = await file("late.csv", `n,y\n${"1,a\n2,b\n".repeat(500_000)}n/k,a\n`);
  const late = refusal("invalid-data", `line 1000002 of ${path}, column "n"`, '"n/k"', "a finite number");
  await assert.rejects(scanned(path, { schema: { n: "number" } }), late);
  const columns = Object.fromEntries(await columnsOfTable(path)) as Record<string, string[]>;
  assert.deepEqual([columns.n[0], columns.n[1_000_000]], ["1", "n/k"]);
  assert.throws(
    () => TableEncoder.fit(columns, { label: "y", numeric: "n" }),
    refusal("invalid-data", 'row 1000000, column "n"', '"n/k"'),
  );
  const { findings } = inspectFrame({ n: columns.n });
  assert.ok(findings.some(({ code, message }) => code === "text-numbers" && message.includes('"n/k"')));
});

test("labels that are NaN, missing or infinite are refused with row and column", () => {
  for (const value of [Number.NaN, null, undefined]) {
    const frame = { x: [1, 2, 3], y: [0, 1, value] };
    const refused = refusal("invalid-label", 'row 2, column "y"', "Drop or fill");
    assert.throws(
      () => TableEncoder.fit(frame, { label: "y", numeric: "x" }),
      (error) => {
        assert.match(String((error as Error).message), /row 2, column "y"/);
        return value === undefined || refused(error);
      },
    );
  }
});

test("a Parquet file cut short anywhere gives no row", async () => {
  const bytes = await readFile(join(root, "test", "golden", "tables", "zstd.parquet"));
  for (let length = 0; length < bytes.length; length += Math.ceil(bytes.length / 40)) {
    const path = await file("cut.parquet", bytes.subarray(0, length));
    const refused = refusal("invalid-file", "Parquet file", path, "a whole Parquet file");
    await assert.rejects(readParquet(path), refused);
    await assert.rejects(scanned(path), refused);
  }
  const hole = Uint8Array.from(bytes);
  hole.fill(0, 4, bytes.length >> 1);
  const holed = await file("hole.parquet", hole);
  await assert.rejects(readParquet(holed), refusal("invalid-file", holed));
});

test("files that are parts of one table must have the same columns and types", async () => {
  const first = await file("p1.csv", "zip,n\n10,1\n20,2\n");
  const second = await file("p2.csv", "n,zip\n3,30\n");
  const both = await columnsOfTable([first, second]);
  assert.deepEqual(Object.fromEntries(both), { zip: [10, 20, 30], n: [1, 2, 3] });
  assert.equal(await scanned([first, second]), 3);
  const typed = await file("p3.csv", "zip,n\n00,4\n");
  await assert.rejects(
    readTable([first, second, typed]),
    refusal("invalid-file", `column "zip" of ${typed}`, '"string"', `number, as in ${first}`, "schema"),
  );
  const read = await columnsOfTable([first, typed], { schema: { zip: "string" } });
  assert.deepEqual(read.get("zip"), ["10", "20", "00"]);
  const fewer = await file("p4.csv", "n\n1\n");
  const more = await file("p5.jsonl", '{"n":1,"zip":"x","city":"Rome"}\n');
  for (const load of [readTable, scanned]) {
    await assert.rejects(load([first, fewer]), refusal("invalid-file", fewer, '"no zip"', first));
    await assert.rejects(load([first, more]), refusal("invalid-file", more, '"city"', first));
    await assert.rejects(load([first, await file("p6.csv", "zip,n\n")]), refusal("empty-data", "p6.csv"));
    await assert.rejects(load([]), refusal("empty-data", "list of files"));
  }
});

test("reading is told of and stopped", async () => {
  const path = await file("long.csv", `a\n${"12345\n".repeat(500_000)}`);
  const seen: number[] = [];
  await readCsv(path, { onProgress: ({ done, total }) => seen.push(done / total!) });
  assert.equal(seen.at(-1), 1);
  assert.deepEqual(
    seen,
    [...seen].sort((a, b) => a - b),
  );
  const signal = AbortSignal.abort();
  const parquet = join(root, "test", "golden", "tables", "zstd.parquet");
  const svm = await file("s.svm", "1 1:1\n");
  const json = await file("s.json", "[]");
  for (const run of [
    () => readCsv(path, { signal }),
    () => scanned(path, { signal }),
    () => readParquet(parquet, { signal }),
    () => readSvmlight(svm, { signal }),
    () => readJson(json, { signal }),
  ]) {
    await assert.rejects(run(), refusal("cancelled", "read "));
  }
});

test("a disk that fills leaves the old file and nothing else", async () => {
  const home = join(folder, "home");
  await mkdir(home);
  const path = join(home, "m.logit");
  await writeFile(path, "old");
  const full = Object.assign(new Error("no space"), { code: "ENOSPC", errno: -28, syscall: "write" });
  const writes = mock.method(promises, "writeFile", async (name: string) => {
    await promises.appendFile(name, "ha");
    throw full;
  });
  try {
    const refused = refusal("failed", "writing the file", path, "room for all of it on the disk");
    await assert.rejects(writeWhole(path, "half of what was to come"), refused);
    const features = [[0], [1], [2], [3]];
    const model = await new LogisticRegression().fit(Dataset.from({ features, labels: [0, 1, 0, 1] }));
    await assert.rejects(
      save(model, path),
      refusal("failed", "writing the model file", path, "room for all of it"),
    );
  } finally {
    writes.mock.restore();
  }
  assert.deepEqual(await readdir(home), ["m.logit"]);
  assert.equal(await readFile(path, "utf8"), "old");
});

test("a small disk that really fills", async (t) => {
  const disk = join(folder, "disk");
  await mkdir(disk);
  const mounted = spawnSync("mount", ["-t", "tmpfs", "-o", "size=64k", "tmpfs", disk]);
  if (mounted.status !== 0) {
    t.skip("no right to mount a file system");
    return;
  }
  try {
    const path = join(disk, "out.csv");
    await writeWhole(path, "old");
    async function* much(): AsyncGenerator<string> {
      for (let k = 0; k < 100; k++) yield "x".repeat(4096);
    }
    await assert.rejects(writeWhole(path, much()), refusal("failed", path, "room for all of it"));
    assert.deepEqual(await readdir(disk), ["out.csv"]);
    assert.equal(await readFile(path, "utf8"), "old");
  } finally {
    spawnSync("umount", [disk]);
  }
});
