import assert from "node:assert/strict";
import { test } from "node:test";
import type { Dataset } from "../../src/matrix/dataset";
import type { LinearModel } from "../../src/model/linear";
import { meanLogLoss } from "../../src/model/log-loss";
import { planQuantization, type QuantizeOptions } from "../../src/quantize/options";
import { quantize } from "../../src/quantize/quantize";
import { QuantizedModel } from "../../src/quantize/quantized";
import { refitLevels } from "../../src/quantize/refit";
import { parametersOf, plainSchemes, type Scheme, withParameters } from "../../src/quantize/schemes";
import { LogisticRegression } from "../../src/train/logistic-regression";
import { type Kind, randomData } from "../train/data";

const lambda = 0.01;
const cases: readonly (readonly [Kind, number, "ovr" | "softmax"])[] = [
  ["dense", 2, "softmax"],
  ["csr", 3, "softmax"],
  ["ones", 3, "ovr"],
];
const variants: readonly QuantizeOptions[] = [
  { method: "uniform", bits: 2 },
  { method: "kmeans", bits: 2 },
  { method: "powerOfTwo", bits: 2 },
  { method: "ternary" },
  { method: "binary", symmetric: false },
  { method: "uniform", bits: 3, granularity: "class" },
  { method: "kmeans", bits: 1, granularity: "class" },
  {
    method: "kmeans",
    bits: 1,
    granularity: "group",
    groups: [
      [0, 1, 7],
      [2, 3],
      [4, 5, 6],
    ],
  },
  { method: "powerOfTwo", bits: 2, granularity: "block", blockSize: 5 },
  { method: "kmeans", bits: 2, rounding: "compensated" },
  { method: "float16" },
];

/** Those that descend by default, where zero may take weights and has to be undercut. */
const descending: readonly QuantizeOptions[] = [
  ...variants.filter(
    ({ method, rounding }) => rounding === undefined && method !== "ternary" && method !== "float16",
  ),
  { method: "kmeans", bits: 2, leastGain: 0 },
  { method: "kmeans", bits: 2, leastGain: 1 },
];

/** Mean loss plus penalty of a model; for `ovr` the sum of its sigmoids' losses. */
function objective(model: QuantizedModel, data: Dataset): number {
  const ridge = (lambda / 2) * model.weights.reduce((sum, w) => sum + w * w, 0);
  if (model.link !== "ovr") return meanLogLoss(model, data) + ridge;
  const { values } = model.margins(data.features);
  let sum = 0;
  values.forEach((margin, at) => {
    const own = data.labels[Math.floor(at / model.outputs)] === at % model.outputs;
    sum += Math.log1p(Math.exp(own ? -margin : margin));
  });
  return sum / data.rows + ridge;
}

function moved(model: QuantizedModel, part: number, parameter: number, by: number): QuantizedModel {
  const schemes = plainSchemes(model.scheme).map((plain, u) =>
    u === part
      ? withParameters(
          plain,
          parametersOf(plain).map((v, l) => (l === parameter ? v + by : v)),
        )
      : plain,
  );
  const scheme: Scheme = model.scheme.kind === "parted" ? { ...model.scheme, schemes } : schemes[0];
  const { classes, link, featureNames, positions, codes, intercepts } = model;
  return new QuantizedModel({ classes, link, featureNames, positions, codes, intercepts, scheme });
}

async function caseOf(kind: Kind, classes: number, multiclass: "ovr" | "softmax") {
  const data = randomData(kind, 150, 8, classes, 7);
  const model: LinearModel = await new LogisticRegression({ lambda, multiclass }).fit(data);
  return { data, model };
}

/** Fails where another level, scale or intercept at the same codes would be better. */
function assertOptimal(refitted: QuantizedModel, data: Dataset, name: string): void {
  const best = objective(refitted, data);
  plainSchemes(refitted.scheme).forEach((scheme, part) => {
    parametersOf(scheme).forEach((_, parameter) => {
      for (const by of [-0.02, 0.02]) {
        const other = objective(moved(refitted, part, parameter, by), data);
        assert.ok(other > best - 1e-9, `${name} ${part} ${parameter}`);
      }
    });
  });
  for (let k = 0; k < refitted.outputs; k++) {
    for (const by of [-0.02, 0.02]) {
      const intercepts = refitted.intercepts.map((b, at) => (at === k ? b + by : b));
      const { classes, link, featureNames, positions, codes, scheme } = refitted;
      const parts = { classes, link, featureNames, positions, codes, scheme, intercepts };
      assert.ok(objective(new QuantizedModel(parts), data) > best - 1e-9, `${name} intercept ${k}`);
    }
  }
}

for (const [kind, classes, multiclass] of cases) {
  test(`every scheme is refitted to its optimum at the same codes: ${kind}, ${classes}, ${multiclass}`, async () => {
    const { data, model } = await caseOf(kind, classes, multiclass);
    for (const variant of variants) {
      const name = JSON.stringify(variant);
      const options = { rounding: "nearest", ...variant, data, levelPrecision: "float32" } as const;
      const plain = await quantize(model, { ...options, refit: false });
      const refitted = await quantize(model, { ...options, refit: { lambda } });
      assert.ok(objective(refitted, data) <= objective(plain, data) + 1e-7, name);
      assert.deepEqual(refitted.positions, plain.positions, name);
      assert.deepEqual(refitted.codes, plain.codes, name);
      assert.equal(refitted.quantization!.refitLambda, lambda);
      assertOptimal(refitted, data, name);
    }
  });

  test(`descent ends where a refit at its codes changes nothing: ${kind}, ${classes}, ${multiclass}`, async () => {
    const { data, model } = await caseOf(kind, classes, multiclass);
    for (const variant of descending) {
      const name = JSON.stringify(variant);
      const options = { ...variant, data, levelPrecision: "float32" } as const;
      const plan = planQuantization({ ...options, refit: { lambda } }, model);
      assert.equal(plan.rounding, "descent", name);
      const priced = (one: QuantizedModel) =>
        objective(one, data) + (plan.leastGain / data.rows) * one.nonzeros;
      const { leastGain: _, ...fixed } = options;
      const plain = await quantize(model, { ...fixed, rounding: "nearest", refit: false });
      const descended = await quantize(model, { ...options, refit: { lambda } });
      assert.ok(priced(descended) <= priced(plain) + 1e-7, name);
      assert.equal(descended.quantization!.removed, model.nonzeros - descended.nonzeros);
      assertOptimal(descended, data, name);
      const { positions, codes, scheme, intercepts, nonzeros } = descended;
      const again = await refitLevels(
        model,
        positions,
        { positions, codes, scheme },
        intercepts,
        { ...plan, rounding: "nearest" },
        {},
      );
      assert.deepEqual(again.coded.positions, positions, name);
      assert.deepEqual(again.coded.codes, codes, name);
      const levels = plainSchemes(scheme).flatMap((plain) => [...parametersOf(plain)]);
      plainSchemes(again.coded.scheme)
        .flatMap((plain) => [...parametersOf(plain)])
        .forEach((level, at) => {
          assert.ok(Math.abs(level - levels[at]) < 1e-3, `${name}: ${level} and ${levels[at]}`);
        });
      assert.ok(nonzeros > 0 && Math.abs(again.objective - objective(descended, data)) < 1e-7, name);
    }
  });
}

test("of several strengths the one that validation rows like best is taken", async () => {
  const { data, model } = await caseOf("dense", 2, "softmax");
  const { train, test: validation } = data.split({ test: 0.4 });
  const strengths = [10, 0.01, 1e-4];
  const chosen = await quantize(model, { bits: 2, data: train, refit: { lambda: strengths, validation } });
  const { tried, refitLambda } = chosen.quantization!;
  assert.deepEqual(
    tried!.map((one) => one.lambda),
    strengths,
  );
  const least = Math.min(...tried!.map((one) => one.logLoss));
  assert.equal(tried!.find((one) => one.lambda === refitLambda)!.logLoss, least);
  for (const { lambda: strength, logLoss } of tried!) {
    const alone = await quantize(model, { bits: 2, data: train, refit: { lambda: strength } });
    assert.ok(Math.abs(meanLogLoss(alone, validation) - logLoss) < 1e-3);
  }
  const inner = await quantize(model, { bits: 2, data, refit: { lambda: strengths } });
  assert.ok(strengths.includes(inner.quantization!.refitLambda!));
});
