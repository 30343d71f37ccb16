import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { test } from "node:test";
import { Random } from "../../src/base/random";
import { Dataset } from "../../src/matrix/dataset";
import { DenseMatrix } from "../../src/matrix/dense";
import type { CoefficientRow } from "../../src/train/coefficient-table";
import { summarise } from "../../src/train/inference";
import { chiSquareTail } from "../../src/train/inference/chi-square";
import { twoSidedQuantile, twoSidedTail } from "../../src/train/inference/normal";
import { LogisticRegression } from "../../src/train/logistic-regression";
import { python, root } from "../python";
import { kinds, randomData } from "./data";

function reference(input: object): unknown {
  const script = join(root, "test", "train", "inference.py");
  const run = spawnSync(python, [script], { input: JSON.stringify(input), encoding: "utf8" });
  assert.equal(run.status, 0, run.stderr);
  return JSON.parse(run.stdout);
}

function close(ours: number, theirs: number, what: string, tolerance = 1e-6): void {
  assert.ok(
    Math.abs(ours - theirs) <= tolerance * Math.abs(theirs),
    `${what}: ours ${ours}, theirs ${theirs}`,
  );
}

const exact = { penalty: "none", tolerance: 1e-12 } as const;

interface Part {
  readonly [name: string]: number & number[];
}

for (const kind of kinds) {
  for (const [classes, multiclass] of [
    [2, "softmax"],
    [4, "softmax"],
    [3, "ovr"],
  ] as const) {
    test(`errors, tests, intervals and criteria are those of numpy and scipy: ${kind}, ${classes} classes, ${multiclass}`, async () => {
      for (const intercept of [true, false]) {
        const drawn = randomData(kind, 150, 4, classes, 31);
        const random = new Random(5);
        const weights = Float64Array.from({ length: 150 }, () => 1 + random.integer(3));
        const data = Dataset.from({ features: drawn.features, labels: drawn.labels, weights });
        const model = await new LogisticRegression({ ...exact, multiclass, fitIntercept: intercept }).fit(
          data,
        );
        const level = 0.9;
        const summary = summarise(model, data, { level });
        assert.deepEqual(summary.warnings, []);
        assert.ok(summary.valid);
        const { features } = data;
        const parts = reference({
          rows: 150,
          columns: 4,
          x: Array.from(features.kind === "dense" ? features.values : features.toDense().values),
          y: Array.from(data.labels),
          weights: Array.from(weights),
          ovr: multiclass === "ovr",
          level,
          intercept,
        }) as Part[];
        assert.equal(summary.likelihoods.length, parts.length);
        const { rows } = summary.coefficients;
        let at = 0;
        parts.forEach((part, k) => {
          for (let j = 0; j < part.coefficients.length; j++) {
            const row = rows[at++];
            close(row.coefficient, part.coefficients[j], "coefficient");
            close(row.standardError, part.errors[j], "error");
            close(row.p, part.p[j], "p", 1e-5);
            close(row.lower, part.lower[j], "lower", 1e-5);
            close(row.upper, part.upper[j], "upper", 1e-5);
            assert.equal(row.oddsRatio, Math.exp(row.coefficient));
            assert.equal(row.z, row.coefficient / row.standardError);
          }
          const likelihood = summary.likelihoods[k];
          assert.equal(
            likelihood.n,
            weights.reduce((sum, w) => sum + w, 0),
          );
          for (const name of ["deviance", "nullDeviance", "aic", "bic"] as const) {
            close(likelihood[name], part[name], name);
          }
          close(likelihood.p, part.ratioP, "likelihood ratio", 1e-5);
          close(likelihood.mcFaddenR2, 1 - part.deviance / part.nullDeviance, "R2");
        });
        assert.equal(at, rows.length);
      }
    });
  }
}

test("the grades of Spector and Mazzeo have the errors and tests that statsmodels 0.15 gives", async () => {
  const gpa =
    "2.66 2.89 3.28 2.92 4 2.86 2.76 2.87 3.03 3.92 2.63 3.32 3.57 3.26 3.53 2.74 2.75 2.83 3.12 3.16 2.06 3.62 2.89 3.51 3.54 2.83 3.39 2.67 3.65 4 3.1 2.39";
  const tuce =
    "20 22 24 12 21 17 17 21 25 29 20 23 23 25 26 19 25 19 23 25 22 28 14 26 24 27 17 24 21 23 21 19";
  const grade = "0 0 0 0 1 0 0 0 0 1 0 0 0 1 0 0 0 0 0 1 0 1 0 0 1 1 1 0 1 1 0 1";
  const numbers = (text: string) => text.split(" ").map(Number);
  const features = numbers(gpa).map((x, i) => [x, numbers(tuce)[i], i < 18 ? 0 : 1]);
  const data = Dataset.from({ features, labels: numbers(grade), featureNames: ["GPA", "TUCE", "PSI"] });
  const summary = summarise(await new LogisticRegression(exact).fit(data), data);
  const { likelihoods } = summary;
  const coefficients = summary.coefficients.rows;
  assert.deepEqual(
    coefficients.map(({ name }) => name),
    ["(intercept)", "GPA", "TUCE", "PSI"],
  );
  const theirs = [
    [-13.021346858115688, 4.9313242136027355, 0.008277461435487956, -22.686564712867355, -3.356129003364021],
    [2.82611259488932, 1.2629410756290917, 0.025239108802564244, 0.3507935720600237, 5.301431617718617],
    [0.0951576613179094, 0.1415542056736946, 0.5014342380819217, -0.18228348366270739, 0.37259880629852615],
    [2.3786876550933536, 1.0645642544971312, 0.025455204361278173, 0.2921800570502442, 4.4651952531364625],
  ];
  coefficients.forEach((row, j) => {
    const ours = [row.coefficient, row.standardError, row.p, row.lower, row.upper];
    for (let k = 0; k < 5; k++) close(ours[k], theirs[j][k], `${row.name} ${k}`);
  });
  const [{ deviance, nullDeviance, aic, bic, mcFaddenR2, likelihoodRatio, p, degrees, n }] = likelihoods;
  const fit = [deviance / -2, nullDeviance / -2, aic, bic, mcFaddenR2, likelihoodRatio, p];
  const published = [
    -12.889634222131415, -20.591729696634204, 33.779268444262826, 39.642212055461734, 0.3740382953726187,
    15.404190949005578, 0.0015018786820365786,
  ];
  fit.forEach((value, k) => {
    close(value, published[k], `fit ${k}`);
  });
  assert.deepEqual([degrees, n], [3, 32]);
});

test("tails and quantiles of the normal and tails of the chi-square distribution are scipy's", () => {
  const { normal, square, quantile } = reference({ tails: true }) as Record<string, number[][]>;
  for (const [z, p] of normal) {
    close(twoSidedTail(z), p, `normal ${z}`, 2e-13);
    assert.equal(twoSidedTail(-z), twoSidedTail(z));
  }
  for (const [degrees, x, p] of square) {
    if (p > 1e-300) close(chiSquareTail(x, degrees), p, `chi-square ${x}, ${degrees}`, 1e-11);
  }
  for (const [alpha, z] of quantile) close(twoSidedQuantile(alpha), z, `quantile ${alpha}`, 1e-11);
  assert.equal(twoSidedTail(0), 1);
  assert.equal(twoSidedTail(40), 0);
  assert.equal(chiSquareTail(0, 5), 1);
  assert.ok(Number.isNaN(twoSidedTail(Number.NaN)));
});

test("weights count rows: duplicated rows and doubled weights have the same tests", async () => {
  const data = randomData("dense", 80, 3, 3, 41);
  const order = Array.from({ length: 160 }, (_, i) => i % 80);
  const twice = data.take(order);
  const weighed = Dataset.from({
    features: data.features,
    labels: data.labels,
    weights: new Array(80).fill(2),
  });
  const model = await new LogisticRegression(exact).fit(data);
  const [first, second, single] = [twice, weighed, data].map((of) => summarise(model, of));
  first.coefficients.rows.forEach((row, at) => {
    close(second.coefficients.rows[at].standardError, row.standardError, "error", 1e-10);
    close(
      single.coefficients.rows[at].standardError,
      row.standardError * Math.SQRT2,
      "error of half the rows",
      1e-10,
    );
  });
  assert.equal(second.likelihoods[0].n, 160);
});

test("softmax against another reference tells the same differences, and of two classes it is binary", async () => {
  const data = randomData("dense", 120, 3, 3, 42);
  const model = await new LogisticRegression(exact).fit(data);
  const by = (rows: readonly CoefficientRow[], label: number, name: string) =>
    rows.find((row) => row.class === label && row.name === name)!;
  const first = summarise(model, data).coefficients.rows;
  const third = summarise(model, data, { reference: 2 }).coefficients.rows;
  close(by(third, 0, "x1").coefficient, -by(first, 2, "x1").coefficient, "difference", 1e-12);
  close(by(third, 0, "x1").standardError, by(first, 2, "x1").standardError, "error", 1e-9);
  assert.deepEqual([...new Set(first.map((row) => row.class))], [1, 2]);
  assert.deepEqual([...new Set(third.map((row) => row.class))], [0, 1]);
});

test("the scale of a column changes its coefficient and error, not its test", async () => {
  const data = randomData("dense", 100, 3, 2, 43);
  const scales = [2 ** -40, 1, 2 ** 40];
  const values = (data.features as DenseMatrix).values.map((x, at) => x * scales[at % 3]);
  const scaled = data.withFeatures(new DenseMatrix(100, 3, values));
  const plain = summarise(await new LogisticRegression(exact).fit(data), data);
  const other = summarise(await new LogisticRegression(exact).fit(scaled), scaled);
  assert.ok(other.valid);
  plain.coefficients.rows.forEach((row, at) => {
    close(other.coefficients.rows[at].z, row.z, row.name);
    close(
      other.coefficients.rows[at].standardError * (at === 0 ? 1 : scales[at - 1]),
      row.standardError,
      row.name,
    );
  });
});

async function codes(data: Dataset, options: object, of = data): Promise<string[]> {
  const summary = summarise(await new LogisticRegression(options).fit(data), of);
  assert.equal(summary.valid, summary.warnings.length === 0);
  if (summary.valid) return [];
  for (const row of summary.coefficients.rows) {
    const { coefficient, oddsRatio, standardError, z, p, lower, upper } = row;
    assert.ok(Number.isFinite(coefficient) && !Number.isNaN(oddsRatio));
    assert.ok([standardError, z, p, lower, upper].every(Number.isNaN));
  }
  for (const { aic, bic, p, deviance } of summary.likelihoods) {
    assert.ok([aic, bic, p].every(Number.isNaN) && Number.isFinite(deviance));
  }
  return summary.warnings.map(({ code }) => code);
}

test("a penalised fit has no tests, and says so", async () => {
  assert.deepEqual(await codes(randomData("dense", 60, 3, 2, 1), { lambda: 1e-6 }), ["penalised"]);
  const data = randomData("dense", 60, 3, 2, 1);
  const { warnings, coefficients } = summarise(
    await new LogisticRegression({ penalty: "l1" }).fit(data),
    data,
  );
  assert.match(warnings[0].message, /\(l1, lambda 0\.0001\)/);
  assert.ok(!coefficients.tested && coefficients.notes.some((note) => note.includes("not valid")));
});

test("a bounded fit has no tests, and says so", async () => {
  const bounded = { ...exact, bounds: { lower: 0 } };
  assert.deepEqual(await codes(randomData("dense", 60, 3, 2, 1), bounded), ["bounded"]);
});

test("separable and all but separable classes have no tests, and the features that do it are named", async () => {
  const x = [[0], [1], [2], [3], [4], [5]];
  const separable = Dataset.from({ features: x, labels: [0, 0, 0, 1, 1, 1], featureNames: ["age"] });
  assert.deepEqual(await codes(separable, exact), ["separable"]);
  const ties = Dataset.from({ features: [[0], [1], [2], [2], [3], [4]], labels: [0, 0, 0, 1, 1, 1] });
  assert.deepEqual(await codes(ties, exact), ["quasi-separable"]);
  const three = Dataset.from({ features: x, labels: [0, 0, 1, 1, 2, 2] });
  assert.ok((await codes(three, exact)).includes("separable"));
  const random = new Random(3);
  const rows = Array.from({ length: 100 }, (_, i) => [random.normal(), i < 8 ? 1 : 0, random.normal()]);
  const labels = rows.map((row, i) => (i < 8 || row[0] + random.normal() > 0 ? 1 : 0));
  const rare = Dataset.from({ features: rows, labels, featureNames: ["a", "rare", "b"] });
  const model = await new LogisticRegression(exact).fit(rare);
  const [warning] = summarise(model, rare).warnings;
  assert.equal(warning.code, "quasi-separable");
  assert.match(warning.message, /"rare"\.$/);
});

test("dependent columns, another dataset, class weights and too many parameters are told apart", async () => {
  const data = randomData("dense", 60, 3, 2, 7);
  const values = (data.features as DenseMatrix).values.map((x, at, all) =>
    at % 3 === 2 ? all[at - 1] * 2 : x,
  );
  const dependent = data.withFeatures(new DenseMatrix(60, 3, values));
  assert.deepEqual(await codes(dependent, exact), ["singular-information"]);
  assert.deepEqual(await codes(data, exact, randomData("dense", 60, 3, 2, 8)), ["not-at-optimum"]);
  assert.deepEqual(await codes(data, { ...exact, classWeight: { 0: 5, 1: 1 } }), ["not-at-optimum"]);
  const wide = randomData("ones", 50, 2001, 2, 7);
  assert.deepEqual(await codes(wide, { ...exact, maxIterations: 1 }), ["too-many-parameters"]);
});

test("options are checked", async () => {
  const data = randomData("dense", 30, 2, 2, 7);
  const model = await new LogisticRegression(exact).fit(data);
  const wrong = (options: object, code: string) =>
    assert.throws(() => summarise(model, data, options), { code }, JSON.stringify(options));
  wrong({ level: 1 }, "invalid-option");
  wrong({ reference: 1 }, "invalid-option");
  wrong({ fitIntercept: false }, "unknown-option");
  wrong({ alpha: 0.05 }, "unknown-option");
  assert.throws(() => summarise(model, randomData("dense", 30, 3, 2, 7)), { code: "width-mismatch" });
});
