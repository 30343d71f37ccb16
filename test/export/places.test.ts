import assert from "node:assert/strict";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { before, test } from "node:test";
import { createContext, runInContext } from "node:vm";
import { toJavaScript } from "../../src/export/javascript/to-javascript";
import { TableEncoder } from "../../src/frame/encoder";
import { LogisticRegression } from "../../src/train/logistic-regression";
import { launchChromium } from "../browser/chromium";
import { hostileTexts } from "./cases";

type Said = { readonly label: string; readonly probabilities: readonly number[] };

const count = 240;
const at = <T>(list: readonly T[], i: number): T => list[i % list.length];
const columns = {
  size: Array.from({ length: count }, (_, i) => (i * 37) % 101),
  city: Array.from({ length: count }, (_, i) => at(["Rome", "Oslo", "S\u00e3o, Paulo"], i * 3 + (i % 2))),
  note: Array.from({ length: count }, (_, i) => `${at(["cheap", "the", "prize"], i)} ${at(hostileTexts, i)}`),
};
const rows = columns.size.map((size, i) => ({ size, city: columns.city[i], note: columns.note[i] }));
const label = columns.size.map((size, i) =>
  at(["no", "yes", "both"], Number(size > 50) + Number(i % 11 === 0)),
);
let files = new Map<string, string>();
let expected: readonly Said[] = [];

before(async () => {
  const frame = { ...columns, label };
  const { encoder, data } = TableEncoder.fitTransform(frame, {
    label: "label",
    numeric: "size",
    categorical: "city",
    text: { column: "note", bits: 10 },
  });
  const model = await new LogisticRegression({ lambda: 1e-3, tolerance: 1e-3 }).fit(data);
  const { values, columns: classes } = model.predictProba(data.features);
  expected = model.predict(data.features).map((said, i) => ({
    label: String(said),
    probabilities: Array.from(values.subarray(i * classes, (i + 1) * classes)),
  }));
  const exported = toJavaScript(model, { encoder });
  files = new Map(exported.files.map(({ name, content }) => [name, String(content)]));
});

function check(said: readonly Said[]): void {
  assert.equal(said.length, count);
  said.forEach((one, i) => {
    assert.equal(one.label, expected[i].label);
    one.probabilities.forEach((p, k) => {
      assert.ok(Math.abs(p - expected[i].probabilities[k]) < 1e-6, `row ${i}, class ${k}`);
    });
  });
}

test("an exported function needs no global but TextEncoder, and makes no code of text, as edge runtimes demand", () => {
  const sandbox = { module: { exports: {} }, TextEncoder, rows };
  const context = createContext(sandbox, { codeGeneration: { strings: false, wasm: false } });
  runInContext(files.get("model.cjs")!, context);
  check(runInContext("module.exports.selfTest(); rows.map((row) => module.exports(row))", context));
});

test("it runs in a page and in a worker of a browser", { timeout: 120_000 }, async () => {
  const worker = `import predict from "/model.mjs";
onmessage = ({ data }) => { predict.selfTest(); postMessage(data.map((row) => predict(row))); };`;
  const scripts = new Map([
    ["/model.mjs", files.get("model.mjs")!],
    ["/worker.mjs", worker],
  ]);
  const server = createServer(({ url }, response) => {
    const script = scripts.get(url ?? "");
    response.setHeader("content-type", script === undefined ? "text/html" : "text/javascript");
    response.end(script ?? "<!doctype html><title>model</title>");
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const browser = await launchChromium();
  try {
    const page = await browser.newPage();
    await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
    const given = JSON.stringify(rows);
    const inPage = `import("/model.mjs").then(({ default: predict }) => { predict.selfTest(); return ${given}.map((row) => predict(row)); })`;
    check(await page.evaluate(inPage));
    const inWorker = `new Promise((done, failed) => {
  const worker = new Worker("/worker.mjs", { type: "module" });
  worker.onmessage = ({ data }) => done(data);
  worker.onerror = ({ message }) => failed(new Error(message));
  worker.postMessage(${given});
})`;
    check(await page.evaluate(inWorker));
  } finally {
    await browser.close();
    server.close();
  }
});
