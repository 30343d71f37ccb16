import assert from "node:assert/strict";
import { test } from "node:test";
import type { Dataset } from "../../src/matrix/dataset";
import type { LinearModel } from "../../src/model/linear";
import { meanLogLoss } from "../../src/model/log-loss";
import { prune } from "../../src/prune/prune";
import { CodeDescent } from "../../src/quantize/descend";
import { kmeansLevels } from "../../src/quantize/kmeans";
import { quantize } from "../../src/quantize/quantize";
import { QuantizedModel } from "../../src/quantize/quantized";
import { levelsOf, type PlainScheme } from "../../src/quantize/schemes";
import { LogisticRegression } from "../../src/train/logistic-regression";
import { Pace } from "../../src/train/pace";
import { type Kind, randomData } from "../train/data";

const lambda = 0.02;
const schemes: readonly PlainScheme[] = [
  { kind: "codebook", bits: 2, levels: Float64Array.of(-0.9, -0.2, 0.3, 1.1) },
  { kind: "uniform", bits: 3, scale: 0.3, zeroPoint: 3.5 },
  { kind: "powerOfTwo", bits: 2, scale: 1 },
];

/** Mean loss plus penalty, by the model's own margins; of `ovr` the sum of one loss a class. */
function objective(model: QuantizedModel, { scale }: LinearModel, data: Dataset): number {
  const norm = model.weights.reduce(
    (sum, w, at) => sum + (w / (scale?.[Math.floor(at / model.outputs)] ?? 1)) ** 2,
    0,
  );
  if (model.link !== "ovr") return meanLogLoss(model, data) + (lambda / 2) * norm;
  const margins = model.margins(data.features).values;
  const losses = margins.map((m, at) => {
    const own = data.labels[Math.floor(at / model.outputs)] === at % model.outputs;
    return Math.log1p(Math.exp(own ? -m : m));
  });
  return losses.reduce((sum, loss) => sum + loss, 0) / data.rows + (lambda / 2) * norm;
}

async function descended(model: LinearModel, data: Dataset, scheme: PlainScheme, leastGain: number) {
  const all = Uint32Array.from(model.weights.keys());
  const codes = Uint16Array.from(all, (at) => (at * 7) % levelsOf(scheme).length);
  const descent = new CodeDescent(model, data, all, leastGain);
  const start = { positions: all, codes, scheme };
  const found = await descent.from(start, model.intercepts, lambda, new Pace({}, "test"));
  const { classes, link, featureNames, intercepts } = model;
  /** With a code for each weight, -1 for zero. */
  const objectiveOf = (own: Int32Array) => {
    const positions = all.filter((at) => own[at] >= 0);
    const parts = { positions, codes: Uint16Array.from(positions, (at) => own[at]), scheme, intercepts };
    const coded = new QuantizedModel({ classes, link, featureNames, ...parts });
    return objective(coded, model, data) + (leastGain / data.rows) * positions.length;
  };
  const end = new Int32Array(all.length).fill(-1);
  found.positions.forEach((at, i) => {
    end[at] = found.codes[i];
  });
  return { start: Int32Array.from(codes), end, objectiveOf };
}

for (const kind of ["dense", "csr", "ones"] as Kind[]) {
  for (const [classes, multiclass] of [
    [2, "softmax"],
    [3, "ovr"],
    [3, "softmax"],
  ] as const) {
    test(`no single code can move without the objective rising: ${kind}, ${classes} classes, ${multiclass}`, async () => {
      for (const [at, scheme] of schemes.entries()) {
        for (const leastGain of [0, 0.5]) {
          const data = randomData(kind, 120, 8, classes, at + 1);
          const model = await new LogisticRegression({ lambda, multiclass }).fit(data);
          const { start, end, objectiveOf } = await descended(model, data, scheme, leastGain);
          const least = objectiveOf(end);
          assert.ok(least < objectiveOf(start));
          for (let i = 0; i < end.length; i++) {
            for (let code = -1; code < levelsOf(scheme).length; code++) {
              const other = end.slice();
              other[i] = code;
              assert.ok(objectiveOf(other) >= least - 1e-12, `weight ${i}, code ${code}, price ${leastGain}`);
            }
          }
        }
      }
    });
  }
}

test("a weight goes where it gains less than it has to, and what was zero before stays so", async () => {
  const data = randomData("dense", 200, 12, 3, 8);
  const float = await new LogisticRegression({ lambda }).fit(data);
  const model = await prune(float, { sparsity: 0.25, data, refit: true });
  let before = Number.POSITIVE_INFINITY;
  for (const leastGain of [0, 1, 4]) {
    const { positions, quantization } = await quantize(model, { bits: 2, data, leastGain });
    assert.ok(positions.every((at) => model.weights[at] !== 0));
    assert.equal(quantization!.removed, model.nonzeros - positions.length);
    assert.ok(positions.length <= before && positions.length > 0);
    before = positions.length;
  }
  assert.ok(before < model.nonzeros / 2);
  await assert.rejects(quantize(model, { bits: 2, data, leastGain: 1e6 }), { code: "invalid-option" });
});

test("descent in turn with the refit ends below compensated and below nearest codes, each with a refit", async () => {
  for (const multiclass of ["ovr", "softmax"] as const) {
    const data = randomData("dense", 300, 20, 3, 5);
    const model = await new LogisticRegression({ lambda, multiclass }).fit(data);
    for (const bits of [1, 2, 3]) {
      const options = { bits, data, importances: "hessian", levelPrecision: "float32" } as const;
      const others = [
        await quantize(model, { ...options, rounding: "nearest" }),
        await quantize(model, { ...options, rounding: "compensated" }),
      ];
      for (const leastGain of [undefined, 0, 0.5]) {
        const gained = leastGain === undefined ? {} : { leastGain };
        const descent = await quantize(model, { ...options, ...gained, rounding: "descent" });
        const priced = (one: QuantizedModel) =>
          objective(one, model, data) + ((leastGain ?? 0.001) / data.rows) * one.nonzeros;
        for (const other of others) {
          assert.ok(priced(descent) <= priced(other) + 1e-7, `${priced(descent)} ${priced(other)}`);
        }
      }
    }
  }
});

test("with few bits, data and a refit descent is the default, else the nearest level", async () => {
  const data = randomData("csr", 100, 10, 2, 6);
  const model = await new LogisticRegression({ lambda }).fit(data);
  const rounding = async (options: Parameters<typeof quantize>[1]) =>
    (await quantize(model, options)).quantization!.rounding;
  assert.equal(await rounding({ bits: 3, data }), "descent");
  assert.equal(await rounding({ bits: 4, data }), "nearest");
  assert.equal(await rounding({ bits: 3 }), "nearest");
  assert.equal(await rounding({ bits: 3, data, refit: false }), "nearest");
  assert.equal(await rounding({ method: "ternary", data }), "nearest");
  assert.deepEqual(
    (await quantize(model, { bits: 3, data })).codes,
    (await quantize(model, { bits: 3, data, rounding: "descent", importances: "hessian" })).codes,
  );
});

/** The levels of least squared error beside zero: the best four, or the best five of which the smallest is zero. */
function besideZero(values: Float64Array): Float64Array {
  const five = kmeansLevels(values, 5, null);
  const least = Math.min(...five.map(Math.abs));
  const tried = [
    { levels: kmeansLevels(values, 4, null), zero: false },
    { levels: five.filter((level) => Math.abs(level) > least), zero: true },
  ];
  const errorOf = ({ levels, zero }: (typeof tried)[number]) => {
    const near = [...levels, ...(zero ? [0] : [])];
    return values.reduce((sum, w) => sum + Math.min(...near.map((level) => (w - level) ** 2)), 0);
  };
  return errorOf(tried[1]) < errorOf(tried[0]) ? tried[1].levels : tried[0].levels;
}

test("descent without a refit keeps levels, and no code of its end can move", async () => {
  const data = randomData("dense", 100, 10, 3, 7);
  const model = await new LogisticRegression({ lambda }).fit(data);
  for (const method of ["kmeans", "quantile", "uniform", "powerOfTwo", "binary"] as const) {
    const bits = method === "binary" ? {} : { bits: 2 };
    const options = { method, ...bits, levelPrecision: "float32", refit: false } as const;
    const nearest = await quantize(model, options);
    const end = await quantize(model, { ...options, data, rounding: "descent" });
    const levels =
      method === "kmeans" ? besideZero(model.weights).map(Math.fround) : levelsOf(nearest.scheme);
    assert.ok(
      levelsOf(end.scheme).every((level) => levels.includes(level)),
      method,
    );
    const { classes, link, featureNames, positions, intercepts, scheme, nonzeros } = end;
    const price = 0.001 / data.rows;
    const least = objective(end, model, data) + price * nonzeros;
    const own = levelsOf(scheme);
    for (let at = 0; at < model.weights.length; at++) {
      for (let code = -1; code < own.length; code++) {
        const codes = new Map(Array.from(positions, (place, i) => [place, end.codes[i]]));
        if (code < 0) codes.delete(at);
        else codes.set(at, code);
        const places = Uint32Array.from(codes.keys()).sort();
        const parts = { positions: places, codes: Uint16Array.from(places, (place) => codes.get(place)!) };
        const other = new QuantizedModel({ classes, link, featureNames, intercepts, scheme, ...parts });
        const changed = objective(other, model, data) + price * places.length;
        assert.ok(changed >= least - 1e-8, `${method}, weight ${at}, code ${code}`);
      }
    }
  }
});

test("descent is refused without data, for floats, and with a gain below zero or beside another rounding", async () => {
  const data = randomData("dense", 100, 10, 3, 7);
  const model = await new LogisticRegression({ lambda }).fit(data);
  const wrong = (options: Parameters<typeof quantize>[1], code: string) =>
    assert.rejects(quantize(model, options), { code });
  await wrong({ bits: 2, rounding: "descent" }, "missing-option");
  await wrong({ bits: 2, data, leastGain: -1 }, "invalid-option");
  await wrong({ bits: 2, data, leastGain: 1, rounding: "nearest" }, "invalid-option");
  await wrong({ method: "float16", data, rounding: "descent" }, "invalid-option");
  await wrong({ method: "entropy", data, rounding: "descent" }, "invalid-option");
});
