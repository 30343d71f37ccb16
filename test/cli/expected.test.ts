import assert from "node:assert/strict";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { expectedOf } from "../../src/cli/model/expected";

const folder = mkdtempSync(join(tmpdir(), "logitpress-expected-"));

function written(name: string, lines: readonly string[]): string {
  const path = join(folder, name);
  writeFileSync(path, `${lines.join("\n")}\n`);
  return path;
}

const numbered = (count: number, of: (i: number) => string) => Array.from({ length: count }, (_, i) => of(i));

test("what a file will hold is guessed from its first rows and its size", () => {
  const sparse = written(
    "a.svm",
    numbered(5000, (i) => `${i % 3} 2:1 ${7 + (i % 2)}:0.5`),
  );
  const { rows, ...rest } = expectedOf(sparse, undefined);
  assert.deepEqual(rest, { kind: "csr", columns: 8, stored: 2, classes: 3 });
  assert.ok(Math.abs(rows - 5000) < 50, `${rows}`);
  const table = written("a.csv", ['a,"y",b', ...numbered(10_000, (i) => `${i % 10}.5,c${i % 4},-1e3`)]);
  const found = expectedOf(table, "y");
  assert.deepEqual({ ...found, rows: 0 }, { kind: "dense", rows: 0, columns: 2, stored: 2, classes: 4 });
  assert.ok(Math.abs(found.rows - 10_000) < 200, `${found.rows}`);
});

test("a file of any kind is guessed, however wrong it is", () => {
  for (const [name, lines] of [
    ["text.csv", ["a,y", "some words,1", "others,2"]],
    ["other.csv", ["a,b", "1,2", "3,4"]],
    ["empty.csv", []],
    ["one.svm", ["1 x:y"]],
    ["odd.svm", ["", "\u0000", "1 2 3"]],
    ["a.parquet", ["PAR1"]],
  ] as const) {
    const { rows, columns, stored, classes } = expectedOf(written(name, lines), "y");
    assert.ok(rows >= 0 && columns > 0 && stored > 0 && stored <= columns && classes > 1, name);
  }
  assert.ok(expectedOf(join(folder, "missing.csv"), "y").columns > 0);
});
