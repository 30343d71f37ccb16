import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, test } from "node:test";
import { LogitpressError } from "../../src/base/errors";
import { columnsOf } from "../../src/frame/columns";
import { filesOf } from "../../src/frame/glob";
import { readCsv, readJson, readTable } from "../../src/frame/read";
import { scanTable } from "../../src/frame/scan";
import { python } from "../python";

const folder = mkdtempSync(join(tmpdir(), "logitpress-glob-"));
after(() => rmSync(folder, { recursive: true }));

const files = [
  ...[
    "a.csv",
    "b.csv",
    "B.csv",
    "c1.csv",
    "c2.csv",
    "c10.csv",
    "d.csv.gz",
    ".hidden.csv",
    "e+(1).csv",
    "ü.csv",
  ],
  ...[
    "sub/a.csv",
    "sub/deep/b.csv",
    "sub/deep/.x/c.csv",
    "sub2/a.csv",
    "sub2/x.parquet",
    "folder.csv/in.csv",
  ],
];
for (const [i, name] of files.entries()) {
  mkdirSync(dirname(join(folder, name)), { recursive: true });
  writeFileSync(join(folder, name), `x,y\n${i},0${i}\n`);
}

test("patterns match the files that Python's glob matches, in the order of their names", () => {
  const patterns = [
    ...["*.csv", "?.csv", "c?.csv", "c*.csv", "[ab].csv", "[!ab].csv", "[a-c]*.csv", "e+(*).csv", ".*.csv"],
    ...["*/a.csv", "sub*/*.csv", "**/*.csv", "sub/**/b.csv", "**/deep/*.csv", "*.csv.gz", "?/?", "**/x.*"],
  ];
  const code = `
import glob, json, os, sys
found = [[p for p in glob.glob(os.path.join(sys.argv[1], q), recursive=True) if os.path.isfile(p)] for q in json.loads(sys.argv[2])]
print(json.dumps([sorted(set(f)) for f in found]))`;
  const args = ["-c", code, folder, JSON.stringify(patterns)];
  const theirs = JSON.parse(execFileSync(python, args, { encoding: "utf8" })) as string[][];
  patterns.forEach((pattern, k) => {
    const path = join(folder, pattern);
    if (theirs[k].length === 0) assert.throws(() => filesOf(path), { code: "invalid-file" }, pattern);
    else assert.deepEqual(filesOf(path), theirs[k].sort(), pattern);
  });
  assert.ok(theirs.filter((found) => found.length > 1).length > 8);
});

test("a file whose name has the signs of a pattern is itself", async () => {
  const path = join(folder, "e[1]*.csv");
  writeFileSync(path, "x,y\n7,8\n");
  assert.deepEqual(filesOf(path), [path]);
  assert.deepEqual(columnsOf(await readCsv(path)).get("x"), [7]);
  rmSync(path);
});

test("readers and scans take patterns and lists of them as one table", async () => {
  const pattern = join(folder, "c*.csv");
  const all = columnsOf(await readCsv(pattern));
  assert.deepEqual(Object.fromEntries(all), { x: [3, 5, 4], y: ["03", "05", "04"] });
  const more = await readTable([pattern, join(folder, "a.csv")]);
  assert.deepEqual(columnsOf(more).get("x"), [3, 5, 4, 0]);
  const cells: unknown[] = [];
  for await (const { x } of scanTable(pattern)) cells.push(...Array.from(x as ArrayLike<unknown>));
  assert.deepEqual(cells, ["3", "5", "4"]);
  writeFileSync(join(folder, "1.json"), '[{"a":1}]');
  writeFileSync(join(folder, "2.json"), '[{"a":"x"}]');
  await assert.rejects(readJson(join(folder, "?.json")), (error: unknown) => {
    assert.ok(error instanceof LogitpressError && error.code === "invalid-file");
    assert.match(error.message, /type of column "a" of .*2\.json/);
    return true;
  });
  await assert.rejects(readCsv(join(folder, "nothing-*.csv")), { code: "invalid-file" });
  await assert.rejects(readCsv([]), { code: "empty-data" });
});
