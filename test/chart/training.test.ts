import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { crossValidationChart } from "../../src/chart/cross-validation";
import type { Figure, Trace } from "../../src/chart/figure";
import { spread } from "../../src/chart/labels";
import { pathChart } from "../../src/chart/path";
import { strengthOf, strongest } from "../../src/chart/strongest";
import { modelOf, normals } from "../evaluate/models";
import { madeCrossValidation, madePath } from "../train/paths";
import { usual } from "./figures";

const subtitleOf = (figure: Figure) => String(figure.layout.title.subtitle?.text);
const textsOf = (figure: Figure) =>
  figure.data
    .filter(({ mode }) => mode === "text")
    .flatMap(({ text }) => (text as string[]).map((t) => t.trim()));
const named = (figure: Figure): readonly Trace[] =>
  figure.data.filter(({ xaxis, line, name }) => xaxis === "x2" && name !== undefined && line?.width === 2);

test("property: labels keep their distance and order within their bounds, and stay where there is room", () => {
  const wanted = fc.array(fc.double({ min: 0, max: 100, noNaN: true }), { minLength: 1, maxLength: 12 });
  fc.assert(
    fc.property(wanted, (places) => {
      const found = spread(places, 8, 0, 100);
      const order = places.map((_, i) => i).sort((a, b) => places[a] - places[b]);
      order.forEach((i, rank) => {
        assert.ok(found[i] >= -1e-9 && found[i] <= 100 + 1e-9);
        if (rank > 0) assert.ok(found[i] - found[order[rank - 1]] >= 8 - 1e-9);
      });
    }),
    { numRuns: 300, seed: 4 },
  );
  assert.deepEqual(spread([90, 10, 50], 8, 0, 100), [90, 10, 50]);
  assert.deepEqual(spread([50, 50], 8, 0, 100), [46, 54]);
});

test("the strongest features are those of the largest size, in the scale of the penalty", () => {
  const weights = normals(500, 3);
  const model = modelOf(["a", "b"], "binary", weights, [0]);
  const expected = weights.map((_, j) => j).sort((a, b) => Math.abs(weights[b]) - Math.abs(weights[a]));
  assert.deepEqual(strongest(model, 9), expected.slice(0, 9));
  assert.equal(
    strengthOf(Object.assign(Object.create(model), { scale: Float32Array.of(4) }), 0),
    weights[0] / 4,
  );
  const three = modelOf([1, 2, 3], "softmax", [3, 0, 4, 0, 0, 0], [0, 0, 0]);
  assert.equal(strengthOf(three, 0), 5);
  assert.deepEqual(strongest(three, 9), [0]);
});

test("a path's lines are the coefficients of its models, from the sparsest on the left", () => {
  const path = madePath();
  const figure = pathChart(path);
  const lines = named(figure);
  assert.equal(lines.length, 12);
  const last = path.steps[49].model;
  const tops = strongest(last, 12);
  for (const line of lines) {
    const column = tops.find((j) => path.featureNames.at(j) === line.name) as number;
    line.x.forEach((lambda, i) => {
      const { model } = path.nearest(Number(lambda));
      assert.ok(
        Math.abs(Number(line.y[i]) - model.weights[column]) <= 1e-4 * Math.abs(model.weights[column]),
      );
    });
  }
  const [from, to] = figure.layout.xaxis.range;
  assert.ok(from > to);
  assert.ok(
    tops.every(
      (j) =>
        textsOf(figure).includes(path.featureNames.at(j).slice(0, 17)) || path.featureNames.at(j).length > 18,
    ),
  );
  assert.ok(textsOf(figure).includes("286") && textsOf(figure).includes("nonzeros"));
  assert.match(subtitleOf(figure), /the 12 strongest features named, 40 more faint/);
  assert.deepEqual(
    figure.data[0].y.map((v) => Number(Number(v).toFixed(3))),
    path.steps.map(({ devianceExplained }) => Number(devianceExplained.toFixed(3))),
  );
});

test("a path that ended early says why; one whose counts do not change has no row of them", () => {
  assert.match(subtitleOf(usual.pathOfClasses), /ended early: /);
  const path = madePath({ features: 4, steps: 6 });
  const dense = Object.assign(Object.create(path), {
    steps: path.steps.map((step) => ({ ...step, nonzeros: 4 })),
  });
  assert.ok(!textsOf(pathChart(dense)).includes("nonzeros"));
});

test("a cross-validation marks the best point and that of the rule, the chosen one by colour", () => {
  const cv = madeCrossValidation();
  const figure = crossValidationChart(cv);
  const dots = figure.data.filter(({ mode }) => mode === "markers");
  const near = (v: unknown, expected: number) => assert.ok(Math.abs(Number(v) / expected - 1) < 1e-5);
  const [best, simple] = dots;
  near(simple.x[0], cv.oneStandardError.lambda);
  near(simple.y[0], cv.oneStandardError.mean);
  near(best.x[0], cv.best.lambda);
  near(best.y[0], cv.best.mean);
  const colours = dots.map(({ marker }) => marker?.color);
  assert.notEqual(colours[0], colours[1]);
  const means = figure.data.find(({ mode }) => mode === "lines+markers") as Trace;
  cv.points.forEach((p, i) => {
    near(means.y[i], p.mean);
  });
  const whiskers = figure.data[0];
  cv.points.forEach((p, i) => {
    near(whiskers.y[3 * i], p.mean - p.standardError);
    near(whiskers.y[3 * i + 1], p.mean + p.standardError);
    assert.equal(whiskers.y[3 * i + 2], null);
  });
  assert.match(subtitleOf(figure), /1 SE \(chosen\): log-loss/);
  assert.ok(textsOf(figure).some((t) => /^1 SE \(chosen\): 0\.00596$/.test(t)));
});

test("a cross-validation over ratios has a line each, and one mark where the two points are one", () => {
  const figure = usual.crossValidationOfMany;
  assert.equal(figure.data.filter(({ mode }) => mode === "lines+markers").length, 6);
  assert.match(subtitleOf(figure), /standard errors drawn for the chosen ratio alone/);
  const cv = madeCrossValidation();
  const points = cv.points.map((p) => ({ ...p, standardError: 0 }));
  const single = crossValidationChart(madeCrossValidation([1], "best", { points, metric: "mine <b>" }));
  assert.equal(single.data.filter(({ mode }) => mode === "markers").length, 1);
  assert.equal(single.layout.yaxis.title?.text, "mine &lt;b&gt;");
});

test("the gap of a fit has a panel of its own, and none where it is not known", () => {
  const { data, layout } = usual.gaps;
  assert.equal(data.length, 2);
  assert.equal(layout.yaxis2?.type, "log");
  assert.ok(Number.isNaN(data[1].y[0]) && Number(data[1].y[1]) > 0);
  assert.equal(usual.loss.data.length, 1);
});
