import assert from "node:assert/strict";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { Random } from "../../src/base/random";
import { Database } from "../../src/engine/database";
import { duckdb } from "../../src/engine/duckdb";
import { learnText } from "../../src/engine/learn-text";
import { rowsView } from "../../src/engine/open-source";
import { parseEngine } from "../../src/engine/options";
import { evaluate } from "../../src/evaluate/evaluate";
import { TableEncoder } from "../../src/frame/encoder";
import type { TextOptions } from "../../src/frame/encoder-spec";
import { prune } from "../../src/prune/prune";
import { LogisticRegression } from "../../src/train/logistic-regression";
import { regularizationPath } from "../../src/train/path";
import { leftBehind, people, temporary, write } from "./tables";

const engine = duckdb({ temporaryFolder: temporary });
const words = [
  "Straße",
  "ÉTÉ",
  "don't",
  "naïve",
  "x1",
  "the",
  "of",
  "ﬁsh",
  "日本",
  "\u{1f600}",
  "a-b",
  "tab\tbed",
];

/** People, each with a text that tells something of the label; some are empty, one is longer than a block. */
function letters(rows: number, longest: number) {
  const random = new Random(12);
  const table = people(rows, 3, ["no", "yes"]);
  const letter = table.label.map((label, i) => {
    if (i % 17 === 0) return "";
    const length = i === 5 ? longest : 40 + Math.floor(80 * random.uniform());
    const own = Array.from({ length }, () => {
      const drawn = Math.floor(random.uniform() * (label === "yes" ? words.length : words.length - 2));
      return random.uniform() < 0.7 ? words[drawn] : `w${Math.floor(1000 * random.uniform())}`;
    });
    return own.join(" ");
  });
  return { ...table, letter };
}

test("text on disk has the features and the weights of text in memory, over several blocks", async () => {
  const rows = letters(2500, 400_000);
  const parquet = await write(rows, "parquet", "letters.parquet");
  const spec = { label: "label", categorical: "code", numeric: "age", text: "letter" } as const;
  const cases: readonly TextOptions[] = [
    { bits: 10 },
    { bits: 10, tfidf: false },
    { bits: 12, unit: "character", ngrams: [2, 3], sublinear: false },
    { bits: 9, lowercase: false, stopWords: ["the", "of"], seed: 7, tfidf: false },
    { vocabulary: { minRows: 2, most: 40 } },
    { vocabulary: { most: 200 }, unit: "character", ngrams: [1, 2], tfidf: false },
    { vocabulary: ["straße", "x1", "don't", "the", "the of", "nowhere", "日本"] },
  ];
  for (const textOptions of cases) {
    const encoder = TableEncoder.fit(rows, { ...spec, textOptions });
    const data = encoder.transform(rows);
    const table = await engine.encode({ parquet, ...spec, textOptions });
    assert.deepEqual(table.encoder.state().text, encoder.state().text);
    assert.equal(table.encoder.columns, encoder.columns);
    assert.deepEqual(table.encoder.scale, encoder.scale);
    assert.equal(encoder.scale === null, textOptions.tfidf === false);
    // In memory few columns would be for another solver, which ends elsewhere within the tolerance.
    const options = { lambda: 1e-2, solver: "newton", tolerance: 1e-11, maxIterations: 300 } as const;
    const estimator = new LogisticRegression(options);
    const ours = await estimator.fit(table, { engine });
    const theirs = await estimator.fit(data);
    assert.equal(ours.weights.length, theirs.weights.length);
    ours.weights.forEach((w, j) => {
      assert.ok(Math.abs(w - theirs.weights[j]) < 1e-8, `weight ${j}: ${w}, ${theirs.weights[j]}`);
    });
    assert.deepEqual(ours.scale, encoder.scale);
    const judged = await table.evaluate(ours);
    assert.ok(Math.abs(judged.logLoss - evaluate(ours, data).logLoss) < 1e-9);
    table.close();
  }
  assert.deepEqual(leftBehind(), []);
});

test("what follows a fit goes by the rarity of n-grams as in memory: paths, pruning, test rows", async () => {
  const rows = letters(700, 100);
  const parquet = await write(rows, "parquet", "rare.parquet");
  const spec = { label: "label", text: { column: "letter", bits: 7 } } as const;
  const encoder = TableEncoder.fit(rows, spec);
  const data = encoder.transform(rows);
  const table = await engine.encode({ parquet, ...spec });
  for (const penalty of ["l1", "l2"] as const) {
    const options = { penalty, lambdas: 4, lambdaRatio: 0.1, tolerance: 1e-12, earlyStop: false } as const;
    const ours = await table.path(options);
    const theirs = await regularizationPath(data, options);
    ours.steps.forEach((step, at) => {
      const other = theirs.steps[at];
      assert.ok(Math.abs(step.lambda - other.lambda) < 1e-9 * other.lambda);
      assert.ok(Math.abs(step.objective - other.objective) < 1e-10);
      assert.deepEqual(step.model.scale, encoder.scale);
    });
  }
  const model = await new LogisticRegression({ lambda: 1e-2, tolerance: 1e-12 }).fit(data);
  const pruned = [
    await table.prune(model, { strategy: "obs", keep: 12 }),
    await prune(model, { strategy: "obs", keep: 12, data }),
  ];
  pruned[0].weights.forEach((w, j) => {
    assert.ok(Math.abs(w - pruned[1].weights[j]) < 1e-6, `weight ${j}`);
  });
  const few = { parquet, ...spec, select: "SELECT * FROM source LIMIT 50" };
  const test = await engine.encode(few, {}, table.encoder);
  assert.deepEqual(test.encoder.scale, encoder.scale);
  test.close();
  table.close();
});

test("test rows are hashed as training rows were, and a spec of text alone will do", async () => {
  const rows = letters(400, 100);
  const parquet = await write(rows, "parquet", "few.parquet");
  const spec = { label: "label", text: { column: "letter", bits: 8 } } as const;
  const train = await engine.encode({ parquet, ...spec, select: "SELECT * FROM source WHERE age < 35" });
  const test = { parquet, ...spec, text: "letter", select: "SELECT * FROM source WHERE age >= 35" };
  const unseen = await engine.encode(test, {}, train.encoder);
  assert.deepEqual(unseen.encoder.state(), train.encoder.state());
  const lasso = new LogisticRegression({ penalty: "l1", lambda: 1e-2, tolerance: 1e-12 });
  const model = await lasso.fit(train, { engine });
  const kept = rows.age.map((age) => age < 35);
  const part = Object.fromEntries(
    Object.entries(rows).map(([name, cells]) => [name, cells.filter((_, i) => kept[i])]),
  );
  const theirs = await lasso.fit(TableEncoder.fit(part, spec).transform(part));
  model.weights.forEach((w, j) => {
    assert.ok(Math.abs(w - theirs.weights[j]) < 1e-6, `weight ${j}: ${w}, ${theirs.weights[j]}`);
  });
  assert.ok(theirs.weights.some((w) => w !== 0) && theirs.weights.some((w) => w === 0));
  assert.ok((await unseen.evaluate(model)).weight === kept.filter((own) => !own).length);
  await assert.rejects(engine.encode({ ...test, numeric: "age" }, {}, train.encoder), {
    code: "invalid-option",
  });
  train.close();
  unseen.close();
});

test("a vocabulary whose n-grams are more than are held at a time is that of memory", async () => {
  const rows = letters(600, 500);
  const parquet = await write(rows, "parquet", "terms.parquet");
  const settings = parseEngine({ temporaryFolder: temporary });
  const database = await Database.open(settings, join(temporary, "terms"), {});
  await database.run(`CREATE TEMP VIEW ${rowsView} AS SELECT * FROM '${parquet}'`);
  for (const plan of [
    { minRows: 1, most: 100_000 },
    { minRows: 2, most: 333 },
  ]) {
    const spec = { label: "label", text: "letter", textOptions: { vocabulary: plan } } as const;
    const [{ vocabulary, ...state }] = TableEncoder.fit(rows, spec).state().text;
    for (const held of [50, 1000, 1e6]) {
      const found = await learnText(database, { state, vocabulary: plan }, held);
      assert.deepEqual(found, { ...state, vocabulary });
    }
  }
  database.close();
  rmSync(join(temporary, "terms"), { recursive: true, force: true });
});

test("text without n-grams, or that is none, is refused by name", async () => {
  const parquet = await write(letters(50, 50), "parquet", "refused.parquet");
  const table = { parquet, label: "label" };
  const refused = [
    [{ text: { column: "letter", vocabulary: { minRows: 51 } } }, "empty-data"],
    [{ text: "letter", textOptions: { ngram: [1, 2] } }, "unknown-option"],
    [{ text: "lettre" }, "missing-column"],
    [{ text: "age" }, "invalid-data"],
    [{ text: "letter", categorical: "letter" }, "invalid-option"],
  ] as const;
  for (const [own, code] of refused) {
    await assert.rejects(engine.encode({ ...table, ...own } as never), { code }, JSON.stringify(own));
  }
  assert.deepEqual(leftBehind(), []);
});
