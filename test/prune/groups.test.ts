import assert from "node:assert/strict";
import { test } from "node:test";
import { prune } from "../../src/prune/prune";
import { fitted, problem } from "./problems";

test("patterns leave n of m features in a row for each output; what is over at the end is a row of its own", async () => {
  const model = await fitted(problem("dense", 150, 10, 3, 7));
  const pruned = await prune(model, { pattern: [2, 4] });
  for (let k = 0; k < 3; k++) {
    for (const [from, to] of [
      [0, 4],
      [4, 8],
      [8, 10],
    ]) {
      const row = Array.from({ length: to - from }, (_, i) => (from + i) * 3 + k);
      assert.equal(row.filter((at) => pruned.mask[at] === 1).length, 2);
      const worst = Math.min(...row.filter((at) => pruned.mask[at]).map((at) => pruned.importances[at]));
      assert.ok(row.every((at) => pruned.mask[at] === 1 || pruned.importances[at] <= worst));
    }
  }
  for (const pattern of [[3, 2], [0, 4], [1, 11], [1, 2.5], [1]]) {
    await assert.rejects(prune(model, { pattern: pattern as never }), { code: "invalid-option" });
  }
  await assert.rejects(prune(model, { pattern: [1, 4], protect: [0, 1] }), { code: "invalid-option" });
  await assert.rejects(prune(model, { pattern: [1, 4], scope: "class" }), { code: "invalid-option" });
});

test("groups come and go together, and protected features stay and count", async () => {
  const data = problem("dense", 150, 9, 3, 8);
  const model = await fitted(data);
  const groups = [
    ["x0", "x4"],
    [1, 2, 3],
  ];
  for (const strategy of ["magnitude", "l2", "obs", "random"] as const) {
    const pruned = await prune(model, { strategy, scope: "group", groups, keep: 3, protect: ["x8"], data });
    const alive = Array.from({ length: 9 }, (_, j) => pruned.mask[3 * j]);
    assert.equal(alive[0], alive[4]);
    assert.equal(new Set([alive[1], alive[2], alive[3]]).size, 1);
    assert.equal(alive[8], 1);
    const units = [alive[0], alive[1], alive[5], alive[6], alive[7], alive[8]];
    assert.equal(
      units.reduce((sum, on) => sum + on, 0),
      3,
    );
  }
  for (const strategy of ["l1", "taylor", "obs", "random"] as const) {
    const path = strategy === "l1" ? { l1: "path" as const } : {};
    const guarded = await prune(model, { strategy, keep: 5, protect: ["x7"], data, ...path });
    assert.deepEqual([...guarded.mask.subarray(21, 24)], [1, 1, 1], strategy);
    assert.ok(guarded.nonzeros <= 5 && guarded.nonzeros >= 3);
  }
  const two = await prune(model, { keep: 6, protect: ["x0", "x1"] });
  assert.deepEqual([...two.mask].slice(0, 6), [1, 1, 1, 1, 1, 1]);
  assert.equal(two.nonzeros, 6);
  await assert.rejects(prune(model, { keep: 5, protect: ["x0", "x1"] }), { code: "invalid-option" });
  await assert.rejects(prune(model, { keep: 5, protect: ["nobody"] }), { code: "missing-column" });
  await assert.rejects(prune(model, { keep: 5, protect: [9] }), { code: "invalid-option" });
  await assert.rejects(prune(model, { keep: 2, scope: "group" }), { code: "missing-option" });
  await assert.rejects(prune(model, { keep: 2, groups: [[0]] }), { code: "invalid-option" });
  const twice = [
    [0, 1],
    [1, 2],
  ];
  await assert.rejects(prune(model, { keep: 2, scope: "group", groups: twice }), { code: "invalid-option" });
  await assert.rejects(prune(model, { keep: 2, scope: "group", groups: [[]] }), { code: "invalid-option" });
});
