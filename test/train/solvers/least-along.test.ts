import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { leastAlong } from "../../../src/train/solvers/least-along";

/** The derivatives of the sum of log(1 + exp(a + b t)) over rows and of a square. */
function derivatives(rows: readonly (readonly [number, number])[], square: number) {
  return (t: number): [number, number] => {
    let [first, second] = [square * (t - 1.5), square];
    for (const [a, b] of rows) {
      const p = 1 / (1 + Math.exp(-(a + b * t)));
      first += p * b;
      second += p * (1 - p) * b * b;
    }
    return [first, second];
  };
}

test("the step is within its bounds and leaves no more of the slope than the step of one", () => {
  const rows = fc.array(fc.tuple(fc.double({ min: -5, max: 5 }), fc.double({ min: -3, max: 3 })), {
    minLength: 1,
    maxLength: 20,
  });
  fc.assert(
    fc.property(rows, fc.double({ min: 0.01, max: 2 }), (drawn, square) => {
      const numbers = drawn.filter((row) => row.every(Number.isFinite));
      const at = derivatives(numbers, square);
      const [slope] = at(0);
      fc.pre(slope < 0);
      const t = leastAlong(at, slope);
      assert.ok(t >= 0.05 && t <= 20, `${t}`);
      const inside = t > 0.05 && t < 20;
      const bound = Math.max(Math.abs(at(1)[0]), -0.1 * slope);
      assert.ok(!inside || Math.abs(at(t)[0]) <= bound * (1 + 1e-9), `${at(t)[0]} at ${t}, ${at(1)[0]} at 1`);
    }),
    { numRuns: 500 },
  );
});

test("the step of a quadratic is its minimum, and what is not a number is the step of one", () => {
  for (const least of [0.2, 1, 3, 12]) {
    const t = leastAlong((s) => [2 * (s - least), 2], -2 * least);
    assert.ok(Math.abs(t - least) <= 0.1 * least, `${t}, not ${least}`);
  }
  assert.equal(
    leastAlong(() => [Number.NaN, Number.NaN], -1),
    1,
  );
});
