import { Random } from "../base/random";
import { Dataset } from "../matrix/dataset";
import { DenseMatrix } from "../matrix/dense";
import { SparseMatrix } from "../matrix/sparse";
import { LogisticRegression } from "./logistic-regression";
import type { LogisticRegressionOptions } from "./options";

/** What is known of data that are still on their way. */
export interface Expected {
  readonly kind: "dense" | "csr";
  /** Whether they are fitted in threads. */
  readonly large: boolean;
}

/** Rows, columns and, of sparse rows, stored values a row of what is fitted. */
const shapes = {
  dense: { small: [200, 30, 0], large: [600, 200, 0] },
  csr: { small: [200, 40, 12], large: [2048, 2 ** 17, 48] },
} as const;
/** Nearer the minimum nothing runs that has not run before. */
const tolerance = 1e-3;
/** Fits after which the engine has compiled kernels anew, for speed. */
const twice = 2;

/**
 * Fits to a few rows that are made up, while data are on their way: the engine compiles functions when they are first called, and
 * threads take their time to start, so that a process's first fit takes many times as long as its second.
 * @param options of the fit that follows; what is wrong with them is left for that to say
 */
export async function warmUp(options: LogisticRegressionOptions, expected: Expected): Promise<void> {
  try {
    const regression = new LogisticRegression({ ...options, tolerance, classWeight: undefined });
    const data = madeUp(expected);
    for (let k = 0; k < twice; k++) await regression.fit(data);
  } catch {}
}

function madeUp({ kind, large }: Expected): Dataset {
  const random = new Random(1);
  const [rows, columns, stored] = shapes[kind][large ? "large" : "small"];
  const count = kind === "dense" ? columns : stored;
  const values = Float32Array.from({ length: rows * count }, () => random.uniform());
  const labels = Array.from({ length: rows }, (_, i) => (values[i * count] + random.uniform() > 1 ? 1 : 0));
  if (kind === "dense") return Dataset.from({ features: new DenseMatrix(rows, columns, values), labels });
  const pointers = Uint32Array.from({ length: rows + 1 }, (_, i) => i * count);
  const step = Math.floor(columns / count);
  const indices = Uint32Array.from(values, (_, k) => (k % count) * step + (k % step));
  return Dataset.from({ features: new SparseMatrix(rows, columns, pointers, indices, values), labels });
}
