import assert from "node:assert/strict";
import { test } from "node:test";
import { Random } from "../../src/base/random";
import { codeLength, levelBits } from "../../src/compress/code-length";
import { type CodedModel, CodedState } from "../../src/compress/coded-state";
import { compactOf } from "../../src/compress/compact";
import { refitLevels } from "../../src/compress/refit-levels";
import type { Dataset } from "../../src/matrix/dataset";
import type { Link } from "../../src/model/scorer";
import { Design } from "../../src/train/design";
import { sharesOf } from "../../src/train/shares";
import { type Kind, kinds, randomData } from "../train/data";

const lambda = 0.01;

function stateOf(data: Dataset, link: Link, start: CodedModel): CodedState {
  const compact = compactOf(data, null);
  const design = Design.of(compact.features, data.labels, sharesOf(data, null));
  const total = data.columns * (link === "binary" ? 1 : data.classes.length);
  const task = { link, classes: data.classes.length, lambda, scale: null, allowed: null, total };
  return new CodedState(design, task, start);
}

function randomStart(data: Dataset, link: Link, levels: number, random: Random): CodedModel {
  const K = link === "binary" ? 1 : data.classes.length;
  const compact = compactOf(data, null);
  const positions = Uint32Array.from(Array(compact.columns.length * K).keys()).filter(
    () => random.uniform() < 0.6,
  );
  return {
    positions,
    codes: Uint16Array.from(positions, () => random.integer(levels)),
    levels: Float64Array.from({ length: levels }, (_, l) => l - levels / 2 + 0.25),
    intercepts: new Float64Array(K),
  };
}

/** Loss + penalty + mu x bits in plain loops over the data as given, none of it shared with what is tested. */
function objective(data: Dataset, link: Link, model: CodedModel, mu: number, total: number): number {
  const K = link === "binary" ? 1 : data.classes.length;
  const { columns } = compactOf(data, null);
  const dense = data.features.kind === "dense" ? data.features : data.features.toDense();
  const w = new Float64Array(data.columns * K);
  model.positions.forEach((at, i) => {
    w[columns[Math.floor(at / K)] * K + (at % K)] = model.levels[model.codes[i]];
  });
  let loss = 0;
  for (let i = 0; i < data.rows; i++) {
    const margins = Array.from({ length: K }, (_, k) => {
      let m = model.intercepts[k];
      for (let j = 0; j < data.columns; j++) m += dense.values[i * data.columns + j] * w[j * K + k];
      return m;
    });
    if (link === "softmax") {
      loss += Math.log(margins.reduce((sum, m) => sum + Math.exp(m - margins[data.labels[i]]), 0));
    } else {
      margins.forEach((m, k) => {
        const own = data.labels[i] === (link === "binary" ? 1 : k);
        loss += Math.log1p(Math.exp(own ? -m : m));
      });
    }
  }
  const penalty = w.reduce((sum, x) => sum + (lambda / 2) * x * x, 0);
  return loss / data.rows + penalty + mu * bitsOneByOne(model, total);
}

/** The bits of a support and of codes, one after another: what a coder of random supports and learned frequencies takes. */
function bitsOneByOne({ positions, codes, levels }: CodedModel, total: number): number {
  let bits = 0;
  for (let i = 0; i < positions.length; i++) bits += Math.log2((total - i) / (i + 1));
  const seen = new Float64Array(levels.length).fill(0.5);
  codes.forEach((code, i) => {
    bits -= Math.log2(seen[code] / (i + levels.length / 2));
    seen[code]++;
  });
  return bits + levelBits * new Set(codes).size;
}

test("the length of a code by its counts is what coding one weight after another takes", () => {
  const random = new Random(1);
  for (let trial = 0; trial < 50; trial++) {
    const total = 1 + random.integer(3000);
    const levels = 1 + random.integer(9);
    const positions = Uint32Array.from(Array(total).keys()).filter(() => random.uniform() < 0.3);
    const codes = Uint16Array.from(positions, () => random.integer(levels));
    const counts = new Float64Array(levels + 1);
    counts[0] = total - positions.length;
    for (const code of codes) counts[code + 1]++;
    const model = { positions, codes, levels: new Float64Array(levels), intercepts: new Float64Array(1) };
    const expected = bitsOneByOne(model, total);
    assert.ok(
      Math.abs(codeLength(counts) - expected) < 1e-8 * (1 + expected),
      `${codeLength(counts)}, ${expected}`,
    );
  }
});

const links: readonly [Link, number][] = [
  ["binary", 2],
  ["ovr", 3],
  ["softmax", 3],
];

for (const [link, classes] of links) {
  for (const kind of kinds) {
    test(`the true objective never rises: ${link}, ${kind}`, () => {
      for (let seed = 0; seed < 6; seed++) {
        const data = randomData(kind as Kind, 60, 9, classes, seed);
        const random = new Random(seed);
        const state = stateOf(data, link, randomStart(data, link, 3, random));
        const total = data.columns * state.outputs;
        for (const mu of [1e-4, 1e-3, 1e-2, 0.1]) {
          let before = objective(data, link, state.model(), mu, total);
          assert.ok(Math.abs(before - state.objective(mu)) < 1e-9 * (1 + before));
          for (let sweep = 0; sweep < 4; sweep++) {
            const moves = state.sweep(mu, (["all", "promising", "support", "candidates"] as const)[sweep]);
            const moved = objective(data, link, state.model(), mu, total);
            assert.ok(moved <= before + 1e-12, `sweep: ${moved}, before ${before}`);
            if (moves > 0) assert.ok(moved < before);
            assert.ok(
              Math.abs(moved - state.objective(mu)) < 1e-9 * (1 + moved),
              "residuals are carried along",
            );
            refitLevels(state, 3);
            const refitted = objective(data, link, state.model(), mu, total);
            assert.ok(refitted <= moved + 1e-12, `refit: ${refitted}, before ${moved}`);
            before = refitted;
          }
        }
      }
    });
  }
}

test("a sweep over what was promising at a lower price meets every weight that is other than zero", () => {
  for (const [link, classes] of links) {
    for (let seed = 0; seed < 6; seed++) {
      const data = randomData("csr", 60, 9, classes, seed);
      const state = stateOf(data, link, randomStart(data, link, 3, new Random(seed)));
      for (const which of ["promising", "candidates", "all", "candidates"] as const) {
        state.sweep(1e-4, which);
        const filled = [...state.symbols.keys()].filter((at) => state.symbols[at] > 0);
        assert.deepEqual([...state.support], filled);
        assert.equal(
          state.counts.subarray(1).reduce((sum, c) => sum + c, 0),
          filled.length,
        );
      }
    }
  }
});

test("where it settles no change of one weight lowers the objective, by trying all", () => {
  for (const [link, classes] of links) {
    for (let seed = 0; seed < 8; seed++) {
      const data = randomData("dense", 30, 5, classes, seed);
      const state = stateOf(data, link, randomStart(data, link, 2, new Random(seed)));
      const total = data.columns * state.outputs;
      const mu = 3e-3;
      while (state.sweep(mu) > 0) {}
      const best = objective(data, link, state.model(), mu, total);
      for (let at = 0; at < total; at++) {
        for (let symbol = 0; symbol <= 2; symbol++) {
          const other = objective(data, link, withSymbol(state, at, symbol), mu, total);
          assert.ok(other >= best - 2e-12, `${link}, weight ${at} as ${symbol}: ${other}, settled ${best}`);
        }
      }
    }
  }
});

test("on tiny problems the best of a few starts is the best of all supports and symbols nearly always", () => {
  let hits = 0;
  const trials = 30;
  for (let seed = 0; seed < trials; seed++) {
    const data = randomData("dense", 40, 6, 2, seed);
    const mu = 2e-3;
    const random = new Random(seed);
    const settled = Array.from({ length: 4 }, () => {
      const state = stateOf(data, "binary", randomStart(data, "binary", 2, random));
      while (state.sweep(mu) > 0) {}
      return objective(data, "binary", state.model(), mu, 6);
    });
    const levels = randomStart(data, "binary", 2, random).levels;
    const least = Math.min(
      ...everySymbol(6).map((symbols) => objective(data, "binary", modelOf(symbols, levels), mu, 6)),
    );
    assert.ok(Math.min(...settled) >= least - 1e-12, "nothing is below the best of all");
    if (Math.min(...settled) <= least + 1e-9) hits++;
  }
  assert.ok(hits >= 0.9 * trials, `${hits} of ${trials}`);
});

test("a weight that one row alone has is left at zero where there are many rows", () => {
  const data = randomData("csr", 60, 9, 2, 3);
  const compact = compactOf(data, null);
  const start = randomStart(data, "binary", 2, new Random(1));
  const features = compact.features.toDense();
  for (let i = 1; i < 60; i++) features.values[i * features.columns] = 0;
  features.values[0] = 5;
  const state = stateOf(data.withFeatures(features), "binary", {
    ...start,
    positions: Uint32Array.of(0, 1),
    codes: Uint16Array.of(0, 1),
  });
  assert.deepEqual([...state.support], [1]);
});

function withSymbol(state: CodedState, at: number, symbol: number): CodedModel {
  const { symbols, levels, intercepts } = state;
  const own = symbols.map((s, place) => (place === at ? symbol : s));
  return { ...modelOf([...own], levels.slice(1)), intercepts };
}

function modelOf(symbols: readonly number[], levels: Float64Array): CodedModel {
  const positions = Uint32Array.from(symbols.keys()).filter((at) => symbols[at] > 0);
  const codes = Uint16Array.from(positions, (at) => symbols[at] - 1);
  return { positions, codes, levels, intercepts: new Float64Array(1) };
}

function everySymbol(count: number): number[][] {
  if (count === 0) return [[]];
  return everySymbol(count - 1).flatMap((rest) => [0, 1, 2].map((symbol) => [...rest, symbol]));
}
