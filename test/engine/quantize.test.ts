import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { CodeDescent } from "../../src/quantize/descend";
import type { QuantizeOptions } from "../../src/quantize/options";
import { quantize } from "../../src/quantize/quantize";
import type { QuantizedModel } from "../../src/quantize/quantized";
import { LogisticRegression } from "../../src/train/logistic-regression";
import { Pace } from "../../src/train/pace";
import { type BeyondMemory, beyondMemory } from "./beyond";
import { lossOf } from "./objective";

let cases: readonly BeyondMemory[];

before(async () => {
  cases = await beyondMemory();
});
after(() => {
  for (const one of cases) one.close();
});

const lambda = 1e-3;
const distance = (ours: QuantizedModel, theirs: QuantizedModel) =>
  Math.hypot(...ours.weights.map((w, at) => w - theirs.weights[at]));

/** A refit in memory ends at a gap of 1e-10 of the objective, which the ridge turns into a distance. */
const most = (objective: number, ridge: number) => Math.sqrt((2e-10 * objective) / ridge) + 1e-6;

/** Mean loss, that of each output where each is a problem of its own, and penalty. */
function objective(model: QuantizedModel, { data }: BeyondMemory): number {
  return lossOf(model, data) + (lambda / 2) * model.weights.reduce((sum, w) => sum + w * w, 0);
}

const codings: readonly Omit<QuantizeOptions, "data">[] = [
  { bits: 4 },
  { bits: 3, rounding: "nearest", importances: "hessian" },
  { method: "uniform", bits: 3, range: "hessian", rounding: "nearest" },
  { method: "powerOfTwo", bits: 4, importances: "hessian", rounding: "nearest" },
  { method: "ternary" },
  { method: "entropy", bits: 4 },
  { method: "float16" },
  { bits: 3, rounding: "stochastic", importances: "hessian", seed: 5 },
  { bits: 2, rounding: "compensated" },
  { method: "uniform", bits: 3, rounding: "compensated", granularity: "class" },
];

test("beyond memory codes are those of all rows in memory, by curvatures of all rows", async () => {
  for (const one of cases) {
    const { name, table, data, model } = one;
    for (const options of codings) {
      const what = `${name}: ${JSON.stringify(options)}`;
      const plain = { ...options, refit: false } as const;
      const [ours, theirs] = [await table.quantize(model, plain), await quantize(model, { ...plain, data })];
      assert.deepEqual(ours.positions, theirs.positions, what);
      assert.deepEqual(ours.codes, theirs.codes, what);
      for (const [a, b] of [
        [ours.weights, theirs.weights],
        [ours.intercepts, theirs.intercepts],
      ]) {
        a.forEach((w, at) => {
          assert.ok(Math.abs(w - b[at]) <= 1e-8, `${what}, ${at}: ${w}, ${b[at]}`);
        });
      }
      const [{ loss, ...report }, other] = [ours.quantization!, theirs.quantization!];
      assert.ok(Math.abs(loss!.before - other.loss!.before) <= 1e-8, what);
      assert.ok(Math.abs(loss!.after - other.loss!.after) <= 1e-8, what);
      assert.deepEqual([loss!.rows, loss!.changed], [other.loss!.rows, other.loss!.changed], what);
      assert.deepEqual([report.rounding, report.warnings], [other.rounding, []], what);
    }
  }
});

test("beyond memory levels and intercepts are fitted to all rows, as far as in memory", async () => {
  for (const one of cases) {
    const { name, table, data, model } = one;
    for (const own of codings) {
      const options = { ...own, levelPrecision: "float32" } as const;
      const what = `${name}: ${JSON.stringify(options)}`;
      const [ours, theirs] = [
        await table.quantize(model, options),
        await quantize(model, { ...options, data }),
      ];
      assert.deepEqual(ours.codes, theirs.codes, what);
      const [a, b] = [ours, theirs].map((found) => objective(found, one));
      assert.ok(Math.abs(a - b) <= 1e-8, `${what}: ${a}, ${b}`);
      assert.ok(distance(ours, theirs) <= most(b, lambda), `${what}: ${distance(ours, theirs)}`);
      assert.deepEqual(ours.quantization!.warnings, [], what);
      assert.equal(ours.quantization!.refitLambda, lambda, what);
    }
  }
});

test("beyond memory the strength of a refit of levels is chosen by rows that are held out", async () => {
  const [{ table, data, model }] = cases;
  const lambdas = [1e-4, 1e-3, 1];
  const refit = { lambda: lambdas };
  const options = { bits: 4, levelPrecision: "float32" } as const;
  const ours = await table.quantize(model, { ...options, refit, seed: 2 });
  const { quantization, codes } = ours;
  const tried = quantization!.tried!;
  assert.deepEqual(
    tried.map((one) => one.lambda),
    lambdas,
  );
  const least = tried.reduce((best, one) => (one.logLoss < best.logLoss ? one : best));
  assert.equal(quantization!.refitLambda, least.lambda);
  assert.ok(tried[2].logLoss > 1.05 * least.logLoss);
  const again = await quantize(model, { ...options, data, refit: { lambda: least.lambda } });
  assert.deepEqual(codes, again.codes);
  assert.ok(distance(ours, again) <= most(least.logLoss, least.lambda));
});

test("beyond memory an intercept that was not fitted stays", async () => {
  const [{ table, data }] = cases;
  const fit = async (options: object) =>
    await new LogisticRegression({ lambda, tolerance: 1e-12, ...options }).fit(data);
  const without = await fit({ fitIntercept: false });
  for (const rounding of ["nearest", "compensated"] as const) {
    const options = { bits: 3, rounding } as const;
    const [ours, theirs] = [
      await table.quantize(without, options),
      await quantize(without, { ...options, data }),
    ];
    assert.deepEqual(ours.intercepts, Float64Array.of(0));
    assert.deepEqual(ours.codes, theirs.codes);
  }
});

test("beyond memory levels are fitted within bounds as in memory, by all rows", async () => {
  for (const one of cases) {
    const { name, table, data } = one;
    const multiclass = name.includes("ovr") ? "ovr" : "softmax";
    for (const [lower, upper] of [
      [-0.3, 0.3],
      [0, 0.5],
    ]) {
      const fit = { lambda, tolerance: 1e-12, multiclass, bounds: { lower, upper } } as const;
      const bounded = await new LogisticRegression(fit).fit(data);
      for (const own of [
        { bits: 4 },
        { bits: 2, rounding: "nearest" },
        { method: "uniform", bits: 3, rounding: "compensated" },
        { method: "float16" },
      ] as const) {
        const options = { ...own, levelPrecision: "float32" } as const;
        const what = `${name}, ${lower}: ${JSON.stringify(own)}`;
        const [ours, theirs] = [
          await table.quantize(bounded, options),
          await quantize(bounded, { ...options, data }),
        ];
        assert.deepEqual(ours.codes, theirs.codes, what);
        const [a, b] = [ours, theirs].map((found) => objective(found, one));
        assert.ok(Math.abs(a - b) <= 1e-8, `${what}: ${a}, ${b}`);
        assert.ok(distance(ours, theirs) <= most(b, lambda), `${what}: ${distance(ours, theirs)}`);
        // A level is stored in 32 bits, a weight of 16-bit floats in these.
        const slack = 1 + 2 ** ("bits" in own ? -23 : -11);
        assert.ok(
          ours.weights.every((w) => w >= slack * lower && w <= slack * upper),
          what,
        );
        assert.deepEqual(ours.quantization!.warnings, [], what);
      }
    }
  }
});

test("beyond memory descent ends where no single code lowers the objective of all rows", async () => {
  for (const { name, table, data, model } of cases) {
    for (const [method, bits, leastGain] of [
      ["kmeans", 1, 0.001],
      ["kmeans", 2, 0.001],
      ["uniform", 3, 0.001],
      ["kmeans", 3, 0.5],
    ] as const) {
      const options: QuantizeOptions = {
        ...{ method, bits, leastGain, rounding: "descent", refit: false, levelPrecision: "float32" },
      };
      const what = `${name}: ${method}, ${bits} bits`;
      const coded = await table.quantize(model, options);
      assert.deepEqual(coded.quantization!.warnings, [], what);
      const positions = Uint32Array.from(model.weights.keys()).filter((at) => model.weights[at] !== 0);
      const descent = new CodeDescent(model, data, positions, leastGain);
      const pace = new Pace({}, "test");
      const moved = await descent.from(coded, coded.intercepts, lambda, pace);
      assert.deepEqual([moved.positions, moved.codes], [coded.positions, coded.codes], what);
    }
  }
});

test("beyond memory codes and levels in turn come as far as in memory", async () => {
  let same = 0;
  for (const one of cases) {
    const { name, table, data, model } = one;
    for (const own of [{ bits: 1 }, { bits: 2 }, { method: "uniform", bits: 3 }] as const) {
      const options = { ...own, levelPrecision: "float32" } as const;
      const what = `${name}: ${JSON.stringify(own)}`;
      const ours = await table.quantize(model, options);
      const theirs = await quantize(model, { ...options, data });
      const [a, b] = [ours, theirs].map((found) => objective(found, one));
      assert.deepEqual(ours.quantization!.warnings, [], what);
      // Moves that fall together are taken at once, which may lead to another end where none falls.
      assert.ok(a <= b * (1 + 1e-4), `${what}: ${a}, ${b}`);
      if (ours.codes.join() === theirs.codes.join()) same++;
    }
  }
  assert.ok(same >= 3 * cases.length - 2, `${same} of ${3 * cases.length} with the codes of memory`);
});

test("beyond memory a model of other classes is refused before it is coded", async () => {
  const [{ table }, , { model }] = cases;
  await assert.rejects(table.quantize(model, { bits: 4 }), { code: "invalid-model" });
});
