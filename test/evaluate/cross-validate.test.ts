import assert from "node:assert/strict";
import { test } from "node:test";
import { LogitpressError } from "../../src/base/errors";
import { crossValidate } from "../../src/evaluate/cross-validate";
import { evaluate } from "../../src/evaluate/evaluate";
import { Dataset } from "../../src/matrix/dataset";
import { LogisticRegression } from "../../src/train/logistic-regression";
import { randomData } from "../train/data";

test("the score of each fold is that of a fit to the other folds", async () => {
  const data = randomData("csr", 120, 6, 3, 4);
  const lambdas = [0.1, 0.01];
  const { points } = await crossValidate(data, { lambdas, folds: 4, tolerance: 1e-10, seed: 7 });
  for (const point of points) {
    for (const [f, { train, test: unseen }] of data.folds(4, { seed: 7 }).entries()) {
      const { lambda } = point;
      const model = await new LogisticRegression({ lambda, tolerance: 1e-10 }).fit(train);
      const { logLoss } = evaluate(model, unseen, { latencyRows: 0 });
      assert.ok(Math.abs(point.scores[f] - logLoss) < 1e-5, `${point.scores[f]} ${logLoss}`);
    }
  }
});

test("the choice is the best mean, the model that of all rows, and a metric of one's own is asked", async () => {
  const data = randomData("dense", 150, 5, 2, 8);
  const cv = await crossValidate(data, { lambdas: 8 });
  const means = cv.points.map(({ mean }) => mean);
  assert.equal(cv.best.mean, Math.min(...means));
  assert.ok(cv.oneStandardError.lambda >= cv.best.lambda);
  assert.ok(cv.oneStandardError.mean <= cv.best.mean + cv.best.standardError);
  const alone = await new LogisticRegression({ lambda: cv.best.lambda }).fit(data);
  assert.equal(cv.model.lambda, cv.best.lambda);
  cv.model.weights.forEach((w, j) => {
    assert.ok(Math.abs(w - alone.weights[j]) < 1e-2);
  });
  const seen: number[] = [];
  const own = await crossValidate(data, {
    lambdas: 3,
    choice: "oneStandardError",
    metric: { name: "fewest", greaterIsBetter: true, score: (_, rows) => seen.push(rows.rows) },
  });
  assert.equal(seen.length, 15);
  assert.equal(own.metric, "fewest");
});

test("on threads the folds give the same bits, with progress from 0 to 1", async () => {
  const data = randomData("csr", 8000, 40, 2, 9);
  const told: number[] = [];
  const results = [];
  for (const threads of [1, 2]) {
    results.push(
      await crossValidate(
        data,
        { lambdas: 4, folds: 3, threads },
        { onProgress: ({ done }) => told.push(done) },
      ),
    );
  }
  assert.deepEqual(results[0].points, results[1].points);
  assert.deepEqual(results[0].model.weights, results[1].model.weights);
  assert.ok(told.every((done) => done >= 0 && done <= 1 + 1e-12) && told.at(-1) === 1);
});

test("what can't be folded is refused", async () => {
  const code = (of: string) => (error: unknown) => error instanceof LogitpressError && error.code === of;
  const lone = Dataset.from({ features: [[1], [2], [3], [4]], labels: [0, 0, 0, 1] });
  await assert.rejects(crossValidate(lone, { folds: 2 }), code("invalid-label"));
  const data = randomData("dense", 30, 3, 2, 3);
  await assert.rejects(crossValidate(data, { folds: 1 }), code("invalid-option"));
  await assert.rejects(crossValidate(data, { metric: "r2" } as object), code("invalid-option"));
  await assert.rejects(crossValidate(data, { metric: { name: "x" } } as object), code("invalid-option"));
  await assert.rejects(crossValidate(data, { fold: 3 } as object), code("unknown-option"));
});
