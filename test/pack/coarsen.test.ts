import assert from "node:assert/strict";
import { test } from "node:test";
import { numberedNames } from "../../src/matrix/names";
import { coarsen } from "../../src/pack/coarsen";
import { ledger } from "../../src/pack/ledger";
import { QuantizedModel } from "../../src/quantize/quantized";
import { codeCount, type Scheme } from "../../src/quantize/schemes";

function modelOf(scheme: Scheme): QuantizedModel {
  return new QuantizedModel({
    classes: [0, 1],
    link: "binary",
    featureNames: numberedNames(50),
    positions: Uint32Array.of(1, 5, 9, 30),
    codes: Uint16Array.of(0, 1, 2, 3),
    scheme,
    intercepts: Float64Array.of(0.33349609375),
  });
}

const codebook: Scheme = {
  kind: "codebook",
  bits: 2,
  levels: Float64Array.of(-1.0078125, -0.5322265625, 0.7001953125, 0.740234375),
};

test("each bit of mantissa less saves a bit a level and a bit an intercept", () => {
  const bits = (model: QuantizedModel, part: string) =>
    ledger(model).sections.find(({ name }) => name === part)!.bits;
  const seven = coarsen(modelOf(codebook), { levels: 7, intercepts: 7 });
  const four = coarsen(modelOf(codebook), { levels: 4, intercepts: 4 });
  assert.ok(Math.abs(bits(seven, "levels") - bits(four, "levels") - 12) < 0.1);
  assert.ok(Math.abs(bits(seven, "intercepts") - bits(four, "intercepts") - 3) < 0.1);
  four.weights.forEach((w, at) => {
    assert.ok(Math.abs(w - modelOf(codebook).weights[at]) <= 2 ** -5 * Math.abs(w));
  });
  assert.deepEqual(coarsen(modelOf(codebook), {}).scheme, modelOf(codebook).scheme);
});

test("levels that become equal become one, and none becomes zero", () => {
  const two = coarsen(modelOf(codebook), { levels: 0 });
  assert.equal(codeCount(two.scheme), 3);
  assert.deepEqual([...two.codes], [0, 1, 2, 2]);
  const tiny: Scheme = { kind: "uniform", bits: 2, scale: 1e-9, zeroPoint: 1.5 };
  assert.ok(coarsen(modelOf(tiny), { levels: 2 }).weights.filter((w) => w !== 0).length === 4);
  assert.throws(() => coarsen(modelOf(tiny), { levels: 11 }), { code: "invalid-option" });
  assert.throws(() => coarsen(modelOf(tiny), { level: 1 } as object), { code: "unknown-option" });
});
