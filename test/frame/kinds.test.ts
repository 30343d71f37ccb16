import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { test } from "node:test";
import { LogitpressError } from "../../src/base/errors";
import { TableEncoder } from "../../src/frame/encoder";
import type { EncoderSpec } from "../../src/frame/encoder-spec";
import { LogisticRegression, pack, toC, unpack } from "../../src/index";
import type { Matrix } from "../../src/matrix/sparse";
import { python } from "../python";

const table = {
  x: [1, 2, 3, 4, 5, 6, 7, 100],
  hole: [1, null, 3, 4, 5, 6, 7, 8],
  city: ["a", "a", "a", "b", "b", "c", "d", "a"],
  size: ["S", "M", "L", "S", "M", "L", "S", "M"],
  day: [
    "2024-01-01",
    "2024-07-01T12:00:00Z",
    "2023-02-28",
    "2024-02-29",
    "2024-01-02",
    "2024-01-03",
    "2024-01-04",
    "2024-01-07",
  ],
  note: ["the cat sat", "a cat", "the dog", "dog \u{1f680} cat", "", "Äpfel", "free money", "cat"],
  y: [0, 1, 0, 1, 1, 0, 1, 0],
};

const every: EncoderSpec = {
  label: "y",
  numeric: [
    { column: "x", scale: "robust" },
    { column: "hole", bins: 3 },
  ],
  categorical: [{ column: "city", rare: 2 }],
  ordinal: { column: "size", levels: ["S", "M", "L"] },
  dates: { column: "day", cycles: ["hour", "weekday", "monthday", "month", "yearday"] },
  crosses: [
    { columns: ["city", "size"], rare: 2 },
    { columns: ["city", "size"], bits: 4, seed: 3 },
  ],
  text: {
    column: "note",
    vocabulary: { minRows: 1 },
    stopWords: "english",
    unit: "character",
    ngrams: [2, 3],
  },
  missing: "indicator",
  unseen: "level",
};

function dense(matrix: Matrix): Float32Array {
  return matrix.kind === "dense" ? matrix.values : matrix.toDense().values;
}

function column(encoder: TableEncoder, frame: Record<string, ArrayLike<unknown>>, name: string): number[] {
  const features = encoder.features(frame);
  const values = dense(features);
  for (let j = 0; j < encoder.columns; j++) {
    if (encoder.featureNames.at(j) !== name) continue;
    return Array.from({ length: features.rows }, (_, i) => values[i * encoder.columns + j]);
  }
  return assert.fail(`no feature ${name}`);
}

function refusal(code: string, pattern: RegExp): (error: unknown) => boolean {
  return (error) => error instanceof LogitpressError && error.code === code && pattern.test(error.message);
}

test("every kind comes back from a packed file and encodes alike", async () => {
  const targeted = { ...table, zone: table.city };
  const spec: EncoderSpec = { ...every, target: "zone" };
  const { encoder, data } = TableEncoder.fitTransform(targeted, spec);
  const model = await new LogisticRegression({ lambda: 0.1 }).fit(data);
  const packed = unpack(pack(model, { encoder }));
  assert.deepEqual(packed.encoder!.state(), encoder.state());
  assert.deepEqual(packed.encoder!.features(targeted), encoder.features(targeted));
  const names = Array.from({ length: encoder.columns }, (_, j) => encoder.featureNames.at(j));
  assert.deepEqual(
    names,
    names.map((_, j) => packed.featureNames.at(j)),
  );
  assert.equal(new Set(names).size, names.length);
  assert.throws(
    () => toC(model, { encoder }),
    refusal("unsupported-model", /cycles of dates of|hashed levels of|stop words of|characters of/),
  );
});

test("other lists of a file: listed rare levels, listed stop words, hashed characters", async () => {
  const spec: EncoderSpec = {
    label: "y",
    categorical: [{ column: "city", rare: 2 }],
    text: { column: "note", bits: 6, stopWords: ["the", "a"], unit: "character" },
    unseen: "error",
  };
  const encoder = TableEncoder.fit(table, spec);
  const model = await new LogisticRegression({ lambda: 0.1 }).fit(encoder.transform(table));
  assert.deepEqual(unpack(pack(model, { encoder })).encoder!.state(), encoder.state());
  assert.deepEqual(column(encoder, table, "city other"), [0, 0, 0, 0, 0, 1, 1, 0]);
  const fresh = { ...table, city: table.city.map(() => "z") };
  assert.throws(() => encoder.features(fresh), refusal("invalid-data", /"z"/));
});

test("robust numbers, bins and one-hot levels are scikit-learn's", () => {
  const code = `
import json, numpy as np
from sklearn.preprocessing import RobustScaler, OneHotEncoder, OrdinalEncoder
x = np.array(${JSON.stringify(table.x)}, float).reshape(-1, 1)
city = np.array(${JSON.stringify(table.city)}).reshape(-1, 1)
hot = OneHotEncoder(min_frequency=2, handle_unknown="infrequent_if_exist", sparse_output=False).fit(city)
print(json.dumps([RobustScaler().fit_transform(x).ravel().tolist(), hot.transform(np.vstack([city, [["z"]]])).ravel().tolist()]))`;
  const { stdout, stderr } = spawnSync(python, ["-c", code], { encoding: "utf8" });
  assert.notEqual(stdout, "", stderr);
  const [robust, hot] = JSON.parse(stdout) as number[][];
  const numbers = TableEncoder.fit(table, { label: "y", numeric: { column: "x", scale: "robust" } });
  assert.deepEqual([...dense(numbers.features(table))], robust.map(Math.fround));
  const levels = TableEncoder.fit(table, {
    label: "y",
    categorical: { column: "city", rare: 2 },
    unseen: "level",
  });
  assert.deepEqual([...dense(levels.features({ city: [...table.city, "z"] }))], hot);
});

test("bins hold about as many rows each, and a missing number sets none", () => {
  const x = Float64Array.from({ length: 1000 }, (_, i) => (i * 617) % 1000);
  const frame = { x, y: Array.from(x, (v) => v % 2) };
  const encoder = TableEncoder.fit(frame, { label: "y", numeric: { column: "x", bins: 4 }, missing: "mean" });
  const names = [0, 1, 2, 3].map((j) => encoder.featureNames.at(j));
  assert.deepEqual(names, ["x<250", "250<=x<500", "500<=x<750", "x>=750"]);
  for (const name of names)
    assert.equal(
      column(encoder, frame, name).reduce((a, b) => a + b),
      250,
    );
  assert.deepEqual([...dense(encoder.features({ x: [null, 250] }))], [0, 0, 0, 0, 0, 1, 0, 0]);
});

test("an indicator is there for each column with a missing value, and only these", () => {
  const encoder = TableEncoder.fit(table, { label: "y", numeric: ["x", "hole"], missing: "indicator" });
  assert.equal(encoder.columns, 3);
  assert.deepEqual(column(encoder, table, "hole missing"), [0, 1, 0, 0, 0, 0, 0, 0]);
});

test("ordinal levels keep their order; dates come round; text without a zone is UTC", () => {
  const encoder = TableEncoder.fit(table, every);
  const [s, m, l] = column(encoder, table, "size");
  assert.ok(s < m && m < l && Math.abs(m - s - (l - m)) < 1e-6);
  const monday = { ...table, day: table.day.map((_, i) => new Date(Date.UTC(2024, 0, 1 + 7 * i))) };
  assert.deepEqual(
    column(encoder, monday, "day weekday cosine"),
    table.day.map(() => 1),
  );
  const noon = [
    "2024-01-01T12:00",
    "2024-01-01 12:00:00",
    "2024-01-01T14:00+02:00",
    Date.UTC(2024, 0, 1, 12),
  ];
  const only = TableEncoder.fit(table, { label: "y", dates: { column: "day", cycles: ["hour"] } });
  assert.deepEqual(column(only, { day: noon }, "day hour cosine"), [-1, -1, -1, -1]);
  for (const day of ["2023-02-29", "31/01/2024", "soon", new Date(Number.NaN)]) {
    assert.throws(
      () => only.features({ day: [noon[0], day] }),
      refusal("invalid-data", /date at row 1, column "day"/),
    );
  }
});

test("crosses are set where both levels are met; levels with any character keep apart", () => {
  const frame = { a: ["x\u001f", "x", "x\\"], b: ["y", "\u001fy", "y"], y: [0, 1, 1] };
  const encoder = TableEncoder.fit(frame, { label: "y", crosses: [{ columns: ["a", "b"] }] });
  assert.equal(encoder.columns, 3);
  const again = TableEncoder.fromState(JSON.parse(JSON.stringify(encoder.state())));
  assert.deepEqual(again.features(frame), encoder.features(frame));
  assert.equal(encoder.features(frame).nonzeros, 3);
  assert.equal(encoder.features({ a: ["x"], b: ["y"] }).nonzeros, 0);
});

test("target encoding tells no row of its own label", () => {
  const rows = 400;
  // Each row has a level of its own or none in common with the label: what is honest is nothing.
  const frame = {
    id: Array.from({ length: rows }, (_, i) => `id${i}`),
    level: Array.from({ length: rows }, (_, i) => `l${i % 4}`),
    y: Array.from({ length: rows }, (_, i) => Number(i % 4 < 2 ? i % 10 < 9 : i % 10 < 1)),
  };
  const { encoder, data } = TableEncoder.fitTransform(frame, { label: "y", target: ["id", "level"] });
  const honest = dense(data.features).filter((_, k) => k % 2 === 0);
  assert.ok(honest.every((value) => value === 0));
  const leaking = column(encoder, frame, "id target");
  assert.ok(leaking.every((value, i) => value > 0 === (frame.y[i] === 1)));
  assert.ok(column(encoder, frame, "level target").every((value, i) => value > 0 === i % 4 < 2));
});

test("the words of a vocabulary are those of enough rows; stop words leave no gap behind", () => {
  const text = { column: "note", vocabulary: { minRows: 2 }, ngrams: [1, 1], tfidf: false } as const;
  const encoder = TableEncoder.fit(table, { label: "y", text });
  assert.deepEqual(encoder.state().text[0].vocabulary, ["cat", "dog", "the"]);
  const stopped = TableEncoder.fit(
    { note: ["cat on the mat", "mat"], y: [0, 1] },
    { label: "y", text: { column: "note", vocabulary: { minRows: 1 }, stopWords: "english" } },
  );
  assert.deepEqual(stopped.state().text[0].vocabulary, ["cat", "cat mat", "mat"]);
  const characters = TableEncoder.fit(
    { note: ["ab\u{1f680} é", "x"], y: [0, 1] },
    { label: "y", text: { column: "note", vocabulary: { minRows: 1 }, unit: "character", ngrams: [2, 2] } },
  );
  assert.deepEqual(characters.state().text[0].vocabulary, [" é", "ab", "b "]);
});

test("specs that make no sense are refused", () => {
  const fit = (spec: object) => () => TableEncoder.fit(table, { label: "y", ...spec } as EncoderSpec);
  const wrong: readonly (readonly [object, string, RegExp])[] = [
    [{ numeric: { column: "x", bins: 1 } }, "invalid-option", /bins/],
    [{ numeric: { column: "x", bins: 4, scale: "robust" } }, "invalid-option", /scale/],
    [{ categorical: { column: "city", rare: 2, bits: 4 } }, "invalid-option", /rare/],
    [{ categorical: { column: "city", hush: 4 } }, "unknown-option", /hush/],
    [{ ordinal: { column: "size", levels: ["S", "M"] } }, "invalid-data", /row 2, column "size".*"L"/],
    [{ ordinal: { column: "size", levels: ["S", "S"] } }, "invalid-option", /levels/],
    [{ dates: { column: "day", cycles: ["week"] } }, "invalid-option", /cycle/],
    [{ crosses: [{ columns: ["city"] }] }, "invalid-option", /cross/],
    [{ crosses: [{ columns: ["city", "y"] }] }, "invalid-option", /label/],
    [{ target: { column: "city", smoothing: 0 } }, "invalid-option", /smoothing/],
    [{ text: { column: "note", vocabulary: {}, bits: 4 } }, "invalid-option", /bits/],
    [{ text: { column: "note", vocabulary: { minRows: 9 } } }, "empty-data", /vocabulary/],
    [{ text: { column: "note", stopWords: "french" } }, "invalid-option", /stopWords/],
    [{ numeric: "x", ordinal: { column: "x", levels: [1, 2] } }, "invalid-option", /each column once/],
  ];
  for (const [spec, code, pattern] of wrong) assert.throws(fit(spec), refusal(code, pattern));
});
