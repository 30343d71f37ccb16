import { Random } from "../../src/base/random";
import { Dataset } from "../../src/matrix/dataset";
import { DenseMatrix } from "../../src/matrix/dense";
import { type Matrix, SparseMatrix } from "../../src/matrix/sparse";

export type Kind = "dense" | "csr" | "ones";

export const kinds: readonly Kind[] = ["dense", "csr", "ones"];

/** A random matrix: normal values, some thirty per cent of them where it is sparse. */
export function randomMatrix(kind: Kind, rows: number, columns: number, random: Random): Matrix {
  if (kind === "dense") {
    return new DenseMatrix(
      rows,
      columns,
      Float32Array.from({ length: rows * columns }, () => random.normal()),
    );
  }
  const lines = Array.from({ length: rows }, () =>
    Array.from({ length: columns }, (_, j): [number, number] => [j, random.normal()]).filter(
      () => random.uniform() < 0.3,
    ),
  );
  const { pointers, indices, values } = SparseMatrix.fromRows(lines, columns);
  return new SparseMatrix(rows, columns, pointers, indices, kind === "ones" ? null : values);
}

/** Random rows with labels that follow a linear model with noise; every class occurs. */
export function randomData(
  kind: Kind,
  rows: number,
  columns: number,
  classes: number,
  seed: number,
): Dataset {
  const random = new Random(seed);
  const features = randomMatrix(kind, rows, columns, random);
  const dense = features.kind === "dense" ? features : features.toDense();
  const truth = Float64Array.from({ length: columns * classes }, () => random.normal());
  const labels = Uint32Array.from({ length: rows }, (_, i) => {
    if (i < classes) return i;
    const scores = Array.from({ length: classes }, (_, k) => {
      let score = 3 * random.normal();
      for (let j = 0; j < columns; j++) score += dense.values[i * columns + j] * truth[j * classes + k];
      return score;
    });
    return scores.indexOf(Math.max(...scores));
  });
  return Dataset.from({ features, labels });
}
