import { calibrationChart } from "../../src/chart/calibration";
import { classBalanceChart } from "../../src/chart/class-balance";
import { coefficientsChart } from "../../src/chart/coefficients";
import { comparisonChart } from "../../src/chart/comparison";
import { confusionChart } from "../../src/chart/confusion";
import { crossValidationChart } from "../../src/chart/cross-validation";
import { differenceChart } from "../../src/chart/difference";
import type { Figure } from "../../src/chart/figure";
import { frameReportChart } from "../../src/chart/frame-report";

import { frontChart } from "../../src/chart/front";
import { importanceChart } from "../../src/chart/importance";
import { ledgerChart } from "../../src/chart/ledger";
import { levelsChart } from "../../src/chart/levels";
import { lossChart } from "../../src/chart/loss";
import { pathChart } from "../../src/chart/path";
import { pruningChart } from "../../src/chart/pruning";
import { rocChart } from "../../src/chart/roc";
import { sparsityChart } from "../../src/chart/sparsity";
import { weightPicturesChart } from "../../src/chart/weight-pictures";
import { weightsChart } from "../../src/chart/weights";
import { Comparison, compare } from "../../src/evaluate/compare";
import { evaluate } from "../../src/evaluate/evaluate";
import { inspectFrame } from "../../src/frame/inspect/inspect-frame";
import { type FeatureNames, numberedNames } from "../../src/matrix/names";
import type { LinearModel } from "../../src/model/linear";

import { ledger } from "../../src/pack/ledger";
import { PrunedModel } from "../../src/prune/pruned";
import { QuantizedModel } from "../../src/quantize/quantized";
import { CoefficientTable } from "../../src/train/coefficient-table";

import { madeCompression } from "../compress/made";

import { modelOf, normals, randomData } from "../evaluate/models";
import { madeCurve } from "../prune/curves";
import { madeCrossValidation, madePath } from "../train/paths";

/** A name that must stay text in HTML, SVG and plotly. */
export const hostile = `a</script><b onclick="x">&`;

const quick = { latencyRows: 0 };
const classes = ["ham", hostile];
/** A small model of two classes. */
export const model: LinearModel = modelOf(classes, "binary", normals(5, 1), [0]);
/** A small model of three classes. */
export const three: LinearModel = modelOf([1, 2, 3], "softmax", normals(15, 3), [0, 0, 0]);
const data = randomData(classes, 200, 2);
const evaluation = evaluate(model, data, quick);
const weaker = modelOf(classes, "binary", normals(5, 7), [0]);
const ofThree = evaluate(three, randomData([1, 2, 3], 90, 4), quick);

const mixedTable = {
  age: normals(60, 1),
  [`${hostile} 2`]: normals(60, 2).map((x, i) => (i % 3 === 0 ? null : x)),
  [hostile]: normals(60, 1).map((x) => (x > 0 ? hostile : "no")),
};
/** A model of uniform codes, the middle ones the most frequent. */
export function madeCodes(bits: number, weights: number): QuantizedModel {
  return new QuantizedModel({
    ...{ classes, link: "binary", featureNames: numberedNames(2 * weights) },
    positions: Uint32Array.from({ length: weights }, (_, i) => 2 * i),
    codes: Uint16Array.from(normals(weights, 8), (x) =>
      Math.min(Math.max(Math.round((x / 6 + 0.5) * 2 ** bits), 0), 2 ** bits - 1),
    ),
    scheme: { kind: "uniform", bits, scale: 0.1, zeroPoint: 2 ** (bits - 1) - 0.5 },
    intercepts: Float64Array.of(0),
  });
}

function namesOf(length: number, name: string): FeatureNames {
  return { length, at: (column) => `${name} ${column}` };
}

/** Coefficients with intervals, the first of a name that must stay text. */
export function madeTable(count: number): CoefficientTable {
  const rows = Array.from(normals(count, 11), (coefficient, j) => ({
    ...{
      name: j === 0 ? hostile : `feature ${j}`,
      intercept: false,
      coefficient,
      standardError: 0.3,
      p: 0.5,
    },
    ...{ z: coefficient / 0.3, lower: coefficient - 0.6, upper: coefficient + 0.6 },
    oddsRatio: Math.exp(coefficient),
  }));
  const intercept = { ...rows[0], name: "(intercept)", intercept: true, coefficient: 99 };
  return new CoefficientTable({ rows: [intercept, ...rows], classes, level: 0.95, notes: [] });
}

/** A model of two classes with twice so many weights, half of them removed. */
export function madePruned(kept: number, name: string): PrunedModel {
  const weights = Float64Array.from(normals(2 * kept, 9));
  const mask = Uint8Array.from(weights, (_, at) => Number(at % 2 === 0));
  const importances = Float64Array.from(weights, (w, at) => 10 ** (2 * mask[at] + Math.tanh(w)));
  const parts = {
    ...{ classes, link: "binary" as const, featureNames: namesOf(2 * kept, name), scale: null },
    ...{ weights: weights.map((w, at) => w * mask[at]), intercepts: Float64Array.of(0) },
  };
  const report = { strategy: "taylor", kept, removed: kept, sparsity: 0.5, threshold: 10, refitLambda: null };
  return new PrunedModel(parts, mask, importances, report, weights);
}

/** A figure of every chart function, as users meet it. */
export const usual: Readonly<Record<string, Figure>> = {
  loss: lossChart(model.fit),
  gaps: lossChart({
    ...model.fit,
    history: Array.from({ length: 12 }, (_, i) => ({
      iteration: i,
      objective: 0.3 + 0.39 * 5 ** -i,
      gradientNorm: 4 ** -i,
      dualityGap: i === 0 ? Number.NaN : 0.5 * 6 ** -i,
      seconds: i,
    })),
  }),
  epochs: lossChart(
    Array.from({ length: 200 }, (_, i) => ({ epoch: i, loss: 100 * Math.exp(-i / 20) + 0.01 })),
  ),
  table: frameReportChart(inspectFrame(mixedTable, { label: hostile })),
  classes: classBalanceChart(inspectFrame(mixedTable, { label: hostile })),
  unlabelledTable: frameReportChart(inspectFrame(mixedTable)),
  weights: weightsChart(model, three),
  path: pathChart(madePath()),
  pathOfClasses: pathChart(madePath({ features: 60, classes: ["a", "b", hostile], endedEarly: hostile })),
  pathOfOne: pathChart(madePath({ features: 3, steps: 1 })),
  pathOfFew: pathChart(madePath({ features: 5, steps: 8, names: (j) => `${j} ${hostile}` })),
  crossValidation: crossValidationChart(madeCrossValidation()),
  crossValidationOfTwo: crossValidationChart(madeCrossValidation([0.5, 1], "best")),
  crossValidationOfMany: crossValidationChart(
    madeCrossValidation([0.1, 0.3, 0.5, 0.7, 0.9, 1], "best", { metric: "accuracy", greaterIsBetter: true }),
  ),
  coefficients: coefficientsChart(model),
  coefficientsOfThree: coefficientsChart(three, { count: 6 }),
  coefficientsOfTable: coefficientsChart(madeTable(30)),
  manyWeights: weightsChart(modelOf(classes, "binary", normals(20_000, 5), [0])),
  weightPictures: weightPicturesChart(
    modelOf(
      ["0", "1", hostile],
      "softmax",
      normals(3 * 48, 6).map((w, i) => (i % 4 === 0 ? 0 : w)),
      [0, 0, 0],
    ),
    { width: 8 },
  ),
  levels: levelsChart(madeCodes(3, 400)),
  levelsOfMany: levelsChart(madeCodes(12, 4000)),
  pruning: pruningChart(madeCurve()),
  pruningOfOne: pruningChart(madeCurve(["random"], 1)),
  importance: importanceChart(madePruned(3, hostile)),
  importanceOfMany: importanceChart(madePruned(400, "x")),
  sparsity: sparsityChart([
    { nonzeros: 10, accuracy: 0.9, logLoss: 0.3, name: hostile },
    { nonzeros: 100, accuracy: 0.95, logLoss: 0.2 },
    { nonzeros: 30_000, accuracy: 0.955, logLoss: 0.19 },
  ]),
  front: frontChart(madeCompression(8, hostile), [
    { name: hostile, bytes: 900, logLoss: 0.3, accuracy: 0.9 },
  ]),
  comparison: comparisonChart(compare({ float: model, [hostile]: model }, data, quick)),
  confusion: confusionChart(evaluation),
  confusionOfThree: confusionChart(ofThree),
  roc: rocChart({ one: evaluation, [hostile]: ofThree }),
  calibration: calibrationChart(evaluation),
  ledger: ledgerChart({
    sections: [
      { name: hostile, bytes: 10 },
      { name: "codes", bytes: 30 },
      { name: "positions of the weights that are not zero", bytes: 812 },
    ],
  }),
  ledgerOfFile: ledgerChart(ledger(model)),
  difference: differenceChart(compare({ float: model, [hostile]: model, other: weaker }, data, quick)),
};

/** A figure of every chart function with more than can be drawn. */
export function largest(): Readonly<Record<string, Figure>> {
  const many = Array.from({ length: 300 }, (_, i) => `class ${i} ${hostile}`);
  const counts = Float64Array.from({ length: 300 * 300 }, (_, i) => (i % 301 === 0 ? 900 : (i * 7919) % 13));
  const points = Array.from({ length: 100_000 }, (_, i) => i + 1);
  const evaluations = Object.fromEntries(many.slice(0, 60).map((name) => [name, evaluation]));
  const rows = many.map((name) => ({ name, evaluation, difference: null }));
  const bin = evaluation.calibration[0];
  const { difference } = compare({ model, weaker }, data, quick).rows[1];
  const different = many.map((name, i) => ({ name, evaluation, difference: i === 0 ? null : difference }));
  return {
    loss: lossChart(points.map((epoch) => ({ epoch, loss: 1 / epoch + Math.sin(epoch) / 1e6 }))),
    weights: weightsChart(modelOf(classes, "binary", normals(300_000, 5), [0]), model),
    sparsity: sparsityChart(
      points.map((nonzeros) => ({
        nonzeros,
        accuracy: 1 - 1 / nonzeros,
        logLoss: 1 / nonzeros,
        name: hostile,
      })),
    ),
    pruning: pruningChart(madeCurve(undefined, 5_000)),
    comparison: comparisonChart({ observations: 200, rows } as never),
    front: frontChart(madeCompression(900, hostile)),
    path: pathChart(madePath({ features: 3_000, steps: 300, names: (j) => `${j} ${hostile.repeat(3)}` })),
    crossValidation: crossValidationChart(madeCrossValidation(Array.from({ length: 40 }, (_, i) => i / 40))),
    confusion: confusionChart({ classes: many, counts } as never),
    roc: rocChart(evaluations),
    calibration: calibrationChart({
      ...evaluation,
      calibration: points.map((i) => ({ ...bin, predicted: i / 100_000, observed: i / 100_001 })),
    } as never),
    ledger: ledgerChart({ sections: many.map((name, i) => ({ name, bytes: i * i })) }),
    difference: differenceChart(new Comparison(different, 200)),
  };
}
