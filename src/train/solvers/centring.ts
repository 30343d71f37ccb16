/**
 * Columns far from zero beside their spread are all but the intercept's times a number, so that descent by coordinates hardly
 * moves along what tells them apart. Measured from their means they are not: with b = b~ - sum_j m_j w_j the same model has
 * the Hessian and slopes of columns less m, and a change of weights leaves the intercept's slope alone.
 */

/** The share of its square that a column's spread makes up at most for it to be measured from its mean, and at least, lest rounding be all of it. */
const far = 0.1;
const constant = 1e-11;

/** What is left of a column's square once its mean is taken off, as a share, where that is little enough to matter. */
export function liesFar(square: number, product: number, mass: number): boolean {
  if (!(square > 0 && mass > 0)) return false;
  const spread = 1 - ((product / square) * product) / mass;
  return spread < far && spread > constant;
}

/**
 * Writes the means of the columns that lie far from zero to `means`, 0 for all others, by the weights of the rows in the Hessian `H`.
 * @param intercepts the place of the intercept of each parameter's class; its own for an intercept
 * @returns whether there are any
 */
export function farMeans(H: Float64Array, intercepts: Uint32Array, means: Float64Array): boolean {
  const size = intercepts.length;
  let any = false;
  for (let a = 0; a < size; a++) {
    const b = intercepts[a];
    const product = H[a * size + b];
    const mass = H[b * size + b];
    means[a] = a !== b && liesFar(H[a * size + a], product, mass) ? product / mass : 0;
    if (means[a] !== 0) any = true;
  }
  return any;
}

/** Makes `H` that of columns less their means, and `d` its diagonal. */
export function centre(H: Float64Array, intercepts: Uint32Array, means: Float64Array, d: Float64Array): void {
  const size = intercepts.length;
  for (let r = 0; r < size; r++) {
    const row = H.subarray(r * size, (r + 1) * size);
    for (let a = 0; a < size; a++) if (means[a] !== 0) row[a] -= means[a] * row[intercepts[a]];
  }
  for (let a = 0; a < size; a++) {
    if (means[a] === 0) continue;
    const row = H.subarray(a * size, (a + 1) * size);
    const own = H.subarray(intercepts[a] * size, (intercepts[a] + 1) * size);
    for (let c = 0; c < size; c++) row[c] -= means[a] * own[c];
    d[a] = row[a];
  }
}

/** Makes slopes those by columns less their means. */
export function centreSlopes(g: Float64Array, intercepts: Uint32Array, means: Float64Array): void {
  for (let a = 0; a < g.length; a++) if (means[a] !== 0) g[a] -= means[a] * g[intercepts[a]];
}

/** Makes a step with intercepts beside columns less their means one beside the columns as they are. */
export function uncentreStep(step: Float64Array, intercepts: Uint32Array, means: Float64Array): void {
  for (let a = 0; a < step.length; a++) if (means[a] !== 0) step[intercepts[a]] -= means[a] * step[a];
}
