import { fail } from "../../base/errors";
import { Random } from "../../base/random";
import type { EncoderState } from "../encoder-state";
import { codeLevels, LevelLookup } from "../level-lookup";
import { refuseMissing, refuseUnseen } from "../missing";
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
  const { levels: met } = codeLevels(values, (row) => refuseMissing("level", name, row, missing));
  if (met.length === 0) fail("empty-data", { thing: "column", value: name, expected: "at least one level" });
  const levels = [...met].sort();
  const numbers = numbersOf(levels, values);
  const seen = countsOf(numbers, levels.length, targets);
  const outputs = targets.classes === 2 ? 1 : targets.classes;
  return { kind: "target", name, levels, outputs, values: oddsOf(seen, targets.classes, smoothing) };
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
 * its own label. Rows are dealt to folds class by class at random.
 */
export function targetValuesOutOfFold(
  { levels, outputs }: TargetState,
  { smoothing, folds, seed }: TargetPlan,
  values: ArrayLike<unknown>,
  targets: Targets,
): Float64Array {
  const numbers = numbersOf(levels, values);
  const fold = foldsOf(targets, folds, seed);
  const all = countsOf(numbers, levels.length, targets);
  const features = new Float64Array(values.length * outputs);
  for (let f = 0; f < folds; f++) {
    const own = countsOf(numbers, levels.length, targets, (i) => fold[i] === f);
    const odds = oddsOf(
      all.map((count, at) => count - own[at]),
      targets.classes,
      smoothing,
    );
    for (let i = 0; i < values.length; i++) {
      if (fold[i] !== f || numbers[i] < 0) continue;
      for (let k = 0; k < outputs; k++) features[i * outputs + k] = odds[numbers[i] * outputs + k];
    }
  }
  return features;
}

function numbersOf(levels: readonly string[], values: ArrayLike<unknown>): Int32Array {
  const lookup = new LevelLookup(levels);
  return Int32Array.from({ length: values.length }, (_, i) => lookup.find(values[i]));
}

/** Rows by level and class; the last row of the table is of those without a level. */
function countsOf(
  numbers: Int32Array,
  levels: number,
  { labels, classes }: Targets,
  counts: (row: number) => boolean = () => true,
): Float64Array {
  const seen = new Float64Array((levels + 1) * classes);
  for (let i = 0; i < numbers.length; i++) {
    if (counts(i)) seen[(numbers[i] < 0 ? levels : numbers[i]) * classes + labels[i]]++;
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

function foldsOf({ labels, classes }: Targets, folds: number, seed: number): Uint8Array {
  const random = new Random(seed);
  const fold = new Uint8Array(labels.length);
  let next = 0;
  for (let k = 0; k < classes; k++) {
    const rows = Uint32Array.from(fold.keys()).filter((i) => labels[i] === k);
    for (const i of random.shuffle(rows)) fold[i] = next++ % folds;
  }
  return fold;
}
