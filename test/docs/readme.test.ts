import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { root } from "../python";

const AsyncFunction = Object.getPrototypeOf(async () => undefined).constructor as new (
  ...parts: string[]
) => (...values: unknown[]) => Promise<void>;

/** The README's TypeScript, which is JavaScript but for its import. */
function examples(page: string): string[] {
  const blocks = [...readFileSync(join(root, page), "utf8").matchAll(/^```ts\n([\s\S]*?)^```/gm)];
  return blocks.map(([, code]) =>
    code.replace(/^import (\{[\s\S]*?\}) from ("\S+");/gm, "const $1 = require($2);"),
  );
}

/** The cells of the rows of a page's tables. */
function rowsOf(page: string): string[][] {
  return [...readFileSync(join(root, page), "utf8").matchAll(/^\| (.+) \|$/gm)].map(([, row]) =>
    row.split("|").map((cell) => cell.trim()),
  );
}

test("the README's ratios of training are the worst and the best of their rows in the benchmarks", () => {
  const rows = rowsOf("README.md");
  const from = rows.findIndex(([first]) => first === "training") + 2;
  const told = rows.slice(from, from + rows.slice(from).findIndex((row) => row.length !== 3));
  assert.ok(from >= 2 && told.length >= 7, `${told.length} rows`);
  const benchmarks = rowsOf("docs/benchmarks.md");
  const header = benchmarks.find(([first, , ...rest]) => first === "case" && rest.includes("ratio"))!;
  const measured = benchmarks.filter((row) => row.length === header.length);
  for (const [name, , ratios] of told) {
    const own = measured
      .filter(([first]) => /^[ ,]/.test(first.slice(name.length)) && first.startsWith(name))
      .map((row) => row[header.indexOf("ratio")].replace("x", ""))
      .filter((ratio) => Number(ratio) > 0)
      .sort((a, b) => Number(a) - Number(b));
    assert.equal(ratios, `${own[0]} to ${own[own.length - 1]}`, name);
  }
});

test("the README's examples run", async () => {
  const codes = examples("README.md");
  assert.ok(codes.length > 0);
  const rows = Array.from({ length: 200 }, (_, i) => [Math.sin(i), Math.cos(3 * i), Math.sin(7 * i)]);
  const labels = rows.map(([a, b]) => (a + b / 2 > 0 ? "yes" : "no"));
  for (const code of codes) {
    const said: unknown[][] = [];
    const console = { log: (...values: unknown[]) => said.push(values) };
    await new AsyncFunction("require", "console", "rows", "labels", code)(require, console, rows, labels);
    const [[bytes, accuracy]] = said as [[number, number]];
    assert.ok(bytes > 0 && bytes < 100, `${bytes} bytes`);
    assert.ok(accuracy > 0.85, `accuracy ${accuracy}`);
  }
});
