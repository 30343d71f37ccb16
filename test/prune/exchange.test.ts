import assert from "node:assert/strict";
import { test } from "node:test";
import { Dataset } from "../../src/matrix/dataset";
import type { LinearParts, LinearScorer } from "../../src/model/linear";
import { meanLogLoss } from "../../src/model/log-loss";
import { subsetOf } from "../../src/prune/best-subset";
import { contestOf } from "../../src/prune/contest";
import { partsOf } from "../../src/prune/cut";
import { freeOf, likelyExchanges } from "../../src/prune/exchange";
import { fittedOutputs } from "../../src/prune/gradient";
import { formHessian, localProblems } from "../../src/prune/obs/curvature";
import type { ObsOptions } from "../../src/prune/obs/options";
import { prune, pruneBy } from "../../src/prune/prune";
import { Candidate } from "../../src/prune/repair";
import { memoryRows } from "../../src/prune/rows";
import { Arena } from "../../src/simd/memory";
import { Pace } from "../../src/train/pace";
import { sharesOf } from "../../src/train/shares";
import { fitted, problem } from "./problems";

const lambda = 0.01;
const rules = { scope: "global", groups: [], protect: [], every: 0 } as const;

function objective(model: LinearScorer, data: Dataset): number {
  const { weights, outputs, scale } = model;
  const norm = weights.reduce((sum, w, at) => sum + (w / (scale?.[Math.floor(at / outputs)] ?? 1)) ** 2, 0);
  return meanLogLoss(model, data) + (lambda / 2) * norm;
}

/** Value of feature j in row i; of the intercept, behind the last, one. */
function valueAt({ features }: Dataset, i: number, j: number): number {
  if (j === features.columns) return 1;
  const dense = features.kind === "dense" ? features : features.toDense();
  return dense.values[i * features.columns + j];
}

/** Gradient and Hessian of the objective in all weights, then the intercepts, by their definition. */
function derivatives(parts: LinearParts, data: Dataset): { g: number[]; H: number[][] } {
  const model = new Candidate(parts);
  const K = model.outputs;
  const n = (data.columns + 1) * K;
  const p = fittedOutputs(model, model.margins(data.features));
  const shares = sharesOf(data, null);
  const g = Array<number>(n).fill(0);
  const H = g.map(() => Array<number>(n).fill(0));
  for (let i = 0; i < data.rows; i++) {
    const x = Array.from({ length: data.columns + 1 }, (_, j) => valueAt(data, i, j));
    for (let a = 0; a < n; a++) {
      const [j, k] = [Math.floor(a / K), a % K];
      const truth = K === 1 ? data.labels[i] : Number(data.labels[i] === k);
      g[a] += shares[i] * x[j] * (p[i * K + k] - truth);
      for (let b = 0; b < n; b++) {
        const l = b % K;
        const own = p[i * K + k] * (Number(k === l) - p[i * K + l]);
        H[a][b] += shares[i] * x[j] * x[Math.floor(b / K)] * own;
      }
    }
  }
  for (let a = 0; a < data.columns * K; a++) {
    const strength = lambda / (parts.scale?.[Math.floor(a / K)] ?? 1) ** 2;
    H[a][a] += strength;
    g[a] += strength * parts.weights[a];
  }
  return { g, H };
}

/** The solution of A x = b by elimination with pivots. */
function solve(A: readonly (readonly number[])[], b: readonly number[]): number[] {
  const rows = A.map((row, i) => [...row, b[i]]);
  for (let c = 0; c < rows.length; c++) {
    const best = rows.reduce(
      (top, row, r) => (r > c && Math.abs(row[c]) > Math.abs(rows[top][c]) ? r : top),
      c,
    );
    [rows[c], rows[best]] = [rows[best], rows[c]];
    for (let r = 0; r < rows.length; r++) {
      if (r === c) continue;
      const factor = rows[r][c] / rows[c][c];
      for (let k = c; k <= rows.length; k++) rows[r][k] -= factor * rows[c][k];
    }
  }
  return rows.map((row, i) => row[rows.length] / row[i]);
}

test("a pair rises the quadratic model by what its minimum without the one and with the other says", async () => {
  const data = problem("dense", 150, 10, 2, 21);
  const model = await fitted(data, "softmax", lambda);
  const mask = (await prune(model, { strategy: "taylor", keep: 4, data })).mask;
  const fit = await subsetOf(memoryRows(data), partsOf(model), mask, lambda, {});
  const free = freeOf(contestOf(model.featureNames, 1, rules), model.weights)!;
  const { pairs, pair } = await likelyExchanges(
    memoryRows(data),
    fit.parts,
    mask,
    free,
    { lambda, most: 100 },
    new Pace({}, "test"),
  );
  assert.equal(pairs.length, 6);
  const { g, H } = derivatives(fit.parts, data);
  const riseOf = (leave: number, enter: number) => {
    const moves = [...mask.keys()].filter((at) => (mask[at] === 1 && at !== leave) || at === enter);
    moves.push(10);
    const gone = -fit.parts.weights[leave];
    const right = moves.map((a) => -(g[a] + H[a][leave] * gone));
    const moved = solve(
      moves.map((a) => moves.map((b) => H[a][b])),
      right,
    );
    const d = Array<number>(11).fill(0);
    d[leave] = gone;
    moves.forEach((a, i) => {
      d[a] = moved[i];
    });
    return d.reduce((sum, step, a) => sum + step * (g[a] + H[a].reduce((s, h, b) => s + h * d[b], 0) / 2), 0);
  };
  for (const { leave, enter, rise } of pairs) {
    const all = [...mask.keys()].filter((at) => mask[at] === 1).map((at) => riseOf(at, enter));
    assert.ok(
      Math.abs(rise - Math.min(...all)) < 1e-6,
      `${leave} for ${enter}: ${rise}, ${Math.min(...all)}`,
    );
    assert.ok(Math.abs(rise - riseOf(leave, enter)) < 1e-6);
    for (const other of mask.keys()) {
      if (mask[other] === 0) continue;
      assert.ok(Math.abs(pair(other, enter)!.rise - riseOf(other, enter)) < 1e-6, `${other} for ${enter}`);
    }
  }
});

for (const [kind, intercept] of [
  ["dense", true],
  ["csr", true],
  ["ones", false],
] as const) {
  test(`the Hessian of few weights of many classes is that of its definition: ${kind}`, async () => {
    const data = problem(kind, 90, 12, 5, 22);
    const fit = await fitted(data, "softmax", lambda);
    const alive = Uint8Array.from(fit.weights, (_, at) => Number([3, 17, 18, 29, 41, 59].includes(at)));
    const weights = fit.weights.map((w, at) => w * alive[at]);
    const parts = { ...partsOf(fit), weights, fitIntercept: intercept };
    const arena = new Arena();
    const [local] = localProblems(data, parts, lambda, arena, alive);
    const n = local.places.length;
    assert.equal(n, intercept ? 11 : 6);
    const out = arena.floats(n * n);
    await formHessian(local, out, new Pace({}, "test"));
    const { H } = derivatives(parts, data);
    // Curvature along a shift of all intercepts is added, the same to each of their pairs.
    const pin = intercept ? out[n * n - 1] - H[64][64] : 0;
    for (let i = 0; i < n; i++) {
      for (let j = 0; j <= i; j++) {
        const added = j >= 6 ? pin : 0;
        const own = H[local.places[i]][local.places[j]] + added;
        assert.ok(Math.abs(out[i * n + j] - own) < 1e-6, `${i}, ${j}: ${out[i * n + j]}, ${own}`);
      }
    }
  });
}

test("exchanges after obs lower the objective, mostly to that of bestSubset", async () => {
  let better = 0;
  let level = 0;
  const seeds = [1, 2, 3, 4, 5, 6, 7, 8];
  for (const seed of seeds) {
    const data = problem("dense", 80, 24, 2, seed);
    const model = await fitted(data, "softmax", lambda);
    const common = { strategy: "obs", keep: 5, data, refit: true } as const;
    const before = objective(await prune(model, { ...common, obs: { exchanges: 0 } }), data);
    const once = objective(await prune(model, { ...common, obs: { exchanges: 1 } }), data);
    const after = await prune(model, common);
    const ours = objective(after, data);
    const best = objective(await prune(model, { strategy: "bestSubset", keep: 5, data, refit: true }), data);
    assert.ok(ours <= once + 1e-9 && once <= before + 1e-9 && best <= ours + 1e-9);
    assert.equal(after.nonzeros, 5);
    better += Number(ours < before - 1e-6);
    level += Number(ours < best * (1 + 1e-3));
    const [most] = after.ranking(1, "removed");
    assert.ok(after.ranking(5, "kept").every(({ importance }) => importance >= most.importance));
    assert.equal(after.ranking(5, "kept")[4].importance, after.pruning.threshold);
    assert.deepEqual([...(await prune(model, common)).weights], [...after.weights]);
  }
  assert.ok(better >= 1, "no exchange was taken in any problem");
  assert.ok(level >= seeds.length - 2, `${level} of ${seeds.length} level with bestSubset`);
});

test("an exchange gains a nat over all rows for each weight that enters, or what obs.leastGain asks for", async () => {
  let [taken, refused] = [0, 0];
  for (const seed of [1, 2, 3, 4, 5, 6, 7, 8]) {
    const data = problem("dense", 80, 24, 2, seed);
    const model = await fitted(data, "softmax", lambda);
    const mass = data.weights!.reduce((sum, w) => sum + w, 0);
    const by = async (obs: ObsOptions, rows = data) =>
      await prune(model, { strategy: "obs", keep: 5, data: rows, refit: true, obs });
    const [none, usual, all] = [await by({ exchanges: 0 }), await by({}), await by({ leastGain: 0 })];
    const [before, after, least] = [none, usual, all].map((one) => objective(one, data));
    const entered = usual.mask.filter((on, at) => on === 1 && none.mask[at] === 0).length;
    assert.ok((before - after) * mass >= entered * (1 - 1e-6), `${entered} for ${before - after}`);
    assert.ok(least <= after + 1e-9);
    taken += entered;
    refused += Number(least < after - 1e-6);
    assert.deepEqual([...(await by({ leastGain: 1e3 })).mask], [...none.mask]);
    const { features, classes, weights, scale } = data;
    const labels = Array.from(data.labels, (k) => classes[k]);
    const twice = Dataset.from({
      ...{ features, labels, classes, weights: weights!.map((w) => 2 * w), scale: scale! },
    });
    const half = await by({ leastGain: 0.5 });
    assert.deepEqual([...(await by({}, twice)).mask], [...half.mask]);
  }
  assert.ok(
    taken > 0 && refused > 0,
    `${taken} weights entered, ${refused} problems had exchanges too small`,
  );
});

test("exchanges keep to classes, patterns and protected features, and leave whole features alone", async () => {
  const data = problem("dense", 150, 16, 3, 23);
  const model = await fitted(data, "softmax", lambda);
  const common = { strategy: "obs", data, refit: true } as const;
  const byClass = await prune(model, { ...common, keep: 4, scope: "class" });
  for (let k = 0; k < 3; k++) {
    assert.equal(byClass.mask.filter((on, at) => at % 3 === k && on === 1).length, 4);
  }
  const pattern = await prune(model, { ...common, pattern: [1, 4] });
  for (let k = 0; k < 3; k++) {
    for (let from = 0; from < 16; from += 4) {
      assert.equal(
        [0, 1, 2, 3].reduce((sum, j) => sum + pattern.mask[(from + j) * 3 + k], 0),
        1,
      );
    }
  }
  const guarded = await prune(model, { ...common, keep: 7, protect: ["x15"] });
  assert.deepEqual([...guarded.mask.subarray(45)], [1, 1, 1]);
  assert.equal(guarded.nonzeros, 7);
  const whole = { ...common, keep: 5, scope: "feature" } as const;
  const features = await prune(model, whole);
  assert.deepEqual([...features.mask], [...(await prune(model, { ...whole, refit: false })).mask]);
  const large = await prune(model, { ...common, keep: 20, obs: { dense: 16 } });
  const never = await prune(model, { ...common, keep: 20, obs: { dense: 16, exchanges: 0 } });
  assert.deepEqual([...large.mask], [...never.mask]);
});

test("exchanges that are fitted side by side end where those fitted one by one end", async () => {
  for (const classes of [2, 3]) {
    const data = problem("dense", 80, 24, classes, 40 + classes);
    const model = await fitted(data, "softmax", lambda);
    for (const strategy of ["bestSubset", "obs"] as const) {
      const options = { strategy, keep: 5, refit: true } as const;
      const alone = await pruneBy(memoryRows(data), model, options, {});
      let most = 0;
      let open = 0;
      const rows = memoryRows(data);
      const abreast = {
        ...rows,
        abreast: 8,
        fit: async (...own: Parameters<typeof rows.fit>) => {
          most = Math.max(most, ++open);
          return await rows.fit(...own).finally(() => open--);
        },
      };
      const found = await pruneBy(abreast, model, options, {});
      assert.deepEqual([found.mask, found.weights], [alone.mask, alone.weights], strategy);
      assert.ok(most > 1 && most <= 8, `${strategy}: ${most} at a time`);
    }
  }
});
