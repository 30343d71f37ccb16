import { fail } from "../base/errors";
import type { Dataset } from "../matrix/dataset";

/** Weights for classes: `balanced` makes all classes weigh the same, a record names one weight a class. */
export type ClassWeight = "balanced" | Readonly<Record<string, number>>;

/**
 * Each row's share of the mean loss: its weight times that of its class, over the sum.
 * @throws `invalid-label` where a class has no row of positive weight, since its intercept would be infinite
 */
export function sharesOf(data: Dataset, classWeight: ClassWeight | null): Float64Array {
  if (data.weights === null && classWeight === null) return evenShares(data);
  const shares = data.weights?.slice() ?? new Float64Array(data.rows).fill(1);
  const masses = massesOf(data.labels, shares, data.classes.length);
  checkMasses(data, masses);
  const total = masses.reduce((sum, mass) => sum + mass, 0);
  const factors = data.classes.map((label, k) => {
    if (classWeight === null) return 1;
    return classWeight === "balanced"
      ? total / (masses.length * masses[k])
      : (classWeight[String(label)] ?? 1);
  });
  const { labels } = data;
  let sum = 0;
  for (let i = 0; i < shares.length; i++) {
    shares[i] *= factors[labels[i]];
    sum += shares[i];
  }
  for (let i = 0; i < shares.length; i++) shares[i] /= sum;
  return shares;
}

/** Those of the last rows without weights, which nobody writes to: to make as many anew takes as long as a pass over few columns. */
let even = new Float64Array(0);

function evenShares(data: Dataset): Float64Array {
  const { labels, rows } = data;
  const counts = new Array<number>(data.classes.length).fill(0);
  for (let i = 0; i < rows; i++) counts[labels[i]]++;
  checkMasses(data, counts);
  if (even.length !== rows) even = new Float64Array(rows).fill(1 / rows);
  return even;
}

/** The share of each class. */
export function massesOf(labels: Uint32Array, shares: Float64Array, classes: number): number[] {
  const masses = new Array<number>(classes).fill(0);
  for (let i = 0; i < shares.length; i++) masses[labels[i]] += shares[i];
  return masses;
}

function checkMasses(data: Dataset, masses: readonly number[]): void {
  const present = masses.filter((mass) => mass > 0).length;
  if (present < 2) {
    fail("invalid-label", {
      thing: "number of classes in the labels",
      value: present,
      expected: "at least two, each with rows of positive weight",
      remedy: "Check the label column, or take rows of every class.",
    });
  }
  const absent = masses.findIndex((mass) => !(mass > 0));
  if (absent >= 0) {
    fail("invalid-label", {
      thing: "class without a row",
      value: data.classes[absent],
      expected: "a row of positive weight for every class",
      remedy: "Leave the class out of `classes`, or take rows of every class.",
    });
  }
}

/** @throws `invalid-option` for a weight of a class that the data do not have */
export function checkClassWeight(classWeight: ClassWeight | null, data: Dataset): void {
  if (classWeight === null || classWeight === "balanced") return;
  const labels = data.classes.map(String);
  for (const label of Object.keys(classWeight)) {
    if (labels.includes(label)) continue;
    fail("invalid-option", {
      thing: "classWeight of",
      value: label,
      expected: `a class: ${labels.join(", ")}`,
    });
  }
}
