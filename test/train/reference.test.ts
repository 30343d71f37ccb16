import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { test } from "node:test";
import { Random } from "../../src/base/random";
import { Dataset } from "../../src/matrix/dataset";
import { warningText } from "../../src/model/warning";
import { LogisticRegression } from "../../src/train/logistic-regression";
import { python, root } from "../python";
import { randomData } from "./data";

interface Reference {
  readonly weights: number[];
  readonly intercepts: number[];
  readonly probabilities: number[];
}

function scikitLearn(data: Dataset, lambda: number, multiclass: string): Reference {
  const { features } = data;
  const input = JSON.stringify({
    rows: data.rows,
    columns: data.columns,
    x: Array.from(features.kind === "dense" ? features.values : features.toDense().values),
    y: Array.from(data.labels),
    weights: data.weights === null ? null : Array.from(data.weights),
    lambda,
    multiclass,
  });
  const script = join(root, "test", "train", "reference.py");
  const { status, stdout, stderr, error } = spawnSync(python, [script], { input, encoding: "utf8" });
  assert.equal(status, 0, `scikit-learn did not run: ${stderr || error?.message}`);
  return JSON.parse(stdout) as Reference;
}

function close(ours: ArrayLike<number>, theirs: readonly number[], what: string): void {
  assert.equal(ours.length, theirs.length, what);
  theirs.forEach((value, i) => {
    assert.ok(Math.abs(ours[i] - value) <= 1e-6, `${what} ${i}: ours ${ours[i]}, theirs ${value}`);
  });
}

for (const [classes, multiclass, kind] of [
  [2, "softmax", "dense"],
  [4, "softmax", "csr"],
  [3, "ovr", "ones"],
] as const) {
  for (const weighted of [false, true]) {
    test(`${classes} classes, ${multiclass}, ${kind}${weighted ? ", weighted rows" : ""}: as scikit-learn`, async () => {
      const random = new Random(9);
      const drawn = randomData(kind, 200, 12, classes, 5);
      const data = Dataset.from({
        features: drawn.features,
        labels: drawn.labels,
        ...(weighted ? { weights: Float64Array.from({ length: 200 }, () => 0.5 + random.uniform()) } : {}),
      });
      const lambda = 0.01;
      const model = await new LogisticRegression({ lambda, multiclass, tolerance: 1e-14 }).fit(data);
      assert.ok(model.fit.converged, model.fit.warnings.map(warningText).join());
      const theirs = scikitLearn(data, lambda, multiclass);
      close(model.weights, theirs.weights, "weight");
      close(model.intercepts, theirs.intercepts, "intercept");
      close(model.predictProba(data.features).values, theirs.probabilities, "probability");
    });
  }
}

test("without a penalty, and with weights of classes beside those of rows: as scikit-learn", async () => {
  const random = new Random(9);
  for (const [classes, multiclass, kind] of [
    [2, "softmax", "dense"],
    [3, "softmax", "csr"],
  ] as const) {
    const { features, labels } = randomData(kind, 300, 6, classes, 5);
    const own = Float64Array.from({ length: 300 }, () => 0.5 + random.uniform());
    const data = Dataset.from({ features, labels, weights: own });
    const classWeight = { 0: 3, 1: 0.5 };
    const factors = [3, 0.5, 1];
    const product = Dataset.from({ features, labels, weights: own.map((w, i) => w * factors[labels[i]]) });
    const free = { penalty: "none", multiclass, tolerance: 1e-11, classWeight } as const;
    const unpenalised = await new LogisticRegression(free).fit(data);
    const theirs = scikitLearn(product, 0, multiclass);
    close(unpenalised.predictProba(features).values, theirs.probabilities, "probability");
    if (classes === 2) close(unpenalised.weights, theirs.weights, "weight");
    const ridged = { lambda: 0.01, multiclass, tolerance: 1e-14, classWeight } as const;
    const expected = scikitLearn(product, 0.01, multiclass);
    close((await new LogisticRegression(ridged).fit(data)).weights, expected.weights, "weight");
  }
});
