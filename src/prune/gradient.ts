import { sigmoid } from "../base/sigmoid";
import type { Dataset } from "../matrix/dataset";
import { probabilities, type Scorer, type Table } from "../model/scorer";

/**
 * The gradient of the mean log-loss in the weights, `X' R / S`: R holds probability less truth for each row and
 * output, times the row's weight, and S is the sum of the weights. The penalty is left out.
 *
 * @param data rows whose labels are numbered as the model's classes
 */
export function lossGradient(model: Scorer, data: Dataset): Float64Array {
  const residuals = residualsOf(model, data);
  const { features } = data;
  const { outputs } = model;
  const gradient = new Float64Array(model.features * outputs);
  for (let i = 0; i < features.rows; i++) {
    const from = features.kind === "dense" ? i * features.columns : features.pointers[i];
    const to = features.kind === "dense" ? from + features.columns : features.pointers[i + 1];
    for (let p = from; p < to; p++) {
      const j = features.kind === "dense" ? p - from : features.indices[p];
      const x = features.values === null ? 1 : features.values[p];
      for (let k = 0; k < outputs; k++) gradient[j * outputs + k] += x * residuals[i * outputs + k];
    }
  }
  return gradient;
}

function residualsOf(model: Scorer, data: Dataset): Float64Array {
  const { outputs, link } = model;
  const fitted = fittedOutputs(model, model.margins(data.features));
  const total = data.weights === null ? data.rows : data.weights.reduce((sum, w) => sum + w, 0);
  return fitted.map((p, at) => {
    const row = Math.floor(at / outputs);
    const truth = link === "binary" ? data.labels[row] : Number(data.labels[row] === at % outputs);
    return ((p - truth) * (data.weights?.[row] ?? 1)) / total;
  });
}

function fittedOutputs({ link, classes }: Scorer, margins: Table): Float64Array {
  return link === "softmax"
    ? probabilities(margins, link, classes.length).values
    : margins.values.map(sigmoid);
}
