import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { test } from "node:test";
import fc from "fast-check";
import { Random } from "../../src/base/random";
import { datasets } from "../../src/frame/datasets";
import { TableEncoder } from "../../src/frame/encoder";
import { Dataset } from "../../src/matrix/dataset";
import { DenseMatrix } from "../../src/matrix/dense";
import { SparseMatrix } from "../../src/matrix/sparse";
import { diagnose, diagnoseFit } from "../../src/train/diagnose";
import { duplicatesOf } from "../../src/train/diagnose/duplicates";
import { momentsOf } from "../../src/train/diagnose/moments";
import { LogisticRegression } from "../../src/train/logistic-regression";
import { python, root } from "../python";
import { kinds, randomData } from "./data";

const codesOf = (data: Dataset, options = {}): string[] => diagnose(data, options).map(({ code }) => code);

/** Dense random rows in which `change` may rewrite each; every class has rows on both sides of every column. */
function rowsWith(
  change: (row: number[], i: number) => void,
  columns = 5,
  rows = 80,
): { features: number[][]; labels: number[] } {
  const random = new Random(14);
  const features = Array.from({ length: rows }, (_, i) => {
    const row = Array.from({ length: columns }, () => Math.fround(random.normal()));
    change(row, i);
    return row;
  });
  return { features, labels: features.map((_, i) => i % 2) };
}

const featureNames = ["a", "b", "c", "d", "e"];

for (const kind of kinds) {
  test(`random columns are no remark: ${kind}`, () => {
    for (const classes of [2, 4]) assert.deepEqual(diagnose(randomData(kind, 200, 8, classes, 9)), []);
  });
}

test("constant columns are named; zeros of a sparse matrix are not", () => {
  const parts = rowsWith((row) => {
    row[1] = 7;
    row[3] = 0;
  });
  const [warning, ...others] = diagnose(Dataset.from({ ...parts, featureNames }));
  assert.deepEqual([warning.code, others], ["constant-column", []]);
  assert.match(warning.message, /^2 columns have one value in all rows: "b", "d"\. /);
  assert.match(warning.remedy, /Leave out/);
  const lines = parts.features.map((row) =>
    row.map((x, j): [number, number] => [j, x]).filter(([, x]) => x !== 0),
  );
  const sparse = Dataset.from({
    features: SparseMatrix.fromRows(lines, 5),
    labels: parts.labels,
    featureNames,
  });
  assert.match(diagnose(sparse)[0].message, /^1 column has one value in all rows: "b"\. /);
});

test("copies of a column are named with what they copy, and are not told of again as collinear", () => {
  const parts = rowsWith((row) => {
    row[3] = row[0];
  });
  const warnings = diagnose(Dataset.from({ ...parts, featureNames }));
  assert.equal(warnings.length, 1);
  assert.equal(warnings[0].code, "duplicate-column");
  assert.match(warnings[0].message, /^1 column repeats another value by value: "d" is "a"\. /);
  assert.deepEqual(codesOf(Dataset.from(parts), { penalised: true }), []);
});

test("duplicates are those that a comparison of all pairs finds", () => {
  fc.assert(
    fc.property(
      fc.array(fc.array(fc.constantFrom(0, 0, 1, -0, 2), { minLength: 6, maxLength: 6 }), {
        minLength: 2,
        maxLength: 5,
      }),
      fc.boolean(),
      (rows, sparse) => {
        const lines = rows.map((row) =>
          row.map((x, j): [number, number] => [j, x]).filter(([j, x]) => x !== 0 || j % 2 === 0),
        );
        const data = Dataset.from({
          features: sparse ? SparseMatrix.fromRows(lines, 6) : DenseMatrix.fromRows(rows),
          labels: rows.map((_, i) => i),
        });
        const same = (a: number, b: number) => rows.every((row) => row[a] + 0 === row[b] + 0);
        const expected = Array.from({ length: 6 }, (_, j) => {
          if (rows.every((row) => row[j] === 0)) return j;
          return Array.from({ length: 6 }, (_, k) => k).find((k) => same(j, k));
        });
        assert.deepEqual(Array.from(duplicatesOf(data)), expected);
      },
    ),
  );
});

test("linear relations are found with their parts, in dense and in sparse data, not those that nearly hold", () => {
  const related = (noise: number) =>
    rowsWith((row, i) => {
      row[4] = Math.fround(2 * row[0] - 3 * row[2] + 5 + (i % 3) * noise);
    });
  const [warning, ...others] = diagnose(Dataset.from({ ...related(0), featureNames }));
  assert.deepEqual([warning.code, others], ["collinear-columns", []]);
  const named = new Set(warning.message.match(/"[a-e]"/g));
  assert.deepEqual([...named].sort(), ['"a"', '"c"', '"e"']);
  assert.deepEqual(codesOf(Dataset.from(related(0)), { penalised: true }), []);
  assert.deepEqual(codesOf(Dataset.from(related(1e-3))), []);
  const lines = Array.from({ length: 60 }, (_, i): [number, number][] => [
    [i % 4, 1],
    [4 + (i % 3), 1],
  ]);
  const hot = new SparseMatrix(60, 7, ...structure(lines), null);
  const found = codesOf(Dataset.from({ features: hot, labels: lines.map((_, i) => (i * 7) % 5 < 2) }));
  assert.deepEqual(found, ["collinear-columns", "collinear-columns"], "the levels of each factor sum to one");
});

function structure(lines: [number, number][][]): [Uint32Array, Uint32Array] {
  const { pointers, indices } = SparseMatrix.fromRows(lines, 7);
  return [pointers, indices];
}

test("a relation that holds in the sample of rows alone is no remark", () => {
  const rows = 9000;
  const parts = rowsWith(
    (row, i) => {
      row[4] = i === 1 ? 9 : row[0] + row[1];
    },
    250,
    rows,
  );
  const data = Dataset.from(parts);
  assert.deepEqual(codesOf(data), []);
  parts.features[1][4] = parts.features[1][0] + parts.features[1][1];
  assert.deepEqual(codesOf(Dataset.from(parts)), ["collinear-columns"]);
});

test("what is not checked, or cannot but depend, is said", () => {
  assert.deepEqual(codesOf(randomData("dense", 12, 20, 2, 3)), ["more-columns-than-rows"]);
  assert.deepEqual(codesOf(randomData("dense", 12, 20, 2, 3), { penalised: true }), []);
  assert.deepEqual(codesOf(randomData("dense", 1020, 1001, 2, 3)), ["collinearity-unchecked"]);
});

test("scales far apart are named, after the scale that the dataset gives its columns", () => {
  const parts = rowsWith((row) => {
    row[1] *= 1e-5;
    row[2] *= 1e6;
  });
  const [warning] = diagnose(Dataset.from({ ...parts, featureNames }));
  assert.equal(warning.code, "bad-scaling");
  assert.match(warning.message, /"b" \(9\.\de-6\) to "c" \(9\.\de\+5\)/);
  const scale = Float32Array.from([1, 1e5, 1e-6, 1, 1]);
  assert.deepEqual(codesOf(Dataset.from({ ...parts, scale })), []);
});

test("a column that alone gives a class away is named, whatever its sign; ties and lone rows are not", () => {
  const parts = rowsWith((row, i) => {
    row[2] = i % 2 === 0 ? 1 + Math.abs(row[2]) : -Math.abs(row[2]);
  });
  const [warning, ...others] = diagnose(Dataset.from({ ...parts, featureNames }));
  assert.deepEqual([warning.code, others], ["separating-column", []]);
  assert.match(warning.message, /"c \([01]\)"/);
  const three = rowsWith((row, i) => {
    row[0] = i % 3 === 1 ? -20 - i : row[0];
  });
  const data = Dataset.from({ features: three.features, labels: three.features.map((_, i) => "xyz"[i % 3]) });
  assert.match(diagnose(data)[0].message, /^1 column alone tells a class from all others: "x0 \(y\)"/);
  const tied = rowsWith((row, i) => {
    row[2] = i % 2 === 0 ? 1 : i === 1 ? 1 : 0;
  });
  assert.deepEqual(codesOf(Dataset.from(tied)), []);
  const lone = rowsWith((row, i) => {
    row[2] = i === 3 ? 50 : row[2];
  });
  const alone = lone.labels.map((_, i) => (i === 3 ? 1 : 0));
  assert.deepEqual(codesOf(Dataset.from({ features: lone.features, labels: alone })), []);
});

test("rows without weight do not count", () => {
  const parts = rowsWith((row, i) => {
    row[1] = i === 5 ? 3 : 2;
  });
  const weights = parts.labels.map((_, i) => (i === 5 ? 0 : 1));
  assert.deepEqual(codesOf(Dataset.from({ ...parts, weights })), ["constant-column"]);
  assert.deepEqual(codesOf(Dataset.from(parts)), []);
});

test("moments are those of plain sums, the same for dense and sparse rows", () => {
  const data = randomData("csr", 50, 6, 2, 4);
  const weights = Array.from({ length: 50 }, (_, i) => i % 4);
  const sparse = Dataset.from({ features: data.features, labels: data.labels, weights });
  const dense = sparse.withFeatures((data.features as SparseMatrix).toDense());
  const [first, second] = [momentsOf(sparse), momentsOf(dense)];
  const { values } = dense.features as DenseMatrix;
  for (let j = 0; j < 6; j++) {
    const total = weights.reduce((sum, w) => sum + w, 0);
    const mean = weights.reduce((sum, w, i) => sum + w * values[i * 6 + j], 0) / total;
    const square = weights.reduce((sum, w, i) => sum + w * (values[i * 6 + j] - mean) ** 2, 0) / total;
    for (const { means, deviations } of [first, second]) {
      assert.ok(Math.abs(means[j] - mean) < 1e-12 && Math.abs(deviations[j] - Math.sqrt(square)) < 1e-12);
    }
  }
});

test("an unpenalised fit of separable classes names the features that part them; another fit does not", async () => {
  const fit = (data: Dataset, options: object) => new LogisticRegression(options).fit(data);
  const none = { penalty: "none", tolerance: 1e-9 };
  const parts = rowsWith(() => {}, 5, 80);
  const labels = parts.features.map((row) => (row[1] - 2 * row[3] > 0 ? 1 : 0));
  const separable = Dataset.from({ features: parts.features, labels, featureNames });
  const [warning] = diagnoseFit(await fit(separable, none), separable);
  assert.equal(warning.code, "separable");
  assert.match(warning.message, /"d", "b"/);
  assert.deepEqual(diagnoseFit(await fit(separable, { lambda: 1e-3 }), separable), []);
  const plain = Dataset.from(parts);
  assert.deepEqual(diagnoseFit(await fit(plain, none), plain), []);
  for (const seed of [1, 2, 3, 4, 5]) {
    for (const [classes, multiclass] of [
      [2, "softmax"],
      [3, "softmax"],
      [3, "ovr"],
    ] as const) {
      const data = randomData("dense", 60, 3, classes, seed);
      assert.deepEqual(diagnoseFit(await fit(data, { ...none, multiclass }), data), []);
    }
  }
  const bit = rowsWith((row, i) => {
    row[2] = i < 8 && i % 2 === 0 ? 1 : 0;
  });
  const quasi = Dataset.from({ ...bit, featureNames });
  const [tied] = diagnoseFit(await fit(quasi, none), quasi);
  assert.equal(tied.code, "quasi-separable");
  assert.match(tied.message, /most in it: "c"\./);
});

function real(name: string): Dataset {
  const { status, stdout, stderr } = spawnSync(python, [join(root, "test", "train", "real.py"), name], {
    encoding: "utf8",
    maxBuffer: 2 ** 26,
  });
  assert.equal(status, 0, stderr);
  const { x, y, columns } = JSON.parse(stdout) as { x: number[]; y: number[]; columns: number };
  return Dataset.from({ features: new DenseMatrix(y.length, columns, Float32Array.from(x)), labels: y });
}

test("breast cancer is no remark but that a fit without a penalty separates it", async () => {
  const data = real("cancer");
  assert.deepEqual(diagnose(data), []);
  const all = await new LogisticRegression({ penalty: "none", maxIterations: 300 }).fit(data);
  const right = all.score(data) === 1;
  assert.deepEqual(
    diagnoseFit(all, data).map(({ code }) => code),
    right ? ["separable"] : [],
  );
});

test("of the digits the three pixels are told that are always empty, and no more", () => {
  const warnings = diagnose(real("digits"));
  assert.deepEqual(
    warnings.map(({ code }) => code),
    ["constant-column"],
  );
  assert.match(warnings[0].message, /: "x0", "x32", "x39"\./);
});

test("the e-mails are no remark for a fit with a penalty", async () => {
  const frame = await datasets.spam();
  const data = TableEncoder.fit(frame, { label: "label", text: "text" }).transform(frame);
  assert.deepEqual(diagnose(data, { penalised: true }), []);
  assert.deepEqual(codesOf(data), ["more-columns-than-rows"]);
});

test("options are checked", () => {
  const data = randomData("dense", 30, 2, 2, 3);
  assert.throws(() => diagnose(data, { penalised: 1 as never }), { code: "invalid-option" });
  assert.throws(() => diagnose(data, { penalized: true } as object), { code: "unknown-option" });
});
