/** Rows for each column that are enough of a sample for a Hessian whose steps are judged by all rows. */
const rowsEach = 7;
/** The rows that one stands for: by more of them next to nothing is saved, by fewer less than steps that are less good cost. */
const mostRows = 8;
const fewestRows = 3;
/** Of fewer values a Hessian takes no longer than what else a step does. */
const fewestValues = 5000;
/** The share of the first gradient, or violation, down to which a sample serves. */
export const sampledTo = 0.05;
/** What a step by a sample must leave of the gradient, or violation, at most. */
export const mostLeftBySample = 0.5;
/** Neighbours that are taken together. */
const together = 4;
/** The golden section, whose multiples fall evenly between 0 and 1. */
const golden = (Math.sqrt(5) - 1) / 2;

/** Of how many rows one will do in a sample that is worth its steps; 1 where all are needed. */
export function sampleStride(rows: number, columns: number): number {
  const stride = Math.min(mostRows, Math.floor(rows / (rowsEach * (columns + 1))));
  return stride < fewestRows || rows * columns < fewestValues ? 1 : stride;
}

/** The same on the way from some weights: from those of a fit before few steps are left, for which a sample is too rough. */
export function strideFrom(weights: Float64Array, rows: number, columns: number): number {
  return weights.every((w) => w === 0) ? sampleStride(rows, columns) : 1;
}

/**
 * Writes the numbers of a sample of the rows, each times how many it stands for, to `out`, and zeros for the others: a Hessian of these
 * curvatures is that of all rows, about (Byrd, Chin, Neveitt and Nocedal, 2011). Neighbours are taken together, since they are together
 * in memory, from places that fall evenly whatever period the data have.
 */
export function sampleRows(numbers: Float64Array, stride: number, out: Float64Array): void {
  out.fill(0);
  const length = together * stride;
  for (let from = 0, run = 1; from < numbers.length; from += length, run++) {
    const rows = Math.min(length, numbers.length - from);
    const count = Math.min(together, rows);
    const first = Math.floor(rows * ((run * golden) % 1));
    for (let k = 0; k < count; k++) {
      const i = from + ((first + k) % rows);
      out[i] = (rows / count) * numbers[i];
    }
  }
}
