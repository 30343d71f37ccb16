import assert from "node:assert/strict";
import { test } from "node:test";
import { LogitpressError } from "../../src/base/errors";
import { Random } from "../../src/base/random";
import { type Label, LinearModel, SparseMatrix } from "../../src/index";
import { numberedNames } from "../../src/matrix/names";
import type { Matrix } from "../../src/matrix/sparse";
import { kinds, randomMatrix } from "../train/data";
import { evidence } from "./evidence";

function modelOf(features: number, classes: number, seed: number, singles = false): LinearModel {
  const random = new Random(seed);
  const outputs = classes === 2 ? 1 : classes;
  const normals = (length: number) => Float64Array.from({ length }, () => random.normal());
  const parts = {
    classes: Array.from({ length: classes }, (_, k): Label => k),
    link: classes === 2 ? ("binary" as const) : classes % 2 === 0 ? ("softmax" as const) : ("ovr" as const),
    featureNames: numberedNames(features),
    weights: singles ? normals(features * outputs).map(Math.fround) : normals(features * outputs),
    intercepts: normals(outputs),
    scale: null,
  };
  return new LinearModel(parts, evidence, 0.1);
}

/** Sums from the left, one product after the other. */
function plainMargin({ weights, intercepts, outputs }: LinearModel, x: Matrix, i: number, k: number): number {
  let margin = intercepts[k];
  const [from, to] =
    x.kind === "dense" ? [i * x.columns, (i + 1) * x.columns] : [x.pointers[i], x.pointers[i + 1]];
  for (let p = from; p < to; p++) {
    const j = x.kind === "dense" ? p - from : x.indices[p];
    margin += (x.values === null ? 1 : x.values[p]) * weights[j * outputs + k];
  }
  return margin;
}

for (const kind of kinds) {
  test(`${kind}: rows, batches of any number of threads and predictors give the same bits`, () => {
    for (const [columns, classes, singles] of [
      [1, 2, true],
      [7, 3, true],
      [37, 2, true],
      [38, 2, false],
      [30, 4, false],
      [200, 10, true],
      [41, 10, false],
      [133, 11, false],
    ] as const) {
      const rows = Math.ceil(200_000 / (columns * classes));
      const features = randomMatrix(kind, rows, columns, new Random(columns));
      const model = modelOf(columns, classes, classes, singles);
      const { outputs } = model;
      const batch = model.margins(features).values;
      for (let i = 0; i < rows; i += 97) {
        const one = model.margins(features.take([i])).values;
        assert.deepEqual(one, batch.slice(i * outputs, (i + 1) * outputs));
        for (let k = 0; k < outputs; k++) {
          const plain = plainMargin(model, features, i, k);
          assert.ok(Math.abs(one[k] - plain) <= 1e-12 * (10 + Math.abs(plain)));
          if (outputs > 1) assert.equal(one[k], plain);
        }
      }
      const predictor = model.predictor();
      const shares = model.predictProba(features).values;
      const room = model.predictor();
      const held = features.kind === "dense" ? null : room.allocate(features.nonzeros);
      if (features.kind !== "dense") {
        held?.indices.set(features.indices);
        if (features.values !== null) held?.values.set(features.values);
      }
      model.predictClass(features).forEach((k, i) => {
        const found =
          features.kind === "dense"
            ? predictor.predict(features.values.subarray(i * columns, (i + 1) * columns))
            : predictor.predictSparse(
                features.indices,
                features.values,
                features.pointers[i],
                features.pointers[i + 1],
              );
        assert.equal(found, k);
        if (held !== null && features.kind !== "dense") {
          const { pointers, values } = features;
          const row = [pointers[i], pointers[i + 1]] as const;
          assert.equal(room.predictSparse(held.indices, values === null ? null : held.values, ...row), k);
          assert.deepEqual(room.margins, predictor.margins);
        }
        assert.deepEqual(predictor.margins.slice(), batch.slice(i * outputs, (i + 1) * outputs));
        assert.deepEqual(predictor.probabilities.slice(), shares.slice(i * classes, (i + 1) * classes));
      });
    }
  });
}

test("two and three threads give the bits of one, in several rounds", () => {
  const features = randomMatrix("csr", 30_000, 300, new Random(5));
  const model = modelOf(300, 11, 1);
  const { values } = model.margins(features, { threads: 1 });
  for (const threads of [2, 3, 2, 1]) {
    for (let lap = 0; lap < 2; lap++) assert.deepEqual(model.margins(features, { threads }).values, values);
  }
});

test("a row longer than those before it, and one of arrays that were allocated before others, are scored as any", () => {
  const model = modelOf(20_000, 2, 3, true);
  const predictor = model.predictor();
  const old = predictor.allocate(3);
  const room = predictor.allocate(3);
  for (const count of [3, 10_000, 0, 20_000]) {
    const indices = Uint32Array.from({ length: count }, (_, p) => p * Math.floor(20_000 / count));
    const features = new SparseMatrix(1, 20_000, Uint32Array.of(0, count), indices, null);
    const [margin] = model.margins(features).values;
    predictor.predictSparse(indices, null);
    assert.equal(predictor.margins[0], margin);
    for (const { indices: own } of count === 3 ? [old, room] : []) {
      own.set(indices);
      predictor.predictSparse(own, null);
      assert.equal(predictor.margins[0], margin);
    }
  }
});

test("a predictor refuses rows of another width, indices beyond and what is not finite", () => {
  const predictor = modelOf(3, 2, 1).predictor();
  const refused = (code: string, call: () => unknown) =>
    assert.throws(call, (error: unknown) => error instanceof LogitpressError && error.code === code);
  refused("width-mismatch", () => predictor.predict([1, 2]));
  refused("not-finite", () => predictor.predict([1, Number.NaN, 2]));
  for (const refusing of [predictor, modelOf(3, 2, 1, true).predictor(), modelOf(3, 4, 1).predictor()]) {
    const room = refusing.allocate(2);
    room.indices.set([0, 2 ** 32 - 1]);
    for (const [indices, values, from, to] of [
      [Uint32Array.of(3), null, 0, 1],
      [Uint32Array.of(0, 1, 2, 0, 2 ** 31), null, 0, 5],
      [Uint32Array.of(1), Float32Array.of(Number.POSITIVE_INFINITY), 0, 1],
      [Uint32Array.of(1), new Float32Array(0), 0, 1],
      [Uint32Array.of(1), null, 0, 2],
      [Uint32Array.of(1), null, 1, 0],
      [room.indices, room.values, 0, 2],
      [room.indices, null, 0, 3],
      [room.indices, null, -1, 1],
    ] as const) {
      refused("not-finite", () => refusing.predictSparse(indices, values, from, to));
    }
    assert.equal(typeof refusing.predictSparse(room.indices, room.values, 0, 1), "number");
    for (let length = 1; length < 90; length++) {
      for (const place of [0, length >> 2, length >> 1, (length * 5) >> 3, length - 1]) {
        const indices = new Uint32Array(length);
        refusing.predictSparse(indices, null);
        indices[place] = 3;
        refused("not-finite", () => refusing.predictSparse(indices, null));
      }
    }
  }
  refused("invalid-option", () => predictor.allocate(0.5));
  refused("invalid-data", () => predictor.allocate(2 ** 31));
  refused("invalid-option", () =>
    modelOf(1, 2, 1).margins(new SparseMatrix(0, 1, new Uint32Array(1), new Uint32Array(0), null), {
      threads: 0,
    }),
  );
});
