import assert from "node:assert/strict";
import { test } from "node:test";
import { LogitpressError } from "../../src/base/errors";
import { Random } from "../../src/base/random";
import { l1RegularizationPruning } from "../../src/prune/article";
import { uniformQuantization } from "../../src/quantize/article";

test("L1 pruning moves weights towards zero and never through it", () => {
  assert.deepEqual(
    Array.from(l1RegularizationPruning([-1, 0.05, 0, -0.05, 2], 0.1), (w) => w + 0),
    [-0.9, 0, 0, 0, 1.9],
  );
  assert.throws(() => l1RegularizationPruning([1], -1), LogitpressError);
  assert.throws(() => l1RegularizationPruning([Number.NaN], 1), LogitpressError);
});

test("uniform quantization holds half a scale at every width and range", () => {
  const random = new Random(2);
  for (const range of [1e-3, 1, 1e3]) {
    const weights = Float64Array.from({ length: 200 }, () => range * random.normal());
    for (let bits = 1; bits <= 16; bits++) {
      const { codes, scale, values } = uniformQuantization(weights, bits);
      const top = Math.max(1, 2 ** (bits - 1) - 1);
      weights.forEach((w, j) => {
        assert.ok(Math.abs(codes[j]) <= top);
        assert.equal(values[j], codes[j] * scale);
        assert.ok(Math.abs(values[j] - w) <= scale * (0.5 + 1e-9));
      });
    }
  }
  assert.deepEqual(Array.from(uniformQuantization([0, 0], 3).values), [0, 0]);
  for (const bits of [0, 17, 2.5]) assert.throws(() => uniformQuantization([1], bits), LogitpressError);
});
