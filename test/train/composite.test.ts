import assert from "node:assert/strict";
import { test } from "node:test";
import { LogitpressError } from "../../src/base/errors";
import { Random } from "../../src/base/random";
import { Dataset } from "../../src/matrix/dataset";
import { SparseMatrix } from "../../src/matrix/sparse";
import type { LinearModel } from "../../src/model/linear";
import { warningText } from "../../src/model/warning";
import { LogisticRegression } from "../../src/train/logistic-regression";
import { meanLosses } from "../../src/train/mean-loss";
import type { LogisticRegressionOptions } from "../../src/train/options";
import { adaptiveWeights } from "../../src/train/penalty-options";
import { kinds, randomData } from "./data";

const tight = { lambda: 0.02, tolerance: 1e-8 } as const;
const variants: Readonly<Record<string, LogisticRegressionOptions>> = {
  l1: { penalty: "l1" },
  elasticnet: { penalty: "elasticnet", l1Ratio: 0.4 },
  group: { penalty: "group", groups: [[0, 1, 2]] },
  adaptive: { penalty: "l1", penaltyWeights: [1, 0.5, 2, 1, 3, 0.1] },
  bounds: { penalty: "l2", bounds: { lower: -0.1, upper: { x0: 0.05, x3: 0 } } },
  signs: { penalty: "l1", bounds: { lower: 0 } },
};

for (const [name, options] of Object.entries(variants)) {
  for (const [classes, multiclass] of [
    [2, "softmax"],
    [3, "softmax"],
    [3, "ovr"],
  ] as const) {
    test(`the gap proves the fit: ${name}, ${classes} classes, ${multiclass}`, async () => {
      for (const kind of kinds) {
        const data = randomData(kind, 80, 6, classes, 11);
        const model = await new LogisticRegression({ ...tight, ...options, multiclass }).fit(data);
        assert.ok(model.fit.converged, model.fit.warnings.map(warningText).join());
        assert.ok(model.fit.dualityGap >= 0);
        assert.ok(model.fit.dualityGap <= 1e-8 * model.fit.objective);
        // No point near the solution and within the bounds is better by more than the gap.
        const random = new Random(5);
        const value = objectiveOf(data, options, tight.lambda);
        const best = value(model.weights, model.intercepts, model.link);
        assert.ok(Math.abs(best - model.fit.objective) <= 1e-12 + 1e-10 * best);
        for (let k = 0; k < 50; k++) {
          const moved = model.weights.map((w) => w + (random.uniform() < 0.5 ? 0 : 1e-3 * random.normal()));
          const within = clipped(moved, options, model.outputs);
          const intercepts = model.intercepts.map((b) => b + 1e-3 * random.normal());
          assert.ok(value(within, intercepts, model.link) >= best - model.fit.dualityGap - 1e-15);
        }
      }
    });
  }
}

test("limits agree: ends of the elastic net, groups of one, equal factors, bounds out of reach", async () => {
  const data = randomData("csr", 120, 8, 2, 12);
  const fit = (options: LogisticRegressionOptions) =>
    new LogisticRegression({ ...tight, tolerance: 1e-12, ...options }).fit(data);
  const l1 = await fit({ penalty: "l1" });
  const l2 = await fit({ penalty: "l2" });
  const same: [LogisticRegressionOptions, LinearModel][] = [
    [{ penalty: "elasticnet", l1Ratio: 1 }, l1],
    [{ penalty: "group" }, l1],
    [{ penalty: "l1", penaltyWeights: new Float64Array(8).fill(2), lambda: 0.01 }, l1],
    [{ penalty: "l1", bounds: { lower: -1e3, upper: 1e3 } }, l1],
    [{ penalty: "elasticnet", l1Ratio: 0 }, l2],
    [{ penalty: "l2", bounds: { lower: -1e3 } }, l2],
    [{ penalty: "l2", solver: "prox-newton" }, l2],
    [{ penalty: "l2", solver: "lbfgs" }, l2],
    [{ penalty: "l2", solver: "newton-cholesky" }, l2],
    [{ penalty: "l2", solver: "dual" }, l2],
  ];
  for (const [options, model] of same) {
    const found = await fit(options);
    found.weights.forEach((w, j) => {
      assert.ok(
        Math.abs(w - model.weights[j]) < 1e-5,
        `${JSON.stringify(options)}: ${w} ${model.weights[j]}`,
      );
    });
  }
});

test("of a million columns the three that matter are found", async () => {
  const random = new Random(3);
  const columns = 1_000_000;
  const marks = [17, 500_000, 999_999];
  const rows = Array.from({ length: 400 }, (_, i) => {
    const noise = Array.from({ length: 20 }, () => random.integer(columns)).filter((j) => !marks.includes(j));
    return [...new Set([...noise, ...marks.filter((_, m) => (i >> m) % 2 === 1)])].map(
      (j): [number, number] => [j, 1],
    );
  });
  const labels = rows.map((_, i) => 2 * ((i >> 0) % 2) + ((i >> 1) % 2) - ((i >> 2) % 2) > 0.5);
  const data = Dataset.from({ features: SparseMatrix.fromRows(rows, columns), labels });
  const model = await new LogisticRegression({ penalty: "l1", lambda: 0.05 }).fit(data);
  assert.ok(model.fit.converged);
  const found = Array.from(model.weights.entries()).filter(([, w]) => w !== 0);
  assert.deepEqual(
    found.map(([j]) => j),
    marks,
  );
});

test("adaptive weights leave weak features out first, and a factor of 0 leaves a weight free", async () => {
  const data = randomData("dense", 200, 6, 2, 13);
  const ridge = await new LogisticRegression({ lambda: 1e-3 }).fit(data);
  const factors = adaptiveWeights(ridge);
  const model = await new LogisticRegression({ penalty: "l1", lambda: 0.02, penaltyWeights: factors }).fit(
    data,
  );
  const order = [...factors.keys()].sort((a, b) => factors[a] - factors[b]);
  const kept = order.map((j) => model.weights[j] !== 0);
  assert.ok(kept[0] && !kept[5]);
  const free = await new LogisticRegression({ penalty: "l1", lambda: 10, penaltyWeights: { x2: 0 } }).fit(
    data,
  );
  assert.deepEqual(
    Array.from(free.weights, (w) => w !== 0),
    [false, false, true, false, false, false],
  );
});

test("penalties that make no sense are refused", async () => {
  const code = (of: string) => (error: unknown) => error instanceof LogitpressError && error.code === of;
  const make = (options: object) => () => new LogisticRegression(options);
  assert.throws(make({ l1Ratio: 0.5 }), code("invalid-option"));
  assert.throws(make({ penalty: "elasticnet", l1Ratio: 1.5 }), code("invalid-option"));
  assert.throws(make({ penalty: "none", lambda: 1 }), code("invalid-option"));
  assert.throws(make({ penalty: "l1", groups: [[0]] }), code("invalid-option"));
  assert.throws(make({ penalty: "group", bounds: { lower: 0 } }), code("invalid-option"));
  assert.throws(make({ bounds: { low: 0 } }), code("unknown-option"));
  assert.throws(make({ threads: 0 }), code("invalid-option"));
  const data = randomData("dense", 30, 3, 2, 3);
  const fit = (options: LogisticRegressionOptions) => new LogisticRegression(options).fit(data);
  await assert.rejects(fit({ penalty: "group", groups: [["no"]] }), code("missing-column"));
  await assert.rejects(fit({ penalty: "group", groups: [[0], [0]] }), code("invalid-option"));
  await assert.rejects(fit({ penaltyWeights: [1] }), code("length-mismatch"));
  await assert.rejects(fit({ penaltyWeights: [1, -1, 1] }), code("invalid-option"));
  await assert.rejects(fit({ bounds: { lower: 1 } }), code("invalid-option"));
  await assert.rejects(fit({ penalty: "l1", solver: "newton" }), code("invalid-option"));
});

/** The objective written anew, from the loss of all outputs. */
function objectiveOf(data: Dataset, options: LogisticRegressionOptions, lambda: number) {
  return (weights: Float64Array, intercepts: Float64Array, link: LinearModel["link"]): number => {
    const K = intercepts.length;
    const loss = meanLosses(data, link, 1).whole;
    let sum = loss.gradient(weights, intercepts, new Float64Array(weights.length + K));
    const ratio = options.penalty === "l2" ? 0 : options.penalty === "elasticnet" ? options.l1Ratio! : 1;
    const factors = options.penaltyWeights as readonly number[] | undefined;
    if (options.penalty !== "group") {
      weights.forEach((w, at) => {
        const factor = factors?.[Math.floor(at / K)] ?? 1;
        sum += lambda * factor * (ratio * Math.abs(w) + ((1 - ratio) / 2) * w * w);
      });
      return sum;
    }
    const named = options.groups!.flat() as number[];
    const groups = [
      ...(options.groups as number[][]),
      ...[0, 1, 2, 3, 4, 5].filter((j) => !named.includes(j)).map((j) => [j]),
    ];
    // One sigmoid a class is one problem a class, each with its groups.
    const parts =
      link === "ovr" ? Array.from({ length: K }, (_, k) => [k]) : [Array.from({ length: K }, (_, k) => k)];
    for (const outputs of parts) {
      for (const group of groups) {
        const own = group.flatMap((j) => outputs.map((k) => weights[j * K + k]));
        sum += lambda * Math.sqrt(own.length) * Math.hypot(...own);
      }
    }
    return sum;
  };
}

function clipped(weights: Float64Array, { bounds }: LogisticRegressionOptions, K: number): Float64Array {
  const of = (side: "lower" | "upper", j: number, rest: number) => {
    const value = bounds?.[side];
    if (value === undefined || typeof value === "number") return value ?? rest;
    return (value as Record<string, number>)[`x${j}`] ?? rest;
  };
  return weights.map((w, at) => {
    const j = Math.floor(at / K);
    const upper = of("upper", j, Number.POSITIVE_INFINITY);
    return Math.min(Math.max(w, of("lower", j, Number.NEGATIVE_INFINITY)), upper);
  });
}
