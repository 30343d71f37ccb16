import assert from "node:assert/strict";
import { test } from "node:test";
import { type QuantizeMethod, type QuantizeOptions, quantize } from "../../src";
import { Random } from "../../src/base/random";
import { DenseMatrix } from "../../src/matrix/dense";
import { numberedNames } from "../../src/matrix/names";
import { LinearModel } from "../../src/model/linear";
import { evidence } from "../model/evidence";

/**
 * Named budgets for 400 normal weights, as shares of the root mean square of the weights: the root mean square error of the
 * round trip, and of dot products with normal rows, which is the same where errors are independent, with a fifth on top for
 * chance. The theory for a normal source (Gersho and Gray, 1992, table 5.1; Max, 1960): a best quantizer of 1, 2, 3, 4 bits has a
 * relative mean square error of 0.3634, 0.1175, 0.03454, 0.009497, a best uniform one of 0.3634, 0.1188, 0.03744,
 * 0.01154, and each bit beyond halves the step; of 5, 6, 7, 8 bits a best one has 0.002499, 0.000642, 0.000163, 0.000041. Levels that the
 * coder's bits are counted for come to pi e / 6 times 2 to the power of minus twice the entropy (section 9.9). Powers of two have 2/56 where the density is flat between 2/3 and 4/3 of one.
 */
const budgets: { readonly name: string; readonly options: QuantizeOptions; readonly roundTrip: number }[] = [
  ...[0.3634, 0.1175, 0.03454, 0.009497, 0.002499, 0.000642, 0.000163, 0.000041].map((error, at) =>
    budget("kmeans", at + 1, Math.sqrt(error)),
  ),
  ...[0.3634, 0.1188, 0.03744, 0.01154, 0.00349, 0.00104, 0.000304].map((error, at) =>
    budget("uniform", at + 1, Math.sqrt(error)),
  ),
  budget("uniform", 8, 0.0095),
  budget("uniform", 12, 0.0008),
  budget("uniform", 16, 0.0008),
  budget("quantile", 4, 0.25),
  budget("powerOfTwo", 4, Math.sqrt(2 / 56)),
  budget("powerOfTwo", 3, 0.2),
  { name: "ternary", options: { method: "ternary" }, roundTrip: Math.sqrt(0.1902) },
  { name: "binary", options: { method: "binary" }, roundTrip: Math.sqrt(0.3634) },
  { name: "float16", options: { method: "float16" }, roundTrip: 2 ** -11 },
  { name: "bfloat16", options: { method: "bfloat16" }, roundTrip: 2 ** -8 },
];

function budget(method: QuantizeMethod, bits: number, roundTrip: number) {
  return { name: `${method} of ${bits} bits`, options: { method, bits }, roundTrip };
}

const random = new Random(12);
const weights = Float64Array.from({ length: 400 }, () => random.normal());
const rows = new DenseMatrix(
  300,
  400,
  Float32Array.from({ length: 300 * 400 }, () => random.normal()),
);
const size = Math.sqrt(weights.reduce((sum, w) => sum + w * w, 0) / weights.length);
const model = new LinearModel(
  {
    ...{ classes: [0, 1], link: "binary", featureNames: numberedNames(400), weights },
    ...{ intercepts: Float64Array.of(0), scale: null },
  },
  evidence,
  0.01,
);

for (const { name, options, roundTrip } of budgets) {
  test(`error budget of ${name}: round trip and dot products`, async () => {
    const quantized = await quantize(model, options);
    const error = quantized.weights.map((w, at) => w - weights[at]);
    const rms = Math.sqrt(error.reduce((sum, e) => sum + e * e, 0) / error.length) / size;
    assert.ok(rms <= 1.1 * roundTrip, `round trip ${rms}, budget ${roundTrip}`);
    const margins = model.margins(rows).values;
    const found = quantized.margins(rows).values;
    const off = margins.reduce((sum, m, i) => sum + (m - found[i]) ** 2, 0);
    const all = margins.reduce((sum, m) => sum + m * m, 0);
    assert.ok(
      Math.sqrt(off / all) <= 1.3 * roundTrip,
      `dot products ${Math.sqrt(off / all)}, budget ${roundTrip}`,
    );
    const { largestError, squaredError } = quantized.quantization!;
    assert.ok(Math.abs(squaredError - error.reduce((sum, e) => sum + e * e, 0)) < 1e-9);
    assert.ok(Math.abs(largestError! - error.reduce((most, e) => Math.max(most, Math.abs(e)), 0)) < 1e-12);
  });
}

for (const bits of [2, 3, 4, 5, 6]) {
  test(`error budget of entropy of ${bits} bits, by the entropy of its codes`, async () => {
    const { weights: decoded, quantization } = await quantize(model, { method: "entropy", bits });
    const { squaredError, entropyBits, removed } = quantization!;
    assert.equal(removed, 0);
    const error = decoded.reduce((sum, w, at) => sum + (w - weights[at]) ** 2, 0);
    assert.ok(Math.abs(squaredError - error) < 1e-9);
    const roundTrip = Math.sqrt((Math.PI * Math.E) / 6) * 2 ** -entropyBits;
    const rms = Math.sqrt(error / weights.length) / size;
    assert.ok(rms <= 1.1 * roundTrip, `round trip ${rms}, budget ${roundTrip}`);
  });
}
