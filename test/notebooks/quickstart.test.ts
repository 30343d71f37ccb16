import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { python, root } from "../python";

interface Output {
  readonly output_type: string;
  readonly data?: Readonly<Record<string, unknown>>;
}

interface Cell {
  readonly cell_type: string;
  readonly source: string | readonly string[];
  readonly outputs?: readonly Output[];
}

const home: string = mkdtempSync(join(tmpdir(), "logitpress-notebooks-"));
let cells: Cell[] = [];
let printed = "";

before(() => {
  mkdirSync(join(home, "notebooks"));
  cpSync(join(root, "notebooks", "01-quickstart.ipynb"), join(home, "notebooks", "01-quickstart.ipynb"));
  const args = [
    join(root, "dist/src/cli/main.js"),
    "run",
    "notebooks/01-quickstart.ipynb",
    "--output",
    "executed.ipynb",
  ];
  const env = { ...process.env, LOGITPRESS_PYTHON: python };
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd: home, encoding: "utf8", env });
  assert.equal(status, 0, stderr);
  printed = stdout;
  cells = JSON.parse(readFileSync(join(home, "executed.ipynb"), "utf8")).cells;
});

after(() => rmSync(home, { recursive: true, force: true }));

test("every cell runs, and every cell that ends in a value shows it", () => {
  const code = cells.filter((cell) => cell.cell_type === "code");
  const outputs = code.flatMap((cell) => cell.outputs ?? []);
  assert.deepEqual(
    outputs.filter(({ output_type: type }) => type === "error" || type === "stream"),
    [],
  );
  const silent = code.filter(
    (cell) => !/;\s*$/.test([cell.source].flat().join("")) && cell.outputs?.length === 0,
  );
  assert.deepEqual(silent, []);
  const figures = outputs.filter(({ data }) => data?.["application/vnd.plotly.v1+json"] !== undefined);
  assert.ok(figures.length >= 6, `${figures.length} figures`);
  for (const { data } of figures) assert.match(String(data!["text/html"]), /<img[^>]+svg/);
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
