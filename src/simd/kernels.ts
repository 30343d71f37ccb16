/**
 * The kernels by name. Pointers are byte offsets into one memory. A matrix is five numbers: `pointers` (u32 row
 * offsets, 0 for dense), `indices` (u32 columns), `values` (f32, 0 where all are one), `rows`, `columns`. Vectors and
 * tables of parameters are 64-bit floats: the number of column j for output k at `j * outputs + k`, then `outputs`
 * intercepts.
 *
 * All in one file, since WebAssembly, the twins and the tests' registry are held against this one list.
 */
export interface Kernels {
  /** The sum of x[i] y[i]. */
  dot(count: number, x: number, y: number): number;
  /** Adds `parts` vectors, `stride` bytes apart from `from` on, to `out`, one after another, and leaves zeros in their place. */
  addParts(count: number, parts: number, stride: number, from: number, out: number): void;
  /** 1 where none of `count` 32-bit floats is NaN or infinite, else 0. */
  areFinite(values: number, count: number): number;
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
  /**
   * out = X W + b, rows x outputs, for predictions. One output sums each row in four parts, then adds the intercept; more begin
   * at the intercept and go from column to column, past dense zeros.
   */
  score(
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
  /**
   * g += X' r of sparse rows for the columns of their first half, or their second one where `half` is 1, without the intercept; see
   * {@link Kernels.halveRows}. Rows whose number is zero are not read.
   */
  transposeHalf(
    pointers: number,
    halves: number,
    indices: number,
    values: number,
    rows: number,
    r: number,
    g: number,
    half: number,
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
  /** As `logisticGradient` to six digits where rows are dense, in half the time; `scratch` holds `columns + 4` numbers. */
  roughGradient(
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
    scratch: number,
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
   * `norms` holds the rows' squared norms in that metric, 0 where not yet known. Writes half the
   * symmetric divergence of each row's dual variable from its margin as met to `divergences`, and adds to the three `sums`: that,
   * which is near the duality gap; the loss as met; and what the penalty grew by.
   *
   * Rows are moved `together` (1 to 16) at a time, each as if it were alone. Where they lie in `halves` (see {@link Kernels.halveRows};
   * 0 where they do not) two threads may share them, one called for `half` 0 and one, with arrays of its own of the same `norms`, `alphas`
   * and `logits`, for 1; the first does all where the other does not come at once, as does a thread called for 2. They meet in
   * `pair`, 2,112 bytes of zeros. The bits are the same. Returns 0 where one thread did all, and of two to the first how often it slept,
   * since the other did not run, and one.
   */
  dualAscent(
    pointers: number,
    halves: number,
    indices: number,
    values: number,
    columns: number,
    order: number,
    count: number,
    together: number,
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
    divergences: number,
    sums: number,
    pair: number,
    half: number,
  ): number;
  /**
   * Leaves the `pair` of a `dualAscent` that failed on this thread: the other one, which might wait for it for ever, goes on with
   * whatever numbers it finds, and what comes of it is not to be used.
   */
  abandon(pair: number): void;
  /**
   * One ascent of the logistic duals of the classes from `first` on, one an output, each against the others, over each of `count` rows
   * in `order` (u32), as {@link Kernels.dualAscent} does it for one: moves `alphas` and `logits` (rows x outputs), the weights `w`, which
   * are `inverse` times X' (y alpha), and the intercepts, by the `drifts` of the outputs. `norms` holds the squared norms of rows times
   * `inverse`, 0 where not yet known. Adds four numbers an output to `sums`, one kind after another: half the symmetric
   * divergences of the dual variables from the margins as met, to second order; the changes of y alpha; alpha (1 - alpha / s) after
   * them; and the loss as met of one of eight rows.
   * `scratch` has a number an output.
   */
  sigmoidsAscent(
    pointers: number,
    indices: number,
    values: number,
    columns: number,
    order: number,
    count: number,
    first: number,
    outputs: number,
    labels: number,
    shares: number,
    inverse: number,
    norms: number,
    drifts: number,
    alphas: number,
    logits: number,
    w: number,
    sums: number,
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
  /** out += the multinomial Hessian times v. `scratch` holds twice `outputs` numbers. */
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
  /**
   * H += [X 1]' diag(h) [X 1]: the lower triangle, row after row; a range of rows by offset pointers. `scratch` holds
   * 64 (columns + 4) numbers.
   */
  crossProduct(
    pointers: number,
    indices: number,
    values: number,
    rows: number,
    columns: number,
    h: number,
    H: number,
    scratch: number,
  ): void;
  /** As `crossProduct`, in 32-bit floats within panels of 32 curved rows unless rows fill few of their columns: half the time, six digits. */
  roughProduct(
    pointers: number,
    indices: number,
    values: number,
    rows: number,
    columns: number,
    h: number,
    H: number,
    scratch: number,
  ): void;
  /**
   * Replaces the lower triangle of A by its Cholesky factor; returns n, or the number of a pivot not above `floor`,
   * whose row is then finished but for the pivot.
   */
  cholesky(n: number, A: number, floor: number): number;
  /**
   * Writes the lower triangle of diag(units) H diag(units), with `diagonal` on its diagonal, to L and factors it; what `cholesky`
   * returns.
   */
  scaledCholesky(n: number, H: number, units: number, diagonal: number, L: number, floor: number): number;
  /**
   * Writes the quasi-Newton step p for a gradient g, and returns g' p: two loops over `count` pairs around the inverse of
   * diag(1 / units) L L' diag(1 / units). A pair is 2n + 2 numbers: a step, the change of the gradient, the reciprocal of their
   * product, and one that is written to.
   */
  quasiStep(n: number, L: number, units: number, count: number, pairs: number, g: number, p: number): number;
  /**
   * Looks at a point of the logistic loss of dense rows plus half the sum of strengths w^2, at t p from `w` with gradient `g`, which is
   * written to `next`; at `next` itself where t is 0. Writes the gradient there to `nextG`, to six digits where `rough` is not 0, and
   * returns the value. `found` is three numbers: the length of that gradient times `units`; half the sum of its squares over the
   * strengths; where t is not 0, 1 if the step and the change of the gradient, which are written to `pair`, are more than rounding,
   * else 0. `scratch` as for `roughGradient`, a pair as for `quasiStep`.
   */
  logisticTrial(
    values: number,
    rows: number,
    columns: number,
    labels: number,
    positive: number,
    shares: number,
    residuals: number,
    curvatures: number,
    scratch: number,
    rough: number,
    strengths: number,
    units: number,
    t: number,
    w: number,
    g: number,
    p: number,
    next: number,
    nextG: number,
    pair: number,
    found: number,
  ): number;
  /**
   * A = A - U U' in rows `from` up to `to` of the lower triangle of a matrix of `stride` numbers a row; U has `rank` numbers
   * a row.
   */
  downdate(from: number, to: number, stride: number, rank: number, U: number, A: number): void;
  /** In A's rows `from` up to `to` all of the factor from column `from`, a multiple of 4, on; what `cholesky` returns, or `to`. */
  choleskyCorner(n: number, A: number, floor: number, from: number, to: number): number;
  /** In A's rows `from` up to `to` the factor's columns `first` up to `last`, multiples of 4 whose own rows are finished. */
  choleskyRows(n: number, A: number, from: number, to: number, first: number, last: number): void;
  /**
   * The first compressed row from `from` on that has columns of two sets, whose numbers are in `sets` (u32, 0xffffffff for
   * none); or `rows`.
   */
  rowAcross(pointers: number, indices: number, from: number, rows: number, sets: number): number;
  /** Writes the block of each compressed row, as for `borderedGram`, to `out` (u32), 0xffffffff where it has none. */
  rowBlocks(pointers: number, indices: number, rows: number, blocks: number, out: number): void;
  /** Writes 1 to `local`, as for `borderedGram`, at what the blocks of listed rows have of the border, the intercept included. */
  markBorders(
    pointers: number,
    indices: number,
    order: number,
    count: number,
    columns: number,
    rowBlocks: number,
    blocks: number,
    places: number,
    borderSize: number,
    local: number,
  ): void;
  /**
   * Adds [X 1]' diag(h) [X 1] of the `count` rows listed in `order` (u32) to its blocks and border, lower triangles, row after
   * row. `blocks` and `places` (u32) tell the block of each column and of the intercept, 0xffffffff for the border, and its place
   * there; a row has columns of one block at most beside those of the border. A block's six numbers of `tables` (u32) are,
   * in 64-bit floats from `numbers`, where its square begins, its size, where its rows of the border begin, and their width;
   * then where its list of the border's columns begins, and where that of its own. `local` (u32, `borderSize` a block) tells
   * the place in that list of each column of the border. `corner` is the border's square. Places ascend with the columns;
   * `scratch` holds 32 (columns + 1) bytes.
   */
  borderedGram(
    pointers: number,
    indices: number,
    values: number,
    order: number,
    count: number,
    columns: number,
    h: number,
    blocks: number,
    places: number,
    tables: number,
    local: number,
    borderSize: number,
    numbers: number,
    corner: number,
    scratch: number,
  ): void;
  /**
   * Factors the blocks `from` up to `to`, square L1 and side W = L1^-1 B, and takes W' W from the border's square. `tables` as
   * for `borderedGram`; `borders` (u32) holds each block's columns of the border; `scratch` has room for the square of the
   * greatest width. Returns how many could not be factored.
   */
  eliminateBlocks(
    from: number,
    to: number,
    tables: number,
    borders: number,
    borderSize: number,
    numbers: number,
    corner: number,
    scratch: number,
  ): number;
  /** x = L1^-1 r for the columns of the blocks, listed in `members` (u32), then edge = edge - W' x; x as they are listed. */
  forwardBlocks(
    from: number,
    to: number,
    tables: number,
    borders: number,
    members: number,
    numbers: number,
    r: number,
    x: number,
    edge: number,
    scratch: number,
  ): void;
  /** out = L1'^-1 (x - W edge), of the columns of the blocks. */
  backwardBlocks(
    from: number,
    to: number,
    tables: number,
    borders: number,
    members: number,
    numbers: number,
    edge: number,
    x: number,
    out: number,
    scratch: number,
  ): void;
  /** B = L^-1 B for the `size` rows of `width` numbers of B, then C = B' B, the lower triangle, row after row. */
  eliminate(size: number, width: number, L: number, B: number, C: number): void;
  /** x = L^-1 x, L the lower triangle of the first n rows and columns of a matrix of `stride` numbers a row. */
  forwardSolve(n: number, stride: number, L: number, x: number): void;
  /** X = (L L')^-1 X, n rows of `outputs` numbers, L the lower triangle of n numbers a row. */
  choleskySolve(n: number, L: number, outputs: number, X: number): void;
  /** x = L'^-1 x. */
  backwardSolve(n: number, stride: number, L: number, x: number): void;
  /** Adds the number of each column's stored values, for dense rows of those other than zero, to `counts`, 32-bit. */
  countColumns(
    pointers: number,
    indices: number,
    values: number,
    rows: number,
    columns: number,
    counts: number,
  ): void;
  /**
   * Adds the number of each of `count` indices to `counts`, 32-bit; writes those that were not counted before to `met`, in the
   * order in which they come, and returns how many these are.
   */
  meetColumns(indices: number, count: number, counts: number, met: number): number;
  /** Replaces each of `count` indices by its number in `places`. */
  renumber(indices: number, count: number, places: number): void;
  /**
   * Sorts the stored values of each row into those of columns before `bound` and the others, in place, and writes where the second
   * half begins to `halves`. `work` has room for twice the `longest` row in 32-bit numbers.
   */
  halveRows(
    pointers: number,
    indices: number,
    values: number,
    rows: number,
    bound: number,
    longest: number,
    work: number,
    halves: number,
  ): void;
  /** Writes `count` columns of dense rows, numbered in `list` (u32), to `out` (f32, rows x count). */
  takeColumns(values: number, rows: number, columns: number, list: number, count: number, out: number): void;
  /**
   * Writes chosen columns as compressed rows, zeros of dense rows left out, from place `start` of the output arrays on; `chosen` is what
   * `chosenColumns` makes.
   */
  selectColumns(
    pointers: number,
    indices: number,
    values: number,
    rows: number,
    columns: number,
    chosen: number,
    start: number,
    outPointers: number,
    outIndices: number,
    outValues: number,
  ): void;
  /**
   * Adds half of the Hessian over chosen parameters to H, `size x size`: of H[a, b] and H[b, a] one gets the number, the
   * other nothing. Compressed rows. With `shares` 0 the loss is logistic, `p` the rows' curvatures, and the parameters the
   * columns, then the intercept if `size` has room for it. Else `p` holds probabilities, the parameters of column j are those
   * from `starts[j]` to `starts[j + 1]`, each with its class, and column number `columns` is the intercepts'. `lists` has
   * room for `outputs + 2` integers and 12 bytes for each parameter.
   */
  gram(
    pointers: number,
    indices: number,
    values: number,
    rows: number,
    columns: number,
    outputs: number,
    p: number,
    shares: number,
    starts: number,
    classes: number,
    size: number,
    H: number,
    lists: number,
  ): void;
  /**
   * One sweep of block coordinate descent on a quadratic model with gradient q and Hessian H, over the `count` blocks
   * numbered in `list`. Block b holds the parameters `members[starts[b] .. starts[b + 1]]`. One parameter is penalised by
   * l1[b] |w| + l2[b]/2 w^2 within [lower[b], upper[b]]; several by l1[b] |w / units| + l2[b]/2 |w / units|^2, moved by the
   * majorizer diag(d). Moves w and q; `v` has room for twice the longest block. Returns the greatest change in the
   * gradient's units.
   */
  descendGram(
    list: number,
    count: number,
    starts: number,
    members: number,
    l1: number,
    l2: number,
    lower: number,
    upper: number,
    units: number,
    d: number,
    w: number,
    v: number,
    size: number,
    H: number,
    q: number,
  ): number;
  /**
   * Between such sweeps over `blocks` blocks of one parameter each, goes to the minimum over the parameters that move, their
   * signs as they are: where one would pass zero or a bound it stays there, and the others go on, up to twelve times. It waits until
   * as many moved at the call before, or for five calls, and where the equations would take longer than twenty sweeps, for as many calls as
   * these. Returns 1 where it went, else 0, with w and q as they were. `state` holds the
   * number that moved at the call before, -1 at first, and the calls since; `work` has room for `room * (room + 3)` numbers, `room` the
   * most parameters that may move.
   */
  leapGram(
    blocks: number,
    starts: number,
    members: number,
    l1: number,
    l2: number,
    lower: number,
    upper: number,
    w: number,
    size: number,
    H: number,
    q: number,
    room: number,
    work: number,
    state: number,
  ): number;
  /**
   * A sweep as that of `descendGram` on the logistic model by compressed columns, of which number `columns` is all ones: h holds the rows'
   * curvatures, r their residuals plus h times the change of the margins.
   */
  descendLogistic(
    list: number,
    count: number,
    starts: number,
    members: number,
    l1: number,
    l2: number,
    lower: number,
    upper: number,
    units: number,
    d: number,
    w: number,
    v: number,
    pointers: number,
    indices: number,
    values: number,
    rows: number,
    columns: number,
    h: number,
    r: number,
  ): number;
  /**
   * The same on the multinomial model: parameter j is column `features[j]` for class `classes[j]`; y holds the change of the
   * margins times the rows' shares, `mean` each row's sum of p y, and g the gradient where both are zero.
   */
  descendSoftmax(
    list: number,
    count: number,
    starts: number,
    members: number,
    l1: number,
    l2: number,
    lower: number,
    upper: number,
    units: number,
    d: number,
    w: number,
    v: number,
    pointers: number,
    indices: number,
    values: number,
    rows: number,
    columns: number,
    outputs: number,
    features: number,
    classes: number,
    shares: number,
    p: number,
    g: number,
    y: number,
    mean: number,
  ): number;
  /**
   * One sweep of coordinate descent over `symbols` (u32, one a weight) on the exact objective loss + strength / 2 w^2 + mu x
   * bits: for each of the `count` weights numbered in `list` takes the symbol best by the quadratic model, or the second
   * best, if the true objective falls. Weight p is column p / outputs of the compressed columns for output p % outputs; its
   * value is `levels[symbol]`, of which there are `levelCount` after a zero at symbol 0. `r` holds rows x outputs residuals:
   * for the row's own class the probability less one, else the probability, of the softmax or of each output's sigmoid.
   * Bits are those of a random support and of frequencies learned on the way (Krichevsky and Trofimov), by `counts` of the
   * symbols, and `levelBits` for each level in use. Moves symbols, counts and residuals, adds to the three `totals` the
   * change of loss and penalty, that of the bits, and the number of moves; returns the change of the objective. `scratch`
   * holds (levelCount + 1)^2 numbers.
   */
  descendSymbols(
    list: number,
    count: number,
    pointers: number,
    indices: number,
    values: number,
    outputs: number,
    softmax: number,
    shares: number,
    r: number,
    symbols: number,
    levels: number,
    counts: number,
    levelCount: number,
    levelBits: number,
    strengths: number,
    mu: number,
    scratch: number,
    totals: number,
  ): number;
  /**
   * Adds to q the slopes of the multinomial model for one class: X' r with r = p (y - mean), compressed rows of the class's
   * columns, and the sum of r behind them where `size` is above `columns`.
   */
  classSlopes(
    pointers: number,
    indices: number,
    values: number,
    rows: number,
    columns: number,
    p: number,
    y: number,
    mean: number,
    size: number,
    q: number,
  ): void;
  /** Takes a step of one class into the rows of the multinomial model: y += s X step, mean += p s X step. */
  classMargins(
    pointers: number,
    indices: number,
    values: number,
    rows: number,
    columns: number,
    size: number,
    shares: number,
    p: number,
    step: number,
    y: number,
    mean: number,
  ): void;
  /** Adds X' r to g, and the sum of r behind it; residuals below and above zero are multiplied by a factor each. */
  logisticCorrelate(
    pointers: number,
    indices: number,
    values: number,
    rows: number,
    columns: number,
    residuals: number,
    below: number,
    above: number,
    g: number,
  ): void;
  /**
   * A bound of the duality gap of the logistic loss of dense rows plus half the sum of strengths w^2, intercept free, by the residuals of
   * the last point, `w`; infinite where those of one sign are all zero. `scratch` is columns + 5 numbers.
   */
  logisticGap(
    values: number,
    rows: number,
    columns: number,
    shares: number,
    residuals: number,
    curvatures: number,
    strengths: number,
    w: number,
    scratch: number,
  ): number;
  /** out = r + h (X step + b) for dense rows, the intercept b last: the residuals that a quadratic model of curvatures h tells of a step on. */
  aheadResiduals(
    values: number,
    rows: number,
    columns: number,
    step: number,
    curvatures: number,
    residuals: number,
    out: number,
  ): void;
  /**
   * A bound of the divergence from the residuals r of the logistic loss to others of the same rows, those below and above zero times
   * a factor each: the sum of (r' - r)^2 / h; infinite where r' is no share times q - y with q from 0 to 1.
   */
  squareDivergence(
    rows: number,
    shares: number,
    residuals: number,
    curvatures: number,
    others: number,
    below: number,
    above: number,
  ): number;
  /** Adds the sums of |r| and of |r|^3 / (s h) to `out`, for residuals below zero, then for the others. */
  logisticSides(rows: number, shares: number, residuals: number, curvatures: number, out: number): void;
  /** The sum of s KL(a p | p) with p = |r| / s and a the factor of the sign of r: Bernoulli distributions. */
  logisticDivergence(
    rows: number,
    shares: number,
    residuals: number,
    curvatures: number,
    below: number,
    above: number,
  ): number;
  /**
   * Writes residuals, times `below` or `above` by their sign, to `out`; returns the sum of squares of the changes there.
   */
  tiltResiduals(rows: number, residuals: number, below: number, above: number, out: number): number;
  /**
   * Looks at columns `from` to `to` of a matrix stored by columns, given `bases`, |c| - norm v, of products `c` with what `r`
   * was when its way was v: computes anew those whose bound, base + norm way, is not below `hold` times their corner, and those of
   * a weight that is not zero. Lists the columns of such weights and of |c| above that, and writes how many to `count`. Corners lie
   * `step` bytes apart. Returns the number of stored values read. With a column's first product, its base infinite before, comes its norm, about its mean where `centred` is not 0.
   */
  screenColumns(
    pointers: number,
    indices: number,
    values: number,
    rows: number,
    from: number,
    to: number,
    r: number,
    way: number,
    bases: number,
    norms: number,
    c: number,
    w: number,
    corners: number,
    step: number,
    hold: number,
    centred: number,
    list: number,
    count: number,
  ): number;
  /**
   * Parts groups of rows by the rows `indices[from .. to]` of a column: these leave their groups together, for new ones
   * numbered from `count` on. Returns how many groups there are then. `fresh` has an integer for each, none above `count` before.
   */
  splitGroups(
    indices: number,
    from: number,
    to: number,
    groups: number,
    count: number,
    fresh: number,
  ): number;
  /** Numbers the groups with rows anew, by their first; writes the first with a share of each, or that, and the sums of shares. `numbers`: zeros. Returns how many. */
  numberGroups(
    rows: number,
    shares: number,
    groups: number,
    numbers: number,
    firsts: number,
    sums: number,
  ): number;
  /** Chosen rows of a matrix of ones, compressed, with the columns that have a place; returns how many values. */
  selectRows(
    pointers: number,
    indices: number,
    chosen: number,
    count: number,
    places: number,
    outPointers: number,
    outIndices: number,
  ): number;
  /**
   * Multiplies each of `count` curvatures by 1 + half (1 - before / now), within a half and two; `rows` (u32, 0 for all in order) tells where
   * its numbers of `before` and `now` are.
   */
  halfwayCurvatures(count: number, rows: number, before: number, now: number, half: number, h: number): void;
  /** Gives each group what its first row has of residual and curvature, times the sum of its shares over the row's. */
  collectGroups(
    count: number,
    shares: number,
    firsts: number,
    sums: number,
    residuals: number,
    curvatures: number,
    groupResiduals: number,
    groupCurvatures: number,
  ): void;
  /** Gives each row its share, of the sum of its group's, of the group's residual and curvature. */
  spreadGroups(
    rows: number,
    shares: number,
    groups: number,
    sums: number,
    groupResiduals: number,
    groupCurvatures: number,
    residuals: number,
    curvatures: number,
  ): void;
}
