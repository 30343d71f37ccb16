/** What ascends the duals of all parts of a problem from the point that it was made at, and so descends their values. */
export interface Ascent {
  /**
   * Ascends until the gaps are expected to be within the tolerance, or more passes are than others would take, and writes the
   * weights and intercepts of where it ended; false where it is not to be called again.
   * @param tolerance the gap of each part relative to its value
   */
  climb(w: Float64Array, tolerance: number): boolean;
  /** Writes the proven gaps of all parts where {@link climb} ended, once the loss was computed there. */
  gaps(out: Float64Array): void;
}
