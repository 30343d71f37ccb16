import { solveCholesky } from "../cholesky";

/** Newton steps at most; each squares what the masses lack. */
const steps = 4;
/** What may be left of it. */
const enough = 1e-13;
/** Beyond so many classes their masses are scaled one by one instead, since the Hessian takes the square of their number. */
const few = 64;

/** What turns each row's probabilities p into those proportional to p exp(tilt). */
export interface Tilt {
  /** One number a class. */
  readonly tilt: Float64Array;
  /** The logarithm of each row's sum of p exp(tilt). */
  readonly logs: Float64Array;
}

/**
 * The tilt of probabilities by which the masses of the classes come near those wanted: what the intercepts alone would
 * have to move by. To second order in what the masses lack, it is the nearest change of the probabilities.
 * @param probabilities rows x classes
 */
export function tiltTo(wanted: Float64Array, shares: Float64Array, probabilities: Float64Array): Tilt {
  const K = wanted.length;
  let best: Tilt = { tilt: new Float64Array(K), logs: new Float64Array(shares.length) };
  let lack = Number.POSITIVE_INFINITY;
  let next = best;
  for (let step = 0; ; step++) {
    const { masses, H } = massesOf(next, shares, probabilities, K);
    const missing = wanted.map((mass, k) => mass - masses[k]);
    const most = missing.reduce((sum, x) => sum + Math.abs(x), 0);
    if (!(most < lack)) return best;
    best = next;
    lack = most;
    if (step === steps || most <= enough) return best;
    const change = H === null ? wanted.map((mass, k) => Math.log(mass / masses[k])) : solved(H, missing);
    if (change === null || !change.every(Number.isFinite)) return best;
    const tilt = best.tilt.map((x, k) => x + change[k]);
    next = { tilt, logs: logsOf(tilt, shares.length, probabilities) };
  }
}

/** The masses of the classes under a tilt, and their derivatives by all but the last number of it. */
function massesOf({ tilt, logs }: Tilt, shares: Float64Array, p: Float64Array, K: number) {
  const n = K - 1;
  const masses = new Float64Array(K);
  const H = K > few ? null : new Float64Array(n * n);
  const q = new Float64Array(K);
  for (let i = 0; i < shares.length; i++) {
    if (!(shares[i] > 0)) continue;
    for (let k = 0; k < K; k++) {
      q[k] = p[i * K + k] * Math.exp(tilt[k] - logs[i]);
      masses[k] += shares[i] * q[k];
    }
    for (let k = 0; H !== null && k < n; k++) {
      const a = shares[i] * q[k];
      for (let l = 0; l < k; l++) H[k * n + l] -= a * q[l];
      H[k * n + k] += a * (1 - q[k]);
    }
  }
  return { masses, H };
}

function logsOf(tilt: Float64Array, rows: number, p: Float64Array): Float64Array {
  const K = tilt.length;
  const factors = tilt.map(Math.expm1);
  const logs = new Float64Array(rows);
  for (let i = 0; i < rows; i++) {
    let more = 0;
    for (let k = 0; k < K; k++) more += p[i * K + k] * factors[k];
    logs[i] = Math.log1p(more);
  }
  return logs;
}

/** H^-1 of all but the last number, whose change is zero. */
function solved(H: Float64Array, missing: Float64Array): Float64Array | null {
  const n = missing.length - 1;
  const found = solveCholesky(H, missing.slice(0, n));
  if (found === null) return null;
  const change = new Float64Array(n + 1);
  change.set(found);
  return change;
}
