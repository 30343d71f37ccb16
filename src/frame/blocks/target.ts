import { fail } from "../../base/errors";
import type { EncoderState } from "../encoder-state";
import { codeLevels, LevelLookup } from "../level-lookup";
import { refuseMissing, refuseObject, refuseUnseen } from "../missing";
import { FoldDealer } from "./deal";
import type { TargetState } from "./state";

/** How a column becomes what was seen of the label. */
export interface TargetPlan {
  readonly name: string;
  /** How many rows of the average the rows of a level are joined by. */
  readonly smoothing: number;
  readonly folds: number;
  readonly seed: number;
}

/** The classes of rows, by number. */
export interface Targets {
  readonly labels: ArrayLike<number>;
  readonly classes: number;
}

/**
 * For each level the log-odds of each class (of the second alone, of two), less those of all rows. The share of a class among n
 * rows of a level counts as (n_class + m p) / (n + m), p the share among all rows and m the smoothing (Micci-Barreca, 2001,
 * equation 7).
 * @throws `empty-data` where no level is there; `invalid-data` for a missing one where it may not be
 */
export function fitTarget(
  { name, smoothing }: TargetPlan,
  values: ArrayLike<unknown>,
  targets: Targets,
  missing: EncoderState["missing"],
): TargetState {
  const { levels: met } = codeLevels(
    values,
    (row) => refuseMissing("level", name, row, missing),
    (row) => refuseObject("level", name, row),
  );
  const levels = [...met].sort();
  const seen = countsOf(numbersOf(levels, values), levels.length, targets);
  return targetOf(name, levels, seen, targets.classes, smoothing);
}

/**
 * As {@link fitTarget}, of counts.
 * @param levels sorted
 * @param seen rows by level and class, then those without a level
 */
export function targetOf(
  name: string,
  levels: readonly string[],
  seen: Float64Array,
  classes: number,
  smoothing: number,
): TargetState {
  if (levels.length === 0) {
    fail("empty-data", { thing: "column", value: name, expected: "at least one level" });
  }
  const outputs = classes === 2 ? 1 : classes;
  return { kind: "target", name, levels, outputs, values: oddsOf(seen, classes, smoothing) };
}

/** The features of each row; 0 where the level is missing or unseen. @throws `invalid-data` where it may not be */
export function targetValues(
  { name, levels, outputs, values: odds }: TargetState,
  values: ArrayLike<unknown>,
  { missing, unseen }: Pick<EncoderState, "missing" | "unseen">,
): Float64Array {
  const lookup = new LevelLookup(levels);
  const features = new Float64Array(values.length * outputs);
  for (let i = 0; i < values.length; i++) {
    const level = lookup.find(values[i]);
    if (level === LevelLookup.missing) refuseMissing("level", name, i, missing);
    else if (level < 0 && unseen === "error") refuseUnseen(name, i, values[i], levels);
    for (let k = 0; level >= 0 && k < outputs; k++) features[i * outputs + k] = odds[level * outputs + k];
  }
  return features;
}

/**
 * The features of the rows that the encoder is fitted to: those of each fold by what the other folds say, so that no row tells of
 * its own label. Rows are dealt to folds class by class, see {@link FoldDealer}.
 */
export function targetValuesOutOfFold(
  { levels, outputs }: TargetState,
  { smoothing, folds, seed }: TargetPlan,
  values: ArrayLike<unknown>,
  { labels, classes }: Targets,
): Float64Array {
  const numbers = numbersOf(levels, values);
  const dealer = new FoldDealer(folds, seed, new Float64Array(classes));
  const fold = Uint8Array.from(numbers, (_, i) => dealer.next(labels[i]));
  const seen = Array.from({ length: folds }, () => new Float64Array((levels.length + 1) * classes));
  numbers.forEach((number, i) => {
    seen[fold[i]][(number < 0 ? levels.length : number) * classes + labels[i]]++;
  });
  const odds = oddsOutOfFold(seen, classes, smoothing);
  const features = new Float64Array(values.length * outputs);
  for (let i = 0; i < values.length; i++) {
    if (numbers[i] < 0) continue;
    for (let k = 0; k < outputs; k++) {
      features[i * outputs + k] = odds[fold[i]][numbers[i] * outputs + k];
    }
  }
  return features;
}

/** What the other folds say of each level, for each fold. @param seen of each fold, rows by level and class as {@link targetOf} has them */
export function oddsOutOfFold(
  seen: readonly Float64Array[],
  classes: number,
  smoothing: number,
): readonly (readonly number[])[] {
  const all = sumOf(seen);
  return seen.map((own) =>
    oddsOf(
      all.map((count, at) => count - own[at]),
      classes,
      smoothing,
    ),
  );
}

/** Counts of several folds as one. */
export function sumOf(seen: readonly Float64Array[]): Float64Array {
  return seen.reduce((sum, own) => sum.map((count, at) => count + own[at]));
}

function numbersOf(levels: readonly string[], values: ArrayLike<unknown>): Int32Array {
  const lookup = new LevelLookup(levels);
  return Int32Array.from({ length: values.length }, (_, i) => lookup.find(values[i]));
}

/** Rows by level and class; the last row of the table is of those without a level. */
function countsOf(numbers: Int32Array, levels: number, { labels, classes }: Targets): Float64Array {
  const seen = new Float64Array((levels + 1) * classes);
  for (let i = 0; i < numbers.length; i++) {
    seen[(numbers[i] < 0 ? levels : numbers[i]) * classes + labels[i]]++;
  }
  return seen;
}

function oddsOf(seen: Float64Array, classes: number, smoothing: number): number[] {
  const levels = seen.length / classes - 1;
  const totals = new Float64Array(classes);
  seen.forEach((count, at) => {
    totals[at % classes] += count;
  });
  const rows = totals.reduce((a, b) => a + b, 0);
  // Half a row of each class keeps the log-odds finite where a fold holds all rows of a class.
  const shares = totals.map((count) => (count + 0.5) / (rows + classes / 2));
  const odds: number[] = [];
  for (let l = 0; l < levels; l++) {
    let count = 0;
    for (let k = 0; k < classes; k++) count += seen[l * classes + k];
    for (let k = classes === 2 ? 1 : 0; k < classes; k++) {
      const share = (seen[l * classes + k] + smoothing * shares[k]) / (count + smoothing);
      odds.push(count === 0 ? 0 : logit(share) - logit(shares[k]));
    }
  }
  return odds;
}

function logit(share: number): number {
  return Math.log(share) - Math.log1p(-share);
}
