import assert from "node:assert/strict";
import { test } from "node:test";
import { Random } from "../../src/base/random";
import { evaluate } from "../../src/evaluate/evaluate";
import { minimise } from "../../src/evaluate/minimise";
import { recalibrate } from "../../src/evaluate/recalibrate";
import { Dataset } from "../../src/matrix/dataset";
import type { Link } from "../../src/model/scorer";
import { unpack } from "../../src/pack/read";
import { pack } from "../../src/pack/write";
import { modelOf, normals } from "./models";

const quick = { latencyRows: 0 };

/** Rows whose labels are drawn by a model, and that model with all margins three times too large and shifted. */
function overconfident(link: Link, classes: readonly string[], rows = 3000) {
  const outputs = link === "binary" ? 1 : classes.length;
  const weights = normals(5 * outputs, 21);
  const right = modelOf(classes, link, weights, normals(outputs, 22));
  const random = new Random(23);
  const features = Array.from({ length: rows }, () => Array.from({ length: 5 }, () => random.normal() / 2));
  const unlabelled = Dataset.from({
    features,
    labels: features.map((_, i) => classes[i % classes.length]),
    classes,
  });
  const { values } = right.predictProba(unlabelled.features);
  const labels = features.map((_, i) => {
    let left = random.uniform();
    let k = 0;
    while (k < classes.length - 1 && left >= values[i * classes.length + k])
      left -= values[i * classes.length + k++];
    return classes[k];
  });
  const data = Dataset.from({ features, labels, classes });
  const wrong = modelOf(
    classes,
    link,
    weights.map((w) => 3 * w),
    right.intercepts.length === 1 ? [1.5] : Array.from(right.intercepts, (b, k) => 3 * b + k),
  );
  return { data, right, wrong };
}

for (const [link, classes] of [
  ["binary", ["n", "p"]],
  ["softmax", ["a", "b", "c"]],
  ["ovr", ["a", "b", "c"]],
] as const) {
  test(`${link}: temperature and intercepts bring back what was spoilt`, () => {
    const { data, right, wrong } = overconfident(link, classes);
    const { model, temperature, before, after } = recalibrate(wrong, data);
    assert.ok(Math.abs(temperature - 3) < 0.5, String(temperature));
    assert.ok(after.logLoss < before.logLoss && after.ece < before.ece);
    const ideal = evaluate(right, data, quick).logLoss;
    assert.ok(after.logLoss < ideal + 1e-3, `${after.logLoss} against ${ideal}`);
    assert.ok(Math.abs(evaluate(model, data, quick).logLoss - after.logLoss) < 1e-12);
    const again = recalibrate(model, data);
    assert.ok(again.after.logLoss <= after.logLoss && again.after.logLoss > after.logLoss - 1e-3);
  });
}

test("each part can be left alone, and a good model stays as it was", () => {
  const { data, wrong } = overconfident("binary", ["n", "p"]);
  const intercept = recalibrate(wrong, data, { temperature: false });
  assert.equal(intercept.temperature, 1);
  assert.equal(intercept.model.temperature, null);
  assert.deepEqual(intercept.model.weights, wrong.weights.map(Math.fround));
  const temperature = recalibrate(wrong, data, { intercepts: false });
  assert.deepEqual(temperature.model.model.intercepts, wrong.intercepts.map(Math.fround));
  const both = recalibrate(wrong, data);
  assert.ok(both.after.logLoss < intercept.after.logLoss && both.after.logLoss < temperature.after.logLoss);
  const neither = recalibrate(wrong, data, { temperature: false, intercepts: false });
  assert.deepEqual(neither.after, neither.before);
  assert.throws(() => recalibrate(wrong, data, { slope: true } as object), { code: "unknown-option" });
});

test("threshold and temperature live in the file and decide", () => {
  const { data, wrong } = overconfident("binary", ["n", "p"], 200);
  const plain = unpack(pack(wrong));
  const file = unpack(pack(wrong, { threshold: 0.9, temperature: 3 }));
  assert.equal(file.threshold, 0.9);
  assert.equal(file.temperature, 3);
  const { values } = file.predictProba(data.features);
  const margins = plain.margins(data.features).values;
  margins.forEach((m, i) => {
    assert.ok(Math.abs(values[2 * i + 1] - 1 / (1 + Math.exp(-m / 3))) < 1e-12);
  });
  const seconds = Array.from(margins, (m) => (1 / (1 + Math.exp(-m / 3)) > 0.9 ? "p" : "n"));
  assert.deepEqual(file.predict(data.features), seconds);
  const right = seconds.filter((label, i) => label === data.classes[data.labels[i]]).length;
  assert.equal(evaluate(file, data, quick).accuracy, right / 200);
  assert.deepEqual(pack(file), pack(wrong, { threshold: 0.9, temperature: 3 }));
  assert.deepEqual(pack(file, { threshold: 0.5, temperature: 1 }), pack(wrong));
  assert.throws(() => pack(wrong, { threshold: 1 }), { code: "invalid-option" });
  assert.throws(() => pack(wrong, { temperature: 0 }), { code: "invalid-option" });
  const { wrong: several } = overconfident("softmax", ["a", "b", "c"], 10);
  assert.throws(() => pack(several, { threshold: 0.7 }), { code: "invalid-option" });
});

test("the minimiser finds the least value of a curved valley", () => {
  const least = minimise(Float64Array.of(-1.2, 1), {
    value: ([x, y]) => 100 * (y - x * x) ** 2 + (1 - x) ** 2,
    gradient: ([x, y]) => Float64Array.of(-400 * x * (y - x * x) - 2 * (1 - x), 200 * (y - x * x)),
  });
  assert.ok(Math.abs(least[0] - 1) < 1e-6 && Math.abs(least[1] - 1) < 1e-6);
});
