import type { Dataset } from "../../src/matrix/dataset";
import { meanLogLoss } from "../../src/model/log-loss";
import type { Scorer } from "../../src/model/scorer";

/** The mean loss of rows in memory, the sum of that of each output where each is a problem of its own. */
export function lossOf(model: Scorer, data: Dataset): number {
  if (model.link !== "ovr") return meanLogLoss(model, data);
  const { values, columns } = model.margins(data.features);
  const losses = values.map((margin, at) => {
    const own = data.labels[Math.floor(at / columns)] === at % columns;
    return Math.log1p(Math.exp(own ? -margin : margin));
  });
  return losses.reduce((sum, loss) => sum + loss, 0) / data.rows;
}
