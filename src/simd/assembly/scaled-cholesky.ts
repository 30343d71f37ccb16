import { cholesky } from "./cholesky";

/**
 * Writes the lower triangle of diag(units) H diag(units), with `diagonal` on its diagonal, to L and factors it; what `cholesky` returns.
 */
export function scaledCholesky(n: u32, H: usize, units: usize, diagonal: f64, L: usize, floor: f64): u32 {
  const stride = (<usize>n) << 3;
  for (let i: usize = 0; i < stride; i += 8) {
    const row = (i >> 3) * stride;
    const unit = f64x2.splat(load<f64>(units + i));
    let j: usize = 0;
    for (; j + 16 <= i; j += 16) {
      v128.store(L + row + j, f64x2.mul(f64x2.mul(v128.load(H + row + j), unit), v128.load(units + j)));
    }
    if (j < i) store<f64>(L + row + j, load<f64>(H + row + j) * load<f64>(units + i) * load<f64>(units + j));
    store<f64>(L + row + i, diagonal);
  }
  return cholesky(n, L, floor);
}
