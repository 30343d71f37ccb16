/** A table of features x outputs, in which a weight lies at `feature * outputs + output`. */
export interface Shape {
  readonly features: number;
  readonly outputs: number;
}

/** The most places that a bitmap may have, and the most of them for each one that is set. */
const mostPlaces = 2 ** 22;
const mostEach = 64;

/** Whether a support may be coded as a bitmap, which takes time for every place. */
export function allowsBitmap({ features, outputs }: Shape, count: number): boolean {
  const total = features * outputs;
  return total <= mostPlaces && total <= mostEach * (count + 1);
}

/** The greatest distance at which features can be neighbours. */
export const mostStride: number = 1023;
