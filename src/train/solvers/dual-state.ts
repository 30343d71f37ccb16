import type { Design } from "../design";

/** Where the dual solver stands; its arrays but `sides` lie in the design's arena. */
export interface DualState {
  readonly design: Design;
  /** The number of the class whose probability is modelled. */
  readonly positive: number;
  /** 1 for each row of that class, -1 for each other. */
  readonly sides: Float64Array;
  /** Whether the intercept is free, so that the dual variables of both sides must sum to the same. */
  readonly free: boolean;
  /** One over the L2 strength of each column; `null` where all are `inverse`. */
  readonly inverses: Float64Array | null;
  readonly inverse: number;
  /** Squared norms of the rows in that metric. */
  readonly norms: Float64Array;
  /** The dual variables, between 0 and the row's share. */
  readonly alphas: Float64Array;
  /** log(alpha / (share - alpha)) of each. */
  readonly logits: Float64Array;
  /** The weights, X' (y alpha) times the inverses, then the intercept. */
  readonly w: Float64Array;
}

/** The penalty at the weights of a state. */
export function penaltyOf({ design, inverses, inverse, w }: DualState): number {
  if (inverses === null) return inverse > 0 ? squareOf(design, w) / inverse / 2 : 0;
  let sum = 0;
  for (let j = 0; j < design.columns; j++) if (inverses[j] > 0) sum += (w[j] * w[j]) / inverses[j];
  return sum / 2;
}

/** Sets the weights to a multiple of `point` times the inverse strengths. */
export function setWeights(
  { design, inverses, inverse, w }: DualState,
  factor: number,
  point: Float64Array,
): void {
  const { columns } = design;
  if (inverses === null) {
    w.fill(0, 0, columns);
    addMultiple(design, factor * inverse, point, w);
  } else for (let j = 0; j < columns; j++) w[j] = factor * (point[j] * inverses[j]);
}

/** The sum of the squares of `point`, each times its inverse strength. */
export function energyOf({ design, inverses, inverse }: DualState, point: Float64Array): number {
  if (inverses === null) return squareOf(design, point) * inverse;
  let sum = 0;
  for (let j = 0; j < design.columns; j++) sum += point[j] * point[j] * inverses[j];
  return sum;
}

/** The squared norm of the gradient over the strengths, of `point`, which is written over: the other part of the gradient. */
export function slopeOf({ design, inverses, inverse, w }: DualState, point: Float64Array): number {
  if (inverses === null) {
    if (inverse === 0) return 0;
    addMultiple(design, -1 / inverse, w, point);
    return squareOf(design, point) * inverse;
  }
  let sum = 0;
  for (let j = 0; j < design.columns; j++) {
    const own = inverses[j];
    if (own > 0) sum += (point[j] - w[j] / own) ** 2 * own;
  }
  return sum;
}

/** Adds a multiple of the columns of `x` to those of `y`. */
export function addMultiple(design: Design, factor: number, x: Float64Array, y: Float64Array): void {
  onHalves(design, "axpy", (from, count) => [
    count,
    factor,
    x.byteOffset + 8 * from,
    y.byteOffset + 8 * from,
  ]);
}

/** The sum of the squares of the columns of `x`. */
function squareOf(design: Design, x: Float64Array): number {
  return onHalves(design, "dot", (from, count) => [count, x.byteOffset + 8 * from, x.byteOffset + 8 * from]);
}

/**
 * Calls a kernel for all columns, and where rows are in halves for either half of the columns on the thread that has it: to fetch what
 * the other one wrote takes longer than to add it up. Returns the sum.
 */
function onHalves(
  { team, kernels, columns, given }: Design,
  name: "axpy" | "dot",
  argumentsOf: (from: number, count: number) => readonly number[],
): number {
  const half = given.halves === 0 ? columns : (columns + 1) >> 1;
  if (half === columns) return (Reflect.apply(kernels[name], undefined, argumentsOf(0, half)) as number) ?? 0;
  return team.runBoth(name, argumentsOf(0, half), argumentsOf(half, columns - half));
}
