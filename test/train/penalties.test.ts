import assert from "node:assert/strict";
import { test } from "node:test";
import { Random } from "../../src/base/random";
import { loadKernels } from "../../src/simd/load";
import { Arena } from "../../src/simd/memory";
import type { CompositePenalty } from "../../src/train/penalties/composite";
import { GroupPenalty } from "../../src/train/penalties/group";
import { SeparablePenalty } from "../../src/train/penalties/separable";

const columns = 4;
const scale = Float32Array.from([1, 0.5, 2, 3]);
const weights = [1, 2, 0.5, 1];
const lower = Float64Array.from([-0.3, Number.NEGATIVE_INFINITY, 0, -0.1]);
const upper = Float64Array.from([0.2, 0, Number.POSITIVE_INFINITY, 0.1]);
const boxed = { lower: lower.map((x) => Math.max(x, -2)), upper: upper.map((x) => Math.min(x, 2)) };

function penalties(outputs: number): Record<string, CompositePenalty> {
  const table = { columns, outputs, scale, frozen: null };
  return {
    l1: new SeparablePenalty({ lambda: 0.3, l1Ratio: 1 }, table),
    "elastic net": new SeparablePenalty({ lambda: 0.3, l1Ratio: 0.4 }, table, weights),
    ridge: new SeparablePenalty({ lambda: 0.3, l1Ratio: 0 }, table, weights),
    "l1 in a box": new SeparablePenalty({ lambda: 0.3, l1Ratio: 1 }, table, null, boxed),
    "nothing in a box": new SeparablePenalty({ lambda: 0, l1Ratio: 1 }, table, null, boxed),
    "ridge half bounded": new SeparablePenalty({ lambda: 0.3, l1Ratio: 0.2 }, table, null, { lower, upper }),
    groups: new GroupPenalty({ lambda: 0.3, l1Ratio: 1 }, table, [0, 1, 1, 0]),
    "weighted groups with a square": new GroupPenalty({ lambda: 0.3, l1Ratio: 0.5 }, table, null, weights),
  };
}

/** The least of f over w in the box, by minimising along coordinates and differences of them until nothing moves. */
function least(penalty: CompositePenalty, f: (w: Float64Array) => number, size: number): number {
  const w = new Float64Array(size);
  penalty.project(w);
  const value = (at: Float64Array) => {
    const inside = at.slice();
    penalty.project(inside);
    return f(inside);
  };
  for (let width = 4; width > 1e-9; width /= 1.5) {
    for (let turn = 0; turn < 6; turn++) {
      const random = new Random(turn);
      const directions = Array.from({ length: 3 * size }, (_, n) =>
        Float64Array.from({ length: size }, (_, j) => (n < size ? Number(n === j) : random.normal())),
      );
      for (const direction of directions) {
        for (const step of [width, -width]) {
          const moved = w.map((x, j) => x + step * direction[j]);
          penalty.project(moved);
          if (value(moved) < value(w)) w.set(moved);
        }
      }
    }
  }
  return value(w);
}

function everyBlock({ blocks }: CompositePenalty): Uint32Array {
  return Uint32Array.from({ length: blocks }, (_, b) => b);
}

for (const outputs of [1, 2]) {
  for (const [name, penalty] of Object.entries(penalties(outputs))) {
    const size = columns * outputs;

    test(`the divergence of ${name}, ${outputs} outputs, is the penalty less its lowest tangent`, () => {
      const random = new Random(4);
      for (let trial = 0; trial < 8; trial++) {
        const w = Float64Array.from({ length: size }, () => (random.uniform() < 0.4 ? 0 : random.normal()));
        const c = Float64Array.from({ length: size }, () => random.normal());
        penalty.project(w);
        const stirred = penalty.stirred(w, c);
        const factors = penalty.factors(c, stirred);
        assert.ok(factors.length > 0);
        for (const factor of factors) {
          assert.ok(factor >= 0 && factor <= 1);
          const tangent = (u: Float64Array) =>
            u.reduce((sum, x, j) => sum + factor * c[j] * x, penalty.value(u, everyBlock(penalty)));
          const expected = tangent(w) - least(penalty, tangent, size);
          const found = penalty.divergence(w, c, factor, stirred);
          assert.ok(Math.abs(found - expected) < 1e-5 * (1 + expected), `${found}, not ${expected}`);
        }
      }
    });

    test(`no excess of ${name}, ${outputs} outputs, means that no direction descends`, () => {
      const random = new Random(5);
      for (let trial = 0; trial < 20; trial++) {
        const target = Float64Array.from({ length: size }, () => random.normal());
        const arena = new Arena();
        const all = Uint32Array.from({ length: penalty.blocks }, (_, b) => b);
        const w = proximal(penalty, target, arena, all);
        const g = w.map((x, j) => x - target[j]);
        const stirred = penalty.stirred(w, g);
        const excess = new Float64Array(stirred.length);
        assert.ok(penalty.excess(w, g, stirred, excess) < 1e-9);
        const objective = (u: Float64Array) =>
          u.reduce((sum, x, j) => sum + (x - target[j]) ** 2 / 2, penalty.value(u, everyBlock(penalty)));
        for (let n = 0; n < 30; n++) {
          const moved = w.map((x) => x + 1e-3 * random.normal());
          penalty.project(moved);
          assert.ok(objective(moved) >= objective(w) - 1e-12);
          const elsewhere = penalty.excess(
            moved,
            moved.map((x, j) => x - target[j]),
            all,
            new Float64Array(all.length),
          );
          if (Math.hypot(...moved.map((x, j) => x - w[j])) > 1e-6) assert.ok(elsewhere > 0);
        }
      }
    });
  }
}

/** The minimum of |w - target|^2 / 2 plus the penalty, by a sweep of the kernel's twin. */
function proximal(
  penalty: CompositePenalty,
  target: Float64Array,
  arena: Arena,
  all: Uint32Array,
): Float64Array {
  const terms = penalty.terms(all, arena);
  const size = target.length;
  const order = new Map([...terms.members.slice().sort()].map((j, a) => [j, a]));
  const list = arena.integers(all.length);
  list.set(all);
  const members = arena.integers(size);
  terms.members.forEach((j, at) => {
    members[at] = order.get(j)!;
  });
  const units = arena.floats(size);
  terms.members.forEach((j, at) => {
    units[order.get(j)!] = terms.units[at];
  });
  const w = arena.floats(size);
  const d = arena.floats(size).fill(1);
  const q = arena.floats(size);
  const H = arena.floats(size * size);
  for (let j = 0; j < size; j++) {
    q[j] = -target[j];
    H[j * size + j] = 1;
  }
  const kernels = loadKernels(arena.memory);
  kernels.descendGram(
    list.byteOffset,
    all.length,
    terms.starts.byteOffset,
    members.byteOffset,
    terms.l1.byteOffset,
    terms.l2.byteOffset,
    terms.lower.byteOffset,
    terms.upper.byteOffset,
    units.byteOffset,
    d.byteOffset,
    w.byteOffset,
    arena.floats(2 * size).byteOffset,
    size,
    H.byteOffset,
    q.byteOffset,
  );
  return w.slice();
}

test("strengths above the ceiling leave no weight, strengths below leave one", () => {
  const g = Float64Array.from([0.1, -0.7, 0.3, 0.2]);
  const zero = new Float64Array(columns);
  const table = { columns, outputs: 1, scale, frozen: null };
  for (const make of [
    (lambda: number) => new SeparablePenalty({ lambda, l1Ratio: 0.5 }, table, weights),
    (lambda: number) => new SeparablePenalty({ lambda, l1Ratio: 1 }, table, null, { lower, upper }),
    (lambda: number) => new GroupPenalty({ lambda, l1Ratio: 1 }, table, [0, 0, 1, 1], weights),
  ]) {
    const top = make(1).ceiling(g);
    const excess = (lambda: number) => {
      const penalty = make(lambda);
      const all = Uint32Array.from({ length: penalty.blocks }, (_, b) => b);
      return penalty.excess(zero, g, all, new Float64Array(all.length));
    };
    assert.equal(excess(top * 1.0001), 0);
    assert.ok(excess(top * 0.9999) > 0);
  }
});

test("a weight with neither penalty nor bound leaves no dual bound; ridge alone has no ceiling", () => {
  const table = { columns, outputs: 1, scale: null, frozen: null };
  const free = new SeparablePenalty({ lambda: 1, l1Ratio: 1 }, table, [1, 0, 1, 1]);
  const w = new Float64Array(columns);
  assert.deepEqual(free.factors(w, free.stirred(w, w)), []);
  const frozen = Uint8Array.from([0, 1, 0, 0, 0]);
  const held = new SeparablePenalty({ lambda: 1, l1Ratio: 1 }, { ...table, frozen }, [1, 0, 1, 1]);
  assert.deepEqual(held.factors(w, held.stirred(w, w)), [1]);
  const ridge = new SeparablePenalty({ lambda: 1, l1Ratio: 0 }, table);
  assert.equal(ridge.ceiling(w.fill(1)), Number.POSITIVE_INFINITY);
});
