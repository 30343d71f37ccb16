import assert from "node:assert/strict";
import { test } from "node:test";
import { Random } from "../../src/base/random";
import { TableEncoder } from "../../src/frame/encoder";
import { Dataset, type Label } from "../../src/matrix/dataset";
import { DenseMatrix } from "../../src/matrix/dense";
import { SparseMatrix } from "../../src/matrix/sparse";
import type { LinearModel } from "../../src/model/linear";
import { warningText } from "../../src/model/warning";
import { LogisticRegression } from "../../src/train/logistic-regression";
import type { LogisticRegressionOptions, SolverName } from "../../src/train/options";
import { forms, penalties, solvers, suits } from "./combinations";
import { randomData } from "./data";

/** Every solver with every form of so many classes and the plain penalties that it does. */
const everyFit = (classes: number): { name: string; options: LogisticRegressionOptions }[] =>
  forms
    .filter((form) => form.classes === classes)
    .flatMap((form) =>
      (["l2", "l1", "elastic net", "features over classes"] as const).flatMap((penalty) =>
        solvers
          .filter((solver: SolverName) => suits(solver, form, penalties[penalty]))
          .map((solver) => ({
            name: `${form.name}, ${penalty}, ${solver}`,
            options: { ...penalties[penalty].options, multiclass: form.multiclass, solver },
          })),
      ),
    );

/** Fits in every way; each must converge to finite numbers. */
async function fitted(
  data: Dataset,
  check: (model: LinearModel, name: string) => void = () => {},
  options: LogisticRegressionOptions = {},
): Promise<void> {
  for (const { name, options: own } of everyFit(data.classes.length)) {
    const model = await new LogisticRegression({ ...own, maxIterations: 1000, ...options }).fit(data);
    const { fit } = model;
    assert.ok(fit.converged, `${name}: ${fit.warnings.map(warningText).join()}`);
    assert.ok(Number.isFinite(fit.objective) && fit.dualityGap >= 0, name);
    assert.ok(model.weights.every(Number.isFinite) && model.intercepts.every(Number.isFinite), name);
    assert.ok(model.predictProba(data.features).values.every(Number.isFinite), name);
    check(model, name);
  }
}

test("one row a class, one feature, and one of all", async () => {
  for (const classes of [2, 3]) {
    const labels = Array.from({ length: classes }, (_, k) => k);
    await fitted(Dataset.from({ features: labels.map((k) => [k, -k, 1]), labels }));
    await fitted(Dataset.from({ features: labels.map((k) => [k]), labels }));
    const rows = Array.from({ length: 40 }, (_, i) => [Math.sin(i)]);
    await fitted(Dataset.from({ features: rows, labels: rows.map((_, i) => (i * i) % classes) }));
  }
  const { fit } = await new LogisticRegression({ penalty: "none", maxIterations: 30 }).fit(
    Dataset.from({ features: [[1], [2]], labels: [0, 1] }),
  );
  assert.equal(fit.converged, false);
});

test("a class of one member is fitted beside large ones, and can be predicted", async () => {
  for (const classes of [2, 3]) {
    const base = randomData("csr", 150, 6, classes, 3);
    const labels = Array.from(base.labels, (label, i) => (i === 17 ? "lone" : `class ${label}`));
    const data = Dataset.from({ features: base.features, labels });
    await fitted(data, (model) => assert.ok(model.classes.includes("lone")));
  }
});

test("columns of zeros have weights of zero and change no other", async () => {
  for (const kind of ["dense", "csr"] as const) {
    for (const classes of [2, 3]) {
      const data = randomData(kind, 80, 4, classes, 5);
      const dense = data.features.kind === "dense" ? data.features : data.features.toDense();
      const values = new Float32Array(80 * 7);
      for (let i = 0; i < 80; i++) values.set(dense.values.subarray(4 * i, 4 * i + 4), 7 * i + 2);
      const wider = new DenseMatrix(80, 7, values);
      const padded = Dataset.from({ features: wider, labels: data.labels });
      await fitted(padded, (model, name) => {
        for (const j of [0, 1, 6]) {
          assert.ok(
            model.weights.subarray(j * model.outputs, (j + 1) * model.outputs).every((w) => w === 0),
            name,
          );
        }
      });
      const nothing = Dataset.from({
        features: new DenseMatrix(80, 3, new Float32Array(240)),
        labels: data.labels,
      });
      await fitted(nothing, ({ weights }, name) => {
        assert.ok(
          weights.every((w) => w === 0),
          name,
        );
      });
    }
  }
});

test("features of scales from 1e-12 to 1e12 are fitted, by the dataset's scale as if they were even", async () => {
  const factors = [1e-12, 1e-6, 1, 1e6, 1e12];
  for (const classes of [2, 3]) {
    const data = randomData("dense", 100, 5, classes, 7);
    const values = (data.features as DenseMatrix).values.map((x, at) => x * factors[at % 5]);
    const scale = Float32Array.from(factors, (factor) => 1 / factor);
    const features = new DenseMatrix(100, 5, values);
    const uneven = Dataset.from({ features, labels: data.labels, scale });
    for (const { name, options } of everyFit(classes)) {
      const tight = { ...options, tolerance: 1e-9, maxIterations: 2000 };
      const [plain, scaled] = await Promise.all(
        [data, uneven].map((of) => new LogisticRegression(tight).fit(of)),
      );
      assert.ok(scaled.fit.converged, `${name}: ${scaled.fit.warnings.map(warningText).join()}`);
      plain.weights.forEach((w, at) => {
        const own = scaled.weights[at] * factors[Math.floor(at / plain.outputs)];
        assert.ok(Math.abs(own - w) < 1e-3 * (1 + Math.abs(w)), `${name}, weight ${at}: ${own}, not ${w}`);
      });
    }
  }
});

test("margins of a million, right and wrong, keep every number finite", async () => {
  const features = new DenseMatrix(6, 1, Float32Array.from([-1e6, -2e6, 1e6, 1e6, 3, -1e6]));
  for (const labels of [
    [0, 0, 1, 0, 1, 1],
    [0, 0, 1, 2, 1, 2],
  ]) {
    const data = Dataset.from({ features, labels });
    for (const { name, options } of everyFit(data.classes.length)) {
      const model = await new LogisticRegression({ ...options, lambda: 1e-9 }).fit(data);
      assert.ok(Number.isFinite(model.fit.objective) && model.fit.dualityGap >= 0, name);
      assert.ok(model.weights.every(Number.isFinite), name);
      const start = Object.assign(Object.create(model), { weights: model.weights.map(() => 1) });
      const again = await new LogisticRegression({ ...options, lambda: 1, warmStart: start }).fit(data);
      assert.ok(Number.isFinite(again.fit.objective), `${name} from margins of a million`);
      assert.ok(model.predictProba(features).values.every(Number.isFinite), name);
    }
  }
});

test("of a million columns the three that matter are found, of one class and of three", async () => {
  const columns = 1_000_000;
  const marks = [17, 500_000, 999_999];
  const random = new Random(3);
  for (const multiclass of ["softmax", "ovr"] as const) {
    for (const classes of [2, 3]) {
      const rows = Array.from({ length: 600 }, (_, i) => {
        const noise = Array.from({ length: 20 }, () => random.integer(columns));
        return [...new Set([...noise.filter((j) => !marks.includes(j)), marks[i % 3]])].map(
          (j): [number, number] => [j, 1],
        );
      });
      const labels = rows.map((_, i) => (random.uniform() < 0.05 ? (i + 1) % classes : (i % 3) % classes));
      const data = Dataset.from({ features: SparseMatrix.fromRows(rows, columns), labels });
      for (const options of [
        { penalty: "l1" },
        { penalty: "elasticnet", l1Ratio: 0.9 },
        { penalty: "group" },
      ] as const) {
        const model = await new LogisticRegression({ ...options, lambda: 0.03, multiclass }).fit(data);
        assert.ok(model.fit.converged);
        const found = new Set(
          [...model.weights.entries()].flatMap(([at, w]) =>
            w === 0 ? [] : [Math.floor(at / model.outputs)],
          ),
        );
        assert.ok(found.size >= classes - 1 && [...found].every((j) => marks.includes(j)), `${[...found]}`);
      }
    }
  }
});

test("labels are text, numbers, booleans or dates, and come back as such", async () => {
  const first = new Date("2024-02-29");
  const second = new Date("2024-02-29T12:00:00Z");
  const sets: [readonly (Label | Date)[], readonly Label[]][] = [
    [
      ["ham", "spam"],
      ["ham", "spam"],
    ],
    [
      ["", "Ünïcode 😀", "Z"],
      ["", "Z", "Ünïcode 😀"],
    ],
    [
      [true, false],
      [false, true],
    ],
    [
      [10, 9, -1.5],
      [-1.5, 9, 10],
    ],
    [
      ["10", "9"],
      ["10", "9"],
    ],
    [
      [second, first],
      ["2024-02-29", "2024-02-29T12:00:00.000Z"],
    ],
  ];
  for (const [values, classes] of sets) {
    const x = Array.from({ length: 60 }, (_, i) => 3 * (i % values.length) + Math.sin(i));
    const labels = x.map((_, i) => values[i % values.length]);
    const data = Dataset.from({ features: x.map((value) => [value]), labels });
    const frame = { x, y: labels };
    const encoded = TableEncoder.fit(frame, { label: "y", numeric: "x" }).transform(frame);
    for (const own of [data, encoded]) {
      assert.deepEqual(own.classes, classes);
      const model = await new LogisticRegression({ lambda: 1e-3 }).fit(own);
      assert.deepEqual(model.classes, classes);
      assert.ok(model.score(own) > 0.9);
      assert.ok(model.predict(own.features).every((label) => classes.includes(label)));
    }
  }
});

test("what is no label, or no number, is refused by row and by the column's name", () => {
  for (const wrong of [null, undefined, Number.NaN, new Date(Number.NaN), {}, 1n, Symbol("a")]) {
    const labels = ["a", "b", wrong] as never[];
    assert.throws(() => Dataset.from({ features: [[1], [2], [3]], labels }), {
      code: "invalid-label",
      message: /label of row 2/,
    });
    assert.throws(() => TableEncoder.fit({ x: [1, 2, 3], y: labels }, { label: "y", numeric: "x" }), {
      code: "invalid-label",
      message: /row 2, column "y"/,
    });
  }
  for (const wrong of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]) {
    const rows = [
      [1, 2],
      [3, wrong],
    ];
    assert.throws(() => Dataset.from({ features: rows, labels: [0, 1], featureNames: ["age", "income"] }), {
      code: "not-finite",
      message: /row 1, column 1 \("income"\)/,
    });
    const frame = { age: [1, 2], income: [3, wrong], y: [0, 1] };
    assert.throws(() => TableEncoder.fit(frame, { label: "y", numeric: ["age", "income"] }), {
      code: "not-finite",
      message: /row 1, column "income"/,
    });
  }
});
