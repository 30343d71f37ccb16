import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { CoefficientTable } from "../../src/train/coefficient-table";
import {
  bestOf,
  type CrossValidationPoint,
  oneStandardErrorOf,
  pointOf,
} from "../../src/train/cross-validation-result";
import { RegularizationPath } from "../../src/train/regularization-path";
import { madeCrossValidation, madePath } from "./paths";

test("a path gives the step of a lambda, and names the nearest where there is none", () => {
  const path = madePath({ features: 20, steps: 9 });
  for (const step of path.steps) {
    assert.equal(path.at(step.lambda), step);
    assert.equal(path.at(Number(step.lambda.toPrecision(15))), step);
    assert.equal(path.nearest(step.lambda * 1.05), step);
  }
  assert.deepEqual(
    path.lambdas,
    path.steps.map(({ lambda }) => lambda),
  );
  assert.equal(path.nearest(1e9), path.steps[0]);
  assert.equal(path.nearest(1e-9), path.steps[8]);
  const { lambda } = path.steps[3];
  const message = new RegExp(`the nearest is ${lambda}`);
  assert.throws(() => path.at(lambda * 1.01), { code: "invalid-option", message });
  for (const wrong of [0, -1, Number.NaN, Number.POSITIVE_INFINITY]) {
    assert.throws(() => path.nearest(wrong), { code: "invalid-option" });
  }
});

test("the largest of at most so many weights is dense, and of equals explains the most", () => {
  const path = madePath({ features: 200, steps: 30 });
  for (const most of [0, 1, 7, 50, 1e6]) {
    const step = path.largest(most);
    assert.ok(step.nonzeros <= most);
    for (const other of path.steps) {
      assert.ok(other.nonzeros > most || other.nonzeros <= step.nonzeros);
      assert.ok(other.nonzeros !== step.nonzeros || other.devianceExplained <= step.devianceExplained);
    }
  }
  assert.throws(() => path.largest(-1), { code: "invalid-option", message: /at least 0/ });
});

test("a path has steps, and their lambdas fall", () => {
  const path = madePath({ features: 5, steps: 3 });
  assert.throws(() => new RegularizationPath({ ...path, steps: [] }), { code: "empty-data" });
  const rising = [...path.steps].reverse();
  assert.throws(() => new RegularizationPath({ ...path, steps: rising }), { code: "invalid-data" });
  assert.throws(() => new RegularizationPath({ ...path, steps: [path.steps[0], path.steps[0]] }), {
    code: "invalid-data",
  });
});

const pointsOf = (means: readonly number[], error: number): CrossValidationPoint[] =>
  means.map((mean, i) => ({
    lambda: 10 ** -i,
    l1Ratio: 1,
    mean,
    standardError: error,
    scores: [mean],
    nonzeros: i,
  }));

test("a point has the mean of its scores and the standard error of that mean", () => {
  const { mean, standardError } = pointOf({ lambda: 1, l1Ratio: 1, scores: [1, 2, 3, 6], nonzeros: 2 });
  assert.equal(mean, 3);
  assert.ok(Math.abs(standardError - Math.sqrt(14 / 3 / 4)) < 1e-15);
  assert.equal(pointOf({ lambda: 1, l1Ratio: 1, scores: [2], nonzeros: 2 }).standardError, 0);
});

test("one standard error: the strongest penalty within it, of several ratios the sparsest", () => {
  const points = pointsOf([0.9, 0.52, 0.6, 0.5, 0.7], 0.05);
  assert.equal(bestOf(points, false).mean, 0.5);
  assert.equal(oneStandardErrorOf(points, false).mean, 0.52);
  const other = points.map((p) => ({ ...p, l1Ratio: 0.5, mean: p.mean + 0.01, nonzeros: 10 * p.nonzeros }));
  assert.equal(oneStandardErrorOf([...other, ...points], false).l1Ratio, 1);
  const sparser = other.map((p) => ({ ...p, nonzeros: 0 }));
  assert.equal(oneStandardErrorOf([...sparser, ...points], false).l1Ratio, 0.5);
  const gains = points.map((p) => ({ ...p, mean: 1 - p.mean }));
  assert.equal(oneStandardErrorOf(gains, true).lambda, 0.1);
});

test("property: the rule's point is within one standard error, and none of its ratio is both and stronger", () => {
  const point = fc.record({
    lambda: fc.double({ min: 1e-3, max: 1, noNaN: true }),
    l1Ratio: fc.constantFrom(0, 0.5, 1),
    scores: fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 2, maxLength: 5 }),
    nonzeros: fc.nat(20),
  });
  fc.assert(
    fc.property(fc.array(point, { minLength: 1, maxLength: 12 }), fc.boolean(), (given, greater) => {
      const points = given.map(pointOf);
      const best = bestOf(points, greater);
      const simple = oneStandardErrorOf(points, greater);
      const within = (p: CrossValidationPoint) =>
        (greater ? best.mean - p.mean : p.mean - best.mean) <= best.standardError;
      assert.ok(points.every((p) => (greater ? p.mean <= best.mean : p.mean >= best.mean)));
      assert.ok(within(simple));
      assert.ok(points.every((p) => p.l1Ratio !== simple.l1Ratio || p.lambda <= simple.lambda || !within(p)));
      const strongest = points.filter(
        (p) =>
          within(p) && points.every((q) => q.l1Ratio !== p.l1Ratio || q.lambda <= p.lambda || !within(q)),
      );
      assert.ok(strongest.every((p) => p.nonzeros >= simple.nonzeros || p.lambda === simple.lambda));
    }),
    { numRuns: 300, seed: 4 },
  );
});

test("points without a score in every fold do not count, and some must have one", () => {
  const points = pointsOf([0.9, Number.NaN, 0.6], 0.1);
  assert.equal(bestOf(points, false).mean, 0.6);
  assert.throws(() => bestOf(pointsOf([Number.NaN], 0), false), {
    code: "invalid-data",
    message: /fewer folds/,
  });
  assert.throws(() => madeCrossValidation([1], "best", { points: [] }), { code: "invalid-data" });
  const cv = madeCrossValidation();
  assert.equal(cv.chosen, cv.oneStandardError);
  assert.equal(madeCrossValidation([1], "best").chosen.mean, Math.min(...cv.points.map(({ mean }) => mean)));
});

const line = (name: string, coefficient: number, standardError: number, of?: string) => ({
  name,
  intercept: name === "(intercept)",
  ...(of === undefined ? {} : { class: of }),
  coefficient,
  standardError,
  z: coefficient / standardError,
  p: 0.5,
  lower: coefficient - standardError,
  upper: coefficient + standardError,
  oddsRatio: Math.exp(coefficient),
});

test("coefficients are ranked behind the intercept, by z where they are tested", () => {
  const rows = [line("a", 3, 3), line("b", -2, 0.1), line("(intercept)", 0.1, 1), line("c", 9, Number.NaN)];
  const parts = { rows, classes: ["no", "yes"], level: 0.95, notes: [] };
  const names = (table: CoefficientTable) => table.ranked.map(({ name }) => name);
  assert.deepEqual(names(new CoefficientTable(parts)), ["(intercept)", "b", "a", "c"]);
  const untested = rows.map((row) => ({ ...row, standardError: Number.NaN, z: Number.NaN }));
  assert.deepEqual(names(new CoefficientTable({ ...parts, rows: untested })), ["(intercept)", "c", "a", "b"]);
});

test("coefficients are found by name and class", () => {
  const rows = [line("a", 1, 1, "x"), line("a", 2, 1, "y")];
  const table = new CoefficientTable({ rows, classes: ["x", "y", "z"], level: 0.95, notes: [] });
  assert.equal(table.row("a", "y").coefficient, 2);
  assert.throws(() => table.row("a"), { code: "invalid-option", message: /a class beside it: x, y/ });
  assert.throws(() => table.row("b", "x"), { code: "invalid-option", message: /a feature of the model/ });
});
