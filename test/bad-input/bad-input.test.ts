import assert from "node:assert/strict";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import {
  compare,
  Dataset,
  DenseMatrix,
  evaluate,
  LinearModel,
  LogisticRegression,
  load,
  pack,
  prune,
  quantize,
  readCsv,
  SparseMatrix,
  save,
  TableEncoder,
  trainCompressed,
  uniformQuantization,
  unpack,
} from "../../src/index";
import { refusal } from "../refusal";

const rows = Array.from({ length: 40 }, (_, i) => [Math.sin(i), Math.cos(3 * i), i % 5]);
const labels = rows.map(([a, b]) => (a + b > 0 ? "yes" : "no"));
const data: Dataset = Dataset.from({ features: rows, labels });
let model: LinearModel;
let folder: string;

before(async () => {
  model = await new LogisticRegression({ lambda: 0.01 }).fit(data);
  folder = await mkdtemp(join(tmpdir(), "logitpress-"));
});
after(() => rm(folder, { recursive: true }));

const people = { age: [41, 30, 25], city: ["Rome", "Oslo", "Rome"], bought: ["yes", "no", "yes"] };

test("a label column that is missing names itself and the columns there are", () => {
  const spec = { label: "sold", numeric: "age" };
  const missing = refusal("missing-column", "missing column", '"sold"', "expected one of age, city, bought");
  assert.throws(() => TableEncoder.fit(people, spec), missing);
  const encoder = TableEncoder.fit({ ...people, sold: people.bought }, spec);
  assert.throws(() => encoder.transform(people), missing);
});

test("a label column with one class is refused when encoded and when fitted", async () => {
  const one = { ...people, bought: ["yes", "yes", "yes"] };
  assert.throws(
    () => TableEncoder.fit(one, { label: "bought", numeric: "age" }),
    refusal("invalid-label", 'label column "bought"', "only the class yes", "expected two classes or more"),
  );
  const single = Dataset.from({ features: rows, labels: rows.map(() => "yes") });
  const refused = refusal("invalid-label", "number of classes in the labels", ": 1", "expected at least two");
  await assert.rejects(new LogisticRegression().fit(single), refused);
  await assert.rejects(trainCompressed(single), refused);
  const listed = Dataset.from({ features: rows, labels: rows.map(() => "yes"), classes: ["no", "yes"] });
  await assert.rejects(new LogisticRegression().fit(listed), refused);
});

test("a class without a row is named", async () => {
  const absent = Dataset.from({ features: rows, labels, classes: ["maybe", "no", "yes"] });
  await assert.rejects(
    new LogisticRegression().fit(absent),
    refusal("invalid-label", "class without a row", '"maybe"', "expected a row of positive weight"),
  );
});

test("a missing label names its row", () => {
  const holes = [...labels.slice(0, 7), null as never, ...labels.slice(8)];
  assert.throws(
    () => Dataset.from({ features: rows, labels: holes, classes: ["no", "yes"] }),
    refusal("invalid-label", "label of row 7", '"null"', 'expected one of "no", "yes"'),
  );
});

test("NaN and infinity in a feature name row, column and value", () => {
  for (const [value, shown] of [
    [Number.NaN, "NaN"],
    [Number.POSITIVE_INFINITY, "Infinity"],
    [Number.NEGATIVE_INFINITY, "-Infinity"],
  ] as const) {
    const refused = refusal(
      "not-finite",
      "feature at row 1, column 2",
      `: ${shown}`,
      "expected a finite number",
    );
    const features = [
      [1, 2, 3],
      [4, 5, value],
    ];
    assert.throws(() => Dataset.from({ features, labels: [0, 1] }), refused);
    assert.throws(() => new DenseMatrix(2, 3, Float32Array.from(features.flat())), refused);
    const pairs = features.map((row) => row.map((x, j) => [j, x] as const));
    assert.throws(() => SparseMatrix.fromRows(pairs, 3), refused);
    const age = [41, value, 25];
    assert.throws(
      () => TableEncoder.fit({ ...people, age }, { label: "bought", numeric: "age" }),
      refusal(
        "not-finite",
        'row 1, column "age"',
        Number.isNaN(value) ? "missing" : shown,
        "a finite number",
      ),
    );
  }
  assert.throws(
    () => Dataset.from({ features: [[1], [null as never]], labels: [0, 1] }),
    refusal("not-finite", "feature at row 1, column 0", ": null", "expected a finite number"),
  );
});

test("an empty frame, an empty dataset and an empty file say so", async () => {
  assert.throws(
    () => TableEncoder.fit({ age: [], bought: [] }, { label: "bought", numeric: "age" }),
    refusal("empty-data", "empty frame", "0 rows", "expected at least one"),
  );
  const empty = refusal("empty-data", "empty dataset", "0 rows x 0 columns", "expected at least one of each");
  assert.throws(() => Dataset.from({ features: [], labels: [] }), empty);
  assert.throws(
    () => data.take([]),
    refusal("empty-data", "empty dataset", "0 rows", "expected at least one"),
  );
  assert.throws(
    () => Dataset.from({ features: rows, labels, weights: rows.map(() => 0) }),
    refusal("empty-data", "empty dataset", "40 rows", "of positive weight"),
  );
  const path = join(folder, "empty.csv");
  await writeFile(path, "age,bought\n");
  await assert.rejects(
    readCsv(path),
    refusal("empty-data", "table in the file", "empty.csv", "at least one row"),
  );
});

test("lengths that differ name what, both numbers", () => {
  const short = labels.slice(1);
  assert.throws(
    () => Dataset.from({ features: rows, labels: short }),
    refusal("length-mismatch", "length of labels", ": 39", "expected 40"),
  );
  assert.throws(
    () => Dataset.from({ features: rows, labels, weights: [1, 2] }),
    refusal("length-mismatch", "length of weights", ": 2", "expected 40"),
  );
  assert.throws(
    () => Dataset.from({ features: rows, labels, featureNames: ["a"] }),
    refusal("length-mismatch", "length of featureNames", ": 1", "expected 3"),
  );
  assert.throws(
    () => Dataset.from({ features: [[1, 2], [3]], labels: [0, 1] }),
    refusal("length-mismatch", "length of row 1", ": 1", "expected 2"),
  );
  assert.throws(
    () => new DenseMatrix(2, 2, new Float32Array(3)),
    refusal("length-mismatch", "number of matrix values", ": 3", "expected 2 x 2 = 4"),
  );
  const frame = { age: [1, 2], bought: ["yes"] };
  assert.throws(
    () => TableEncoder.fit(frame, { label: "bought", numeric: "age" }),
    refusal("length-mismatch", 'length of column "bought"', ": 1", "expected 2"),
  );
});

test("sparsity outside [0, 1) is refused", async () => {
  for (const sparsity of [-0.1, 1, 1.5, Number.NaN, Number.POSITIVE_INFINITY]) {
    await assert.rejects(
      prune(model, { sparsity }),
      refusal("invalid-option", "sparsity", `: ${sparsity}`, "expected a finite number in [0, 1)"),
    );
  }
  assert.equal((await prune(model, { sparsity: 0 })).nonzeros, 3);
});

test("bits outside 1..16 are refused", async () => {
  for (const bits of [0, 17, -1, 2.5, Number.NaN]) {
    const refused = (thing: string) =>
      refusal("invalid-option", thing, `: ${bits}`, "expected an integer in [1, 16]");
    await assert.rejects(quantize(model, { bits }), refused("bits"));
    await assert.rejects(quantize(model, { bits, method: "uniform" }), refused("bits"));
    await assert.rejects(trainCompressed(data, { numBits: bits }), refused("numBits"));
    assert.throws(() => uniformQuantization([1, -1], bits), refused("numBits"));
  }
  for (const bits of [1, 16]) assert.ok((await quantize(model, { bits })).nonzeros > 0);
});

test("a refit of more levels than Newton's matrix can hold is refused with a remedy", async () => {
  const columns = 1200;
  const wide = new SparseMatrix(2, columns, Uint32Array.of(0, 1, 2), Uint32Array.of(0, 1), null);
  const base = Dataset.from({ features: wide, labels: [0, 1] });
  const parts = { classes: [0, 1], link: "binary", featureNames: base.featureNames, scale: null } as const;
  const weights = Float64Array.from({ length: columns }, (_, j) => 1 + j / 64);
  const many = new LinearModel({ ...parts, weights, intercepts: Float64Array.of(0) }, model.fit, 0.01);
  await assert.rejects(
    quantize(many, { bits: 11, data: base }),
    refusal("invalid-option", "number of levels to refit", ": 1200", "expected at most 1024", "fewer bits"),
  );
});

test("a file that is no model, or a damaged one, says which and why", async () => {
  const bytes = pack(await quantize(model, { bits: 2 }));
  const stored = async (name: string, content: Uint8Array | string) => {
    await writeFile(join(folder, name), content);
    return join(folder, name);
  };
  const foreign = refusal(
    "invalid-file",
    "invalid file",
    '"61 67 65"',
    "expected a model file of logitpress",
  );
  await assert.rejects(load(await stored("foreign.logit", "age,bought\n41,yes\n")), foreign);
  assert.throws(() => unpack(new TextEncoder().encode("age")), foreign);
  const damaged = refusal("corrupt-file", "checksum of the file", "expected that of its bytes", "cut short");
  for (let length = 1; length < bytes.length; length++) {
    const short = refusal("truncated-file", "length of the file", `: ${length}`, "expected ");
    assert.throws(() => unpack(bytes.subarray(0, length)), length < 6 ? short : damaged);
  }
  await assert.rejects(load(await stored("cut.logit", bytes.subarray(0, bytes.length - 3))), damaged);
  const flipped = bytes.slice();
  flipped[bytes.length - 5] ^= 4;
  await assert.rejects(load(await stored("flipped.logit", flipped)), damaged);
  await assert.rejects(load(await stored("longer.logit", Uint8Array.of(...bytes, 0))), damaged);
  const newer = bytes.slice();
  newer[1] = 4;
  await assert.rejects(
    load(await stored("newer.logit", newer)),
    refusal("unsupported-version", "version of the file", ": 4", "expected 1, 2 or 3", "newer logitpress"),
  );
  const nowhere = join(folder, "nowhere.logit");
  await assert.rejects(load(nowhere), refusal("invalid-file", "model file", "expected a readable file"));
});

test("a model is not applied to features of another width", async () => {
  const narrow = Dataset.from({ features: rows.map((row) => row.slice(0, 2)), labels });
  const { features } = narrow;
  const refused = refusal(
    "width-mismatch",
    "number of features",
    ": 2",
    "expected 3",
    "Encode the data with",
  );
  const packed = unpack(pack(model));
  const quantized = await quantize(model, { bits: 2 });
  for (const scorer of [model, quantized, packed]) {
    assert.throws(() => scorer.predict(features), refused);
    assert.throws(() => scorer.predictProba(features), refused);
    assert.throws(() => scorer.margins(features), refused);
    assert.throws(() => scorer.score(narrow), refused);
    assert.throws(() => evaluate(scorer, narrow), refused);
    assert.throws(() => compare({ scorer }, narrow), refused);
  }
  await assert.rejects(prune(model, { keep: 1, strategy: "gradient", data: narrow }), refused);
  await assert.rejects(prune(model, { keep: 1, data: narrow, refit: true }), refused);
  const refit = { lambda: [1, 2], validation: narrow };
  await assert.rejects(prune(model, { keep: 1, data, refit }), refused);
  await assert.rejects(quantize(model, { data: narrow }), refused);
  await assert.rejects(
    new LogisticRegression({ warmStart: model }).fit(narrow),
    refusal("invalid-model", "model to start from", "3 features", "expected 2 features"),
  );
});

test("nothing is written where a model can't be", async () => {
  const home = join(folder, "models");
  await mkdir(home);
  const path = join(home, "m.logit");
  await save(model, path);
  const old = await readFile(path);
  const broken = new LinearModel({ ...model, weights: Float64Array.of(1, Number.NaN, 2) }, model.fit, 0.01);
  await assert.rejects(
    save(broken, path),
    refusal("invalid-model", "number to store", ": NaN", "expected finite numbers"),
  );
  await assert.rejects(save(model, path, { encodr: 1 } as never), refusal("unknown-option", "encodr"));
  assert.deepEqual(await readdir(home), ["m.logit"]);
  assert.deepEqual(await readFile(path), old);

  const file = join(home, "m.logit", "below-a-file.logit");
  await assert.rejects(
    save(model, file),
    refusal("failed", "writing the model file", "expected a writable path"),
  );
  const taken = join(folder, "taken.logit");
  await mkdir(join(taken, "inside"), { recursive: true });
  await assert.rejects(save(model, taken), refusal("failed", "writing the model file"));
  assert.deepEqual(await readdir(taken), ["inside"]);
  assert.deepEqual(
    (await readdir(folder)).filter((name) => name.endsWith(".tmp")),
    [],
  );
  assert.deepEqual(await readdir(home), ["m.logit"]);
  assert.deepEqual(await readFile(path), old);
});

test("a stopped step leaves nothing behind and says which it was", async () => {
  const signal = AbortSignal.abort();
  await assert.rejects(new LogisticRegression().fit(data, { signal }), refusal("cancelled", "cancelled fit"));
  await assert.rejects(prune(model, { keep: 1 }, { signal }), refusal("cancelled", "cancelled prune"));
  await assert.rejects(quantize(model, {}, { signal }), refusal("cancelled", "cancelled quantize"));
});
