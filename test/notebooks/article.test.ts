import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
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
  readonly outputs: readonly Output[];
  readonly execution_count: number | null;
}

const home: string = mkdtempSync(join(tmpdir(), "logitpress-article-"));
const notebook: string = join(root, "notebooks", "article.ipynb");
let runs: Cell[][] = [];

async function executed(name: string): Promise<Cell[]> {
  const output = join(home, name);
  const args = [join(root, "dist/src/cli/main.js"), "run", notebook, "--output", output];
  const env = { ...process.env, LOGITPRESS_PYTHON: python };
  const child = spawn(process.execPath, args, { cwd: home, env, stdio: ["ignore", "ignore", "inherit"] });
  const [status] = await once(child, "exit");
  assert.equal(status, 0);
  return codeOf(output);
}

function codeOf(path: string): Cell[] {
  const { cells } = JSON.parse(readFileSync(path, "utf8")) as { cells: Cell[] };
  return cells.filter((cell) => cell.cell_type === "code");
}

before(async () => {
  runs = [await executed("first.ipynb"), await executed("second.ipynb")];
});

after(() => rmSync(home, { recursive: true, force: true }));

test("every cell runs, and each fault has its chart", () => {
  const outputs = runs[0].flatMap((cell) => cell.outputs);
  assert.deepEqual(
    outputs.filter(({ output_type: type }) => type === "error" || type === "stream"),
    [],
  );
  const titles = outputs.map(({ data }) => String(data?.["text/plain"] ?? ""));
  for (const title of [
    "The loss of a row that is wrong: the article's is infinite from a margin of 37 ",
    "One length of step, more rows: sum on all rows: from 0.69 up to 3.16",
    "What a weight becomes",
    "Three bits of weights",
    "Bytes claimed and bytes stored",
    "The loss of the quantized model",
  ]) {
    assert.ok(
      titles.some((text) => text.includes(title)),
      title,
    );
  }
});

test("both runs show the same, the time of a prediction apart", () => {
  const timed = /compare\(|latency, /;
  let compared = 0;
  runs[0].forEach(({ source, outputs }, i) => {
    if (timed.test([source].flat().join(""))) return;
    compared++;
    assert.equal(untimed(runs[1][i].outputs), untimed(outputs));
  });
  assert.ok(compared >= 15);
});

/** What outputs show, but for how long a fit took and how a text table pads it. */
function untimed(outputs: Cell["outputs"]): string {
  return JSON.stringify(outputs)
    .replace(/ *\d[\d.]* (?:µs|ms|s)\b/g, " some time")
    .replace(/ +/g, " ");
}

test("it is kept without outputs", () => {
  for (const cell of codeOf(notebook)) assert.deepEqual([cell.outputs, cell.execution_count], [[], null]);
});
