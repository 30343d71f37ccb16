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
  /** Adds the gradients of the weighted logistic losses of all outputs, each one class against the others; writes the losses. */
  sigmoidsGradient(
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
    residuals: number,
    curvatures: number,
    losses: number,
  ): void;
  /** out += the logistic Hessian of each output times its part of v. */
  sigmoidsProduct(
    pointers: number,
    indices: number,
    values: number,
    rows: number,
    columns: number,
    outputs: number,
    curvatures: number,
    v: number,
    out: number,
    scratch: number,
  ): void;
  /** out[p] = the sum over j of x[j, p] y[j, p], for tables of `count` numbers a part. */
  partDots(count: number, parts: number, x: number, y: number, out: number): void;
  /** out[p] = the sum over j of m[j, p] x[j, p]^2. */
  partSquares(count: number, parts: number, m: number, x: number, out: number): void;
  /** y[j, p] += a[p] x[j, p]. */
  partAxpy(count: number, parts: number, a: number, x: number, y: number): void;
  /** d[j, p] = m[j, p] r[j, p] + b[p] d[j, p]. */
  partTurn(count: number, parts: number, b: number, m: number, r: number, d: number): void;
}
