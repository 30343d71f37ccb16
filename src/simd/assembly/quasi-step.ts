import { axpy } from "./axpy";
import { backwardSolve } from "./backward-solve";
import { dot } from "./dot";
import { forwardSolve } from "./forward-solve";

/**
 * Writes the quasi-Newton step from a gradient to `p` and returns its slope g' p: two loops over the pairs of steps and changes of the
 * gradient around the inverse diag(units) (L L')^-1 diag(units). A pair is the step, the change, the reciprocal of their product, and
 * room for one number.
 */
export function quasiStep(n: u32, L: usize, units: usize, count: u32, pairs: usize, g: usize, p: usize): f64 {
  const bytes = (<usize>n) << 3;
  const size = (bytes << 1) + 16;
  for (let o: usize = 0; o < bytes; o += 8) store<f64>(p + o, -load<f64>(g + o));
  for (let k = count; k > 0; k--) {
    const s = pairs + <usize>(k - 1) * size;
    const y = s + bytes;
    const a = load<f64>(y + bytes) * dot(n, s, p);
    store<f64>(y + bytes, a, 8);
    axpy(n, -a, y, p);
  }
  scale(bytes, units, p);
  forwardSolve(n, n, L, p);
  backwardSolve(n, n, L, p);
  scale(bytes, units, p);
  for (let k: u32 = 0; k < count; k++) {
    const s = pairs + <usize>k * size;
    const y = s + bytes;
    axpy(n, load<f64>(y + bytes, 8) - load<f64>(y + bytes) * dot(n, y, p), s, p);
  }
  return dot(n, g, p);
}

// @ts-expect-error: decorator
@inline
function scale(bytes: usize, units: usize, p: usize): void {
  for (let o: usize = 0; o < bytes; o += 8) store<f64>(p + o, load<f64>(p + o) * load<f64>(units + o));
}
