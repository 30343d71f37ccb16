import type { Heap } from "./heap";

const least = 0.5;
const most = 2;

/** The scalar twin of the kernel: curvatures halfway to the next point. See `Kernels`. */
export function halfwayCurvatures(
  { u32, f64 }: Heap,
  count: number,
  rows: number,
  before: number,
  now: number,
  half: number,
  h: number,
): void {
  for (let n = 0; n < count; n++) {
    const i = rows === 0 ? n : u32[rows / 4 + n];
    const last = f64[now / 8 + i];
    if (!(last > 0)) continue;
    const share = 1 + half * (1 - f64[before / 8 + i] / last);
    f64[h / 8 + n] *= Math.min(most, Math.max(least, share));
  }
}
