import assert from "node:assert/strict";
import { test } from "node:test";
import { LogisticRegression, levelsChart, prune, quantize, quantizeInputs } from "../../src";
import { modelView } from "../../src/notebook/views";
import { randomData } from "../train/data";

test("a quantized model shows its codes, what they cost and what they lost", async () => {
  const data = randomData("dense", 100, 12, 3, 1);
  const trained = await new LogisticRegression({ lambda: 0.01 }).fit(data);
  const model = await quantize(await prune(trained, { keep: 20 }), {
    bits: 2,
    data,
    rounding: "compensated",
  });
  const facts = new Map(modelView(model).table.rows as [string, string][]);
  assert.match(facts.get("quantized")!, /^codebook, 2 bits, [34] levels$/);
  assert.match(facts.get("packed bytes")!, /^\d+ B$|bytes/);
  assert.equal(facts.get("rounding"), "compensated");
  assert.match(facts.get("entropy of the codes")!, /^[\d.]+ bits$/);
  assert.match(facts.get("rows changed")!, / of 100 \(/);
  assert.match(facts.get("log-loss before, after")!, /^0\.\d+, 0\.\d+$/);
  const [figure] = modelView(model).figures;
  assert.deepEqual(figure, levelsChart(model));
  assert.equal(
    figure.data[0].y.reduce((sum: number, count) => sum + Number(count), 0),
    model.nonzeros,
  );
});

test("one whose codes no file holds yet shows all but the bytes of the file", async () => {
  const data = randomData("dense", 100, 12, 3, 1);
  const trained = await new LogisticRegression({ lambda: 0.01 }).fit(data);
  for (const [options, shown] of [
    [{ method: "powerOfTwo", bits: 3 }, /^powerOfTwo, 3 bits, scale /],
    [{ method: "bfloat16" }, /^float, 16 bits, bfloat16$/],
    [{ method: "uniform", bits: 3 }, /^uniform, 3 bits, scale .*, zero point 3.5$/],
    [{ bits: 2, granularity: "class" }, /^codebook, 2 bits, 3 schemes, one a class$/],
  ] as const) {
    const facts = new Map(modelView(await quantize(trained, options)).table.rows as [string, string][]);
    assert.match(facts.get("quantized")!, shown);
    assert.equal(facts.get("refit"), "no");
    assert.equal(facts.has("log-loss before, after"), false);
  }
});

test("a model in integers shows the error that they add", async () => {
  const data = randomData("dense", 100, 12, 2, 1);
  const model = await quantize(await new LogisticRegression().fit(data), { method: "uniform", bits: 3 });
  const facts = new Map(
    modelView(quantizeInputs(model, { data, granularity: "model" })).table.rows as [string, string][],
  );
  assert.equal(facts.get("weights kept exactly"), "yes");
  assert.match(facts.get("rows changed")!, / of 100$/);
  assert.equal(facts.get("inputs clipped"), "0.00 %");
});
