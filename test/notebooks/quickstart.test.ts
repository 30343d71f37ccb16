import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { root } from "../python";
import { type Cell, executed, ran, sourceOf, untimed } from "./executed";

const name = "01-quickstart";
const home: string = mkdtempSync(join(tmpdir(), "logitpress-notebooks-"));
let cells: Cell[] = [];
let again: Cell[] = [];
let printed = "";

before(async () => {
  ({ cells, printed } = await ran(name, home));
  again = await executed(name, join(home, "again"));
});

after(() => rmSync(home, { recursive: true, force: true }));

test("every cell runs, and every cell that ends in a value shows it", () => {
  const outputs = cells.flatMap((cell) => cell.outputs);
  assert.deepEqual(
    outputs.filter(({ output_type: type }) => type === "error" || type === "stream"),
    [],
  );
  const silent = cells.filter((cell) => !/;\s*$/.test(sourceOf(cell)) && cell.outputs.length === 0);
  assert.deepEqual(silent, []);
  const figures = outputs.filter(({ data }) => data?.["application/vnd.plotly.v1+json"] !== undefined);
  assert.ok(figures.length >= 6, `${figures.length} figures`);
  for (const { data } of figures) assert.match(String(data!["text/html"]), /<img[^>]+svg/);
});

test("both runs show the same, but for times", () => {
  cells.forEach((cell, i) => {
    assert.equal(untimed(again[i].outputs), untimed(cell.outputs), sourceOf(cell));
  });
});

test("at least 500 times fewer bytes at no more than half a point of accuracy", () => {
  const lines = printed.split("\n").map((line) => line.trim().split(/\s+/));
  const of = (name: string): string[] => lines.find(([first]) => first === name) ?? assert.fail(printed);
  const number = (text: string): number => Number(text.replaceAll(",", ""));
  const [, floatBytes, , floatWeights, floatAccuracy] = of("float");
  const [, packedBytes, times, packedWeights, packedAccuracy] = of("packed");
  assert.equal(number(floatBytes), 4 * (2 ** 18 + 1));
  assert.ok(number(packedBytes) * 500 <= number(floatBytes), `${packedBytes} bytes`);
  assert.ok(Math.abs(number(times) - number(floatBytes) / number(packedBytes)) < 1);
  assert.ok(number(packedWeights) < number(floatWeights));
  assert.ok(
    number(packedAccuracy) >= number(floatAccuracy) - 0.5,
    `${packedAccuracy} against ${floatAccuracy}`,
  );
  assert.equal(of("quantized")[4], packedAccuracy);
});

test("the README's table is the one that is printed", () => {
  const rows = readFileSync(join(root, "README.md"), "utf8").matchAll(
    /^\| (float|pruned|quantized|packed)[^|]*\|([^|]+)\|([^|]+)\|([^|]+)\|([^|]+)\|([^|]+)\|$/gm,
  );
  const told = [...rows].map(([, name, ...cells]) => [name, ...cells.map((cell) => cell.trim())]);
  assert.equal(told.length, 4);
  for (const [name, bytes, nonzeros, accuracy, logLoss, auc] of told) {
    const line = printed.split("\n").find((one) => one.startsWith(`${name} `));
    const [, ...found] = line?.trim().split(/\s+/) ?? assert.fail(printed);
    assert.deepEqual([found[0], found[2], `${found[3]} %`], [bytes, nonzeros, accuracy]);
    assert.ok(Math.abs(Number(found[5]) - Number(logLoss)) < 1e-4, `${name}: ${found[5]} | ${logLoss}`);
    assert.ok(Math.abs(Number(found[6]) - Number(auc)) < 2e-4, `${name}: ${found[6]} | ${auc}`);
  }
});

test("the file on disk is as large as the table says, and the report holds its charts", () => {
  const [, bytes] = printed
    .split("\n")
    .map((line) => line.trim().split(/\s+/))
    .find(([name]) => name === "packed")!;
  assert.equal(readFileSync(join(home, "notebooks", "spam.logit")).length, Number(bytes.replaceAll(",", "")));
  const page = readFileSync(join(home, "reports", "quickstart.html"), "utf8");
  assert.match(page, /Spam or not, in a few hundred bytes/);
  assert.match(page, /plotly\.js v4/);
});
