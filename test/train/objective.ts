import type { Dataset } from "../../src/matrix/dataset";
import type { LinearModel } from "../../src/model/linear";

/** A penalty written out for each column. */
export interface Terms {
  readonly lambda: number;
  readonly l1Ratio: number;
  readonly factors: readonly number[];
  /** Lists of columns, or `null` where the L1 part is of single weights. */
  readonly groups: readonly (readonly number[])[] | null;
  readonly lower: readonly number[];
  readonly upper: readonly number[];
}

type Point = Pick<LinearModel, "weights" | "intercepts" | "link">;

/** The mean loss by plain loops: the textbook's formulas, and none of the library's code. */
export function plainLoss(data: Dataset, { weights, intercepts, link }: Point): number {
  const K = intercepts.length;
  const dense = data.features.kind === "dense" ? data.features : data.features.toDense();
  let sum = 0;
  let total = 0;
  for (let i = 0; i < data.rows; i++) {
    const share = data.weights === null ? 1 : data.weights[i];
    const own = data.labels[i];
    const margins = Array.from(intercepts, (b, k) => {
      let margin = b;
      for (let j = 0; j < data.columns; j++)
        margin += dense.values[i * data.columns + j] * weights[j * K + k];
      return margin;
    });
    const most = Math.max(...margins);
    const loss =
      link === "softmax"
        ? Math.log(margins.reduce((all, z) => all + Math.exp(z - most), 0)) + most - margins[own]
        : margins.reduce((all, z, k) => {
            const y = (link === "binary" ? own === 1 : own === k) ? z : -z;
            return all + Math.log1p(Math.exp(-Math.abs(y))) + Math.max(-y, 0);
          }, 0);
    sum += share * loss;
    total += share;
  }
  return sum / total;
}

/** The lists of weights that one norm of a group penalty is of. */
function blocksOf(groups: NonNullable<Terms["groups"]>, { intercepts, link }: Point): number[][] {
  const K = intercepts.length;
  const outputs = Array.from({ length: K }, (_, k) => k);
  // One sigmoid a class is one problem a class, each with its groups.
  const parts = link === "ovr" ? outputs.map((k) => [k]) : [outputs];
  return parts.flatMap((part) => groups.map((group) => group.flatMap((j) => part.map((k) => j * K + k))));
}

/** Mean loss plus penalty. */
export function plainObjective(data: Dataset, point: Point, terms: Terms): number {
  const { lambda, l1Ratio, factors, groups } = terms;
  const { weights } = point;
  const K = point.intercepts.length;
  let sum = plainLoss(data, point);
  weights.forEach((w, at) => {
    const strength = lambda * factors[Math.floor(at / K)];
    sum += (strength * (1 - l1Ratio) * w * w) / 2 + (groups === null ? strength * l1Ratio * Math.abs(w) : 0);
  });
  for (const block of groups === null ? [] : blocksOf(groups, point)) {
    const strength = lambda * l1Ratio * factors[Math.floor(block[0] / K)];
    sum += strength * Math.sqrt(block.length) * Math.hypot(...block.map((at) => weights[at]));
  }
  return sum;
}

/** The gradient of the mean loss by central differences: of the weights, then of the intercepts. */
export function differences(data: Dataset, { weights, intercepts, link }: Point): Float64Array {
  const step = 1e-5;
  const all = Float64Array.from([...weights, ...intercepts]);
  const value = (at: number, by: number) => {
    const moved = all.slice();
    moved[at] += by;
    const [w, b] = [moved.subarray(0, weights.length), moved.subarray(weights.length)];
    return plainLoss(data, { weights: w, intercepts: b, link });
  };
  return all.map((_, at) => (value(at, step) - value(at, -step)) / (2 * step));
}

/** The steepest descent that is left at a point within the bounds: the greatest over weights, groups and intercepts. */
export function descentLeft(data: Dataset, point: Point, terms: Terms, fitIntercept: boolean): number {
  const { lambda, l1Ratio, factors, groups, lower, upper } = terms;
  const { weights } = point;
  const K = point.intercepts.length;
  const g = differences(data, point);
  weights.forEach((w, at) => {
    g[at] += lambda * factors[Math.floor(at / K)] * (1 - l1Ratio) * w;
  });
  let most = 0;
  const meet = (slope: number) => {
    most = Math.max(most, slope);
  };
  if (fitIntercept) for (const slope of g.subarray(weights.length)) meet(Math.abs(slope));
  if (groups === null) {
    weights.forEach((w, at) => {
      const j = Math.floor(at / K);
      const l1 = lambda * l1Ratio * factors[j];
      if (w < upper[j]) meet(-(g[at] + (w >= 0 ? l1 : -l1)));
      if (w > lower[j]) meet(g[at] + (w > 0 ? l1 : -l1));
    });
    return most;
  }
  for (const block of blocksOf(groups, point)) {
    const strength = lambda * l1Ratio * factors[Math.floor(block[0] / K)] * Math.sqrt(block.length);
    const length = Math.hypot(...block.map((at) => weights[at]));
    if (length > 0) meet(Math.hypot(...block.map((at) => g[at] + (strength * weights[at]) / length)));
    else meet(Math.hypot(...block.map((at) => g[at])) - strength);
  }
  return most;
}
