/** The second-order model of a loss around a point, over the parameters of a working set, as sweeps of descent move it. */
export interface Model {
  /** The weights where the model stands; its intercepts may be beside columns less their means, see {@link end}. */
  readonly u: Float64Array;
  /** What the sweeps keep beside the weights; affine in them. */
  readonly states: readonly Float64Array[];
  /** Whether a sweep over a block that does not move costs next to nothing. */
  readonly idle: boolean;
  /** Whether slopes are of such different size that the greatest change of a sweep tells little of the others. */
  readonly uneven?: boolean;
  /** The time that a new curvature takes beside the rest of a Newton step, about; 0 where it takes none. */
  readonly renewal: number;
  /**
   * Takes the loss's last point, its weights and gradient as its own.
   * @param keep whether the curvature stays that of the point before, where the model keeps one
   * @param stride of so many rows one will do for the curvature, where the model can take a sample
   */
  begin(u: Float64Array, g: Float64Array, keep?: boolean, stride?: number): void;
  /** Whether its curvature is by a sample of the rows. */
  readonly sampled?: boolean;
  /** One sweep over the first `count` blocks of `list`; the greatest change in the gradient's units. */
  sweep(list: Uint32Array, count: number): number;
  /** Called after a sweep over all blocks: goes to where the model is lowest near by, or does nothing and returns false. */
  leap?(): boolean;
  /** The weights where it stands beside the columns as they are, where `u` is not that. */
  end?(): Float64Array;
  /**
   * Writes the residuals that the model tells of at its last weights: no dual point is nearer to those of its minimum. Only models of
   * one output have it.
   */
  ahead?(out: Float64Array): void;
  /** The model of the loss, less its value at the point. */
  value(): number;
}
