import assert from "node:assert/strict";
import { before, test } from "node:test";
import { type Displayable, displaySymbol } from "../../../src/base/display";
import { lossChart } from "../../../src/chart/loss";
import { evaluate } from "../../../src/evaluate/evaluate";
import { inspectFrame } from "../../../src/frame/inspect/inspect-frame";
import { Dataset } from "../../../src/matrix/dataset";
import { bundleOf } from "../../../src/notebook/render";
import { Card } from "../../../src/notebook/report/card";
import { compressionStory } from "../../../src/notebook/report/compression-story";
import { dataCard } from "../../../src/notebook/report/data-card";
import { bytesHash, dataHash } from "../../../src/notebook/report/fingerprint";
import { metricIntervals } from "../../../src/notebook/report/intervals";
import { liveFront } from "../../../src/notebook/report/live-front";
import { modelCard } from "../../../src/notebook/report/model-card";
import { provenanceCard } from "../../../src/notebook/report/provenance-card";
import { report } from "../../../src/notebook/report/report";
import { subgroupsOf } from "../../../src/notebook/report/subgroups";
import { unpack } from "../../../src/pack/read";
import { pack } from "../../../src/pack/write";
import { modelOf, normals, randomData } from "../../evaluate/models";
import { hostile, type Made, madeFront } from "./made";

let made: Made;

before(async () => {
  made = await madeFront();
});

/** The cells of the row that begins with `name`. */
function rowOf(card: Card, name: string): string[] {
  const rows = card.parts.flatMap((part) => (part.kind === "table" ? part.table.rows : []));
  const found = rows.find(([first]) => first === name) ?? assert.fail(`no row "${name}" in ${card.toText()}`);
  return found.map(String);
}

test("a data card tells rows, classes, features and hash of each part, and what a table's report found", () => {
  const { test: data, frame } = made;
  const parts = data.split({ test: 0.25, seed: 1 });
  const card = dataCard({
    name: "letters",
    source: hostile,
    data: { ...parts, table: inspectFrame({ ...frame }, { label: "kind" }) },
    notes: ["Made up."],
  });
  const sizes = [parts.train.rows, parts.test.rows];
  assert.deepEqual(rowOf(card, "rows"), ["rows", ...sizes.map(String)]);
  assert.deepEqual(rowOf(card, "features").slice(1), ["4,100", "4,100"]);
  const ham = [parts.train, parts.test].map(({ counts, classes }) => counts[classes.indexOf("ham")]);
  assert.deepEqual(
    rowOf(card, "class ham").slice(1),
    ham.map((count, i) => `${count} (${((100 * count) / sizes[i]).toFixed(2)} %)`),
  );
  assert.deepEqual(rowOf(card, "SHA-256, first 16 digits").slice(1), [
    dataHash(parts.train).slice(0, 16),
    dataHash(parts.test).slice(0, 16),
  ]);
  assert.match(card.toText(), /Table of 200 rows x 4 columns/);
  assert.match(card.toText(), /Made up\./);
});

test("the hash of data changes with every kind of content, and with nothing else", () => {
  const parts = {
    features: [
      [1, 0],
      [0, 2],
    ],
    labels: ["a", "b"],
    classes: ["a", "b"],
  };
  const hash = (more: object) => dataHash(Dataset.from({ ...parts, ...more }));
  const base = hash({});
  assert.equal(hash({ featureNames: ["u", "v"] }), base);
  const others = [
    {
      features: [
        [1, 0],
        [0, 3],
      ],
    },
    { features: [[1], [2]] },
    { labels: ["b", "b"] },
    { classes: ["b", "a"], labels: ["b", "a"] },
    { weights: [1, 1] },
    { scale: Float32Array.of(1, 1) },
  ].map(hash);
  assert.equal(new Set([base, ...others]).size, others.length + 1);
  // Of the standard: FIPS 180-4, the message "abc".
  assert.equal(
    bytesHash(new TextEncoder().encode("abc")),
    "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
  );
});

test("intervals hold the metrics, and are as wide as theory says", () => {
  const data = randomData(["a", "b"], 400, 3);
  const even = Dataset.from({
    features: data.features,
    labels: Array.from(data.labels, (k) => data.classes[k]),
    classes: data.classes,
  });
  const model = modelOf(["a", "b"], "binary", normals(5, 3), [0.2]);
  const e = evaluate(model, even, { latencyRows: 0 });
  const found = metricIntervals(model, even, 1);
  for (const name of ["accuracy", "logLoss", "brier", "balancedAccuracy", "f1", "auc"] as const) {
    const { estimate, low, high } = found[name]!;
    assert.ok(Math.abs(estimate - e[name]) < 1e-12, name);
    assert.ok(low < estimate && estimate < high, name);
  }
  const width = ({ low, high }: { low: number; high: number }) => (high - low) / (2 * 1.96);
  const binomial = Math.sqrt((e.accuracy * (1 - e.accuracy)) / 400);
  assert.ok(Math.abs(width(found.accuracy) / binomial - 1) < 0.1);
  // Hanley and McNeil, 1982, equation 2.
  const A = e.auc;
  const [q1, q2] = [A / (2 - A), (2 * A * A) / (1 + A)];
  const [n, m] = even.counts;
  const hanley = Math.sqrt((A * (1 - A) + (m - 1) * (q1 - A * A) + (n - 1) * (q2 - A * A)) / (n * m));
  assert.ok(Math.abs(width(found.auc!) / hanley - 1) < 0.15);
  assert.deepEqual(metricIntervals(model, even, 1), found);
});

test("subgroups part the rows by a column, or are the rows of a mask", () => {
  const colours = ["red", "blue", "red", null, "red"];
  assert.deepEqual(subgroupsOf({ colour: colours, first: [true, false, true, false, false] }, 5), [
    { name: "colour: red", rows: [0, 2, 4] },
    { name: "colour: blue", rows: [1] },
    { name: "colour: missing", rows: [3] },
    { name: "first", rows: [0, 2] },
  ]);
  const many = subgroupsOf({ n: Array.from({ length: 100 }, (_, i) => i) }, 100);
  assert.equal(many.length, 12);
  assert.equal(many.flatMap(({ rows }) => rows).length, 100);
  assert.throws(() => subgroupsOf({ colour: ["red"] }, 5), { code: "length-mismatch" });
  assert.throws(() => subgroupsOf({ colour: null as never }, 5), { code: "invalid-option" });
});

test("a model card judges each group by its own rows, and says where it is worse beyond chance", () => {
  const { model, test: data } = made;
  const wrong = Array.from(model.predictClass(data.features), (k, i) => k !== data.labels[i]);
  const card = modelCard({
    model,
    purpose: hostile,
    data,
    subgroups: { wrong: wrong.map((one, i) => one || i < 40), none: wrong.map(() => false) },
    limits: ["Letters alone."],
    fit: model.fit,
  });
  const group = data.take([...data.labels.keys()].filter((i) => wrong[i] || i < 40));
  const { accuracy } = evaluate(model, group, { latencyRows: 0 });
  const [, rows, shown] = rowOf(card, "wrong");
  assert.deepEqual([rows, shown], [String(group.rows), `${(100 * accuracy).toFixed(2)} %`]);
  assert.deepEqual(rowOf(card, "none").slice(1), ["0", "–", "–", "–", "–"]);
  assert.match(card.toText(), /Warning: wrong: accuracy is lower than of all rows/);
  assert.deepEqual(
    card.parts.flatMap((part) => (part.kind === "list" ? part.items : [])),
    ["Letters alone."],
  );
});

test("a story tells what was lost at each step, and accounts for the bytes of the file", () => {
  const { model, compression, encoder, test: data } = made;
  const packed = unpack(pack(compression.model, { encoder }));
  const card = compressionStory({ float: model, quantized: compression.model, packed }, data);
  assert.equal(rowOf(card, "packed")[1], String(packed.bytes));
  assert.equal(rowOf(card, "float")[1], "16,404");
  assert.match(card.toText(), new RegExp(`Packed file, ${packed.bytes} bytes`));
  assert.match(card.toText(), /quantized → packed: every weight stayed as it was/);
  assert.throws(() => compressionStory({ float: model }, data), { code: "missing-option" });
});

test("cards and fronts show themselves in a notebook", async () => {
  const { compression, test: data } = made;
  const card = provenanceCard({
    seed: { split: 3 },
    data: { data },
    files: { "a.logit": compression.chosen.packed },
  });
  for (const value of [card, liveFront(compression, { data })]) {
    const bundle = await bundleOf(value);
    assert.match(String(bundle["text/html"]), /<table/);
    assert.ok(String(bundle["text/plain"]).length > 50);
    assert.doesNotMatch(String(bundle["text/html"]), /<script>window/);
  }
  assert.deepEqual(rowOf(card, "seed of split"), ["seed of split", "3"]);
  assert.equal(rowOf(card, "a.logit")[2], bytesHash(compression.chosen.packed).slice(0, 32));
});

test("a page of all of them is the same bytes again, and no string gets out of its place", async () => {
  const { model, compression, encoder, test: data, frame } = made;
  const page = () =>
    report({
      title: hostile,
      sections: [
        {
          title: "all",
          content: [
            dataCard({ name: hostile, source: hostile, data, notes: hostile }),
            modelCard({
              model,
              purpose: hostile,
              data,
              subgroups: { [hostile]: frame.origin },
              limits: hostile,
              name: hostile,
            }),
            compressionStory({ [hostile]: model, b: compression.model }, data),
            liveFront(compression, { data, encoder, examples: { ...frame }, baseline: model }),
            provenanceCard({ seed: 1, commands: [hostile], more: { [hostile]: hostile } }),
          ],
        },
      ],
    }).toHtml();
  const html = await page();
  assert.equal(await page(), html);
  assert.doesNotMatch(html, /<script>window|<img src=x/);
  // One script for all fronts, plotly, the figures and what draws them, and the data of the front.
  assert.equal(html.split(/<script\b/).length - 1, 5);
  assert.equal(html.split("</script>").length - 1, 5);
});

test("a number and its unit stay on one line", () => {
  const text = "124 B became 28 kB, 1 % of 5 bytes; 3 Bits";
  const html = new Card("a", [
    { kind: "text", text },
    { kind: "list", items: [text] },
  ]).toHtml();
  assert.equal(html.split("124\u00a0B became 28\u00a0kB, 1\u00a0% of 5\u00a0bytes; 3 Bits").length, 3);
});

test("cards refuse what they can't be made of", () => {
  const { model, test: data } = made;
  const ok = { name: "a", source: "b", data };
  assert.throws(() => dataCard({ ...ok, name: "" }), { code: "invalid-option" });
  assert.throws(() => dataCard({ ...ok, data: 3 as never }), { code: "missing-option" });
  assert.throws(() => dataCard({ ...ok, data: { a: 3 as never } }), { code: "invalid-option" });
  assert.throws(() => dataCard({ ...ok, rows: 3 } as never), { code: "unknown-option" });
  const card = { model, purpose: "a", data, limits: "b" };
  assert.throws(() => modelCard({ ...card, purpose: " " }), { code: "invalid-option" });
  assert.throws(() => modelCard({ ...card, limits: [] }), {
    code: "invalid-option",
    message: /^invalid limits of the model: Array\(0\); expected at least one text\. Say where/,
  });
  assert.throws(() => modelCard({ ...card, model: {} as never }), { code: "invalid-option" });
  assert.throws(() => modelCard({ ...card, data: {} as never }), { code: "invalid-option" });
  assert.throws(() => modelCard({ ...card, test: data } as never), { code: "unknown-option" });
  for (const name of Object.keys(card)) {
    const without = { ...card, [name]: undefined } as never;
    const message = new RegExp(`^missing ${name} of the .*; expected a `);
    assert.throws(() => modelCard(without), { code: "missing-option", message });
  }
  assert.throws(() => provenanceCard({ data: { a: 1 as never } }), { code: "invalid-option" });
  assert.throws(() => provenanceCard({ files: { a: "b" as never } }), { code: "invalid-option" });
  assert.throws(() => provenanceCard({ seed: 0.5 }), { code: "invalid-option" });
  assert.throws(() => provenanceCard({ clock: 1 } as never), { code: "unknown-option" });
});

test("a report as a cell's last value is a table of its parts, hostile names escaped", () => {
  const page = report({
    title: hostile,
    sections: [
      { title: "Words", content: ["a paragraph", new Card("Data", [])] },
      { title: "Charts", content: [lossChart([{ epoch: 0, loss: 1 }]), 7] },
    ],
  });
  const { "text/html": html, "text/plain": plain } = page.toBundle();
  assert.doesNotMatch(String(html), /<script|<img/);
  assert.match(String(plain), /Words +text\n +Data\nCharts +Loss while training\n +a value/);
  assert.match(String(plain), /save\("report\.html"\)/);
  assert.deepEqual((page as never as Displayable)[displaySymbol](), page.toBundle());
});
