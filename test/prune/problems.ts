import { Random } from "../../src/base/random";
import { Dataset } from "../../src/matrix/dataset";
import { DenseMatrix } from "../../src/matrix/dense";
import type { LinearModel } from "../../src/model/linear";
import { LogisticRegression } from "../../src/train/logistic-regression";
import { type Kind, randomMatrix } from "../train/data";

/** Rows of correlated features whose labels follow the first few of them, with noise. */
export function problem(kind: Kind, rows: number, columns: number, classes: number, seed: number): Dataset {
  const random = new Random(seed);
  const drawn = randomMatrix(kind, rows, columns, random);
  const features = drawn.kind === "dense" ? correlated(drawn) : drawn;
  const dense = features.kind === "dense" ? features : features.toDense();
  const told = Math.ceil(columns / 2);
  const truth = Float64Array.from({ length: told * classes }, () => random.normal());
  const labels = Array.from({ length: rows }, (_, i) => {
    if (i < classes) return i;
    const scores = Array.from({ length: classes }, (_, k) => {
      let score = random.normal();
      for (let j = 0; j < told; j++) score += dense.values[i * columns + j] * truth[j * classes + k];
      return score;
    });
    return scores.indexOf(Math.max(...scores));
  });
  return Dataset.from({
    features,
    labels,
    weights: Array.from({ length: rows }, () => 0.5 + random.uniform()),
    scale: Float32Array.from({ length: columns }, () => 0.5 + random.uniform()),
  });
}

/** Each column is half the one before it. */
function correlated({ rows, columns, values }: DenseMatrix): DenseMatrix {
  const mixed = values.slice();
  for (let i = 0; i < rows; i++) {
    for (let j = 1; j < columns; j++) mixed[i * columns + j] += 0.7 * mixed[i * columns + j - 1];
  }
  return new DenseMatrix(rows, columns, mixed);
}

/** A fit to rounding. */
export async function fitted(
  data: Dataset,
  multiclass: "softmax" | "ovr" = "softmax",
  lambda = 0.01,
): Promise<LinearModel> {
  return await new LogisticRegression({ lambda, multiclass, tolerance: 1e-12 }).fit(data);
}
