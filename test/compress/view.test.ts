import assert from "node:assert/strict";
import { test } from "node:test";
import { frontChart } from "../../src/chart/front";
import "../../src/notebook/display";
import { bundleOf } from "../../src/notebook/render";
import { madeCompression } from "./made";

test("a compression shows what was chosen, what it loses, and the front", async () => {
  const bundle = await bundleOf(madeCompression());
  const text = String(bundle["text/plain"]);
  assert.match(text, /^Compression to \d\d bytes, 8 models in 2\.0 s/);
  assert.match(text, /accuracy +95\.00 % .* drop /);
  assert.match(text, /by 5 folds of 100 rows; 2 levels/);
  assert.match(text, /Size against quality: /);
  assert.match(String(bundle["text/html"]), /<summary[^>]*>The front/);
  assert.match(String(bundle["text/html"]), /logitpress-figure/);
});

test("judged by other rows a compression chooses anew and says whose figures are shown", async () => {
  const before = madeCompression();
  const points = before.points.map((point) => {
    const accuracyDrop = { estimate: 0.2, low: 0.1, high: 0.3 };
    const crossValidated =
      point.bytes <= before.bytes ? { ...point.crossValidated, accuracyDrop } : point.crossValidated;
    return { ...point, crossValidated, bySample: point.crossValidated };
  });
  const baseline = { ...before.baseline, accuracy: 0.96 };
  const after = before.rejudged({ points, baseline, folds: 4, rows: 7000 });
  assert.ok(after.chosen.bytes > before.bytes && after.met);
  const text = String((await bundleOf(after))["text/plain"]);
  assert.match(text, /by 7,000 rows that a sample left, beside fits to the table without one of 4 folds/);
  assert.match(text, /accuracy +96\.00 % .* drop /);
  assert.throws(() => before.rejudged({ points: [], baseline, folds: 4, rows: 7000 }), {
    code: "missing-option",
  });
});

test("pointing at a model of the chart tells its settings, and names stay text", () => {
  const hostile = `<img src=x onerror="alert(1)">`;
  const peer = { name: hostile, bytes: 500, logLoss: 0.2, accuracy: 0.9 };
  const found = madeCompression(8, hostile);
  const figure = frontChart(found, [peer]);
  const front = figure.data.filter(({ name }) => name === "front");
  assert.equal(front.length, 2);
  assert.deepEqual(
    front[0].x,
    found.front.map(({ bytes }) => bytes),
  );
  assert.deepEqual(
    front[1].y,
    found.front.map(({ crossValidated }) => crossValidated.accuracy),
  );
  assert.match(String(front[0].text?.[0]), /1 weight, 2 levels, .*lambda 0\.001, mu 0\.0008, from l1 0\.01/);
  assert.doesNotMatch(JSON.stringify(figure.toJSON()), /<img/);
  const chosen = figure.data.find(({ name }) => name === "chosen");
  assert.deepEqual(chosen?.x, [found.bytes]);
});

test("what all rows say of a front that a sample proposed stands beside it", async () => {
  const made = madeCompression();
  const points = made.points.map((point, i) =>
    i === 2
      ? point
      : { ...point, allRows: { rows: 12_345, logLoss: 0.25 + i / 100, accuracy: 0.9 - i / 100 } },
  );
  const found = made.revised(points, points[made.points.indexOf(made.chosen)], "A sample proposed.");
  const bundle = await bundleOf(found);
  const { logLoss, accuracy } = found.chosen.allRows!;
  assert.match(
    String(bundle["text/plain"]),
    new RegExp(
      `\\naccuracy by all 12,345 rows +${(100 * accuracy).toFixed(2)} %\\nlog-loss by all 12,345 rows +${logLoss}`,
    ),
  );
  const html = String(bundle["text/html"]);
  assert.match(html, />accuracy<.*>log-loss, all rows<.*>accuracy, all rows<.*>levels</);
  assert.match(html, />0\.25<\/td><td[^>]*>90\.00 %</);
  const front = frontChart(found).data.find(({ name }) => name === "front");
  assert.match(String(front?.text?.[0]), /<br>by all 12,345 rows: log-loss 0\.25, accuracy 90\.00 %$/);
  assert.doesNotMatch(JSON.stringify((await bundleOf(made))["text/html"]), /all rows/);
});
