import assert from "node:assert/strict";
import { test } from "node:test";
import { LogitpressError } from "../../src/base/errors";
import { Random } from "../../src/base/random";
import type { Matrix } from "../../src/matrix/sparse";
import type { Kernels } from "../../src/simd/kernels";
import { loadKernels } from "../../src/simd/load";
import { Arena } from "../../src/simd/memory";
import { registry, scalarKernels } from "../../src/simd/registry";
import { Design } from "../../src/train/design";
import { type Kind, kinds, randomMatrix } from "../train/data";

type Name = keyof Kernels;

function close(ours: ArrayLike<number>, theirs: ArrayLike<number>, what: string): void {
  for (let i = 0; i < theirs.length; i++) {
    const same =
      Object.is(ours[i], theirs[i]) ||
      ours[i] === theirs[i] ||
      Math.abs(ours[i] - theirs[i]) <= 1e-12 * (1 + Math.abs(theirs[i]));
    assert.ok(same, `${what} at ${i}: ${ours[i]}, twin ${theirs[i]}`);
  }
}

/** Calls a kernel and its twin on equal memories; compares all results and every number behind the last argument. */
function compare(
  name: Name,
  features: Matrix,
  outputs: number,
  shift: number,
  seed: number,
  spoil?: number,
): void {
  const results = [loadKernels, scalarKernels].map((load) => {
    const random = new Random(seed);
    const labels = Uint32Array.from({ length: features.rows }, () =>
      random.integer(single.includes(name) ? 2 : outputs),
    );
    const shares = Float64Array.from({ length: features.rows }, () => random.uniform());
    const design = Design.of(features, labels, shares, load);
    const floats = (length: number) => {
      const view = design.arena.floats(length + shift).subarray(shift);
      for (let i = 0; i < length; i++) view[i] = random.normal();
      return view;
    };
    const w = floats((features.columns + 1) * outputs);
    const g = floats((features.columns + 1) * outputs);
    const r = floats(features.rows * outputs);
    const h = floats(features.rows * outputs);
    const scratch = floats(outputs);
    const to = {
      pointers: design.arena.integers(features.columns + 2),
      indices: design.arena.integers(features.nonzeros),
      values: design.arena.singles(features.nonzeros),
    };
    if (spoil !== undefined) w[w.length - 1] = spoil;
    const { kernels, matrix } = design;
    const at = { labels: design.labels.byteOffset, shares: design.shares.byteOffset };
    const p = [w, g, r, h, scratch].map((view) => view.byteOffset);
    const order = design.arena.integers(features.rows);
    order.forEach((_, i) => {
      order[i] = features.rows - 1 - i;
    });
    const dual = [0, 0, Number.NEGATIVE_INFINITY].map((start) => floats(features.rows).fill(start));
    const inverses = floats(features.columns);
    inverses.forEach((x, j) => {
      inverses[j] = x * x;
    });
    dual.push(inverses, floats(3));
    const rowsOf = {
      slots: design.arena.integers(32),
      merged: design.arena.integers(features.rows),
      scratch: design.arena.integers(33),
    };
    const q = dual.map((view) => view.byteOffset);
    const calls: Record<Name, () => unknown> = {
      dot: () => kernels.dot(w.length, p[0], p[1]),
      axpy: () => kernels.axpy(w.length, 0.7, p[0], p[1]),
      times: () => kernels.times(...matrix, outputs, p[0], p[2]),
      transposeTimes: () => kernels.transposeTimes(...matrix, outputs, p[2], p[1]),
      transposeSquareTimes: () => kernels.transposeSquareTimes(...matrix, outputs, p[2], p[1]),
      transpose: () =>
        kernels.transpose(...matrix, to.pointers.byteOffset, to.indices.byteOffset, to.values.byteOffset),
      logisticGradient: () =>
        kernels.logisticGradient(...matrix, at.labels, 1, at.shares, p[0], p[1], p[2], p[3]),
      logisticProduct: () => kernels.logisticProduct(...matrix, p[2], p[0], p[1]),
      dualAscent: () => {
        for (const metric of [0, q[3]]) {
          for (let lap = 0; lap < 2; lap++) {
            kernels.dualAscent(
              ...([matrix[0], matrix[1], matrix[2], matrix[4]] as const),
              ...([order.byteOffset, order.length, at.labels, 1, at.shares] as const),
              ...([metric, 0.7, 0.3, q[0], q[1], q[2], p[0], q[4]] as const),
            );
          }
        }
      },
      mergeRows: () => {
        const [pointers, indices, values, rows, columns] = matrix;
        let count = 0;
        for (const [first, last] of [
          [0, 2],
          [2, rows],
        ]) {
          count = kernels.mergeRows(
            ...([pointers, indices, values, first, last, count, columns, at.labels, at.shares] as const),
            ...([rowsOf.slots.byteOffset, 16, rowsOf.merged.byteOffset, rowsOf.scratch.byteOffset] as const),
          );
        }
        return count;
      },
      softmaxGradient: () =>
        kernels.softmaxGradient(...matrix, outputs, at.labels, at.shares, p[0], p[1], p[2], p[4]),
      softmaxProduct: () => kernels.softmaxProduct(...matrix, outputs, at.shares, p[2], p[0], p[1], p[4]),
    };
    const value = Number(calls[name]() ?? 0);
    return [
      [value],
      w,
      g,
      r,
      h,
      scratch,
      to.pointers,
      to.indices,
      to.values,
      ...dual,
      rowsOf.slots,
      rowsOf.merged,
      ...stored(design),
    ];
  });
  results[0].forEach((ours, i) => {
    close(ours, results[1][i], `${name}, ${features.kind}, ${features.columns} columns, argument ${i}`);
  });
}

/** The arrays of a design that kernels may change. */
function stored({ arena, matrix, nonzeros, labels, shares }: Design): ArrayLike<number>[] {
  const [pointers, indices, values, rows] = matrix;
  const { buffer } = arena.memory;
  return [
    labels,
    shares,
    ...(pointers === 0
      ? []
      : [new Uint32Array(buffer, pointers, rows + 1), new Uint32Array(buffer, indices, nonzeros)]),
    ...(values === 0 ? [] : [new Float32Array(buffer, values, nonzeros)]),
  ];
}

const single: readonly Name[] = ["logisticGradient", "logisticProduct", "dualAscent"];

for (const name of Object.keys(registry) as Name[]) {
  const { tile } = registry[name];
  test(`${name} agrees with its twin at lengths 0 to ${2 * tile + 1}, unaligned, for every storage`, () => {
    for (const kind of kinds) {
      for (let columns = 0; columns <= 2 * tile + 1; columns++) {
        const outputs = single.includes(name) ? [1] : [1, 2, 3, 8, 11];
        for (const K of outputs) {
          const features = randomMatrix(kind as Kind, 5, columns, new Random(columns));
          compare(name, features, K, columns % 2, columns + K);
        }
      }
    }
  });

  test(`${name} passes NaN, infinity and great margins on as its twin does`, () => {
    for (const spoil of [Number.NaN, Number.POSITIVE_INFINITY, 1e6, -1e6]) {
      compare(name, randomMatrix("dense", 4, 5, new Random(3)), single.includes(name) ? 1 : 3, 1, 4, spoil);
    }
  });
}

test("memory grows, is rewound to zeros and refuses more than four gigabytes", () => {
  const arena = new Arena();
  const first = arena.floats(10).fill(7);
  const taken = arena.mark();
  arena.floats(1_000_000).fill(1);
  assert.equal(first[9], 7);
  arena.rewind(taken);
  assert.ok(arena.floats(100).every((x) => x === 0));
  assert.throws(
    () => arena.floats(2 ** 29),
    (error: unknown) => error instanceof LogitpressError && error.code === "invalid-data",
  );
});
