/**
 * What is asked of all rows, each at the state's parameters:
 * - `gradient`: the mean loss and its gradient
 * - `curvature`: the Hessian of the mean loss over some of the parameters
 * - `diagonal`: the diagonal of the Hessian, of all parameters
 * - `absolute`: the sum of the rows' gradients without their signs, |X|' |r|
 * - `changes`: by how much the mean loss changes where one parameter alone moves by so much, for each of some parameters
 * - `correlate`: X' times a dual point, and its sum over the rows in the places of the intercepts
 * - `divergence`: the Fenchel-Young divergence of `factor` times a dual point from the margins
 */
export type Operation =
  | { readonly kind: "gradient" }
  | { readonly kind: "curvature"; readonly parameters: Uint32Array }
  | { readonly kind: "diagonal" }
  | { readonly kind: "absolute" }
  | { readonly kind: "changes"; readonly parameters: Uint32Array; readonly by: Float64Array }
  | { readonly kind: "correlate"; readonly dual: DualPoint }
  | { readonly kind: "divergence"; readonly dual: DualPoint; readonly factor: number };

/**
 * A dual point near the rows' residuals r = p - y: for the logistic loss residuals below and above zero are multiplied by a
 * factor each; for softmax each row's probabilities p become (1 - share) p + mix.
 */
export type DualPoint =
  | { readonly kind: "sides"; readonly below: number; readonly above: number }
  | { readonly kind: "mixture"; readonly share: number; readonly mix: Float64Array };

/** The loss of a row: of one class against the others, with one output, or of all classes, with an output each. */
export type RowLoss =
  | { readonly kind: "logistic"; readonly positive: number }
  | { readonly kind: "softmax"; readonly classes: number };

/** Rows that are drawn by their numbers and a seed. */
export interface Draw {
  readonly seed: number;
  /** The share of all rows that is drawn, about. */
  readonly share: number;
}

/** Some of the rows, for cross-validation. */
export interface FoldPart {
  readonly fold: number;
  readonly folds: number;
  readonly seed: number;
  /** Whether it is the rows of the fold; else all the others. */
  readonly held: boolean;
  /** Rows that are left out besides, as those that a search has seen. Default: none. */
  readonly without?: Draw;
}

/** Where an aggregate is taken: plain data, so that it can go to another thread or another machine. */
export interface AggregateState {
  readonly loss: RowLoss;
  /** The weight of column j for output k at `j * outputs + k`, then the intercepts. */
  readonly parameters: Float64Array;
  /** What the weight of a row of each class is multiplied by for its share of the mean loss; shares sum to one. */
  readonly factors: Float64Array;
  /** The rows that count; `null` for all. */
  readonly part: FoldPart | null;
}

/** Sums over all rows. Arrays that were not asked for are empty. */
export interface Aggregate {
  /** The rows that were seen; it is checked against those of the table, so that none is lost unnoticed. */
  readonly rows: number;
  /** The mean loss; for `divergence` the divergence, for `correlate` and the curvatures 0. */
  readonly loss: number;
  /** One number a parameter: of `gradient`, `absolute`, `changes` (0 where nothing was asked) and `correlate`. */
  readonly gradient: Float64Array;
  /** The lower triangle of a square of the parameters asked for, row after row, 0 above it; or the diagonal. */
  readonly curvature: Float64Array;
  /** For `gradient` of the logistic loss: the sums over rows of |r| and |r|^3 / (s h), for r below, then above zero. */
  readonly sides: Float64Array;
}

/** One call of {@link Aggregator.aggregate}. */
export interface AggregateRequest {
  readonly operation: Operation;
  readonly state: AggregateState;
}

/** Rows wherever they are: the one thing that training, pruning and judging ask of an engine. */
export interface Aggregator {
  readonly columns: number;
  /** Adds up over all rows, in an order that does not depend on threads or machines. @throws `cancelled`, `failed` */
  aggregate(operation: Operation, state: AggregateState): Promise<Aggregate>;
}

/**
 * Work that asks for one aggregate after another and does not care who adds up: a thread that reads its disk answers at once
 * ({@link answeredHere}), a cluster answers in its own time ({@link answeredBy}).
 */
export type Aggregation<Result> = Generator<AggregateRequest, Result, Aggregate>;

/** Does the work with an engine's answers. */
export async function answeredBy<Result>(aggregator: Aggregator, work: Aggregation<Result>): Promise<Result> {
  let next = work.next();
  while (!next.done) {
    const { operation, state } = next.value;
    next = work.next(await aggregator.aggregate(operation, state));
  }
  return next.value;
}

/** Does the work with answers that are had at once. */
export function answeredHere<Result>(
  aggregate: (operation: Operation, state: AggregateState) => Aggregate,
  work: Aggregation<Result>,
): Result {
  let next = work.next();
  while (!next.done) {
    const { operation, state } = next.value;
    next = work.next(aggregate(operation, state));
  }
  return next.value;
}
