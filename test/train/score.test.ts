import assert from "node:assert/strict";
import { test } from "node:test";
import { Dataset } from "../../src/matrix/dataset";
import { LogisticRegression } from "../../src/train/logistic-regression";

test("score is the weighted share of rows that are right", async () => {
  const features = [[-2], [-1], [1], [2]];
  const model = await new LogisticRegression().fit(Dataset.from({ features, labels: ["a", "a", "b", "b"] }));
  const data = Dataset.from({ features, labels: ["a", "b", "b", "b"], weights: [1, 3, 1, 1] });
  assert.equal(model.score(data), 0.5);
});
