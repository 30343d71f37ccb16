import type { Dataset } from "../../matrix/dataset";
import { DenseMatrix } from "../../matrix/dense";
import { CrossProduct } from "../cross-product";
import { Design } from "../design";
import { eachStored, type Moments, rangeOf } from "./moments";
import { type Dependence, dependencesOf } from "./pivoted-cholesky";

/** More columns than this are not checked: the work grows with their cube. */
export const mostChecked = 1000;
/** Rows of the sample in which dependences are looked for; what is found is then tried on all rows. */
const leastRows = 4096;
const mostWork = 2e9;
const mostReported = 20;
/** What rounding to 32 bits leaves of the variance of a dependent column is some 1e-14. */
const tolerance = 1e-10;

/** A column that is a sum of multiples of others and a constant, in all rows. */
interface Relation {
  readonly column: number;
  /** The columns that it follows from, those that weigh most first. */
  readonly others: readonly number[];
}

/** The linear relations among some columns: at most twenty, each holding in all rows. */
export function relationsOf(data: Dataset, columns: readonly number[], moments: Moments): Relation[] {
  const standard = standardised(data, columns, moments);
  const shares = new Float64Array(standard.rows).fill(1);
  const design = Design.of(standard, new Uint32Array(standard.rows), shares);
  const square = new CrossProduct(design);
  square.add(design.shares, square.block);
  const n = columns.length + 1;
  const G = withOnesFirst(square.block, n);
  const relations: Relation[] = [];
  for (const dependence of dependencesOf(G, n, tolerance)) {
    if (relations.length === mostReported) break;
    const relation = onAllRows(data, columns, moments, dependence);
    if (relation !== null) relations.push(relation);
  }
  return relations;
}

/** The columns, less their mean and over their deviation, in all rows or a sample at equal distances. */
function standardised(
  data: Dataset,
  columns: readonly number[],
  { means, deviations }: Moments,
): DenseMatrix {
  const { features, weights } = data;
  const counted = Array.from({ length: data.rows }, (_, i) => i).filter(
    (i) => weights === null || weights[i] > 0,
  );
  const most = Math.max(leastRows, 2 * columns.length, Math.floor(mostWork / columns.length ** 2));
  const rows = Math.min(counted.length, most);
  const place = new Int32Array(data.columns).fill(-1);
  columns.forEach((j, c) => {
    place[j] = c;
  });
  const values = new Float32Array(rows * columns.length);
  for (let r = 0; r < rows; r++) {
    const i = counted[Math.floor((r * counted.length) / rows)];
    const line = values.subarray(r * columns.length, (r + 1) * columns.length);
    columns.forEach((j, c) => {
      line[c] = -means[j] / deviations[j];
    });
    const [from, to] = rangeOf(features, i);
    for (let k = from; k < to; k++) {
      const j = features.kind === "dense" ? k - from : features.indices[k];
      const x = features.values === null ? 1 : features.values[k];
      if (place[j] >= 0) line[place[j]] = (x - means[j]) / deviations[j];
    }
  }
  return new DenseMatrix(rows, columns.length, values);
}

function withOnesFirst(block: Float64Array, n: number): Float64Array {
  const G = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      const [a, b] = [(i + n - 1) % n, (j + n - 1) % n];
      G[i * n + j] = block[Math.max(a, b) * n + Math.min(a, b)];
    }
  }
  return G;
}

/** The relation, where it leaves next to nothing of the column's variance in all rows, else `null`. */
function onAllRows(
  data: Dataset,
  columns: readonly number[],
  { means, deviations, total }: Moments,
  { column, others, factors }: Dependence,
): Relation | null {
  const j = columns[column - 1];
  const factor = new Float64Array(data.columns);
  let offset = 0;
  const weighty: { column: number; size: number }[] = [];
  others.forEach((other, k) => {
    if (other === 0) offset -= factors[k];
    else {
      const l = columns[other - 1];
      factor[l] = -factors[k] / deviations[l];
      offset += (factors[k] * means[l]) / deviations[l];
      weighty.push({ column: l, size: Math.abs(factors[k]) });
    }
  });
  factor[j] = 1 / deviations[j];
  offset -= means[j] / deviations[j];
  const residuals = new Float64Array(data.rows).fill(offset);
  eachStored(data, (i, l, x) => {
    residuals[i] += factor[l] * x;
  });
  let left = 0;
  residuals.forEach((r, i) => {
    left += (data.weights === null ? 1 : data.weights[i]) * r * r;
  });
  if (!(left <= 10 * tolerance * total)) return null;
  const named = weighty.filter(({ size }) => size > 1e-3).sort((a, b) => b.size - a.size);
  return { column: j, others: named.map((one) => one.column) };
}
