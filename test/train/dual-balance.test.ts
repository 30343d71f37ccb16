import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { sigmoid, softplus } from "../../src/base/sigmoid";
import { balance, divergence } from "../../src/train/solvers/dual-balance";

test("balance makes both sides sum to the same, however far off they are", () => {
  const rows = fc.array(
    fc.record({
      t: fc.oneof(
        fc.double({ min: -40, max: 40, noNaN: true }),
        fc.double({ min: -1e6, max: 1e6, noNaN: true }),
      ),
      share: fc.double({ min: 0.01, max: 1, noNaN: true }),
    }),
    { minLength: 2, maxLength: 12 },
  );
  fc.assert(
    fc.property(rows, (drawn) => {
      const t = Float64Array.from(drawn, (row) => row.t);
      const shares = Float64Array.from(drawn, (row) => row.share);
      const y = Float64Array.from(drawn, (_, i) => (i % 2 === 0 ? 1 : -1));
      const c = balance(t, y, shares);
      const excess = (shift: number) => {
        let sum = 0;
        for (let i = 0; i < t.length; i++) sum += y[i] * shares[i] * sigmoid(t[i] - y[i] * shift);
        return sum;
      };
      const slack = 1e-9 * (1 + Math.abs(c));
      assert.ok(excess(c - slack) >= -1e-12 && excess(c + slack) <= 1e-12, `${excess(c)} at ${c}`);
    }),
    { numRuns: 500, seed: 2 },
  );
});

test("balance takes no step where nothing is to be balanced", () => {
  const none = Float64Array.of(Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY);
  assert.equal(balance(none, Float64Array.of(1, -1), Float64Array.of(0.5, 0.5)), 0);
  assert.equal(balance(Float64Array.of(2, 2), Float64Array.of(1, -1), Float64Array.of(0.5, 0.5)), 0);
});

test("divergence is Bregman's of softplus, is the same for both outcomes, and keeps its digits", () => {
  const logit = fc.double({ min: -700, max: 700, noNaN: true });
  fc.assert(
    fc.property(logit, logit, (t, z) => {
      const value = divergence(t, z);
      assert.ok(value >= 0);
      assert.ok(Math.abs(value - divergence(-t, -z)) <= 1e-9 * (1 + value));
      const naive = softplus(t) - softplus(z) - sigmoid(z) * (t - z);
      assert.ok(Math.abs(value - naive) <= 1e-9 * (1 + Math.abs(t) + Math.abs(z)));
    }),
    { seed: 3 },
  );
  assert.equal(divergence(1, Number.NEGATIVE_INFINITY), softplus(1));
  assert.equal(divergence(1, Number.POSITIVE_INFINITY), softplus(-1));
  for (const d of [9.99e-4, 1.001e-3]) {
    const p = sigmoid(0.3);
    const series = p * (1 - p) * (d * d * (1 / 2 + (d * (1 - 2 * p)) / 6));
    assert.ok(Math.abs(divergence(0.3 + d, 0.3) - series) < 1e-6 * series);
  }
});
