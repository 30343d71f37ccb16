import { Random } from "../base/random";
import { Dataset } from "../matrix/dataset";
import { DenseMatrix } from "../matrix/dense";
import { SparseMatrix } from "../matrix/sparse";
import { LogisticRegression } from "./logistic-regression";
import type { LogisticRegressionOptions } from "./options";
import { mostHere } from "./threads/run";

/** What is known, about, of data that are still on their way. */
export interface Expected {
  readonly kind: "dense" | "csr";
  readonly rows: number;
  readonly columns: number;
  /** Stored values a row. */
  readonly stored: number;
  readonly classes: number;
}

/** The most that is made up: rows of what is fitted at once, columns, stored values a row, classes. */
const mostRows = 200;
const mostColumns = 2 ** 17;
const mostDense = 200;
const mostStored = 48;
const mostClasses = 20;
/** Nearer the minimum nothing runs that has not run before. */
const tolerance = 1e-3;
/** Fits after which the engine has compiled the longest functions anew, for speed, and the most that pay, with their milliseconds. */
const least = 2;
const most = 12;
const longest = 40;

/**
 * Fits to a few rows that are made up, while data are on their way: the engine compiles functions when they are first called, and
 * anew those that are called often, and threads take their time to start, so that a process's first fit takes many times as long as
 * its tenth.
 * @param options of the fit that follows; what is wrong with them is left for that to say
 */
export async function warmUp(options: LogisticRegressionOptions, expected: Expected): Promise<void> {
  try {
    const regression = new LogisticRegression({ ...options, tolerance, classWeight: undefined });
    const data = madeUp(expected);
    const end = performance.now() + longest;
    for (let k = 0; k < least || (k < most && performance.now() < end); k++) await regression.fit(data);
  } catch {}
}

function madeUp(expected: Expected): Dataset {
  const random = new Random(1);
  const classes = Math.min(expected.classes, mostClasses);
  const dense = expected.kind === "dense";
  const columns = Math.min(expected.columns, dense ? mostDense : mostColumns);
  const stored = dense ? columns : Math.min(expected.stored, columns, mostStored);
  const outputs = classes === 2 ? 1 : classes;
  const all = (expected.rows * expected.stored + expected.columns) * outputs;
  const inThreads = Math.ceil((1.2 * mostHere) / (stored * outputs));
  const rows = Math.max(2 * classes, all > mostHere ? inThreads : Math.min(expected.rows, mostRows));
  const values = Float32Array.from({ length: rows * stored }, () => random.uniform());
  const labels = Array.from({ length: rows }, (_, i) => {
    return i < classes ? i : Math.floor((classes * (values[i * stored] + random.uniform())) / 2);
  });
  if (dense) return Dataset.from({ features: new DenseMatrix(rows, columns, values), labels });
  const pointers = Uint32Array.from({ length: rows + 1 }, (_, i) => i * stored);
  const step = Math.floor(columns / stored);
  const indices = Uint32Array.from(values, (_, k) => (k % stored) * step + (k % step));
  return Dataset.from({ features: new SparseMatrix(rows, columns, pointers, indices, values), labels });
}
