import assert from "node:assert/strict";
import { test } from "node:test";
import { LogitpressError } from "../../src/base/errors";
import { Random } from "../../src/base/random";
import type { Matrix } from "../../src/matrix/sparse";
import { chosenColumns } from "../../src/simd/chosen-columns";
import type { Kernels } from "../../src/simd/kernels";
import { loadKernels } from "../../src/simd/load";
import { Arena } from "../../src/simd/memory";
import { registry, scalarKernels } from "../../src/simd/registry";
import { Design } from "../../src/train/design";
import { type Kind, kinds, randomMatrix } from "../train/data";

// One call a kernel, in the order of `src/simd/kernels.ts` and as long: what a kernel takes is read beside what the others take.

type Name = keyof Kernels;

function close(ours: ArrayLike<number>, theirs: ArrayLike<number>, what: string, scale: number): void {
  for (let i = 0; i < theirs.length; i++) {
    const same =
      Object.is(ours[i], theirs[i]) ||
      ours[i] === theirs[i] ||
      Math.abs(ours[i] - theirs[i]) <= 1e-12 * (scale + Math.abs(theirs[i]));
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
    const scratch = design.arena.floats(2 * outputs + shift).subarray(shift);
    for (let o = 0; o < outputs; o++) scratch[o] = random.normal();
    const to = {
      pointers: design.arena.integers(features.columns + 2),
      indices: design.arena.integers(features.nonzeros),
      values: design.arena.singles(features.nonzeros),
    };
    const order = design.arena.integers(features.rows);
    order.forEach((_, i) => {
      order[i] = features.rows - 1 - i;
    });
    const dual = [0, 0, Number.NEGATIVE_INFINITY].map((start) => floats(features.rows).fill(start));
    const inverses = floats(features.columns);
    inverses.forEach((x, j) => {
      inverses[j] = x * x;
    });
    dual.push(inverses, floats(4), floats(features.rows));
    const rowsOf = {
      slots: design.arena.integers(32),
      merged: design.arena.integers(features.rows),
      scratch: design.arena.integers(33),
    };
    const q = dual.map((view) => view.byteOffset);
    const n = features.columns + 1;
    const H = floats(n * n);
    for (let j = 0; j < n; j++) H[j * n + j] += 3 * n;
    const panel = floats(64 * (features.columns + 4));
    if (name === "roughProduct") for (let i = 1; i < r.length; i += 3) r[i] = 0;
    if (spoil !== undefined) {
      w[w.length - 1] = spoil;
      if (name === "crossProduct" || name === "roughProduct") r[r.length - 1] = spoil;
    }
    const sweep = sweepArguments(design, features, outputs, random);
    const bordered = borderedArguments(design, features.columns, random);
    const { kernels, matrix } = design;
    const at = { labels: design.labels.byteOffset, shares: design.shares.byteOffset };
    const p = [w, g, r, h, scratch, H, panel].map((view) => view.byteOffset);
    const m = floats((features.columns + 1) * outputs);
    const halves = design.arena.integers(features.rows);
    sweep.results.push(halves);
    const inHalves = () => {
      const pair = design.arena.integers(528);
      if (matrix[0] === 0) return [0, pair.byteOffset];
      const longest = design.arena.integers(2 * features.columns);
      const [pointers, indices, values, rows] = matrix;
      const room = [longest.byteOffset, halves.byteOffset] as const;
      kernels.halveRows(pointers, indices, values, rows, features.columns >> 1, features.columns, ...room);
      return [halves.byteOffset, pair.byteOffset];
    };
    const calls: Record<Name, () => unknown> = {
      dot: () => kernels.dot(w.length, p[0], p[1]),
      addParts: () => kernels.addParts(n, n, 8 * n, p[5], p[0]),
      areFinite: () => {
        const values = design.arena.singles(features.columns + 1);
        values.forEach((_, j) => {
          values[j] = random.normal();
        });
        if (spoil !== undefined) values[random.integer(values.length)] = spoil;
        return kernels.areFinite(values.byteOffset, values.length);
      },
      axpy: () => kernels.axpy(w.length, 0.7, p[0], p[1]),
      times: () => kernels.times(...matrix, outputs, p[0], p[2]),
      score: () => kernels.score(...matrix, outputs, p[0], p[2]),
      transposeTimes: () => kernels.transposeTimes(...matrix, outputs, p[2], p[1]),
      transposeSquareTimes: () => kernels.transposeSquareTimes(...matrix, outputs, p[2], p[1]),
      transpose: () =>
        kernels.transpose(...matrix, to.pointers.byteOffset, to.indices.byteOffset, to.values.byteOffset),
      logisticGradient: () =>
        kernels.logisticGradient(...matrix, at.labels, 1, at.shares, p[0], p[1], p[2], p[3]),
      roughGradient: () =>
        kernels.roughGradient(...matrix, at.labels, 1, at.shares, p[0], p[1], p[2], p[3], p[6]),
      logisticProduct: () => kernels.logisticProduct(...matrix, p[2], p[0], p[1]),
      dualAscent: () => {
        for (const metric of [0, q[3]]) {
          for (const together of [1, 2]) {
            const [halves, pair] = together === 1 ? [0, inHalves()[1]] : inHalves();
            // One thread alone, then one that begins without the other, which comes when all is done.
            for (const half of together === 1 ? [2] : [0, 1]) {
              kernels.dualAscent(
                ...([matrix[0], halves, matrix[1], matrix[2], matrix[4]] as const),
                ...([order.byteOffset, order.length, together, at.labels, 1, at.shares] as const),
                ...([metric, 0.7, 0.3, q[0], q[1], q[2], p[0], q[5], q[4], pair, half] as const),
              );
            }
          }
        }
      },
      transposeHalf: () => {
        const [pointers, indices, values, rows] = matrix;
        if (pointers === 0) return;
        const room = [pointers, inHalves()[0], indices, values, rows] as const;
        for (const half of [0, 1]) kernels.transposeHalf(...room, p[2], p[1], half);
      },
      abandon: () => {
        const pair = design.arena.integers(528);
        sweep.results.push(pair);
        kernels.abandon(pair.byteOffset);
      },
      halveRows: () => {
        inHalves();
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
      sigmoidsAscent: () => {
        const [pointers, indices, values, , columns] = matrix;
        const sums = floats(4 * outputs).fill(0);
        const alphas = floats(features.rows * outputs).fill(0);
        const logits = floats(features.rows * outputs).fill(Number.NEGATIVE_INFINITY);
        const drifts = floats(outputs);
        for (let o = 0; o < outputs; o++) drifts[o] **= 2;
        sweep.results.push(sums, alphas, logits, drifts);
        const [a, z, d, sum] = [alphas, logits, drifts, sums].map((view) => view.byteOffset);
        // The first visit comes from no dual variable at all; the second is told of another first class.
        for (const first of [0, 1]) {
          if (first === 1) sums.fill(0);
          kernels.sigmoidsAscent(
            ...([
              pointers,
              indices,
              values,
              columns,
              order.byteOffset,
              order.length,
              first,
              outputs,
            ] as const),
            ...([at.labels, at.shares, 0.7, q[0], d, a, z, p[0], sum, p[4]] as const),
          );
        }
      },
      sigmoidsGradient: () =>
        kernels.sigmoidsGradient(...matrix, outputs, at.labels, at.shares, p[0], p[1], p[2], p[3], p[4]),
      sigmoidsProduct: () => kernels.sigmoidsProduct(...matrix, outputs, p[2], p[0], p[1], p[4]),
      partDots: () => kernels.partDots(features.columns + 1, outputs, p[0], p[1], p[4]),
      partSquares: () => kernels.partSquares(features.columns + 1, outputs, p[0], p[1], p[4]),
      partAxpy: () => kernels.partAxpy(features.columns + 1, outputs, p[4], p[0], p[1]),
      partTurn: () => kernels.partTurn(features.columns + 1, outputs, p[4], p[0], m.byteOffset, p[1]),
      softmaxGradient: () =>
        kernels.softmaxGradient(...matrix, outputs, at.labels, at.shares, p[0], p[1], p[2], p[4]),
      softmaxProduct: () => kernels.softmaxProduct(...matrix, outputs, at.shares, p[2], p[0], p[1], p[4]),
      crossProduct: () => kernels.crossProduct(...matrix, p[2], p[5], p[6]),
      roughProduct: () => kernels.roughProduct(...matrix, p[2], p[5], p[6]),
      cholesky: () => kernels.cholesky(n, p[5], spoil === undefined ? 0 : 3 * n),
      takeColumns: () => {
        if (matrix[0] !== 0) return;
        const count = Math.ceil(features.columns / 2);
        const list = design.arena.integers(count);
        for (let k = 0; k < count; k++) list[k] = features.columns - 1 - k;
        const out = design.arena.singles(features.rows * count);
        sweep.results.push(out);
        const [, , values, rows, columns] = matrix;
        kernels.takeColumns(values, rows, columns, list.byteOffset, count, out.byteOffset);
      },
      scaledCholesky: () => {
        const L = floats(n * n);
        sweep.results.push(L);
        for (let j = 0; j < n; j++) w[j] = (0.5 + random.uniform()) / Math.sqrt(3 * n);
        if (spoil !== undefined) w[n - 1] = spoil;
        return kernels.scaledCholesky(n, p[5], p[0], 1.1, L.byteOffset, 0);
      },
      aheadResiduals: () => {
        const [pointers, , values, rows, columns] = matrix;
        if (pointers !== 0) return;
        const out = floats(rows);
        sweep.results.push(out);
        kernels.aheadResiduals(values, rows, columns, p[0], p[3], p[2], out.byteOffset);
      },
      logisticGap: () => {
        const [pointers, , values, rows, columns] = matrix;
        if (pointers !== 0) return 0;
        const [strengths, room] = [floats(n), floats(n + 4)];
        for (let j = 0; j < n; j++) strengths[j] = 0.1 + strengths[j] ** 2;
        for (let i = 0; i < rows; i++) h[i] = 0.01 + random.uniform();
        const given = [p[2], p[3], strengths.byteOffset, p[0], room.byteOffset] as const;
        return kernels.logisticGap(values, rows, columns, at.shares, ...given);
      },
      squareDivergence: () => {
        const others = floats(features.rows);
        for (let i = 0; i < features.rows; i++) {
          [r[i], h[i]] = [(random.uniform() - 0.5) * design.shares[i], 0.01 + random.uniform()];
          others[i] = r[i] * (random.uniform() + 0.5);
        }
        const given = [p[2], p[3], others.byteOffset] as const;
        const near = kernels.squareDivergence(features.rows, at.shares, ...given, 0.9, 1);
        others[0] = spoil ?? -3 * r[0];
        return [near, kernels.squareDivergence(features.rows, at.shares, ...given, 0.9, 1)].join(" ");
      },
      quasiStep: () => {
        const pairs = floats(3 * (2 * n + 2));
        const [units, step] = [floats(n), floats(n)];
        sweep.results.push(pairs, step);
        const given = [pairs, w, step].map((view) => view.byteOffset);
        return kernels.quasiStep(n, p[5], units.byteOffset, 3, ...(given as [number, number, number]));
      },
      logisticTrial: () => {
        const [pointers, , values, rows, columns] = matrix;
        if (pointers !== 0) return 0;
        const [next, nextG, step, pair] = [floats(n), floats(n), floats(n), floats(2 * n + 2)];
        const [strengths, units, found] = [floats(n), floats(n), floats(3)];
        for (let j = 0; j < n; j++) [strengths[j], units[j]] = [0.1 + strengths[j] ** 2, 0.1 + units[j] ** 2];
        sweep.results.push(next, nextG, pair, found);
        const given = [w, g, step, next, nextG, pair, found].map((view) => view.byteOffset);
        const results = [0, 1].flatMap((rough) =>
          [0.7, 0].map((t) =>
            kernels.logisticTrial(
              ...([values, rows, columns, at.labels, 1, at.shares, p[2], p[3], p[6], rough] as const),
              ...([strengths.byteOffset, units.byteOffset, t] as const),
              ...(given as [number, number, number, number, number, number, number]),
            ),
          ),
        );
        return results.reduce((sum, value) => sum + value, 0);
      },
      forwardSolve: () => kernels.forwardSolve(n, n, p[5], p[0]),
      backwardSolve: () => kernels.backwardSolve(n, n, p[5], p[0]),
      choleskySolve: () => kernels.choleskySolve(n, p[5], outputs, p[0]),
      downdate: () => kernels.downdate(n > 2 ? 1 : 0, n, n, outputs, p[0], p[5]),
      choleskyCorner: () => {
        const half = (n >> 3) << 2;
        kernels.choleskyCorner(n, p[5], 0, 0, half);
        kernels.choleskyRows(n, p[5], half, n, 0, half);
        return kernels.choleskyCorner(n, p[5], spoil === undefined ? 0 : 3 * n, half, n);
      },
      choleskyRows: () => kernels.choleskyRows(n, p[5], n > 5 ? 4 : n, n, 0, n > 5 ? 4 : 0),
      rowBlocks: () => {
        const [pointers, indices, , rows] = matrix;
        if (pointers !== 0) kernels.rowBlocks(pointers, indices, rows, bordered.blocks, bordered.rowBlocks);
      },
      rowAcross: () => {
        const [pointers, indices, , rows] = matrix;
        if (pointers === 0) return 0;
        const next = (from: number) => kernels.rowAcross(pointers, indices, from, rows, bordered.sets);
        const found: number[] = [];
        for (let i = next(0); i < rows; i = next(i + 1)) found.push(i);
        return found.reduce((sum, i) => sum + 2 ** i, 0);
      },
      markBorders: () => {
        const [pointers, indices, , rows, columns] = matrix;
        if (pointers === 0) return;
        const { blocks, places, borderSize, marks, rowBlocks } = bordered;
        kernels.rowBlocks(pointers, indices, rows, blocks, rowBlocks);
        const listed = [order.byteOffset, rows, columns, rowBlocks] as const;
        kernels.markBorders(pointers, indices, ...listed, blocks, places, borderSize, marks);
      },
      borderedGram: () => {
        const { blocks, places, tables, local, borderSize, numbers, corner, scratch } = bordered;
        const [pointers, indices, values, rows, columns] = matrix;
        const listed = [order.byteOffset, rows, columns, p[2]] as const;
        const beside = [tables, local, borderSize, numbers, corner, scratch] as const;
        kernels.borderedGram(pointers, indices, values, ...listed, blocks, places, ...beside);
      },
      eliminateBlocks: () => {
        const { tables, borders, borderSize, numbers, corner, product } = bordered;
        return kernels.eliminateBlocks(0, 1, tables, borders, borderSize, numbers, corner, product);
      },
      forwardBlocks: () => {
        const { tables, borders, members, numbers, x, edge, scratch } = bordered;
        kernels.forwardBlocks(0, 1, tables, borders, members, numbers, p[0], x, edge, scratch);
      },
      backwardBlocks: () => {
        const { tables, borders, members, numbers, x, edge, scratch } = bordered;
        kernels.backwardBlocks(0, 1, tables, borders, members, numbers, edge, x, p[1], scratch);
      },
      eliminate: () => kernels.eliminate(n, n, p[5], bordered.square, bordered.product),
      meetColumns: () => {
        sweep.places.fill(0);
        return kernels.meetColumns(
          sweep.list.byteOffset,
          features.columns,
          sweep.counts.byteOffset,
          sweep.places.byteOffset,
        );
      },
      renumber: () => kernels.renumber(sweep.list.byteOffset, features.columns, sweep.all.byteOffset),
      countColumns: () => kernels.countColumns(...matrix, sweep.counts.byteOffset),
      selectColumns: () => kernels.selectColumns(...matrix, sweep.odd, 1, ...sweep.selected),
      gram: () => {
        kernels.selectColumns(...matrix, sweep.whole, 0, ...sweep.selected);
        const rows = [...sweep.selected, features.rows, features.columns] as const;
        const many = [at.shares, sweep.first.byteOffset, sweep.classes.byteOffset] as const;
        const one = [0, 0, 0] as const;
        const size = (features.columns + 1) * outputs;
        kernels.gram(
          ...rows,
          outputs,
          p[2],
          ...(outputs > 1 ? many : one),
          size,
          sweep.H.byteOffset,
          sweep.lists,
        );
      },
      classSlopes: () => {
        kernels.selectColumns(...matrix, sweep.whole, 0, ...sweep.selected);
        const rows = [...sweep.selected, features.rows, features.columns] as const;
        const size = features.columns + (outputs % 2);
        kernels.classSlopes(...rows, p[2], p[3], sweep.mean.byteOffset, size, p[1]);
      },
      classMargins: () => {
        kernels.selectColumns(...matrix, sweep.whole, 0, ...sweep.selected);
        const rows = [...sweep.selected, features.rows, features.columns] as const;
        const size = features.columns + (outputs % 2);
        kernels.classMargins(...rows, size, at.shares, p[2], p[0], p[3], sweep.mean.byteOffset);
      },
      logisticCorrelate: () => kernels.logisticCorrelate(...matrix, p[2], 0.7, 0.9, p[1]),
      splitGroups: () => {
        const { groups, numbers } = sweep.grouped;
        const [pointers, indices] = sweep.columns();
        const end = new Uint32Array(design.arena.memory.buffer, pointers, 2)[1];
        groups.forEach((_, i) => {
          groups[i] = i % 3;
        });
        return kernels.splitGroups(indices, 0, end, groups.byteOffset, 3, numbers.byteOffset);
      },
      numberGroups: () => {
        const { groups, numbers, firsts, sums } = sweep.grouped;
        groups.forEach((_, i) => {
          groups[i] = (5 * i + 3) % 4;
        });
        const own = [groups, numbers, firsts, sums].map((view) => view.byteOffset);
        return kernels.numberGroups(features.rows, at.shares, own[0], own[1], own[2], own[3]);
      },
      selectRows: () => {
        const { pointers, indices } = sweep.grouped;
        kernels.selectColumns(...matrix, sweep.whole, 0, ...sweep.selected);
        const from = [sweep.selected[0], sweep.selected[1], order.byteOffset, order.length] as const;
        return kernels.selectRows(...from, sweep.places.byteOffset, pointers.byteOffset, indices.byteOffset);
      },
      halfwayCurvatures: () => {
        kernels.halfwayCurvatures(features.rows, order.byteOffset, p[2], p[3], 0.4, sweep.h.byteOffset);
        kernels.halfwayCurvatures(features.rows, 0, p[3], p[2], 3, sweep.mean.byteOffset);
      },
      collectGroups: () => {
        const { firsts, sums } = sweep.grouped;
        firsts.forEach((_, n) => {
          firsts[n] = (3 * n + 1) % features.rows;
        });
        sums.forEach((_, n) => {
          sums[n] = n % 3;
        });
        const from = sweep.h.byteOffset;
        kernels.collectGroups(
          ...([features.rows, at.shares, firsts.byteOffset, sums.byteOffset] as const),
          ...([from, sweep.mean.byteOffset, p[2], p[3]] as const),
        );
      },
      spreadGroups: () => {
        const { groups, sums } = sweep.grouped;
        groups.forEach((_, i) => {
          groups[i] = Math.floor(i / 2);
        });
        sums.fill(3);
        design.shares[0] = 0;
        const from = sweep.h.byteOffset;
        kernels.spreadGroups(
          ...([features.rows, at.shares, groups.byteOffset, sums.byteOffset] as const),
          ...([from, sweep.mean.byteOffset, p[2], p[3]] as const),
        );
      },
      tiltResiduals: () => kernels.tiltResiduals(features.rows, p[2], 0.7, 0.9, p[3]),
      screenColumns: () => {
        const [pointers, indices, values] = sweep.columns();
        // One column in three was never read.
        sweep.bases.forEach((_, j) => {
          sweep.bases[j] = j % 3 === 0 ? Number.POSITIVE_INFINITY : g[j];
        });
        w.forEach((_, j) => {
          if (j % 4 > 0) w[j] = 0;
        });
        const at = [1, sweep.bases.byteOffset, inverses.byteOffset, p[1], p[0], p[3]] as const;
        const found = [sweep.found.byteOffset, sweep.found.byteOffset + 4 * features.columns] as const;
        const columns = [features.rows, features.columns > 3 ? 1 : 0, features.columns] as const;
        return kernels.screenColumns(
          pointers,
          indices,
          values,
          ...columns,
          p[2],
          ...at,
          0,
          0.9,
          outputs % 2,
          ...found,
        );
      },
      logisticSides: () => {
        r[0] = 0;
        kernels.logisticSides(features.rows, at.shares, p[2], sweep.h.byteOffset, sweep.sides.byteOffset);
      },
      logisticDivergence: () => {
        const rows = sweep.bernoulli(r, design.shares);
        const [s, h] = [at.shares, sweep.h.byteOffset];
        return (
          kernels.logisticDivergence(rows, s, p[2], h, 0, 0.9) +
          kernels.logisticDivergence(rows, s, p[2], h, 0.7, 1)
        );
      },
      descendGram: () => kernels.descendGram(...sweep.common(p[0]), w.length, sweep.H.byteOffset, p[1]),
      leapGram: () => {
        const leaps = leapArguments(design, w, random);
        sweep.results.push(...leaps.results);
        // At the first call sweeps have not come to rest; at the second they have.
        return kernels.leapGram(...leaps.given) + 2 * kernels.leapGram(...leaps.given);
      },
      descendLogistic: () =>
        kernels.descendLogistic(...sweep.common(p[0]), ...sweep.columns(), sweep.h.byteOffset, p[2]),
      descendSoftmax: () =>
        kernels.descendSoftmax(
          ...sweep.common(p[0]),
          ...sweep.columns(),
          outputs,
          sweep.features.byteOffset,
          sweep.classes.byteOffset,
          at.shares,
          p[3],
          p[1],
          p[2],
          sweep.mean.byteOffset,
        ),
      descendSymbols: () => {
        const columns = sweep.columns();
        return (outputs > 1 ? [0, 1] : [0]).reduce((fall, softmax) => {
          const coded = symbolArguments(design, outputs, random, softmax === 1, spoil);
          sweep.results.push(...coded.results);
          return (
            fall +
            kernels.descendSymbols(...coded.list, ...[columns[0], columns[1], columns[2]], ...coded.rest)
          );
        }, 0);
      },
    };
    const value = Number(calls[name]() ?? 0);
    const sorted = [rowsOf.slots, rowsOf.merged, ...stored(design)];
    return [
      ...[[value], w, g, r, h, scratch, to.pointers, to.indices, to.values],
      ...[...dual, H, ...sweep.results, ...sorted, ...bordered.results],
    ];
  });
  const scale = spoil !== undefined && Number.isFinite(spoil) ? Math.abs(spoil) : 1;
  results[0].forEach((ours, i) => {
    close(
      ours,
      results[1][i],
      `${name}, ${features.kind}, ${features.columns} columns, argument ${i}`,
      scale,
    );
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

/** A block of the columns of even number and a border of the others; squares for `eliminate`. */
function borderedArguments({ arena, rows }: Design, columns: number, random: Random) {
  const integers = (length: number, of: (i: number) => number) => {
    const view = arena.integers(length);
    for (let i = 0; i < length; i++) view[i] = of(i);
    return view;
  };
  const floats = (length: number, of: (i: number) => number) => {
    const view = arena.floats(length);
    for (let i = 0; i < length; i++) view[i] = of(i);
    return view;
  };
  const size = Math.ceil(columns / 2);
  const borderSize = columns - size + 1;
  const steep = (i: number) => (i < size * size && i % (size + 1) === 0 ? 3 * size : random.normal());
  const numbers = floats(size * (size + borderSize), steep);
  const corner = arena.floats(borderSize * borderSize);
  const [square, product] = [0, 0].map(() => floats((columns + 1) ** 2, () => random.normal()));
  const [x, edge] = [columns, borderSize].map((length) => floats(length, () => random.normal()));
  const inBlock = (j: number) => j % 2 === 0 && j < columns;
  const marks = arena.integers(borderSize);
  const rowBlocks = arena.integers(rows);
  const given = {
    blocks: integers(columns + 1, (j) => (inBlock(j) ? 0 : 0xffffffff)),
    places: integers(columns + 1, (j) => (j === columns ? borderSize - 1 : Math.floor(j / 2))),
    tables: integers(6, (k) => [0, size, size * size, borderSize, 0, 0][k]),
    local: integers(borderSize, (b) => borderSize - 1 - b),
    borders: integers(borderSize, (b) => borderSize - 1 - b),
    members: integers(size, (i) => 2 * i),
    sets: integers(columns, (j) => (j % 3 === 0 ? 0xffffffff : j % 3)),
    scratch: arena.floats(4 * (columns + 1)),
    ...{ numbers, corner, square, product, x, edge, marks, rowBlocks },
  };
  const at = Object.fromEntries(Object.entries(given).map(([name, view]) => [name, view.byteOffset]));
  return {
    ...(at as Record<keyof typeof given, number>),
    borderSize,
    results: [numbers, corner, square, product, x, edge, marks, rowBlocks],
  };
}

/** What sweeps by blocks take: parameters of column after column in blocks of one to three, all arrays of the memory. */
function sweepArguments(design: Design, features: Matrix, outputs: number, random: Random) {
  const { arena, kernels } = design;
  const { rows, columns } = features;
  const size = (columns + 1) * outputs;
  const integers = (length: number, of: (i: number) => number) => {
    const view = arena.integers(length);
    return view.set(Uint32Array.from({ length }, (_, i) => of(i))) ?? view;
  };
  const floats = (length: number, of: (i: number) => number) => {
    const view = arena.floats(length);
    return view.set(Float64Array.from({ length }, (_, i) => of(i))) ?? view;
  };
  const starts = [0];
  while (starts[starts.length - 1] < size) {
    starts.push(Math.min(size, starts[starts.length - 1] + 1 + (starts.length % 3)));
  }
  const blocks = starts.length - 1;
  const at = {
    list: integers(blocks, (b) => blocks - 1 - b),
    starts: integers(blocks + 1, (b) => starts[b]),
    members: integers(size, (j) => size - 1 - j),
    l1: floats(blocks, (b) => 0.1 * (b % 3)),
    l2: floats(blocks, (b) => 0.3 * (b % 2)),
    lower: floats(blocks, (b) => (b % 4 === 3 ? -0.2 : Number.NEGATIVE_INFINITY)),
    upper: floats(blocks, (b) => (b % 5 === 3 ? 0.1 : Number.POSITIVE_INFINITY)),
    units: floats(size, () => 0.5 + random.uniform()),
    d: floats(size, () => 2 * rows * (1 + random.uniform())),
    v: floats(6, () => 0),
  };
  const pointers = arena.integers(rows + 1);
  const indices = arena.integers(rows * columns + 1);
  const values = features.values === null ? null : arena.singles(rows * columns + 1);
  const selected = [pointers.byteOffset, indices.byteOffset, values?.byteOffset ?? 0] as const;
  const byColumns = [
    arena.integers(columns + 2),
    arena.integers(rows * columns),
    arena.singles(rows * columns),
  ];
  const all = integers(columns, (j) => j);
  const counts = arena.integers(columns);
  const mean = floats(rows, () => random.normal());
  const H = floats(size * size, () => random.normal());
  const sides = floats(4, () => random.normal());
  const curvatures = floats(rows, () => random.uniform());
  const bases = arena.floats(columns);
  const grouped = {
    groups: arena.integers(rows),
    numbers: arena.integers(2 * rows + 8),
    firsts: arena.integers(rows),
    sums: arena.floats(rows),
    pointers: arena.integers(rows + 1),
    indices: arena.integers(rows * columns + 1),
  };
  const found = arena.integers(columns + 1);
  const kept = Array.from({ length: columns }, (_, j) => j % 2);
  const whole = chosenColumns(arena, columns, all).byteOffset;
  const odd = chosenColumns(
    arena,
    columns,
    all.filter((j) => kept[j] === 1),
  ).byteOffset;
  const places = integers(columns, (j) => (kept[j] === 1 ? (j - 1) / 2 : 0xffffffff));
  const repeated = integers(columns, (j) => (7 * j) % Math.max(1, Math.ceil(columns / 2)));
  return {
    counts,
    places,
    all,
    whole,
    odd,
    /** Numbers of columns, some of them more than once. */
    list: repeated,
    selected,
    H,
    mean,
    h: curvatures,
    sides,
    bases,
    found,
    grouped,
    /** Makes numbers of any kind residuals, with their curvatures; the first is zero. */
    bernoulli: (r: Float64Array, shares: Float64Array): number => {
      for (let i = 0; i < rows; i++) {
        const wrong = i === 0 ? 0 : 1 / (1 + Math.exp(r[i]));
        r[i] = shares[i] * (i % 2 === 0 ? wrong : -wrong);
        curvatures[i] = shares[i] * wrong * (1 - wrong);
      }
      return rows;
    },
    first: integers(columns + 2, (j) => j * outputs),
    features: integers(size, (j) => Math.floor(j / outputs)),
    classes: integers(size, (j) => j % outputs),
    lists: arena.floats(outputs + 2 + 2 * size).byteOffset,
    results: [
      counts,
      pointers,
      mean,
      H,
      sides,
      repeated,
      places,
      bases,
      found,
      ...Object.values(grouped),
    ] as ArrayLike<number>[],
    common: (w: number) =>
      [
        at.list.byteOffset,
        blocks,
        at.starts.byteOffset,
        at.members.byteOffset,
        at.l1.byteOffset,
        at.l2.byteOffset,
        at.lower.byteOffset,
        at.upper.byteOffset,
        at.units.byteOffset,
        at.d.byteOffset,
        w,
        at.v.byteOffset,
      ] as const,
    columns: () => {
      kernels.selectColumns(...design.matrix, whole, 0, ...selected);
      const to = byColumns.map((view) => view.byteOffset) as [number, number, number];
      if (values === null) to[2] = 0;
      kernels.transpose(...selected, rows, columns, ...to);
      return [...to, rows, columns] as const;
    },
  };
}

/** What leaps take: blocks of one parameter each, a quadratic model whose matrix is far from a multiple of the identity. */
function leapArguments({ arena }: Design, w: Float64Array, random: Random) {
  const n = w.length;
  const floats = (length: number, of: (i: number) => number) => {
    const view = arena.floats(length);
    return view.set(Float64Array.from({ length }, (_, i) => of(i))) ?? view;
  };
  const integers = (length: number, of: (i: number) => number) => {
    const view = arena.integers(length);
    return view.set(Uint32Array.from({ length }, (_, i) => of(i))) ?? view;
  };
  const raw = Array.from({ length: n + 2 }, () => Array.from({ length: n }, () => random.normal()));
  const H = floats(n * n, (k) => raw.reduce((sum, row) => sum + row[k % n] * row[Math.floor(k / n)], 0));
  for (let j = 0; j < n; j++) H[j * (n + 1)] += 0.1;
  const q = floats(n, () => random.normal());
  w.forEach((x, j) => {
    w[j] = j % 5 === 2 ? 0 : Math.max(-0.2, x);
  });
  const work = arena.floats(n * (n + 3));
  const state = floats(2, (k) => k - 1);
  const at = (view: { byteOffset: number }) => view.byteOffset;
  const terms = [
    integers(n + 1, (b) => b),
    integers(n, (b) => n - 1 - b),
    floats(n, (b) => 0.1 * (b % 3)),
    floats(n, (b) => 0.3 * (b % 2)),
    floats(n, (b) => (b % 4 === 3 ? -0.2 : Number.NEGATIVE_INFINITY)),
    floats(n, (b) => (b % 7 === 3 ? 0.1 : Number.POSITIVE_INFINITY)),
  ] as const;
  const [starts, members, l1, l2, lower, upper] = terms;
  return {
    results: [q, state] as ArrayLike<number>[],
    given: [
      ...([n, at(starts), at(members), at(l1), at(l2), at(lower), at(upper), at(w)] as const),
      ...([n, at(H), at(q), n, at(work), at(state)] as const),
    ] as const,
  };
}

/** What the descent over symbols takes: residuals of random probabilities, three levels, half of the weights zero. */
function symbolArguments(
  { arena, rows, columns, shares }: Design,
  outputs: number,
  random: Random,
  softmax: boolean,
  spoil: number | undefined,
) {
  const levels = arena.floats(4);
  levels.set([0, -0.4, 0.3, spoil ?? 0.9]);
  const list = arena.integers(columns * outputs);
  const symbols = arena.integers(columns * outputs);
  const counts = arena.floats(4);
  list.forEach((_, at) => {
    list[at] = list.length - 1 - at;
    symbols[at] = Math.max(0, random.integer(6) - 2);
    counts[symbols[at]]++;
  });
  const r = arena.floats(rows * outputs);
  for (let i = 0; i < rows; i++) {
    const raw = Array.from({ length: outputs }, () => 0.05 + random.uniform());
    const sum = softmax ? raw.reduce((a, b) => a + b, 0) : 2;
    const label = random.integer(outputs);
    raw.forEach((x, k) => {
      r[i * outputs + k] = x / sum - (k === label ? 1 : 0);
    });
  }
  const strengths = arena.floats(columns).fill(0.01);
  const totals = arena.floats(3);
  const at = (view: { byteOffset: number }) => view.byteOffset;
  return {
    results: [symbols, counts, r, totals],
    list: [at(list), list.length] as const,
    rest: [
      ...([outputs, Number(softmax), at(shares), at(r), at(symbols), at(levels), at(counts), 3, 16] as const),
      ...([at(strengths), 1e-3, at(arena.floats(16)), at(totals)] as const),
    ] as const,
  };
}

const single: readonly Name[] = [
  "logisticGradient",
  "roughGradient",
  "logisticProduct",
  "logisticCorrelate",
  "logisticSides",
  "logisticDivergence",
  "dualAscent",
  "transposeHalf",
  "abandon",
  "descendLogistic",
  "crossProduct",
  "roughProduct",
  "borderedGram",
  "eliminateBlocks",
  "forwardBlocks",
  "backwardBlocks",
  "rowBlocks",
  "rowAcross",
  "markBorders",
  "eliminate",
  "cholesky",
  "choleskyCorner",
  "choleskyRows",
  "takeColumns",
  "scaledCholesky",
  "aheadResiduals",
  "squareDivergence",
  "logisticGap",
  "quasiStep",
  "logisticTrial",
  "forwardSolve",
  "backwardSolve",
];

for (const name of Object.keys(registry) as Name[]) {
  const { tile } = registry[name];
  test(`${name} agrees with its twin at lengths 0 to ${2 * tile + 1}, unaligned, for every storage`, () => {
    for (const kind of kinds) {
      for (let columns = 0; columns <= 2 * tile + 1; columns++) {
        const outputs = single.includes(name) ? [1] : [1, 2, 3, 8, 11];
        for (const K of outputs) {
          const features = randomMatrix(kind as Kind, 5 + (columns % 3), columns, new Random(columns));
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

test("an arena that was lent and taken back is lent again, but not once its memory is cleared", () => {
  const arena = new Arena();
  arena.floats(10);
  const lent = arena.lend();
  lent.floats(10).fill(1);
  arena.takeBack(lent);
  assert.equal(arena.lend(), lent);
  arena.takeBack(lent);
  arena.clear();
  assert.notEqual(arena.lend(), lent);
});
