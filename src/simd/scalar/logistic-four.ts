const single = Math.fround;
const shifter = 12582912;

/** x y + plus. */
function times(x: number, y: number, plus: number): number {
  return single(single(x * y) + plus);
}

function line(x: number, slope: number, start: number): number {
  return times(x, single(slope), single(start));
}

/** exp(x) for x <= 0 as the kernel has it, operation by operation in 32-bit floats. */
function exp(x: number): number {
  const at = Math.max(x, -87);
  const k = single(single(single(at * single(Math.LOG2E)) + shifter) - shifter);
  const r = single(single(at - single(k * single(0.693359375))) - single(k * single(-2.1219444e-4)));
  const square = single(r * r);
  const high = times(
    square,
    line(r, 1.98756915e-4, 1.3981999507e-3),
    line(r, 8.3334519073e-3, 4.1665795894e-2),
  );
  const p = times(square, high, line(r, 1.6666665459e-1, 5.0000001201e-1));
  return single(single(single(single(square * p) + r) + 1) * 2 ** k);
}

function log1p(e: number): number {
  const s = single(e / single(e + 2));
  const z = single(s * s);
  const square = single(z * z);
  const high = times(square, line(z, 1 / 13, 1 / 11), line(z, 1 / 9, 1 / 7));
  const p = single(single(z * times(square, high, line(z, 1 / 5, 1 / 3))) + 1);
  return single(single(s + s) * p);
}

/** The logistic loss of a row by its margin against the label, a 32-bit float: see the kernel's `logisticFour`. */
export function logisticFour(z: number): { loss: number; wrong: number; curvature: number } {
  const e = exp(-Math.abs(z));
  const right = single(1 / single(1 + e));
  const wrong = single(e * right);
  return {
    loss: single(Math.max(z, 0) + log1p(e)),
    wrong: z >= 0 ? right : wrong,
    curvature: single(wrong * right),
  };
}
