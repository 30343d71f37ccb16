import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { LogitpressError } from "../../src/base/errors";
import { Random } from "../../src/base/random";
import { Dataset } from "../../src/matrix/dataset";
import { SparseMatrix } from "../../src/matrix/sparse";
import { Design } from "../../src/train/design";
import { mergeEqualRows } from "../../src/train/equal-rows";
import type { Job } from "../../src/train/job";
import { layOut, layoutFor } from "../../src/train/layout";
import { LogisticRegression } from "../../src/train/logistic-regression";
import { LogisticLoss } from "../../src/train/losses/logistic";
import { regularizationPath } from "../../src/train/path";
import { Products } from "../../src/train/products";
import { RowPasses } from "../../src/train/row-passes";
import { kinds, randomMatrix } from "./data";

/** One-hot rows of few kinds among many columns of which most are never stored. */
function repeated(rows: number, kindsOfRows: number, columns: number, seed: number): Dataset {
  const random = new Random(seed);
  const patterns = Array.from({ length: kindsOfRows }, () => {
    const row = new Set<number>();
    while (row.size < 4) row.add(7 * random.integer(Math.floor(columns / 7)));
    return [...row].sort((a, b) => a - b);
  });
  const lines = Array.from({ length: rows }, () => patterns[random.integer(kindsOfRows)]);
  const pointers = Uint32Array.from({ length: rows + 1 }, (_, i) => 4 * i);
  const features = new SparseMatrix(rows, columns, pointers, Uint32Array.from(lines.flat()), null);
  const labels = lines.map((line) => (random.uniform() < 0.3 + 0.4 * ((line[0] / 7) % 2) ? 1 : 0));
  return Dataset.from({ features, labels });
}

/** Each distinct row and label once, weighted by its count. */
function distinct(data: Dataset): Dataset {
  const { pointers, indices } = data.features as SparseMatrix;
  const first = new Map<string, number>();
  const weights = new Map<number, number>();
  data.labels.forEach((label, i) => {
    const key = `${label}:${indices.subarray(pointers[i], pointers[i + 1]).join()}`;
    if (!first.has(key)) first.set(key, i);
    const at = first.get(key)!;
    weights.set(at, (weights.get(at) ?? 0) + 1);
  });
  const rows = data.take([...first.values()]);
  return Dataset.from({
    features: rows.features,
    labels: Array.from(rows.labels, (k) => data.classes[k]),
    weights: [...weights.values()],
  });
}

function close(ours: ArrayLike<number>, theirs: ArrayLike<number>, tolerance: number): void {
  assert.equal(ours.length, theirs.length);
  for (let i = 0; i < ours.length; i++) {
    assert.ok(Math.abs(ours[i] - theirs[i]) <= tolerance, `at ${i}: ${ours[i]}, ${theirs[i]}`);
  }
}

test("a laid out design has the loss and the gradient of what was given, also for other shares", () => {
  fc.assert(
    fc.property(fc.constantFrom(...kinds), fc.nat(1000), fc.boolean(), (kind, seed, dropEmpty) => {
      const random = new Random(seed);
      const few = randomMatrix(kind, 20, 5, random);
      const features = few.take(Array.from({ length: 400 }, () => random.integer(20)));
      const labels = Uint32Array.from({ length: 400 }, () => random.integer(2));
      const shares = Float64Array.from({ length: 400 }, () => random.uniform() / 200);
      const given = Design.of(features, labels, shares);
      const copy = Design.of(features, labels, shares);
      // So many outputs that the five columns count as a wide matrix.
      const laid = copy.at(layOut(copy, { outputs: 10_000, dropEmpty, asGiven: false }));
      assert.ok(laid.rows <= 40);
      const fold = shares.map((share, i) => (i % 3 === 0 ? 0 : share));
      for (const [ours, theirs] of [
        [laid, given],
        [laid.withShares(fold), given.withShares(fold)],
      ]) {
        const w = theirs.parameters(1);
        w.forEach((_, j) => {
          w[j] = random.normal();
        });
        const order = ours.order ?? Uint32Array.from({ length: 5 }, (_, j) => j);
        const own = ours.parameters(1);
        own.set([...Array.from(order, (j) => w[j]), w[5]]);
        const [g, expected] = [ours.parameters(1), theirs.parameters(1)];
        const loss = new LogisticLoss(ours, 1).gradient(own, g);
        assert.ok(Math.abs(loss - new LogisticLoss(theirs, 1).gradient(w, expected)) < 1e-12);
        close(g, [...Array.from(order, (j) => expected[j]), expected[5]], 1e-12);
      }
    }),
    { numRuns: 60 },
  );
});

test("long rows of a wide matrix lie in an order by chance, and what is given by row goes with them, merged or not", () => {
  for (const repeats of [1, 8]) {
    const random = new Random(2);
    const [rows, columns, each] = [480, 40_000, 130];
    const lines = Array.from({ length: rows / repeats }, () =>
      Array.from({ length: each }, (_, k): [number, number] => [
        300 * k + random.integer(300),
        random.normal(),
      ]),
    );
    const features = SparseMatrix.fromRows(
      Array.from({ length: rows }, (_, i) => lines[i % lines.length]),
      columns,
    );
    const labels = Uint32Array.from({ length: rows }, (_, i) => (i % lines.length) % 2);
    const shares = Float64Array.from({ length: rows }, () => random.uniform() / rows);
    const given = Design.of(features, labels, shares);
    const copy = Design.of(features, labels, shares, undefined, undefined, true);
    const laid = copy.at(layOut(copy, { outputs: 1, dropEmpty: false, asGiven: false }));
    assert.equal(laid.rows, lines.length);
    assert.ok(laid.given.mixed && !given.given.mixed);
    const numberOf = laid.gather(Float64Array.from({ length: rows }, (_, i) => (i < lines.length ? i : 0)));
    assert.notDeepEqual([...numberOf], Array.from(lines.keys()));
    assert.deepEqual(
      [...numberOf].sort((a, b) => a - b),
      Array.from(lines.keys()),
    );
    const fold = shares.map((share, i) => (i % 3 === 0 ? 0 : share));
    for (const [ours, theirs] of [
      [laid, given],
      [laid.withShares(fold), given.withShares(fold)],
    ]) {
      const w = theirs.parameters(1);
      w.forEach((_, j) => {
        w[j] = random.normal();
      });
      const own = ours.parameters(1);
      own.set([...Array.from(ours.order!, (j) => w[j]), w[columns]]);
      const [g, expected] = [ours.parameters(1), theirs.parameters(1)];
      const loss = new LogisticLoss(ours, 1).gradient(own, g);
      assert.ok(Math.abs(loss - new LogisticLoss(theirs, 1).gradient(w, expected)) < 1e-12);
      close(g, [...Array.from(ours.order!, (j) => expected[j]), expected[columns]], 1e-12);
      // Products by halves of the columns are those by rows.
      const r = Float64Array.from({ length: ours.rows }, () => random.normal());
      const [sides, whole] = [ours.parameters(1), ours.parameters(1)];
      const inArena = ours.arena.copy(r);
      new Products(ours).addTransposed(inArena, sides);
      ours.kernels.transposeTimes(...ours.matrix, 1, inArena.byteOffset, whole.byteOffset);
      close(sides, whole, 1e-12);
    }
  }
});

test("rows that differ are left alone, and the first of equal rows stays in its place", () => {
  const unique = Design.of(
    randomMatrix("dense", 300, 3, new Random(1)),
    new Uint32Array(300),
    new Float64Array(300).fill(1 / 300),
  );
  assert.equal(mergeEqualRows(unique), null);
  const pattern = [0, 1, 0, 2, 1, 0, 2, 2].flatMap((j) => Array.from({ length: 40 }, () => j));
  const features = new SparseMatrix(
    320,
    3,
    Uint32Array.from({ length: 321 }, (_, i) => i),
    Uint32Array.from(pattern),
    null,
  );
  const design = Design.of(features, new Uint32Array(320), new Float64Array(320).fill(1 / 320));
  const laid = design.at(layOut(design, { outputs: 1, dropEmpty: true, asGiven: false }));
  assert.equal(laid.rows, 3);
  const indices = new Uint32Array(laid.arena.memory.buffer, laid.matrix[1], 3);
  assert.deepEqual([...indices], [0, 1, 2]);
  close(laid.shares, [3 / 8, 2 / 8, 3 / 8], 1e-12);
});

test("a fit of repeated rows in sparse wide columns is that of its distinct rows by weight", async () => {
  const data = repeated(40_000, 3000, 70_000, 3);
  const few = distinct(data);
  assert.ok(few.rows < 7000);
  for (const [penalty, solver] of [
    ["l2", "newton"],
    ["l1", "prox-newton"],
  ] as const) {
    const options = { penalty, lambda: 1e-3, tolerance: 1e-10, solver } as const;
    const ours = await new LogisticRegression({ ...options, threads: 2 }).fit(data);
    const theirs = await new LogisticRegression(options).fit(few);
    assert.ok(ours.fit.converged && theirs.fit.converged);
    assert.ok(Math.abs(ours.fit.objective - theirs.fit.objective) < 1e-9);
    close(ours.weights, theirs.weights, 1e-4);
    const again = await new LogisticRegression({ ...options, threads: 1 }).fit(data);
    assert.deepEqual(again.weights, ours.weights);
    const { indices } = data.features as SparseMatrix;
    const stored = new Set(indices);
    assert.ok(ours.weights.every((w, j) => stored.has(j) || w === 0));
  }
});

test("weights of a path and of a warm start come in the order that was given", async () => {
  const data = repeated(20_000, 3000, 140_000, 4);
  const lambdas = [3e-3, 1e-3];
  const path = await regularizationPath(data, { penalty: "l1", lambdas, tolerance: 1e-9 });
  for (const { lambda, model } of path.steps) {
    const alone = await new LogisticRegression({ penalty: "l1", lambda, tolerance: 1e-9 }).fit(data);
    close(model.weights, alone.weights, 1e-4);
    const options = { penalty: "l1", lambda, tolerance: 1e-9, warmStart: alone } as const;
    const warm = await new LogisticRegression(options).fit(data);
    assert.ok(warm.fit.iterations <= 2);
    close(warm.weights, alone.weights, 1e-4);
  }
});

test("columns without a value stay where their weights may not be zero", () => {
  const plain = { groups: null, weights: null, lower: null, upper: null, scale: null };
  const jobOf = (own: object, weight = 0, solver = "auto"): Job => {
    const penalty = { name: "l2", lambda: 1, l1Ratio: 0, ...plain, ...own };
    const start = { weights: new Float64Array(9).fill(weight), intercepts: new Float64Array(1) };
    return {
      kind: "fit",
      plan: { penalty, start, solver, link: "binary", classes: 2, mask: null, fitIntercept: true },
    } as unknown as Job;
  };
  const drops = (...jobs: Job[]) => layoutFor(jobs, 1).dropEmpty;
  assert.equal(drops(jobOf({}, 1)), true);
  assert.equal(drops(jobOf({}), jobOf({ name: "group", groups: new Uint32Array(9) })), false);
  assert.equal(drops(jobOf({ weights: new Float64Array(9) }, 1)), false);
  assert.equal(drops(jobOf({ name: "none" }, 1)), false);
  assert.equal(drops(jobOf({ name: "none" })), true);
});

test("a long pass is heard and stopped in its midst, and its parts give the same sums", () => {
  const features = randomMatrix("csr", 3000, 40, new Random(6));
  const shares = new Float64Array(3000).fill(1 / 3000);
  const design = Design.of(features, new Uint32Array(3000), shares);
  const r = design.arena.floats(3000);
  r.forEach((_, i) => {
    r[i] = i % 7;
  });
  const sumsOf = (most?: number) => {
    const out = design.parameters(1);
    new RowPasses(design, 1, most).add("transposeTimes", out, ({ from }, rows, target) => [
      ...rows,
      1,
      r.byteOffset + 8 * from,
      target,
    ]);
    return out;
  };
  let checks = 0;
  design.team.check = () => {
    checks++;
  };
  const whole = sumsOf();
  assert.equal(checks, 1);
  close(sumsOf(1000), whole, 1e-9);
  assert.ok(checks > 30);
  design.team.check = () => {
    throw new LogitpressError("cancelled", { thing: "fit" });
  };
  assert.throws(() => sumsOf(1000), LogitpressError);
});
