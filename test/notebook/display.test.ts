import assert from "node:assert/strict";
import { afterEach, test } from "node:test";
import { displaySymbol, type MimeBundle } from "../../src/base/display";
import { compare } from "../../src/evaluate/compare";
import { evaluate } from "../../src/evaluate/evaluate";
import { Dataset } from "../../src/matrix/dataset";
import { clearOutput, display } from "../../src/notebook/display";
import { input } from "../../src/notebook/input";
import { progress, progressLine } from "../../src/notebook/progress";
import { bundleOf } from "../../src/notebook/render";
import { report } from "../../src/notebook/report";
import { setTransport } from "../../src/notebook/transport";
import { ledger } from "../../src/pack/ledger";
import { trainCompressed } from "../../src/quantize/train-compressed";
import { modelOf, normals, randomData } from "../evaluate/models";

const hostile = `<img src=x onerror="alert(1)">`;
const classes = ["ham", hostile];
const model = modelOf(classes, "binary", normals(5, 1), [0]);
const data = randomData(classes, 100, 2);
const quick = { latencyRows: 0 };

interface Sent {
  readonly bundle: MimeBundle;
  readonly options: { displayId?: string; update?: boolean };
}

function listen(): { readonly sent: Sent[]; readonly cleared: boolean[] } {
  const sent: Sent[] = [];
  const cleared: boolean[] = [];
  setTransport({
    displayData: (bundle, options) => void sent.push({ bundle, options }),
    clearOutput: (wait) => void cleared.push(wait),
    input: (prompt, password) => `${prompt}${password}`,
  });
  return { sent, cleared };
}

afterEach(() => setTransport(undefined));

const results: Readonly<Record<string, readonly [unknown, RegExp]>> = {
  model: [model, /duality gap/],
  dataset: [data, /100 rows x 5 features/],
  evaluation: [evaluate(model, data, quick), /balanced accuracy/],
  comparison: [compare({ [hostile]: model, b: model }, data, quick), /times smaller/],
  ledger: [ledger(model), /checksum/],
};

for (const [name, [value, words]] of Object.entries(results)) {
  test(`${name} displays itself as a table, escaped`, async () => {
    const bundle = await bundleOf(value);
    assert.match(String(bundle["text/html"]), /<table/);
    assert.match(String(bundle["text/html"]), words);
    assert.doesNotMatch(String(bundle["text/html"]), /<img src=x/);
    assert.match(String(bundle["text/plain"]), words);
    assert.doesNotMatch(String(bundle["text/plain"]), /&lt;/);
  });
}

test("a compressing training shows its model, its best epoch and the loss of every epoch", async () => {
  const data = Dataset.from({
    features: [
      [1, 0],
      [2, 1],
      [-1, 0],
      [-2, 1],
    ],
    labels: ["a", "a", "b", "b"],
  });
  const trained = await trainCompressed(data, { epochs: 5, numBits: 3 });
  const bundle = await bundleOf(trained);
  assert.match(String(bundle["text/plain"]), new RegExp(`best epoch +${trained.best.epoch} of 5`));
  assert.match(String(bundle["text/html"]), /Model, quantized/);
  assert.equal(String(bundle["text/html"]).match(/<img/g)?.length, 2);
});

test("a frame is told by its shape: types, head and tail, missing cells, escaped", async () => {
  const rows = Array.from({ length: 30 }, (_, i) => [i, i === 0 ? null : `${hostile}${i}`]);
  const frame = {
    $data: rows,
    columns: ["count", hostile],
    index: rows.map((_, i) => i),
    dtypes: ["int32", "string"],
  };
  const bundle = await bundleOf(frame);
  const html = String(bundle["text/html"]);
  assert.match(html, /30 rows x 2 columns/);
  assert.doesNotMatch(html, /<img/);
  assert.match(html, /text-align:right;white-space:nowrap">29</);
  const text = String(bundle["text/plain"]).split("\n");
  assert.equal(text.length, 1 + 1 + 1 + 5 + 1 + 5);
  assert.match(text[3], /^0 +0 {2}missing$/);
});

test("any other value has a text, and a display method that fails does not throw", async () => {
  assert.deepEqual(await bundleOf(undefined), { "text/plain": "undefined" });
  assert.match(
    String((await bundleOf(new Float64Array(1000)))["text/plain"]),
    /^Float64Array\(1000\).*mean 0$/,
  );
  assert.match(String((await bundleOf({ a: [1] }))["text/plain"]), /a: \[ 1 \]/);
  const broken = {
    [displaySymbol]() {
      throw new Error("no");
    },
  };
  assert.deepEqual(await bundleOf(broken), { "text/plain": "(display failed: no)" });
  const trap = new Proxy(
    {},
    {
      has() {
        throw new Error("trap");
      },
    },
  );
  assert.match(String((await bundleOf(trap))["text/plain"]), /trap/);
});

test("display, update, clear and input go by the transport", async () => {
  const { sent, cleared } = listen();
  const handle = display({ "text/html": "<b>1</b>" });
  handle.update("two");
  display(3, { displayId: "mine" });
  clearOutput(true);
  assert.deepEqual(cleared, [true]);
  assert.deepEqual(sent[0].bundle, { "text/html": "<b>1</b>" });
  assert.deepEqual(sent[1].options, { displayId: handle.displayId, update: true });
  assert.equal(sent[1].bundle["text/plain"], "'two'");
  assert.equal(sent[2].options.displayId, "mine");
  assert.deepEqual(await bundleOf(handle), {});
  display({ [displaySymbol]: async () => ({ "text/plain": "late" }) });
  display({ [displaySymbol]: () => Promise.reject(new Error("no")) });
  await new Promise(setImmediate);
  assert.deepEqual(
    sent.slice(3).map(({ bundle }) => bundle["text/plain"]),
    ["late", "(display failed: no)"],
  );
  assert.equal(input("name? ", { password: true }), "name? true");
});

test("progress updates one display, at most ten times a second, and ends with the time taken", () => {
  const { sent } = listen();
  const onProgress = progress("training");
  for (let done = 0; done <= 10_000; done++) onProgress({ step: "fit", done, total: 10_000, message: "<b>" });
  assert.ok(sent.length >= 2 && sent.length < 20);
  assert.equal(new Set(sent.map(({ options }) => options.displayId)).size, 1);
  assert.deepEqual([sent[0].options.update, sent[1].options.update], [false, true]);
  const last = sent[sent.length - 1].bundle;
  assert.match(String(last["text/plain"]), /^training: 10,000\/10,000, done in \d+ ms/);
  assert.match(String(last["text/html"]), /<progress max="10000" value="10000".*&lt;b&gt;/);
});

test("progress tells rate and remaining time", () => {
  const line = progressLine("", { step: "fit", done: 25, total: 100 }, 5, false);
  assert.equal(line, "fit: 25/100, 5.0 s, 5/s, 15.0 s left");
});

test("a report refuses unknown options and an empty title", () => {
  assert.throws(() => report({ title: "", sections: [] }), { code: "invalid-option" });
  assert.throws(() => report({ title: "a", parts: [] } as never), { code: "unknown-option" });
  const section = { title: "s", text: "t" } as never;
  assert.throws(() => report({ title: "a", sections: [section] }), { code: "unknown-option" });
});

test("a report without charts carries no script", async () => {
  const html = await report({ title: "t", sections: [{ title: "s", content: ["a\n\nb", 1] }] }).toHtml();
  assert.doesNotMatch(html, /<script/);
  assert.match(html, /<p>a<\/p><p>b<\/p><pre>1<\/pre>/);
});
