import assert from "node:assert/strict";
import { afterEach, test } from "node:test";
import { displaySymbol } from "../../src/base/display";
import { compare } from "../../src/evaluate/compare";
import { evaluate } from "../../src/evaluate/evaluate";
import { recalibrate } from "../../src/evaluate/recalibrate";
import { splitFrame } from "../../src/frame/split";
import { toFrame } from "../../src/frame/to-frame";
import { Dataset } from "../../src/matrix/dataset";
import { html } from "../../src/notebook/content";
import { clearOutput, display } from "../../src/notebook/display";
import { input } from "../../src/notebook/input";
import { bundleOf } from "../../src/notebook/render";
import { report } from "../../src/notebook/report/report";
import { setTransport } from "../../src/notebook/transport";
import { ledger } from "../../src/pack/ledger";
import { trainCompressed } from "../../src/quantize/train-compressed";
import { diagnose, diagnoseFit } from "../../src/train/diagnose";
import { modelOf, normals, randomData } from "../evaluate/models";
import { listen } from "./channel";

const hostile = `<img src=x onerror="alert(1)">`;
const classes = ["ham", hostile];
const model = modelOf(classes, "binary", normals(5, 1), [0]);
const data = randomData(classes, 100, 2);
const quick = { latencyRows: 0 };

afterEach(() => setTransport(undefined));

const results: Readonly<Record<string, readonly [unknown, RegExp]>> = {
  model: [model, /duality gap/],
  dataset: [data, /100 rows x 5 features/],
  evaluation: [evaluate(model, data, quick), /balanced accuracy/],
  comparison: [compare({ [hostile]: model, b: model }, data, quick), /times smaller/],
  ledger: [ledger(model), /checksum/],
  recalibration: [recalibrate(model, data), /calibration error/],
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

test("results in an array or a plain object are shown one below the other", async () => {
  const array = await bundleOf([model, data]);
  assert.match(String(array["text/html"]), /duality gap[\s\S]*100 rows x 5 features/);
  assert.match(String(array["text/plain"]), /duality gap[\s\S]*100 rows x 5 features/);
  const named = await bundleOf({ float: model, [hostile]: data });
  assert.match(String(named["text/html"]), /<b>float<\/b>[\s\S]*duality gap[\s\S]*<b>&lt;img/);
  assert.match(String(named["text/plain"]), /^float:\n/);
  const many = await bundleOf(Array.from({ length: 30 }, () => data));
  assert.equal(String(many["text/html"]).match(/100 rows x 5 features/g)!.length, 12);
  assert.match(String(many["text/plain"]), /… 18 more; display\(\.\.\.values\) shows all$/);
});

test("folds and parts of a frame are shown as tables, not as what they are inside", async () => {
  const folds = await bundleOf(data.folds(2));
  assert.equal(String(folds["text/html"]).match(/50 rows x 5 features/g)!.length, 4);
  assert.match(String(folds["text/plain"]), /^train:\nDataset, 50 rows[\s\S]*\ntest:\nDataset, 50 rows/);
  const frame = toFrame({ age: [1, 2, 3, 4] });
  const { "text/plain": text } = await bundleOf(splitFrame(frame, { test: 0.5, seed: 1 }));
  assert.match(String(text), /^train:\nDataFrame: 2 rows x 1 column\n[\s\S]*\ntest:\nDataFrame: 2 rows/);
});

test("one of a thing is told in the singular", async () => {
  const one = Dataset.from({ features: [[1], [2]], labels: ["a", "b"] }).take([0]);
  assert.match(String((await bundleOf(one))["text/plain"]), /^Dataset, 1 row x 1 feature\n/);
});

test("among several values one that fails, or is late, keeps none of the others from being shown", async () => {
  const failing = {
    [displaySymbol]: () => {
      throw new Error("trap");
    },
  };
  const late = { [displaySymbol]: async () => ({ "image/png": "AAAA", "text/plain": "a <picture>" }) };
  const bundle = await bundleOf([failing, late, data]);
  assert.match(
    String(bundle["text/html"]),
    /display failed: trap[\s\S]*<img alt="a &lt;picture&gt;" src="data:image\/png;base64,AAAA">[\s\S]*100 rows/,
  );
  assert.match(
    String((await bundleOf({ data, lambda: 3 }))["text/html"]),
    /100 rows[\s\S]*<b>lambda<[\s\S]*>3</,
  );
  assert.equal((await bundleOf([3, "a"]))["text/html"], undefined);
});

test("data of which nothing is to be remarked are said to be so, not shown as empty brackets", async () => {
  assert.match(
    String((await bundleOf(diagnose(data)))["text/plain"]),
    /^Nothing found: no constant, repeated/,
  );
  assert.match(
    String((await bundleOf(diagnose(data, { penalised: true })))["text/plain"]),
    /no constant columns, no scales/,
  );
  assert.match(String((await bundleOf(diagnoseFit(model, data)))["text/plain"]), /^Nothing /);
});

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
  display("a", "b", { displayId: "two" });
  display(1, { displayID: "misspelt" });
  assert.deepEqual(
    sent.slice(5).map(({ bundle, options }) => [bundle["text/plain"], options.displayId === "two"]),
    [
      ["'a'", true],
      ["'b'", true],
      ["1", false],
      ["{ displayID: 'misspelt' }", false],
    ],
  );
  assert.equal(input("name? ", { password: true }), "name? true");
});

test("display of what can't be written as JSON says so, and does not throw", () => {
  const { sent } = listen();
  const circle: Record<string, unknown> = {};
  circle.self = circle;
  display({ "application/json": circle });
  display({ "image/png": new Uint8Array([1, 2, 3]), "text/plain": "half \ud800" });
  assert.match(String(sent[0].bundle["text/plain"]), /display failed: .*circular/);
  assert.deepEqual(sent[1].bundle, { "image/png": "AQID", "text/plain": "half \ufffd" });
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

test("a report shows errors without codes of terminals, and content of HTML as it is", async () => {
  const content = [new TypeError("bad <value>"), html`<i>${"<"}</i>`];
  const page = await report({ title: "t", sections: [{ title: "s", content }] }).toHtml();
  assert.match(page, /<pre>TypeError: bad &lt;value&gt;\n {4}at /);
  assert.match(page, /<i>&lt;<\/i>/);
});
