import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { Random } from "../../../src/base/random";
import { termOf } from "../../../src/engine/learn-text";
import { sampleHeader, sampleOf } from "../../../src/engine/spark/sample";
import {
  hasValues,
  type PackPlan,
  type SampleHeader,
  termsFile,
} from "../../../src/engine/spark/worker/messages";
import { TableEncoder } from "../../../src/frame/encoder";
import type { TextOptions } from "../../../src/frame/encoder-spec";
import { keptTerms } from "../../../src/frame/fit-vocabulary";
import { inverseFrequencies } from "../../../src/frame/vocabulary";
import type { Dataset } from "../../../src/matrix/dataset";
import { LocalRounds, LocalWorker } from "./local";

const words = [
  "Straße",
  "ÉTÉ",
  "don't",
  "x1",
  "the",
  "of",
  "ﬁsh",
  "日本",
  "\u{1f600}",
  "a\tb",
  "line\nend",
  'quo"te',
  "\\N",
];
const random = new Random(8);
const pick = (count: number): number => Math.floor(random.uniform() * count);
const rows = Array.from({ length: 900 }, (_, i) => {
  const length = i % 13 === 0 ? 0 : i === 40 ? 60_000 : 20 + pick(60);
  const own = Array.from({ length }, () => (pick(3) > 0 ? words[pick(words.length)] : `w${pick(400)}`));
  return {
    label: i % 3 === 0 ? "no" : "yes",
    code: `${pick(4)}`,
    letter: i % 29 === 0 ? null : own.join(" "),
  };
});
const frame = {
  label: rows.map(({ label }) => label),
  code: rows.map(({ code }) => code),
  letter: rows.map(({ letter }) => letter),
};

/** Rows as a cluster packs them, and as the encoder does in memory. */
function packed(textOptions: TextOptions, partitions: number) {
  const spec = { label: "label", categorical: "code", text: "letter", textOptions } as const;
  const { encoder, data } = TableEncoder.fitTransform(frame, spec);
  const { text } = encoder.state();
  const plan: PackPlan = {
    columns: encoder.columns,
    labels: { cells: ["no", "yes"], numbers: [0, 1] },
    classes: 2,
    weighted: false,
    numeric: [],
    categorical: [{ cells: ["0", "1", "2", "3"], features: [0, 1, 2, 3] }],
    text,
  };
  const worker = new LocalWorker(plan);
  const partOf = (i: number): number => Math.floor((i * partitions) / rows.length);
  const found = worker.run(
    "pack",
    rows.map(({ label, code, letter }, i) => [partOf(i), JSON.stringify([label, code, letter])]),
  );
  assert.equal(found.status, 0, found.said);
  const blocks = found.rows;
  const firsts: number[] = [];
  let nonzeros = 0;
  blocks.forEach(([part, , , stored]) => {
    firsts[Number(part)] ??= blocks.reduce(
      (sum, [other, , size]) => sum + (Number(other) < Number(part) ? Number(size) : 0),
      0,
    );
    nonzeros += Number(stored);
  });
  const valued = hasValues(plan);
  const shape = {
    columns: plan.columns,
    classes: 2,
    valued,
    rows: rows.length,
    nonzeros,
    partitions,
    firsts,
  };
  const { featureNames } = encoder;
  const about = { classes: ["no", "yes"], featureNames, scale: encoder.scale };
  const drawn = (header: SampleHeader) => {
    const out = worker.run(
      "sample",
      blocks.map(([part, seq, size, stored, , block]) => [
        ...[part, seq, size, stored],
        ...[seq === "0" ? JSON.stringify(header) : "", "", block],
      ]),
    );
    assert.equal(out.status, 0, out.said);
    return out.rows.map(([part, seq, seen, size, stored, block]) => ({
      ...{ part, seq, seen, size, nonzeros: stored, block },
    }));
  };
  const sample = (rows: number, seed: number): Dataset =>
    sampleOf({ blocks: drawn(sampleHeader(shape, { rows, seed })), shape }, about);
  return { encoder, data, plan, blocks, shape, about, drawn, sample };
}

function entries({ features, labels }: Dataset): string[] {
  assert.ok(features.kind === "csr");
  const { pointers, indices, values } = features;
  return Array.from(labels, (label, i) => {
    const [from, to] = [pointers[i], pointers[i + 1]];
    return `${label} ${indices.subarray(from, to)} ${values?.subarray(from, to)}`;
  });
}

test("n-grams that executors count, partition by partition, make the vocabulary that is learnt in memory", () => {
  const plan = { minRows: 3, most: 150 };
  const spec = { label: "label", text: "letter", textOptions: { vocabulary: plan } } as const;
  const [{ vocabulary: theirs, ...state }] = TableEncoder.fit(frame, spec).state().text;
  const worker = new LocalWorker();
  writeFileSync(join(worker.folder, termsFile), JSON.stringify([{ ...state, name: "other" }, state]));
  const sums = new Map<string, number>();
  for (const part of [rows.slice(0, 400), rows.slice(400)]) {
    const lines = part.map(({ letter }) => [1, JSON.stringify([letter])]);
    const { rows: found, status, said } = worker.run("terms", lines);
    assert.equal(status, 0, said);
    for (const [term, n] of found) sums.set(term, (sums.get(term) ?? 0) + Number(n));
  }
  assert.equal(sums.get(""), rows.length);
  sums.delete("");
  // As Spark orders them.
  const often = [...sums].filter(([, n]) => n >= plan.minRows);
  often.sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1));
  const first = often.slice(0, plan.most).map(([term, n]) => termOf({ term, n }));
  assert.deepEqual(
    keptTerms(first, plan.most, "letter").map(({ text }) => text),
    theirs,
  );
  assert.ok(often.length > plan.most);
});

test("texts that executors encode have the features and the rarities of those in memory, to the last bit", async () => {
  const cases: readonly TextOptions[] = [
    { bits: 8 },
    { bits: 10, unit: "character", ngrams: [2, 3], sublinear: false },
    { bits: 9, lowercase: false, stopWords: ["the", "of"], seed: 7 },
    { vocabulary: ["straße", "x1", "don't", "the of", "日本", "nowhere"] },
    { vocabulary: { minRows: 5 } },
  ];
  for (const options of cases) {
    const { encoder, data, plan, blocks, sample } = packed(options, 4);
    assert.ok(blocks.length >= 4);
    const theirs = entries(data);
    entries(sample(rows.length, 0)).forEach((row, i) => {
      assert.equal(row, theirs[i], `${JSON.stringify(options)}, row ${i}`);
    });
    const counts = await new LocalRounds(blocks, plan).counts();
    const rarities = inverseFrequencies(counts.subarray(4), rows.length);
    assert.deepEqual([...rarities], [...encoder.scale!.subarray(4)]);
  }
});

const two = packed({ bits: 6 }, 2);

test("a sample is of the rows that the seed draws, however they lie in partitions", () => {
  const five = packed({ bits: 6 }, 5);
  const whole = entries(two.data);
  const some = two.sample(300, 4);
  assert.deepEqual(entries(some), entries(five.sample(300, 4)));
  assert.notDeepEqual(entries(some), entries(two.sample(300, 5)));
  assert.ok(Math.abs(some.rows - 300) < 60, `${some.rows} rows`);
  let at = 0;
  for (const row of entries(some)) at = whole.indexOf(row, at) + 1;
  assert.ok(at > 0, "rows came in another order, or changed");
  assert.deepEqual(some.scale, two.encoder.scale);
  assert.equal(some.weights, null);
});

test("a sample that lost rows, is empty or too large is refused", () => {
  const { shape, about, drawn } = two;
  const blocks = drawn(sampleHeader(shape, { rows: 200 }));
  assert.throws(() => sampleOf({ blocks: blocks.slice(1), shape }, about), { code: "failed" });
  const none = drawn({ ...sampleHeader(shape, {}), share: 0 });
  assert.throws(() => sampleOf({ blocks: none, shape }, about), { code: "empty-data" });
  assert.throws(() => sampleHeader(shape, { rows: 0 }), { code: "invalid-option" });
  assert.throws(() => sampleHeader(shape, { rows: 10, seed: 0.5 }), { code: "invalid-option" });
  const vast = { ...shape, rows: 1e9, nonzeros: 3e10 };
  assert.throws(() => sampleHeader(vast, { rows: 1e8 }), {
    code: "invalid-data",
    message: /8333333 rows at most/,
  });
  assert.equal(sampleHeader(vast, { rows: 1e6 }).share, 1e-3);
});
