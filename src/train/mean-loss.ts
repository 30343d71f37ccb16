import { fail } from "../base/errors";
import type { Dataset } from "../matrix/dataset";
import type { Link } from "../model/scorer";
import type { Block } from "./blocks";
import { Design } from "./design";
import { lossesOf } from "./losses/by-link";
import { sharesOf } from "./shares";

/** The mean loss of one or many outputs, for first-order methods: all parameters in a model's order. */
interface MeanLoss {
  /** The loss at weights and intercepts; the gradient, weights then intercepts, is written to `gradient`. */
  gradient(weights: Float64Array, intercepts: Float64Array, gradient: Float64Array): number;
}

/** The mean loss of all rows, and of each of some batches of neighbouring rows: as many rows in each, but for one. */
export interface MeanLosses {
  readonly whole: MeanLoss;
  /** As one alone, `whole` itself. */
  readonly batches: readonly MeanLoss[];
}

/**
 * The mean losses of a dataset and of its batches, which share one copy of the data.
 * @param count the number of batches, at most that of rows
 * @throws `invalid-label` where a class has no row
 */
export function meanLosses(data: Dataset, link: Link, count: number): MeanLosses {
  const design = Design.of(data.features, data.labels, sharesOf(data, null));
  const classes = data.classes.length;
  const whole = lossOf(design, link, classes);
  if (count === 1) return { whole, batches: [whole] };
  const bound = (part: number) => Math.floor((design.rows * part) / count);
  const batches = Array.from({ length: count }, (_, part) =>
    lossOf(partOf(design, { from: bound(part), to: bound(part + 1) }), link, classes),
  );
  return { whole, batches };
}

/** Some rows of a design where they lie. */
function partOf(design: Design, { from, to }: Block): Design {
  const { place } = design;
  const [pointers] = design.matrix;
  const row = new Uint32Array(design.arena.memory.buffer, pointers, pointers === 0 ? 0 : design.rows + 1);
  return design.at({
    ...place,
    matrix: design.rowsOf({ from, to }),
    nonzeros: pointers === 0 ? (to - from) * design.columns : row[to] - row[from],
    labels: place.labels + 4 * from,
    shares: place.shares + 8 * from,
  });
}

function lossOf(design: Design, link: Link, classes: number): MeanLoss {
  const losses = lossesOf(design, link, classes).map((make) => make());
  const K = losses[0].outputs;
  const w = design.parameters(K);
  const g = design.parameters(K);
  const stride = losses.length;
  const total = design.shares.reduce((sum, share) => sum + share, 0);
  const unit = total > 0 ? 1 / total : 0;
  return {
    gradient(weights, intercepts, gradient) {
      if (gradient.length !== weights.length + intercepts.length) {
        fail("length-mismatch", { thing: "length of the gradient", value: gradient.length });
      }
      let sum = 0;
      losses.forEach((loss, k) => {
        for (let j = 0; j < w.length; j++) {
          const at = j * stride + k;
          w[j] = at < weights.length ? weights[at] : intercepts[at - weights.length];
        }
        sum += loss.gradient(w, g.fill(0));
        for (let j = 0; j < g.length; j++) gradient[j * stride + k] = unit * g[j];
      });
      return unit * sum;
    },
  };
}

/** A bound of the curvature of the mean loss along any direction of length one, columns in their scale. */
export function curvatureBound(data: Dataset, link: Link): number {
  const { features, rows } = data;
  const shares = sharesOf(data, null);
  let sum = 0;
  for (let i = 0; i < rows; i++) {
    let square = 1;
    const from = features.kind === "dense" ? i * features.columns : features.pointers[i];
    const to = features.kind === "dense" ? from + features.columns : features.pointers[i + 1];
    for (let k = from; k < to; k++) {
      const column = features.kind === "dense" ? k - from : features.indices[k];
      const unit = data.scale === null ? 1 : data.scale[column];
      square += ((features.values === null ? 1 : features.values[k]) * unit) ** 2;
    }
    sum += shares[i] * square;
  }
  return sum * (link === "softmax" ? 0.5 : 0.25);
}
