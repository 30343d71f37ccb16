import assert from "node:assert/strict";
import { test } from "node:test";
import { LogitpressError } from "../../src/base/errors";
import { frameOf } from "../../src/frame/danfo";
import { TableEncoder } from "../../src/frame/encoder";
import type { Matrix } from "../../src/matrix/sparse";

const people = {
  age: [20, 30, 40, 50],
  flat: [7, 7, 7, 7],
  city: ["Rome", "Oslo", "Rome", "Bern"],
  note: ["free money now", "see you at lunch", "free lunch", ""],
  bought: [true, false, true, false],
};
const spec = {
  label: "bought",
  numeric: ["age", "flat"],
  categorical: "city",
  text: "note",
  textOptions: { bits: 10 },
} as const;

function refusal(code: string, pattern: RegExp): (error: unknown) => boolean {
  return (error) => error instanceof LogitpressError && error.code === code && pattern.test(error.message);
}

function dense(matrix: Matrix): Float32Array {
  return matrix.kind === "dense" ? matrix.values : matrix.toDense().values;
}

test("numbers get mean 0 and deviation 1, a constant column becomes 0", () => {
  const x = Float64Array.from({ length: 1000 }, (_, i) => 1e6 + Math.sin(i) * 3);
  const label = Array.from(x, (_, i) => i % 2);
  const frame = { x, flat: new Array(1000).fill(0.1), label };
  const { features } = TableEncoder.fit(frame, { label: "label", numeric: ["x", "flat"] }).transform(frame);
  assert.equal(features.kind, "dense");
  const values = dense(features).filter((_, k) => k % 2 === 0);
  const mean = values.reduce((s, v) => s + v, 0) / 1000;
  const variance = values.reduce((s, v) => s + (v - mean) ** 2, 0) / 1000;
  assert.ok(Math.abs(mean) < 1e-6 && Math.abs(variance - 1) < 1e-5);
  assert.ok(dense(features).every((v, k) => k % 2 === 0 || Math.abs(v) < 1e-12));
});

test("rounded means and scales are near, short, and what rows are encoded by", () => {
  const spread = (at: number, by: number) => Array.from({ length: 200 }, (_, i) => at + by * Math.sin(7 * i));
  const columns: Record<string, number[]> = {
    ...{ small: spread(3e-9, 1e-9), plain: spread(0.1, 1), far: spread(-1e6, 3), large: spread(2e20, 5e19) },
    tiny: spread(0, 1e-310),
  };
  const levels = ["low", "middle", "high"];
  const grade = Array.from({ length: 200 }, (_, i) => levels[i % 7 === 0 ? 2 : i % 3]);
  const frame: Record<string, readonly (number | string)[]> = {
    ...columns,
    grade,
    y: grade.map((_, i) => i % 2),
  };
  const numeric = Object.keys(columns);
  const exact = TableEncoder.fit(frame, { label: "y", numeric, ordinal: { column: "grade", levels } });
  const encoder = exact.rounded();
  const parts = (of: TableEncoder) => {
    const { numeric, blocks } = of.state();
    const [ordinal] = blocks!;
    return [...numeric, ...(ordinal.kind === "ordinal" ? [ordinal] : [])];
  };
  const values = dense(encoder.features(frame));
  parts(encoder).forEach(({ name, mean, scale }, j) => {
    const own = parts(exact)[j];
    assert.ok(Math.abs(scale - own.scale) <= own.scale / 32 && scale > 0, name);
    assert.ok(Math.abs(mean - own.mean) <= own.scale / 30, name);
    if (name === "grade") return;
    for (const i of [0, 9, 199]) {
      const at = values[i * encoder.columns + j];
      assert.ok(Math.abs(at - (columns[name][i] - mean) / scale) <= 1e-6 * Math.max(1, Math.abs(at)), name);
    }
  });
  const bits = new DataView(new ArrayBuffer(8));
  for (const { name, scale } of parts(encoder)) {
    if (name === "tiny") continue;
    bits.setFloat64(0, scale);
    assert.equal(bits.getBigUint64(0) & 0xffff_ffff_ffffn, 0n, `${name}: two bytes`);
  }
  assert.equal(parts(encoder)[1].mean, 3 / 32, "0.1 in 32nds: the scale is 0.71");
  assert.deepEqual(parts(encoder.rounded()), parts(encoder));
});

test("levels are one-hot and sorted; features have names", () => {
  const encoder = TableEncoder.fit(people, spec);
  const values = dense(encoder.features(people));
  const at = (i: number) => [...values.subarray(i * encoder.columns + 2, i * encoder.columns + 5)];
  assert.deepEqual([0, 1, 2, 3].map(at), [
    [0, 0, 1],
    [0, 1, 0],
    [0, 0, 1],
    [1, 0, 0],
  ]);
  const names = [0, 1, 2, 3, 4].map((j) => encoder.featureNames.at(j));
  assert.deepEqual(names, ["age", "flat", "city=Bern", "city=Oslo", "city=Rome"]);
});

test("categories alone need no values", () => {
  const { features } = TableEncoder.fit(people, { label: "bought", categorical: "city" }).transform(people);
  assert.ok(features.kind === "csr" && features.values === null && features.nonzeros === 4);
});

test("rows of text have norm 1, without words 0", () => {
  const features = TableEncoder.fit(people, { label: "bought", text: "note" }).features(people);
  assert.ok(features.kind === "csr");
  const norms = [0, 1, 2, 3].map((i) => {
    const row = features.values!.subarray(features.pointers[i], features.pointers[i + 1]);
    return Math.hypot(...row);
  });
  for (const norm of norms.slice(0, 3)) assert.ok(Math.abs(norm - 1) < 1e-6);
  assert.equal(norms[3], 0);
});

test("counts enter by their logarithm unless told otherwise", () => {
  const frame = { note: ["a a a b", "c"], label: [0, 1] };
  const ratio = (sublinear: boolean) => {
    const text = { column: "note", ngrams: [1, 1], sublinear } as const;
    const { values } = TableEncoder.fit(frame, { label: "label", text }).features(frame) as never as {
      values: Float32Array;
    };
    const [x, y] = [values[0], values[1]].sort((p, q) => p - q);
    return y / x;
  };
  assert.ok(Math.abs(ratio(true) - (1 + Math.log(3))) < 1e-6);
  assert.ok(Math.abs(ratio(false) - 3) < 1e-6);
});

test("the same text has the same features whatever the encoder was fitted to; a seed changes them", () => {
  const other = { note: ["something else", "free money now"], bought: [1, 0] };
  const options = { label: "bought", text: "note" } as const;
  const [mine, theirs] = [people, other].map((f) => TableEncoder.fit(f, options).features(people));
  assert.deepEqual(mine, theirs);
  const seeded = TableEncoder.fit(people, { ...options, textOptions: { seed: 1 } }).features(people);
  assert.notDeepEqual(mine, seeded);
});

test("rarity goes into the scale: 1 + ln((1 + n) / (1 + df))", () => {
  const encoder = TableEncoder.fit(people, { ...spec, textOptions: { bits: 16 } });
  const { scale, featureNames } = encoder.transform(people);
  const find = (name: string) => {
    let j = 0;
    while (featureNames.at(j) !== name) j++;
    return scale![j];
  };
  assert.equal(find("age"), 1);
  assert.equal(find("city=Oslo"), 1);
  assert.equal(find("free"), Math.fround(1 + Math.log(5 / 3)));
  assert.equal(find("free money"), Math.fround(1 + Math.log(5 / 2)));
  assert.equal(TableEncoder.fit(people, { ...spec, textOptions: { tfidf: false } }).scale, null);
});

test("a column that no row has is called by its number", () => {
  const encoder = TableEncoder.fit(people, spec);
  const names = Array.from({ length: encoder.columns }, (_, j) => encoder.featureNames.at(j));
  assert.ok(names.some((name) => /^note#\d+$/.test(name)));
  assert.equal(new Set(names).size, names.length);
});

test("danfo frames and plain columns are encoded alike", () => {
  const frame = frameOf(new Map<string, unknown[]>(Object.entries(people)));
  const [a, b] = [frame, people].map((f) => TableEncoder.fit(f, spec).transform(f));
  assert.deepEqual(a.features, b.features);
  assert.deepEqual(a.labels, b.labels);
  assert.deepEqual(a.classes, [false, true]);
});

test("a stored state encodes alike, through JSON too", () => {
  const encoder = TableEncoder.fit(people, spec);
  const again = TableEncoder.fromState(JSON.parse(JSON.stringify(encoder.state())));
  assert.deepEqual(again.features(people), encoder.features(people));
  assert.deepEqual(again.transform(people).labels, encoder.transform(people).labels);
  assert.deepEqual(again.state(), encoder.state());
  assert.equal(again.scale, null);
});

test("unseen levels set nothing, or throw", () => {
  const fresh = { ...people, city: ["Rome", "Cork", "Rome", "Bern"] };
  const options = { label: "bought", categorical: "city" } as const;
  const features = TableEncoder.fit(people, options).features(fresh);
  assert.ok(features.kind === "csr" && features.pointers[2] === features.pointers[1]);
  const strict = TableEncoder.fit(people, { ...options, unseen: "error" });
  assert.throws(() => strict.features(fresh), refusal("invalid-data", /row 1, column "city".*"Cork"/));
});

test("a missing value throws with row and column, or takes the mean", () => {
  const holes = { ...people, age: [20, null, 40, Number.NaN], city: ["Rome", undefined, "Rome", "Bern"] };
  const numeric = { label: "bought", numeric: "age" } as const;
  assert.throws(() => TableEncoder.fit(holes, numeric), refusal("not-finite", /row 1, column "age"/));
  const filled = TableEncoder.fit(holes, { ...numeric, missing: "mean" });
  assert.equal(filled.state().numeric[0].mean, 30);
  assert.equal(dense(filled.features(holes))[1], 0);
  const categorical = { label: "bought", categorical: "city" } as const;
  assert.throws(() => TableEncoder.fit(holes, categorical), refusal("invalid-data", /row 1, column "city"/));
  const sparse = TableEncoder.fit(holes, { ...categorical, missing: "mean" }).features(holes);
  assert.equal(sparse.nonzeros, 3);
});

test("features need no label, transform does", () => {
  const encoder = TableEncoder.fit(people, spec);
  const { bought: _, ...rest } = people;
  assert.equal(encoder.features(rest).rows, 4);
  assert.throws(() => encoder.transform(rest), refusal("missing-column", /"bought".*age.*features\(frame\)/));
});

test("bad frames and specs are refused", () => {
  const numeric = { label: "bought", numeric: "age" } as const;
  const fit = (frame: Record<string, ArrayLike<unknown>>, options: object = numeric) =>
    TableEncoder.fit(frame, options as never);
  assert.throws(() => fit({ age: [], bought: [] }), refusal("empty-data", /0 rows/));
  assert.throws(() => fit({ age: [1, 2], bought: [1, 1] }), refusal("invalid-label", /only the class 1/));
  assert.throws(() => fit({ age: [1, 2], bought: [1, null] }), refusal("invalid-label", /row 1/));
  assert.throws(() => fit({ age: [1, 2], bought: [1] }), refusal("length-mismatch", /bought/));
  assert.throws(() => fit({ age: [1, Infinity], bought: [1, 0] }), refusal("not-finite", /row 1/));
  assert.throws(() => fit({ age: [1, "old"], bought: [1, 0] }), refusal("invalid-data", /"old"/));
  assert.throws(() => fit({ bought: [1, 0] }), refusal("missing-column", /"age"/));
  assert.throws(() => fit(people, { label: "bought" }), refusal("missing-option", /features/));
  assert.throws(() => fit(people, { ...numeric, txt: "note" }), refusal("unknown-option", /txt/));
  assert.throws(() => fit(people, { label: "age", numeric: "age" }), refusal("invalid-option", /label/));
  const text = { label: "bought", text: { column: "note", bits: 25 } };
  assert.throws(() => fit(people, text), refusal("invalid-option", /bits: 25/));
});

test("a label of a class that the fit did not meet is refused", () => {
  const encoder = TableEncoder.fit(people, { label: "bought", numeric: "age" });
  const strange = { ...people, bought: [true, "maybe", true, false] };
  assert.throws(() => encoder.transform(strange), refusal("invalid-label", /row 1.*"maybe"/));
});

test("progress ends at the last row, and a stop leaves with an error", () => {
  const seen: number[] = [];
  const encoder = TableEncoder.fit(people, spec, { onProgress: ({ done }) => seen.push(done) });
  assert.equal(seen.at(-1), 4);
  const signal = AbortSignal.abort();
  assert.throws(() => encoder.features(people, { signal }), refusal("cancelled", /encode/));
});

test("100,000 rows of numbers", () => {
  const rows = 100_000;
  const a = Float64Array.from({ length: rows }, (_, i) => i);
  const label = Uint8Array.from(a, (i) => i % 3);
  const { features, counts } = TableEncoder.fit(
    { a, b: a, label },
    { label: "label", numeric: ["a", "b"] },
  ).transform({
    a,
    b: a,
    label,
  });
  assert.equal(features.nonzeros, 2 * rows);
  assert.deepEqual(counts, [33_334, 33_333, 33_333]);
});
