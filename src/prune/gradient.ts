import { sigmoid } from "../base/sigmoid";
import type { Dataset } from "../matrix/dataset";
import { probabilities, type Scorer, type Table } from "../model/scorer";

/** Sums over the rows of a dataset, one number a weight, for the mean log-loss without a penalty. */
export interface Moments {
  /** The gradient: X' R, R holding probability less truth for each row and output, times the row's share. */
  readonly gradient: Float64Array;
  /** The sum of the rows' gradients without their signs, |X|' |R|. */
  readonly absolute: Float64Array;
  /** The diagonal of the Hessian: (X * X)' (p (1 - p)), times the row's share. */
  readonly curvature: Float64Array;
}

/** The gradient of the mean log-loss in the weights. @param data rows whose labels are numbered as the model's classes */
export function lossGradient(model: Scorer, data: Dataset): Float64Array {
  return lossMoments(model, data).gradient;
}

/** First and second moments of the mean log-loss. @param data rows whose labels are numbered as the model's classes */
export function lossMoments(model: Scorer, data: Dataset): Moments {
  const { residuals, curvatures } = rowsOf(model, data);
  const { features } = data;
  const { outputs } = model;
  const [gradient, absolute, curvature] = Array.from(
    { length: 3 },
    () => new Float64Array(model.features * outputs),
  );
  for (let i = 0; i < features.rows; i++) {
    const from = features.kind === "dense" ? i * features.columns : features.pointers[i];
    const to = features.kind === "dense" ? from + features.columns : features.pointers[i + 1];
    for (let p = from; p < to; p++) {
      const x = features.values === null ? 1 : features.values[p];
      if (x === 0) continue;
      const j = features.kind === "dense" ? p - from : features.indices[p];
      for (let k = 0; k < outputs; k++) {
        const product = x * residuals[i * outputs + k];
        gradient[j * outputs + k] += product;
        absolute[j * outputs + k] += Math.abs(product);
        curvature[j * outputs + k] += x * x * curvatures[i * outputs + k];
      }
    }
  }
  return { gradient, absolute, curvature };
}

function rowsOf(model: Scorer, data: Dataset): { residuals: Float64Array; curvatures: Float64Array } {
  const { outputs, link } = model;
  const fitted = fittedOutputs(model, model.margins(data.features));
  const total = data.weights === null ? data.rows : data.weights.reduce((sum, w) => sum + w, 0);
  const share = (at: number) => (data.weights?.[Math.floor(at / outputs)] ?? 1) / total;
  return {
    residuals: fitted.map((p, at) => {
      const row = Math.floor(at / outputs);
      const truth = link === "binary" ? data.labels[row] : Number(data.labels[row] === at % outputs);
      return (p - truth) * share(at);
    }),
    curvatures: fitted.map((p, at) => p * (1 - p) * share(at)),
  };
}

/** The fitted probability of each output, rows x outputs: of `softmax` they sum to one a row. */
export function fittedOutputs({ link, classes }: Scorer, margins: Table): Float64Array {
  return link === "softmax"
    ? probabilities(margins, link, classes.length).values
    : margins.values.map(sigmoid);
}
