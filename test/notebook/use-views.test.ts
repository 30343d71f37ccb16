import assert from "node:assert/strict";
import { test } from "node:test";
import {
  bundleOf,
  Dataset,
  datasets,
  LogisticRegression,
  progress,
  regularizationPath,
} from "../../src/index";

test("what is to be used says for what: estimators, predictors, steps of a path, bars and data sets", async () => {
  const textOf = async (value: unknown) => String((await bundleOf(value))["text/plain"]);
  const data = Dataset.from({ features: [[1], [2], [3], [5]], labels: ["ham", "spam", "ham", "spam"] });
  const estimator = new LogisticRegression({ penalty: "l1", lambda: 0.01, fitIntercept: true });
  assert.match(
    await textOf(estimator),
    /penalty +l1\nlambda +0\.01\n(.*\n)*also given +fitIntercept\n.*await fit\(data\)/,
  );
  const model = await estimator.fit(data);
  assert.match(await textOf(model.predictor()), /classes +ham, spam\n(.*\n)*predict\(row\)/);
  const path = await regularizationPath(data, { lambdas: [0.1] });
  assert.match(await textOf(path.nearest(1)), /lambda +0\.1\n(.*\n)*deviance explained +\d+\.\d\d %/);
  assert.match(await textOf(progress("Training")), /onProgress/);
  assert.match(await textOf(progress([1, 2])), /for \(const item of it\)/);
  assert.match(await textOf(datasets), /^datasets\.breastCancer\(\) +DataFrame, 569 rows/);
});
