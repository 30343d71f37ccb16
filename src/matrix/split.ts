import { checkBoolean, checkKeys, checkNumber } from "../base/check";
import { fail } from "../base/errors";
import { Random } from "../base/random";
import type { SplitOptions } from "./dataset";

/** The row numbers of two parts, each ascending. */
export interface Parts {
  readonly train: Uint32Array;
  readonly test: Uint32Array;
}

/**
 * Row numbers of a random split. Stratified, each class gives its share, rounded, but at least one row to each
 * part where it has two or more.
 * @throws `invalid-option` for a share outside (0, 1); `empty-data` where a part would be left empty
 */
export function splitRows(labels: Uint32Array, classes: number, options: SplitOptions): Parts {
  checkKeys(options, ["test", "stratify", "seed"], "split");
  const share = checkNumber(options.test ?? 0.25, "test", { above: 0, below: 1 });
  const random = new Random(checkNumber(options.seed ?? 0, "seed", { integer: true }));
  const stratify = checkBoolean(options.stratify ?? true, "stratify");
  const strata = stratify ? rowsByClass(labels, classes) : [allRows(labels.length)];
  const inTest = new Uint8Array(labels.length);
  for (const rows of strata) {
    random.shuffle(rows);
    const most = Math.max(rows.length - 1, 0);
    const count = Math.min(Math.max(Math.round(rows.length * share), Math.min(1, most)), most);
    for (let k = 0; k < count; k++) inTest[rows[k]] = 1;
  }
  const parts = partsOf(inTest, 1);
  if (parts.test.length === 0 || parts.train.length === 0) {
    fail("empty-data", {
      thing: "part of the split",
      value: `${labels.length} rows`,
      expected: "two rows or more",
    });
  }
  return parts;
}

/** Row numbers of `k` stratified folds. @throws `invalid-option` unless 2 <= k <= the number of rows */
export function foldRows(
  labels: Uint32Array,
  classes: number,
  k: number,
  options: { readonly seed?: number },
): Parts[] {
  checkKeys(options, ["seed"], "folds");
  checkNumber(k, "number of folds", { integer: true, min: 2, max: labels.length });
  const random = new Random(checkNumber(options.seed ?? 0, "seed", { integer: true }));
  const foldOf = new Uint32Array(labels.length);
  let next = 0;
  for (const rows of rowsByClass(labels, classes)) {
    for (const row of random.shuffle(rows)) foldOf[row] = next++ % k;
  }
  return Array.from({ length: k }, (_, fold) => partsOf(foldOf, fold));
}

function allRows(count: number): Uint32Array {
  return Uint32Array.from({ length: count }, (_, i) => i);
}

function rowsByClass(labels: Uint32Array, classes: number): Uint32Array[] {
  const rows = Array.from({ length: classes }, () => [] as number[]);
  labels.forEach((label, i) => {
    rows[label].push(i);
  });
  return rows.map((r) => Uint32Array.from(r));
}

function partsOf(partOf: ArrayLike<number>, test: number): Parts {
  const all = allRows(partOf.length);
  return { train: all.filter((i) => partOf[i] !== test), test: all.filter((i) => partOf[i] === test) };
}
