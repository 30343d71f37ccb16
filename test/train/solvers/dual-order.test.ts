import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { Random } from "../../../src/base/random";
import { inLanes } from "../../../src/train/solvers/dual-order";

test("an order in lanes has each row once, and those of a round lie a lane apart", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 200 }),
      fc.integer({ min: 1, max: 16 }),
      fc.nat(),
      (n, lanes, seed) => {
        const rows = Uint32Array.from({ length: n }, (_, i) => 3 * i + 1);
        const order = new Uint32Array(n);
        inLanes(rows, lanes, new Random(seed), order);
        assert.deepEqual(order.slice().sort(), rows);
        const again = new Uint32Array(n);
        inLanes(rows, lanes, new Random(seed), again);
        assert.deepEqual(again, order);
        if (lanes === 1) return;
        const least = Math.floor(n / lanes);
        for (let round = 0; round < least; round++) {
          const at = Array.from(order.subarray(round * lanes, (round + 1) * lanes), (row) => (row - 1) / 3);
          at.forEach((row, lane) => {
            assert.equal(Math.min(lanes - 1, Math.floor(((row + 1) * lanes - 1) / n)), lane);
          });
        }
      },
    ),
  );
});

test("a lane goes on where it was, so that memory is read in its order", () => {
  const rows = Uint32Array.from({ length: 80 }, (_, i) => i);
  const order = new Uint32Array(80);
  inLanes(rows, 8, new Random(3), order);
  for (let lane = 0; lane < 8; lane++) {
    const own = Array.from({ length: 10 }, (_, round) => order[8 * round + lane] - 10 * lane);
    own.forEach((row, round) => {
      assert.equal(row, (own[0] + round) % 10);
    });
  }
});
