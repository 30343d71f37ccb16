import assert from "node:assert/strict";
import { test } from "node:test";
import { Random } from "../../src/base/random";
import { choiceOf } from "../../src/compress/choice";
import type { CompressedPoint } from "../../src/compress/compression";
import { keeps } from "../../src/compress/judge";
import { madeCompression } from "./made";

const none = { accuracy: 0, logLoss: 0, flips: 0 };
const whole = { accuracy: 1, logLoss: 1, flips: 1 };

const made = madeCompression(20).points;

/** Points of one descent, the first of the highest price: what they lose, and the standard error of each. */
function descent(losses: readonly number[], error = 0.01, lambda = 1e-3): CompressedPoint[] {
  return made.slice(0, losses.length).map((point, i) => {
    const around = (estimate: number) => ({
      ...{ estimate, low: estimate - 1.959963984540054 * error },
      high: estimate + 1.959963984540054 * error,
    });
    const crossValidated = {
      ...point.crossValidated,
      accuracyDrop: around(losses[i] / 2),
      logLossIncrease: around(losses[i]),
    };
    return { ...point, lambda, mu: 1e-4 * (losses.length - i), crossValidated };
  });
}

test("the smallest that keeps the budget is chosen, with as many standard errors to spare as asked", () => {
  const points = descent([0.5, 0.09, 0.04, 0.01, -0.02]);
  const at = (most: number, margins = none) => choiceOf(points, { maxLogLossIncrease: most }, margins);
  assert.deepEqual([at(0.05).point, at(0.05).met], [points[2], true]);
  assert.equal(at(0.05, whole).point, points[2]);
  assert.equal(at(0.045, whole).point, points[3]);
  assert.equal(at(0.045, { ...whole, logLoss: 0.5 }).point, points[2]);
  assert.equal(choiceOf(points, { maxAccuracyDrop: 0.025 }, { ...none, logLoss: 9 }).point, points[2]);
});

test("a model that seems to keep the budget below one that does not is passed over", () => {
  const points = descent([0.04, 0.2, 0.04, 0.01, 0.02]);
  const { point, met } = choiceOf(points, { maxLogLossIncrease: 0.05 }, none);
  assert.deepEqual([point, met], [points[2], true]);
  const other = descent([0.3, 0.02], 0.01, 1e-4);
  const both = [...points, ...other].sort((a, b) => a.bytes - b.bytes);
  assert.equal(
    choiceOf(both, { maxLogLossIncrease: 0.05 }, none).point,
    other[1],
    "each descent has an order of its own",
  );
});

test("bytes are a limit of their own, and where nothing keeps the budget the nearest is said to fail", () => {
  const points = descent([0.5, 0.09, 0.04, 0.01, -0.02]);
  const best = choiceOf(points, { maxBytes: points[3].bytes }, whole);
  assert.ok(best.met && best.point.bytes <= points[3].bytes);
  const small = choiceOf(points, { maxBytes: points[1].bytes, maxLogLossIncrease: 0.05 }, none);
  assert.deepEqual([small.point, small.met], [points[1], false]);
  const never = choiceOf(points, { maxLogLossIncrease: 0 }, { ...none, logLoss: 5 });
  assert.deepEqual([never.point, never.met], [points[4], false]);
  assert.deepEqual(choiceOf(points, { maxBytes: 1 }, none), { point: points[0], met: false });
});

test("that one of many models seems to keep the budget makes it no likelier to be chosen than a single test would", () => {
  // Twelve of twenty models lose 0.12, where 0.05 may be lost, and each is judged with a standard error of 0.1 of its own, so that
  // luck has more chances than where neighbours err alike.
  const random = new Random(4);
  const truth = Array.from({ length: 20 }, (_, i) => (i < 12 ? 0.12 : 0));
  const lucky = { chosen: 0, any: 0 };
  const trials = 400;
  for (let trial = 0; trial < trials; trial++) {
    const points = descent(
      truth.map((loss) => loss + 0.1 * random.normal()),
      0.1,
    );
    const budget = { maxLogLossIncrease: 0.05 };
    const margins = { ...none, logLoss: 1.645 };
    const { point, met } = choiceOf(points, budget, margins);
    const loses = (p: CompressedPoint) => truth[points.indexOf(p)] > 0.05;
    if (met && loses(point)) lucky.chosen++;
    if (points.some((p) => loses(p) && keeps(p.bytes, p.crossValidated, budget, margins))) lucky.any++;
  }
  assert.ok(lucky.any > 0.08 * trials, `${lucky.any} of ${trials} times one was lucky`);
  assert.ok(lucky.chosen < 0.05 * trials, `${lucky.chosen} of ${trials} times it was chosen`);
});
