import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { type Cell, executed, sourceOf, untimed } from "./executed";

const home: string = mkdtempSync(join(tmpdir(), "logitpress-article-"));
let runs: Cell[][] = [];

before(async () => {
  runs = [await executed("02-article", home), await executed("02-article", home)];
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
  runs[0].forEach((cell, i) => {
    if (timed.test(sourceOf(cell))) return;
    compared++;
    assert.equal(untimed(runs[1][i].outputs), untimed(cell.outputs));
  });
  assert.ok(compared >= 15);
});
