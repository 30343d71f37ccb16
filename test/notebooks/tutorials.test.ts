import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { root } from "../python";
import { type Cell, cellsOf, executed, sourceOf, untimed } from "./executed";

const names: readonly string[] = readdirSync(join(root, "notebooks"))
  .filter((file) => file.endsWith(".ipynb"))
  .map((file) => file.slice(0, -".ipynb".length))
  .sort();

/** Those with tests of their own, which run them, too. */
const elsewhere: readonly string[] = ["01-quickstart", "02-article"];

async function run(name: string): Promise<Cell[]> {
  const home = mkdtempSync(join(tmpdir(), "logitpress-tutorial-"));
  try {
    return await executed(name, home);
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}

for (const name of names.filter((one) => !elsewhere.includes(one))) {
  test(`${name} runs, shows its charts, and gives the same twice`, async () => {
    const first = await run(name);
    const outputs = first.flatMap((cell) => cell.outputs);
    const bad = outputs.filter(({ output_type: type }) => type === "error" || type === "stream");
    assert.deepEqual(bad, []);
    const silent = first.filter((cell) => !/;\s*$/.test(sourceOf(cell)) && cell.outputs.length === 0);
    assert.deepEqual(silent.map(sourceOf), []);
    const shown = outputs.map(({ data }) => String(data?.["text/html"] ?? ""));
    assert.ok(shown.some((html) => html.includes("data:image/svg+xml")));
    const second = await run(name);
    first.forEach((cell, i) => {
      assert.equal(untimed(second[i].outputs), untimed(cell.outputs), sourceOf(cell));
    });
  });
}

// JupyterLab shows 106 columns in a window of 1,280 pixels beside its list of files.
test("no line of code is cut at the edge of its cell", () => {
  for (const name of names) {
    const code = cellsOf(name).filter(({ cell_type: type }) => type === "code");
    const long = code.flatMap((cell) => sourceOf(cell).split("\n")).filter((line) => line.length > 100);
    assert.deepEqual(long, [], name);
  }
});

test("they are numbered in reading order, kept without outputs, and say what to try next", () => {
  names.forEach((name, i) => {
    assert.ok(name.startsWith(`${String(i + 1).padStart(2, "0")}-`), name);
    const cells = cellsOf(name);
    assert.match(sourceOf(cells[0]), /^# \S/, name);
    assert.match(sourceOf(cells[cells.length - 1]), /^## What to try next$/m, name);
    for (const { cell_type: type, outputs, execution_count: count } of cells) {
      if (type === "code") assert.deepEqual([outputs, count], [[], null], name);
    }
  });
});
