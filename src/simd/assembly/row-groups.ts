/**
 * Parts groups of rows by a column: rows of it leave their group for a new one, together. Group numbers are below `count`
 * before; returns how many there are then. `fresh` has an integer for each group that there may be, none above `count` before.
 */
export function splitGroups(indices: usize, from: u32, to: u32, groups: usize, count: u32, fresh: usize): u32 {
  let next = count;
  for (let k: usize = from; k < <usize>to; k++) {
    const row = groups + ((<usize>load<u32>(indices + (k << 2))) << 2);
    const at = fresh + ((<usize>load<u32>(row)) << 2);
    // What is not above the count before was left by another column.
    if (load<u32>(at) <= count) store<u32>(at, ++next);
    store<u32>(row, load<u32>(at) - 1);
  }
  return next;
}

/**
 * Numbers the groups that have rows by their first row, writes to `firsts` that row, or the first that has a share, and to `sums`
 * the sum of shares, and returns how many there are. `numbers` has a zero for each group.
 */
export function numberGroups(rows: u32, shares: usize, groups: usize, numbers: usize, firsts: usize, sums: usize): u32 {
  let count: u32 = 0;
  for (let i: u32 = 0; i < rows; i++) {
    const row = groups + ((<usize>i) << 2);
    const at = numbers + ((<usize>load<u32>(row)) << 2);
    let number = load<u32>(at);
    const share = load<f64>(shares + ((<usize>i) << 3));
    if (number == 0) {
      number = ++count;
      store<u32>(at, number);
      store<u32>(firsts + ((<usize>(number - 1)) << 2), i);
      store<f64>(sums + ((<usize>(number - 1)) << 3), share);
    } else {
      const sum = sums + ((<usize>(number - 1)) << 3);
      const before = load<f64>(sum);
      if (before == 0) store<u32>(firsts + ((<usize>(number - 1)) << 2), i);
      store<f64>(sum, before + share);
    }
    store<u32>(row, number - 1);
  }
  return count;
}

/** Writes chosen columns of chosen rows, compressed: columns by their `places`, 0xffffffff for none. Returns how many values. */
export function selectRows(
  pointers: usize,
  indices: usize,
  chosen: usize,
  count: u32,
  places: usize,
  outPointers: usize,
  outIndices: usize,
): u32 {
  let at: u32 = 0;
  store<u32>(outPointers, 0);
  for (let n: usize = 0; n < <usize>count; n++) {
    const row = pointers + ((<usize>load<u32>(chosen + (n << 2))) << 2);
    const to: usize = load<u32>(row, 4);
    for (let k: usize = load<u32>(row); k < to; k++) {
      const place = load<u32>(places + ((<usize>load<u32>(indices + (k << 2))) << 2));
      if (place == 0xffffffff) continue;
      store<u32>(outIndices + ((<usize>at) << 2), place);
      at++;
    }
    store<u32>(outPointers + (n << 2), at, 4);
  }
  return at;
}

/** Gives each group the residual and curvature of its first row, times the sum of the group's shares over the row's. */
export function collectGroups(
  count: u32,
  shares: usize,
  firsts: usize,
  sums: usize,
  residuals: usize,
  curvatures: usize,
  groupResiduals: usize,
  groupCurvatures: usize,
): void {
  for (let n: usize = 0; n < <usize>count; n++) {
    const at = (<usize>load<u32>(firsts + (n << 2))) << 3;
    const sum = load<f64>(sums + (n << 3));
    const part = sum == 0 ? 0 : sum / load<f64>(shares + at);
    store<f64>(groupResiduals + (n << 3), part * load<f64>(residuals + at));
    store<f64>(groupCurvatures + (n << 3), part * load<f64>(curvatures + at));
  }
}

/** Gives each row its share of its group's residual and curvature. */
export function spreadGroups(
  rows: u32,
  shares: usize,
  groups: usize,
  sums: usize,
  groupResiduals: usize,
  groupCurvatures: usize,
  residuals: usize,
  curvatures: usize,
): void {
  for (let i: usize = 0; i < <usize>rows; i++) {
    const at = (<usize>load<u32>(groups + (i << 2))) << 3;
    const share = load<f64>(shares + (i << 3));
    const part = share == 0 ? 0 : share / load<f64>(sums + at);
    store<f64>(residuals + (i << 3), part * load<f64>(groupResiduals + at));
    store<f64>(curvatures + (i << 3), part * load<f64>(groupCurvatures + at));
  }
}
