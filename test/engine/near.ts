import assert from "node:assert/strict";
import type { LinearModel } from "../../src/model/linear";

/** Holds the weights of a fit on disk against those of one in memory. */
export function near(ours: LinearModel, theirs: LinearModel, most = 1e-8): void {
  assert.deepEqual(ours.classes, theirs.classes);
  assert.equal(ours.featureNames.length, theirs.featureNames.length);
  for (let j = 0; j < ours.featureNames.length; j++) {
    assert.equal(ours.featureNames.at(j), theirs.featureNames.at(j));
  }
  ours.weights.forEach((w, j) => {
    assert.ok(Math.abs(w - theirs.weights[j]) < most, `weight ${j}: ${w}, ${theirs.weights[j]}`);
  });
  ours.intercepts.forEach((b, k) => {
    assert.ok(Math.abs(b - theirs.intercepts[k]) < most, `intercept ${k}: ${b}, ${theirs.intercepts[k]}`);
  });
  assert.ok(Math.abs(ours.fit.objective - theirs.fit.objective) < 1e-12);
}
