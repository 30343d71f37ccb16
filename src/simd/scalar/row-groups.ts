import type { Heap } from "./heap";

/** The scalar twin of the kernel: rows of a column leave their groups together. See `Kernels`. */
export function splitGroups(
  { u32 }: Heap,
  indices: number,
  from: number,
  to: number,
  groups: number,
  count: number,
  fresh: number,
): number {
  let next = count;
  for (let k = from; k < to; k++) {
    const row = groups / 4 + u32[indices / 4 + k];
    const at = fresh / 4 + u32[row];
    if (u32[at] <= count) u32[at] = ++next;
    u32[row] = u32[at] - 1;
  }
  return next;
}

/** The scalar twin of the kernel: numbers groups anew by their first rows. See `Kernels`. */
export function numberGroups(
  { u32, f64 }: Heap,
  rows: number,
  shares: number,
  groups: number,
  numbers: number,
  firsts: number,
  sums: number,
): number {
  let count = 0;
  for (let i = 0; i < rows; i++) {
    const at = numbers / 4 + u32[groups / 4 + i];
    if (u32[at] === 0) {
      u32[firsts / 4 + count] = i;
      f64[sums / 8 + count] = 0;
      u32[at] = ++count;
    }
    const number = u32[at] - 1;
    if (f64[sums / 8 + number] === 0) u32[firsts / 4 + number] = i;
    f64[sums / 8 + number] += f64[shares / 8 + i];
    u32[groups / 4 + i] = number;
  }
  return count;
}

/** The scalar twin of the kernel: chosen columns of chosen rows. See `Kernels`. */
export function selectRows(
  { u32 }: Heap,
  pointers: number,
  indices: number,
  chosen: number,
  count: number,
  places: number,
  outPointers: number,
  outIndices: number,
): number {
  let at = 0;
  u32[outPointers / 4] = 0;
  for (let n = 0; n < count; n++) {
    const row = pointers / 4 + u32[chosen / 4 + n];
    for (let k = u32[row]; k < u32[row + 1]; k++) {
      const place = u32[places / 4 + u32[indices / 4 + k]];
      if (place !== 0xffffffff) u32[outIndices / 4 + at++] = place;
    }
    u32[outPointers / 4 + n + 1] = at;
  }
  return at;
}

/** The scalar twin of the kernel: groups take from their first rows. See `Kernels`. */
export function collectGroups(
  { u32, f64 }: Heap,
  count: number,
  shares: number,
  firsts: number,
  sums: number,
  residuals: number,
  curvatures: number,
  groupResiduals: number,
  groupCurvatures: number,
): void {
  for (let n = 0; n < count; n++) {
    const i = u32[firsts / 4 + n];
    const sum = f64[sums / 8 + n];
    const part = sum === 0 ? 0 : sum / f64[shares / 8 + i];
    f64[groupResiduals / 8 + n] = part * f64[residuals / 8 + i];
    f64[groupCurvatures / 8 + n] = part * f64[curvatures / 8 + i];
  }
}

/** The scalar twin of the kernel: rows take their shares of what their groups have. See `Kernels`. */
export function spreadGroups(
  { u32, f64 }: Heap,
  rows: number,
  shares: number,
  groups: number,
  sums: number,
  groupResiduals: number,
  groupCurvatures: number,
  residuals: number,
  curvatures: number,
): void {
  for (let i = 0; i < rows; i++) {
    const group = u32[groups / 4 + i];
    const share = f64[shares / 8 + i];
    const part = share === 0 ? 0 : share / f64[sums / 8 + group];
    f64[residuals / 8 + i] = part * f64[groupResiduals / 8 + group];
    f64[curvatures / 8 + i] = part * f64[groupCurvatures / 8 + group];
  }
}
