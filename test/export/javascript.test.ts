import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { minified } from "../../src/export/javascript/minify";
import { toJavaScript } from "../../src/export/javascript/to-javascript";
import { TableEncoder } from "../../src/frame/encoder";
import type { EncoderSpec } from "../../src/frame/encoder-spec";
import { LogisticRegression } from "../../src/train/logistic-regression";
import { hostileTexts } from "./cases";

const folder = mkdtempSync(join(tmpdir(), "logitpress-javascript-"));
after(() => rmSync(folder, { recursive: true }));

type Predict = (row: object) => { label: string; probabilities: number[] };

const rows = 300;
const at = <T>(list: readonly T[], i: number): T => list[i % list.length];
const gappy = (column: readonly unknown[]): unknown[] => column.map((x, i) => (i % 17 === 3 ? null : x));
const counted = Array.from({ length: rows }, (_, i) => i);
const words = ["cheap", "watches", "the", "meeting", "don\u2019t", "\u00dcbung", "prize"];
const whole = {
  size: counted.map((i) => (i * 37) % 101),
  pair: counted.map((i) => ((i * 7) % 13) / 4),
  city: counted.map((i) => at(["Rome", "Oslo", "S\u00e3o, Paulo", "Bern"], i * 3 + (i % 2))),
  day: counted.map((i) => at(["Mon", "Tue", "Wed"], i)),
  place: counted.map((i) => at(["a", "b", "c", "d", "e"], i * i)),
  note: counted.map((i) => `${at(words, i)} ${at(words, i * 5)} ${at(words, i >> 2)}`),
  start: counted.map((i) => at(words, i + 2)),
  body: counted.map((i) => `${at(words, i * 3)} ${at(hostileTexts, i)}`),
};
const labels = (classes: readonly string[]): string[] =>
  counted.map((i) =>
    at(classes, (whole.size[i] > 50 ? 1 : 0) + (whole.place[i] === "b" ? 1 : 0) + (i % 11 === 0 ? 1 : 0)),
  );
const spec: EncoderSpec = {
  label: "label",
  numeric: [{ column: "size", bins: 5 }, "pair"],
  categorical: "city",
  ordinal: { column: "day", levels: ["Mon", "Tue", "Wed"] },
  crosses: [{ columns: ["city", "day"] }],
  target: "place",
  text: [
    { column: "note", vocabulary: { minRows: 2 }, stopWords: "english", ngrams: [1, 2] },
    { column: "start", unit: "character", bits: 9, ngrams: [2, 3] },
    { column: "body", bits: 10 },
  ],
};

for (const multiclass of ["ovr", "softmax"] as const) {
  for (const missing of ["indicator", "mean", "error"] as const) {
    test(`all kinds of columns together are under 3,000 bytes of code: ${multiclass}, ${missing}`, async () => {
      for (const classes of [
        ["no", "yes"],
        ["no", "yes", "both"],
      ]) {
        const columns = Object.entries(whole).map(
          ([name, column]) => [name, missing === "error" ? column : gappy(column)] as const,
        );
        const frame: Record<string, readonly unknown[]> = {
          ...Object.fromEntries(columns),
          label: labels(classes),
        };
        const strict = missing === "error" ? { unseen: "error", crosses: [] } : {};
        const { encoder, data } = TableEncoder.fitTransform(frame, { ...spec, missing, ...strict } as never);
        const model = await new LogisticRegression({ lambda: 1e-3, multiclass, tolerance: 1e-3 }).fit(data);
        const exported = toJavaScript(model, { encoder });
        assert.ok((exported.facts.codeBytes as number) < 3000, `${exported.facts.codeBytes} bytes`);
        const file = join(folder, `${multiclass}-${missing}-${classes.length}.cjs`);
        writeFileSync(file, exported.files[1].content);
        const predict = require(file) as Predict & { selfTest(): void };
        predict.selfTest();
        // Not those of the fit, in which a row's target is not its own.
        const features = encoder.features(frame);
        const expected = model.predictProba(features);
        model.predict(features).forEach((label, i) => {
          const said = predict(
            Object.fromEntries(Object.entries(frame).map(([name, column]) => [name, column[i]])),
          );
          assert.equal(said.label, label);
          said.probabilities.forEach((p, k) => {
            assert.ok(Math.abs(p - expected.values[i * expected.columns + k]) < 1e-6, `row ${i}, class ${k}`);
          });
        });
      }
    });
  }
}

test("a minified program does what it did: names, declarations and texts", () => {
  const source = `const words = "const b = (x) => x; // kept";
const twice = (value) => {
  const half = value / 2;
  const all = [half, value];
  if (half > 1) {
    let sum = 0;
    let place = 0;
    for (let i = 0, j = 1; i < all.length; i++, j++) { sum += all[i]; place = j; }
    const both = sum + place;
    return (n) => both + n;
  }
  return (n) => n;
};
const longName = ({ key, other }) => key + other;
predict.classes = [words, twice(4)(1), twice(1)(7), longName({ key: 1, other: 2 }), "it's".match(/['x]+/gu)[0]];
`;
  const { code, names } = minified(source);
  assert.ok(code.length < 0.7 * source.length, code);
  for (const text of [source, code]) {
    const predict: { classes?: unknown[] } = {};
    new Function("predict", text)(predict);
    assert.deepEqual(predict.classes, ["const b = (x) => x; // kept", 9, 7, 3, "'"]);
  }
  const short = [...names.values()];
  assert.equal(new Set(short).size, short.length);
  assert.ok(!names.has("length") && names.get("words")!.length === 1);
  // Two-letter names that are words of the language are not taken.
  const many = minified(Array.from({ length: 900 }, (_, i) => `const v${i} = ${i};`).join("\n"));
  assert.equal(new Function(`${many.code}return ${many.names.get("v899")}`)(), 899);
});
