import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { test } from "node:test";
import { Random } from "../../src/base/random";
import { bfloat16Bits } from "../../src/quantize/bfloat16";
import { compensated } from "../../src/quantize/compensate";
import { curvatureOf } from "../../src/quantize/curvature";
import { float16Bits } from "../../src/quantize/float16";
import { gridOf } from "../../src/quantize/grid";
import { kmeansLevels, nearestLevel } from "../../src/quantize/kmeans";
import { memoryCodingRows } from "../../src/quantize/rows";
import { uniformCode, uniformScheme } from "../../src/quantize/uniform";
import { LogisticRegression } from "../../src/train/logistic-regression";
import { Pace } from "../../src/train/pace";
import { python, root } from "../python";
import { randomData } from "../train/data";

const random = new Random(3);
const values = Float64Array.from({ length: 600 }, () => Math.fround(random.normal() ** 3));
const counts = [2, 3, 5, 8, 16];
const widths = [2, 3, 4, 8];
const lambda = 0.02;
const data = randomData("dense", 200, 14, 2, 6);
const levels = Float64Array.of(-0.7, -0.2, 0.15, 0.6);

interface Reference {
  readonly kmeans: Record<string, number>;
  readonly uniform: Record<string, { readonly scale: number; readonly codes: readonly number[] }>;
  readonly float16: readonly number[];
  readonly bfloat16: readonly number[];
  readonly gptq: readonly number[];
}

/** The Hessian of the weights with the intercept, which is never rounded, taken out. */
async function hessianOf(weightsOnly = true) {
  const model = await new LogisticRegression({ lambda }).fit(data);
  const { shares, fitted } = curvatureOf(model, data);
  const n = 15;
  const H = Array.from({ length: n }, () => new Array<number>(n).fill(0));
  const x = (i: number, j: number) => (j === 14 ? 1 : data.features.values![i * 14 + j]);
  for (let i = 0; i < data.rows; i++) {
    const h = shares[i] * fitted[i] * (1 - fitted[i]);
    for (let a = 0; a < n; a++) for (let b = 0; b < n; b++) H[a][b] += h * x(i, a) * x(i, b);
  }
  const reduced = H.slice(0, 14).map((row, a) =>
    row.slice(0, 14).map((v, b) => v - (H[a][14] * H[14][b]) / H[14][14] + (a === b ? lambda : 0)),
  );
  return {
    model,
    hessian: weightsOnly ? reduced : H,
    order: H.slice(0, 14).map((row, a) => row[a] + lambda),
  };
}

async function reference(): Promise<Reference> {
  const { model, hessian } = await hessianOf();
  const input = {
    ...{ values: [...values], counts, bits: widths },
    gptq: { weights: [...model.weights], hessian, levels: [...levels] },
  };
  const script = join(root, "test", "quantize", "reference.py");
  const { stdout, stderr, status } = spawnSync(python, [script], {
    input: JSON.stringify(input),
    encoding: "utf8",
  });
  assert.equal(status, 0, stderr);
  return JSON.parse(stdout);
}

const theirs = reference();

test("k-means is never worse than scikit-learn's", async () => {
  for (const count of counts) {
    const found = kmeansLevels(values, count, null);
    const ours = values.reduce((sum, v) => sum + (v - found[nearestLevel(v, found)]) ** 2, 0);
    const { kmeans } = await theirs;
    assert.ok(ours <= kmeans[count] * (1 + 1e-6), `${count} levels: ${ours} against ${kmeans[count]}`);
    assert.ok(kmeans[count] < 1.2 * ours, "the reference should be near");
  }
});

test("uniform codes are those of numpy's formula", async () => {
  for (const bits of widths) {
    const plan = {
      ...{ bits, symmetric: true, percentile: 100 },
      ...({ range: "minmax", levelPrecision: "float32" } as const),
    };
    const scheme = uniformScheme(values, plan, null);
    const { scale, codes } = (await theirs).uniform[bits];
    assert.ok(scheme.scale >= scale && scheme.scale <= scale * (1 + 2 ** -22));
    values.forEach((v, i) => {
      const edge = Math.abs(v / scale - Math.round(v / scale)) < 1e-6;
      if (!edge) assert.equal(uniformCode(v, scheme), codes[i]);
    });
  }
});

test("16-bit floats are numpy's to the bit", async () => {
  const { float16, bfloat16 } = await theirs;
  assert.deepEqual(Array.from(values, float16Bits), float16);
  assert.deepEqual(Array.from(values, bfloat16Bits), bfloat16);
});

test("compensated rounding is GPTQ with the exact Hessian", async () => {
  const { model } = await hessianOf();
  const grid = gridOf({ kind: "codebook", bits: 2, levels }, false);
  const positions = Uint32Array.from(model.weights.keys());
  const task = {
    model,
    rows: memoryCodingRows(data),
    positions,
    values: model.weights,
    gridOf: () => grid,
    lambda,
  };
  const { codes } = await compensated(task, new Pace({}, "test"));
  assert.deepEqual(
    Array.from(codes, (code) => levels[code]),
    (await theirs).gptq,
  );
});
