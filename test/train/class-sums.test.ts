import assert from "node:assert/strict";
import { test } from "node:test";
import { Random } from "../../src/base/random";
import { SparseMatrix } from "../../src/matrix/sparse";
import { classSums } from "../../src/train/class-sums";
import { Design } from "../../src/train/design";
import { layOut } from "../../src/train/layout";
import { Products } from "../../src/train/products";
import { startDual } from "../../src/train/solvers/dual-start";

const [rows, columns, each] = [160, 40_000, 140];

/** Long sparse rows of uneven shares, some of share 0, as they are laid out for a model of so many outputs. */
function laidOut(outputs: number): Design {
  const random = new Random(3);
  const lines = Array.from({ length: rows }, () =>
    Array.from({ length: each }, (_, k): [number, number] => [
      280 * k + random.integer(280),
      random.normal(),
    ]),
  );
  const features = SparseMatrix.fromRows(lines, columns);
  const labels = Uint32Array.from({ length: rows }, (_, i) => (i % 5 < 2 ? 1 : 0));
  const shares = Float64Array.from({ length: rows }, (_, i) => (i % 7 === 0 ? 0 : random.uniform() / rows));
  const copy = Design.of(features, labels, shares, undefined, undefined, true);
  return copy.at(layOut(copy, { outputs, dropEmpty: true, asGiven: false }));
}

/** Where the dual begins from zero weights. */
function startOf(design: Design, strength: number | Float64Array, positive: number, intercept: number) {
  const even = typeof strength === "number";
  const state = {
    design,
    positive,
    sides: Float64Array.from(design.labels, (label) => (label === positive ? 1 : -1)),
    free: true,
    inverses: even ? null : design.arena.copy(strength.map((one) => 1 / one)),
    inverse: even ? 1 / strength : 1,
    norms: design.arena.floats(rows),
    alphas: design.arena.floats(rows),
    logits: design.arena.floats(rows).fill(Number.NEGATIVE_INFINITY),
    w: design.parameters(1),
  };
  state.w[design.columns] = intercept;
  const { objective, penalty } = startDual(state, new Products(design));
  return [objective, penalty, ...state.alphas, ...state.logits.map((z) => Math.max(z, -1e9)), ...state.w];
}

test("the dual begins where the sums of the classes say as it does by all rows", () => {
  const design = laidOut(1);
  assert.ok(classSums(design) !== null);
  const without = design.at({ ...design.place, given: { ...design.given, sums: 0 } });
  const uneven = Float64Array.from({ length: design.columns }, (_, j) =>
    j % 3 === 0 ? Number.POSITIVE_INFINITY : 0.01 * (1 + (j % 5)),
  );
  for (const strength of [1e-6, 1e-2, 1, 1e4, uneven]) {
    for (const [positive, intercept] of [
      [1, -0.4],
      [0, 0.4],
      [1, 3],
      [0, 0],
    ]) {
      const ours = startOf(design, strength, positive, intercept);
      const theirs = startOf(without, strength, positive, intercept);
      const most = Math.max(1e-3, ...theirs.map((x) => (x > -1e9 ? Math.abs(x) : 0)));
      ours.forEach((x, n) => {
        assert.ok(Math.abs(x - theirs[n]) <= 1e-12 * most, `${n}: ${x}, ${theirs[n]}`);
      });
    }
  }
});

test("classes are summed for binary models only, and the sums hold for no other shares", () => {
  assert.equal(classSums(laidOut(3)), null);
  assert.equal(classSums(laidOut(1).withShares(new Float64Array(rows).fill(1 / rows))), null);
});
