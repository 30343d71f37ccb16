import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { openRows } from "../../../src/train/solvers/dual-tail";

const divergence = fc.oneof(
  fc.double({ min: 0, max: 1e3, noNaN: true }),
  fc.constantFrom(0, 1e-300, Number.POSITIVE_INFINITY),
);

test("rows that are left out hold no more than they may, and less each than any that is chosen", () => {
  fc.assert(
    fc.property(
      fc.array(divergence, { minLength: 1, maxLength: 50 }),
      fc.double({ min: 0, max: 10 }),
      (d, most) => {
        const divergences = Float64Array.from(d);
        const rows = Uint32Array.from(d.keys()).filter((i) => i % 5 !== 3);
        const chosen = openRows(rows, divergences, most);
        if (chosen === null || rows.length === 0) return;
        assert.ok(chosen.length <= 0.6 * rows.length);
        const left = rows.filter((i) => !chosen.includes(i));
        assert.ok(left.reduce((sum, i) => sum + d[i], 0) <= most);
        const least = Math.min(...Array.from(chosen, (i) => d[i]));
        assert.ok(left.every((i) => d[i] <= least));
      },
    ),
  );
});

test("of a few great divergences and many small ones the few are chosen, of equal ones none", () => {
  const divergences = Float64Array.from({ length: 100 }, (_, i) => (i % 20 === 0 ? 1 : 1e-3));
  const rows = Uint32Array.from(divergences.keys());
  assert.deepEqual(openRows(rows, divergences, 0.2), Uint32Array.of(0, 20, 40, 60, 80));
  assert.equal(openRows(rows, divergences.fill(1), 5), null);
  assert.equal(openRows(rows, divergences, 0), null);
});
