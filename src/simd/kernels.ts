/**
 * The kernels by name. Pointers are byte offsets into one memory. A matrix is five numbers: `pointers` (u32 row
 * offsets, 0 for dense), `indices` (u32 columns), `values` (f32, 0 where all are one), `rows`, `columns`. Vectors and
 * tables of parameters are 64-bit floats: the number of column j for output k at `j * outputs + k`, then `outputs`
 * intercepts.
 */
export interface Kernels {
  /** The sum of x[i] y[i]. */
  dot(count: number, x: number, y: number): number;
  /** y += a x. */
  axpy(count: number, a: number, x: number, y: number): void;
  /** out = X W + b, rows x outputs. */
  times(
    pointers: number,
    indices: number,
    values: number,
    rows: number,
    columns: number,
    outputs: number,
    w: number,
    out: number,
  ): void;
  /** g += X' R, and the column sums of R to the intercepts. */
  transposeTimes(
    pointers: number,
    indices: number,
    values: number,
    rows: number,
    columns: number,
    outputs: number,
    r: number,
    g: number,
  ): void;
  /** As `transposeTimes`, with each value of X squared. */
  transposeSquareTimes(
    pointers: number,
    indices: number,
    values: number,
    rows: number,
    columns: number,
    outputs: number,
    r: number,
    g: number,
  ): void;
  /** Writes the matrix column after column to `toPointers` (columns + 2 zeros at first), `toIndices`, `toValues`. */
  transpose(
    pointers: number,
    indices: number,
    values: number,
    rows: number,
    columns: number,
    toPointers: number,
    toIndices: number,
    toValues: number,
  ): void;
  /**
   * Merges rows of the same stored values and label in place: the first stays with the sum of their shares. Rows
   * `first` to `last` join the `count` rows left of those before. Writes the new number of each row to `merged`,
   * returns the number of rows left. `slots`: `slotCount` (a power of two above the rows) pairs of u32, zero at first;
   * `scratch`: 33 u32.
   */
  mergeRows(
    pointers: number,
    indices: number,
    values: number,
    first: number,
    last: number,
    count: number,
    columns: number,
    labels: number,
    shares: number,
    slots: number,
    slotCount: number,
    merged: number,
    scratch: number,
  ): number;
  /** Adds the gradient of the weighted logistic loss to g, writes residuals and curvatures, returns the loss. */
  logisticGradient(
    pointers: number,
    indices: number,
    values: number,
    rows: number,
    columns: number,
    labels: number,
    positive: number,
    shares: number,
    w: number,
    g: number,
    residuals: number,
    curvatures: number,
  ): number;
  /** out += X' diag(curvatures) X v. */
  logisticProduct(
    pointers: number,
    indices: number,
    values: number,
    rows: number,
    columns: number,
    curvatures: number,
    v: number,
    out: number,
  ): void;
  /**
   * One ascent of the logistic dual over each of `count` rows in `order` (u32): moves the row's dual variable in
   * `alphas`, its logit in `logits` (-Infinity for 0), the weights `w`, which are X' (y alpha) times the `inverses` of
   * the strengths of the columns (where 0, all are `inverse`), and the intercept by `drift` y times the change.
   * `norms` holds the rows' squared norms in that metric, 0 where not yet known. Adds to the three `sums`: half the
   * symmetric divergence of the dual variables from the margins as met, which is near the duality gap; the loss as
   * met; and what the penalty grew by.
   */
  dualAscent(
    pointers: number,
    indices: number,
    values: number,
    columns: number,
    order: number,
    count: number,
    labels: number,
    positive: number,
    shares: number,
    inverses: number,
    inverse: number,
    drift: number,
    norms: number,
    alphas: number,
    logits: number,
    w: number,
    sums: number,
  ): void;
  /** Adds the gradient of the weighted multinomial loss to g, writes probabilities, returns the loss. */
  softmaxGradient(
    pointers: number,
    indices: number,
    values: number,
    rows: number,
    columns: number,
    outputs: number,
    labels: number,
    shares: number,
    w: number,
    g: number,
    probabilities: number,
    scratch: number,
  ): number;
  /** out += the multinomial Hessian times v. */
  softmaxProduct(
    pointers: number,
    indices: number,
    values: number,
    rows: number,
    columns: number,
    outputs: number,
    shares: number,
    probabilities: number,
    v: number,
    out: number,
    scratch: number,
  ): void;
}
