import assert from "node:assert/strict";
import { join } from "node:path";
import { before, test } from "node:test";
import {
  calibrationChart,
  compare,
  compress,
  confusionChart,
  crossValidate,
  Dataset,
  diagnose,
  evaluate,
  type LinearModel,
  LogisticRegression,
  load,
  pack,
  prune,
  quantize,
  readCsv,
  recalibrate,
  regularizationPath,
  rocChart,
  summarise,
  TableEncoder,
  trainCompressed,
} from "../../src/index";
import { refusal } from "../refusal";

// What a beginner writes, in JavaScript or past the type checker.
const table = { words: [1, 2, 3, 4], kind: ["a", "b", "a", "b"] };
const features = [[1], [2], [3], [5]];
const labels = ["ham", "spam", "ham", "spam"];
const data: Dataset = Dataset.from({ features, labels });
let model: LinearModel;

before(async () => {
  model = await new LogisticRegression({ lambda: 0.1 }).fit(data);
});

test("a table where a dataset is wanted says how one is made of it", async () => {
  const refused = refusal("invalid-data", ": Object", "expected a Dataset", "TableEncoder", "Dataset.from");
  const given = table as never;
  const calls: readonly (() => Promise<unknown>)[] = [
    () => new LogisticRegression().fit(given),
    () => regularizationPath(given),
    () => crossValidate(given),
    () => trainCompressed(given),
    () => prune(model, { strategy: "taylor", sparsity: 0.5, data: given }),
    () => quantize(model, { method: "kmeans", bits: 2, data: given }),
    () => compress(model, given, { maxBytes: 100 }),
    async () => evaluate(model, given),
    async () => compare({ model }, given),
    async () => recalibrate(model, given),
    async () => diagnose(given),
    async () => summarise(model, given),
    async () => model.score(given),
  ];
  for (const call of calls) await assert.rejects(call, refused);
  await assert.rejects(
    new LogisticRegression().fit(undefined as never),
    refusal("invalid-data", 'data: "nothing"', "expected a Dataset"),
  );
});

test("what is no model is named, a promise of one with the await that it lacks", async () => {
  const promised = new LogisticRegression({ lambda: 0.1 }).fit(data) as never;
  const refused = refusal("invalid-model", ": Promise", "expected a model", "await");
  assert.throws(() => evaluate(promised, data), refused);
  assert.throws(() => pack(promised), refused);
  assert.throws(() => summarise(promised, data), refused);
  await assert.rejects(prune(promised, { strategy: "magnitude", sparsity: 0.5 }), refused);
  await assert.rejects(quantize(promised, { method: "uniform", bits: 4 }), refused);
  await assert.rejects(compress(promised, data, { maxBytes: 100 }), refused);
});

test("arrays where a matrix is wanted say how one is made of them", () => {
  const refused = refusal("invalid-data", "features: Array(4)", "DenseMatrix.fromRows");
  assert.throws(() => model.predict(features as never), refused);
  assert.throws(() => model.predictProba(features as never), refused);
});

test("a dataset where a matrix is wanted says that it has one", () => {
  const refused = refusal("invalid-data", "features: Dataset", "predict(data.features)");
  assert.throws(() => model.predict(data as never), refused);
  assert.throws(() => model.predictProba(data as never), refused);
});

test("names of other libraries, and the beginnings of names, say what stands in their place", () => {
  const remedies = {
    C: "lambda: 1 / (n C)",
    alpha: "has lambda",
    maxIter: 'Did you mean "maxIterations"?',
    max_iter: 'Did you mean "maxIterations"?',
  };
  for (const [name, remedy] of Object.entries(remedies)) {
    const refused = refusal("unknown-option", `"${name}"`, remedy);
    assert.throws(() => new LogisticRegression({ [name]: 100 } as never), refused);
  }
});

test("names and values of scikit-learn, R, pandas and PyTorch are translated, by every function to a name of its own", async () => {
  const called = (own: string, value = false) =>
    refusal(value ? "invalid-option" : "unknown-option", `It is called "${own}" here.`);
  const names: Readonly<Record<string, (option: object) => unknown>> = {
    "k folds": (option) => crossValidate(data, option),
    "n_splits folds": (option) => crossValidate(data, option),
    "type.measure metric": (option) => crossValidate(data, option),
    "nlambda lambdas": (option) => regularizationPath(data, option),
    "amount sparsity": (option) => prune(model, option),
    "n_bits bits": (option) => quantize(model, option),
    "test_size test": (option) => data.split(option),
    "random_state seed": (option) => data.folds(2, option),
    "sep delimiter": (option) => readCsv("t.csv", option),
    "y label": (option) => TableEncoder.fit(table, option as never),
    "X features": (option) => Dataset.from({ ...option, y: labels } as never),
    "tol tolerance": (option) => new LogisticRegression(option),
    "n_bins bins": (option) => evaluate(model, data, option),
    "random_state seed ": (option) => compare({ model }, data, option),
  };
  for (const [both, call] of Object.entries(names)) {
    const [theirs, own] = both.split(" ");
    await assert.rejects(async () => await call({ [theirs]: 1 }), called(own), both);
  }
  const values: readonly (readonly [option: string, theirs: string, own: string])[] = [
    ["penalty", "ridge", "l2"],
    ["penalty", "lasso", "l1"],
    ["multiclass", "multinomial", "softmax"],
  ];
  for (const [option, theirs, own] of values)
    assert.throws(() => new LogisticRegression({ [option]: theirs } as never), called(own, true));
  assert.throws(
    () => new LogisticRegression({ solver: "saga" } as never),
    refusal("invalid-option", 'Leave it out: "auto" chooses.'),
  );
});

test("options of the estimator given to fit, and tables without their engine, are told where they belong", async () => {
  const estimator = new LogisticRegression();
  await assert.rejects(
    estimator.fit(data, { lambda: 1 } as never),
    refusal("unknown-option", '"lambda"', "new LogisticRegression({ lambda })"),
  );
  const stored = { parquet: "t.parquet", label: "y", numeric: ["x"] } as never;
  for (const call of [() => estimator.fit(stored), () => crossValidate(stored)])
    await assert.rejects(call, refusal("invalid-data", ": Object", "{ engine: duckdb() }"));
  await assert.rejects(
    estimator.fit(stored, { engine: "duckdb" as never }),
    refusal("invalid-option", 'engine: "duckdb"', "what duckdb() or spark(address) returns"),
  );
  await assert.rejects(
    crossValidate(data, { nonsense: 1 } as never),
    refusal("unknown-option", "option of crossValidate", "folds, metric, choice"),
  );
});

test("a chart of something else, and arguments that have changed places, name what was given and what gives the right one", () => {
  const wanted = refusal("invalid-option", "invalid evaluation: LinearModel", "evaluate(model, data)");
  for (const chart of [rocChart, confusionChart, calibrationChart])
    assert.throws(() => chart(model as never), wanted);
  assert.throws(
    () => rocChart({ mine: model } as never),
    refusal("invalid-option", "evaluation mine: LinearModel", "evaluate(model, data)"),
  );
  assert.throws(
    () => evaluate(data as never, model as never),
    refusal("invalid-model", "model: Dataset", "The model comes before the data."),
  );
  assert.throws(
    () => evaluate(model, model as never),
    refusal("invalid-data", "data: LinearModel", "the data come after it"),
  );
  assert.throws(
    () => compare(model as never, data),
    refusal("invalid-option", "models to compare: LinearModel", "{ before, after }"),
  );
  assert.throws(
    () => data.split(LogisticRegression as never),
    refusal("invalid-option", "options of split: class LogisticRegression;", "test, stratify, seed"),
  );
  assert.throws(
    () => TableEncoder.fit([{ words: 1 }] as never, { label: "kind", numeric: ["words"] } as never),
    refusal("invalid-data", "table: Array(1)", "toColumns(rows)"),
  );
  assert.throws(
    () => model.predictor().predictSparse([0] as never, [1] as never),
    refusal("invalid-option", "indices of a row: Array(1)", "Uint32Array.from(list)"),
  );
});

test("a dataset without its labels or features names them, and a table goes through an encoder", () => {
  assert.throws(
    () => Dataset.from({ features } as never),
    refusal("missing-option", "missing labels of a dataset", "one label a row"),
  );
  assert.throws(
    () => Dataset.from({ labels } as never),
    refusal("missing-option", "missing features of a dataset", "a matrix"),
  );
  assert.throws(
    () => Dataset.from(table as never),
    refusal("invalid-data", "parts of a dataset: Object", "expected { features, labels }", "TableEncoder"),
  );
});

test("a misspelt option, choice or column is named with the one that it is like", async () => {
  assert.throws(
    () => new LogisticRegression({ lamda: 1 } as never),
    refusal("unknown-option", '"lamda"', 'Did you mean "lambda"?'),
  );
  await assert.rejects(
    prune(model, { strategy: "magnitud", sparsity: 0.5 } as never),
    refusal("invalid-option", '"magnitud"', 'Did you mean "magnitude"?'),
  );
  assert.throws(
    () => TableEncoder.fit(table, { label: "kimd", numeric: ["words"] } as never),
    refusal("missing-column", '"kimd"', "expected one of words, kind", 'Did you mean "kind"?'),
  );
  assert.throws(
    () => new LogisticRegression({ qqqqqq: 1 } as never),
    (error: Error) => !error.message.includes("Did you mean"),
  );
});

test("a path to nothing says where it was looked for, and a folder that it is one", async () => {
  const nothing = refusal("invalid-file", '"nothing.csv"', `a path is taken from ${process.cwd()}`);
  await assert.rejects(readCsv("nothing.csv"), nothing);
  await assert.rejects(
    load("nothing.logit"),
    refusal("invalid-file", '"nothing.logit"', `a path is taken from ${process.cwd()}`),
  );
  await assert.rejects(load(join(".")), refusal("invalid-file", '"."', "It is a folder"));
});
