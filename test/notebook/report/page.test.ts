import assert from "node:assert/strict";
import { before, test } from "node:test";
import { createContext, runInContext } from "node:vm";
import fc from "fast-check";
import { evaluate } from "../../../src/evaluate/evaluate";
import { TableEncoder } from "../../../src/frame/encoder";
import type { Link, Scorer } from "../../../src/model/scorer";
import { liveFront } from "../../../src/notebook/report/live-front";
import { liveScript } from "../../../src/notebook/report/live-front-html";
import { bytesOf } from "../../../src/notebook/report/page/base64";
import { judge, readRows } from "../../../src/notebook/report/page/judge";
import { decodeModel, predictRow } from "../../../src/notebook/report/page/model";
import type { PagePayload } from "../../../src/notebook/report/page/payload";
import { featuresOf } from "../../../src/notebook/report/page/row";
import { wordsBehind } from "../../../src/notebook/report/page/words";
import { rowEntries } from "../../../src/notebook/report/row-entries";
import { unpack } from "../../../src/pack/read";
import { pack } from "../../../src/pack/write";
import { quantize } from "../../../src/quantize/quantize";
import { modelOf, normals, randomData } from "../../evaluate/models";
import { hostile, letters, type Made, madeFront, probabilitiesOf } from "./made";

let made: Made;
let payload: PagePayload;

before(async () => {
  made = await madeFront();
  const { compression, test: data, encoder, frame } = made;
  payload = liveFront(compression, { data, encoder, examples: { ...frame } }).payload;
});

function near(found: ArrayLike<number>, expected: ArrayLike<number>): void {
  assert.equal(found.length, expected.length);
  for (let i = 0; i < found.length; i++)
    assert.ok(Math.abs(found[i] - expected[i]) < 1e-12, `${found[i]} ${expected[i]}`);
}

test("a file decodes in the page to the weights, probabilities and classes of the library, of every kind", async () => {
  const cases: [Link, number][] = [
    ["binary", 2],
    ["ovr", 4],
    ["softmax", 3],
  ];
  for (const [link, K] of cases) {
    const classes = Array.from({ length: K }, (_, k) => `c${k}`);
    const outputs = link === "binary" ? 1 : K;
    const float = modelOf(classes, link, normals(5 * outputs, 3), normals(outputs, 4));
    const data = randomData(classes, 60, 5);
    const coarse = await quantize(float, { method: "uniform", bits: 3 });
    const files = [pack(float), pack(coarse), pack(coarse, { temperature: 1.7 })];
    if (link === "binary") files.push(pack(coarse, { threshold: 0.8 }));
    for (const file of files) {
      const ours: Scorer = unpack(file);
      const theirs = decodeModel(file);
      const table = new Float64Array(ours.weights.length);
      theirs.positions.forEach((at, i) => {
        table[at] = theirs.values[i];
      });
      near(table, ours.weights);
      const expected = ours.predictProba(data.features);
      const labels = ours.predictClass(data.features);
      for (let i = 0; i < data.rows; i++) {
        const { probabilities, label } = predictRow(theirs, rowEntries(data.features, i));
        near(probabilities, expected.values.subarray(i * K, (i + 1) * K));
        assert.equal(label, labels[i]);
      }
      const rows = Array.from({ length: data.rows }, (_, i) => [...rowEntries(data.features, i)]);
      const known = { rows, labels: Uint16Array.from(data.labels), weights: data.weights! };
      const { accuracy, logLoss, confusion } = judge(theirs, known, K);
      const evaluation = evaluate(ours, data, { latencyRows: 0 });
      near([accuracy, logLoss], [evaluation.accuracy, evaluation.logLoss]);
      near(confusion, evaluation.confusion.counts);
    }
  }
});

test("a damaged file gives an error in the page, as it does elsewhere", () => {
  const file = bytesOf(payload.files[0]);
  file[file.length >> 1] ^= 1;
  assert.throws(() => decodeModel(file), { code: "corrupt-file" });
});

test("the rows that a page carries give what all rows give", () => {
  const { compression, test: data } = made;
  const known = readRows(payload);
  compression.front.forEach(({ model }, i) => {
    const { accuracy, logLoss } = judge(decodeModel(bytesOf(payload.files[i])), known, 2);
    const evaluation = evaluate(model, data, { latencyRows: 0 });
    near([accuracy, logLoss], [evaluation.accuracy, evaluation.logLoss]);
  });
});

test("what a reader fills in is scored as the library scores it, whatever the text", () => {
  const { compression, encoder } = made;
  const model = compression.chosen.model;
  const page = decodeModel(compression.chosen.packed);
  const names = payload.fields.map(({ name }) => name);
  const text = fc.oneof(
    fc.string({ unit: "grapheme" }),
    fc.constantFrom("FREE money 😀😀 click", "Don’t", "ﬁne straße", "İstanbul", "\ud83d", "", hostile),
    fc
      .array(fc.constantFrom("free", "money", "café", "修正", "😀", "don't"), { maxLength: 30 })
      .map((w) => w.join(" ")),
  );
  fc.assert(
    fc.property(text, fc.double({ min: -9, max: 9, noNaN: true }), (written, hour) => {
      const frame = { text: [written], hour: [hour], origin: ["there"] };
      const row = featuresOf(
        payload,
        names.map((name) => String(frame[name as keyof typeof frame][0])),
      );
      near(predictRow(page, row).probabilities, probabilitiesOf(model, encoder, frame)[0]);
    }),
    { seed: 1, numRuns: 300 },
  );
});

test("words are named by the features that they are hashed to, of words and of characters", () => {
  for (const unit of ["word", "character"] as const) {
    const frame = letters(50, 7);
    const textOptions = { ngrams: unit === "word" ? ([1, 2] as const) : ([2, 4] as const), bits: 10, unit };
    const encoder = TableEncoder.fit(
      { ...frame },
      { label: "kind", numeric: ["hour"], text: "text", textOptions },
    );
    const state = encoder.state();
    const written = "Free MONEY, don’t click café 😀 修正";
    const found = wordsBehind(state, () => written);
    const columns = (text: string) => {
      const [, ...own] = [...rowEntries(encoder.features({ hour: [1], text: [text] }), 0)];
      return own.map(([column]) => column);
    };
    assert.deepEqual(
      [...found.keys()].sort((a, b) => a - b),
      columns(written),
    );
    for (const [column, ngrams] of found) {
      // Alone, a run keeps its bounds only where it holds letters alone.
      for (const ngram of ngrams.filter((one) => unit === "word" || /^\p{L}+$/u.test(one))) {
        assert.ok(columns(ngram).includes(column), ngram);
      }
    }
    assert.ok([...found.values()].flat().includes(unit === "word" ? "free money" : "café".slice(0, 3)));
  }
});

test("without an encoder features are asked for by name, and what is no number is refused by name", async () => {
  const { compression, test: data } = made;
  const plain = liveFront(compression, { data }).payload;
  assert.equal(plain.encoder, null);
  assert.equal(plain.fields.length, plain.names.length);
  assert.ok(plain.fields.filter(({ shown }) => shown).length <= 30);
  const page = decodeModel(compression.chosen.packed);
  const expected = compression.chosen.model.predictProba(data.features);
  for (const { name, values } of plain.examples) {
    const row = Number(/^row (\d+),/.exec(name)![1]) - 1;
    near(
      predictRow(page, featuresOf(plain, values)).probabilities,
      expected.values.subarray(2 * row, 2 * row + 2),
    );
  }
  assert.equal(plain.examples.length, 4);
  const wrong = plain.fields.map(() => "0");
  wrong[0] = "many";
  assert.throws(() => featuresOf(plain, wrong), { message: /invalid value of .*"many"; expected a number/ });
});

test("the script of a page needs nothing of Node", () => {
  const script = liveScript();
  assert.doesNotMatch(script, /require\("|\bBuffer\b|process\./);
  assert.ok(script.length < 250_000, `${script.length} bytes`);
  runInContext(script, createContext({ TextEncoder, TextDecoder, atob }));
});

test("more rows than asked for are a sample by the seed, and said to be", () => {
  const { compression, test: data } = made;
  const of = (seed: number) => liveFront(compression, { data, rows: 50, seed }).payload.rows;
  assert.equal(of(1).count, 50);
  assert.equal(of(1).of, data.rows);
  assert.deepEqual(of(1), of(1));
  assert.notDeepEqual(of(1), of(2));
});

test("a front refuses what it can't be made of", () => {
  const { compression, test: data, encoder, frame } = made;
  assert.throws(() => liveFront({} as never, { data }), { code: "invalid-option" });
  assert.throws(() => liveFront(compression, {} as never), { code: "invalid-option" });
  assert.throws(() => liveFront(compression, { data, encoder: {} as never }), { code: "invalid-option" });
  assert.throws(() => liveFront(compression, { data, row: 1 } as never), { code: "unknown-option" });
  assert.throws(() => liveFront(compression, { data, rows: 0 }), { code: "invalid-option" });
  assert.throws(() => liveFront(compression, { data, examples: { ...frame } }), { code: "missing-option" });
  assert.throws(() => liveFront(compression, { data, encoder, examples: { text: ["a"] } }), {
    code: "missing-column",
  });
  const other = TableEncoder.fit({ ...frame }, { label: "kind", numeric: ["hour"] });
  assert.throws(() => liveFront(compression, { data, encoder: other }), { code: "width-mismatch" });
});
