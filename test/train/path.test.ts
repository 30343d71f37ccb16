import assert from "node:assert/strict";
import { test } from "node:test";
import { LogitpressError } from "../../src/base/errors";
import { LogisticRegression } from "../../src/train/logistic-regression";
import { regularizationPath } from "../../src/train/path";
import { kinds, randomData } from "./data";

const penalties = ["l2", "l1", "elasticnet", "group"] as const;

for (const penalty of penalties) {
  for (const [classes, multiclass] of [
    [2, "softmax"],
    [3, "softmax"],
    [3, "ovr"],
  ] as const) {
    test(`each step of a path is the fit of its lambda: ${penalty}, ${classes} classes, ${multiclass}`, async () => {
      for (const kind of kinds) {
        const data = randomData(kind, 90, 6, classes, 3);
        const options = { penalty, multiclass, tolerance: 1e-9 };
        const path = await regularizationPath(data, { ...options, lambdas: 12, earlyStop: false });
        assert.equal(path.steps.length, 12);
        for (const at of [0, 5, 11]) {
          const { lambda, model, dualityGap, objective, devianceExplained } = path.steps[at];
          const alone = await new LogisticRegression({ ...options, lambda }).fit(data);
          assert.ok(Math.abs(alone.fit.objective - objective) <= 1e-8 * objective);
          assert.ok(dualityGap <= 1e-9 * objective);
          model.weights.forEach((w, j) => {
            assert.ok(Math.abs(w - alone.weights[j]) < 1e-2 * (1 + Math.abs(w)), `${w} ${alone.weights[j]}`);
          });
          assert.ok(devianceExplained >= -1e-9 && devianceExplained < 1);
        }
        const explained = path.steps.map((step) => step.devianceExplained);
        explained.slice(1).forEach((share, i) => {
          assert.ok(share >= explained[i] - 1e-7);
        });
      }
    });
  }
}

test("a path ends once nothing more is explained, and takes strengths in any order", async () => {
  const data = randomData("dense", 90, 6, 2, 3);
  const long = await regularizationPath(data, { lambdas: 200, lambdaRatio: 1e-12 });
  assert.ok(long.steps.length < 200 && long.endedEarly !== null);
  const given = await regularizationPath(data, { lambdas: [0.1, 0.3, 0.1, 0.2] });
  assert.deepEqual(given.lambdas, [0.3, 0.2, 0.1]);
});

test("what a path can't be made of is refused", async () => {
  const data = randomData("dense", 30, 3, 2, 3);
  const code = (of: string) => (error: unknown) => error instanceof LogitpressError && error.code === of;
  await assert.rejects(regularizationPath(data, { penalty: "none" }), code("invalid-option"));
  await assert.rejects(regularizationPath(data, { lambda: 1 } as object), code("unknown-option"));
  await assert.rejects(regularizationPath(data, { lambdas: [] }), code("missing-option"));
  await assert.rejects(regularizationPath(data, { lambdas: [0.1, -1] }), code("invalid-option"));
  await assert.rejects(regularizationPath(data, { lambdaRatio: 1 }), code("invalid-option"));
});
