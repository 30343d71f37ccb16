import type { Dataset } from "../matrix/dataset";
import { foldRows } from "../matrix/split";
import { sharesOf } from "../train/shares";
import type { CompressPlan } from "./options";
import { smallFolds } from "./small-folds";

/** Rows to fit to, by their shares of the loss, and rows to judge by. */
export interface Part {
  readonly shares: Float64Array;
  /** None where all rows are fitted to. */
  readonly test: Uint32Array;
}

/** How the rows are parted. */
export interface Parts {
  readonly whole: Part;
  /** The folds: each is fitted to the rows of all others. */
  readonly folds: readonly Part[];
  /** Each fold's rows in smaller folds, for the uncompressed model. */
  readonly fine: readonly (readonly Part[])[];
  /** The rows that are judged, fold after fold; the smaller folds have them in the same order. */
  readonly judged: Uint32Array;
}

/** Parts the rows by classes. Where they are many, as many folds are run as the input that is judged by the most of them wants. */
export function partsOf(data: Dataset, plan: CompressPlan): Parts {
  const shares = sharesOf(data, null);
  const count = smallFolds(plan.folds, data.rows);
  const each = count / plan.folds;
  const small = foldRows(data.labels, data.classes.length, count, { seed: plan.seed });
  const tests = Array.from({ length: plan.run }, (_, fold) =>
    joined(small.slice(fold * each, (fold + 1) * each).map(({ test }) => test)),
  );
  return {
    whole: { shares, test: new Uint32Array(0) },
    folds: tests.map((test) => without(test, shares)),
    fine: tests.map((_, fold) =>
      small.slice(fold * each, (fold + 1) * each).map(({ test }) => without(test, shares)),
    ),
    judged: joined(tests),
  };
}

function without(test: Uint32Array, shares: Float64Array): Part {
  const own = shares.slice();
  for (const row of test) own[row] = 0;
  const sum = own.reduce((a, b) => a + b, 0);
  return { shares: own.map((share) => share / sum), test };
}

function joined(lists: readonly Uint32Array[]): Uint32Array {
  return Uint32Array.from(lists.flatMap((list) => [...list]));
}
