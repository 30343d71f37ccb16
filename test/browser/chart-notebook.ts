/** The cells of a small notebook that draws every kind of chart, then results as tables with charts. */
export const chartCells: readonly string[] = [
  `import * as lp from "logitpress";
const draw = (k: number) => Math.sin(12.9898 * k) * 43758.5453 % 1;
const features = Array.from({ length: 240 }, (_, i) => Array.from({ length: 6 }, (_, j) => draw(7 * i + j + 1)));
const labels = features.map((row, i) => row[0] + 0.5 * row[1] + 0.6 * draw(i + 9_999) > 0 ? "spam" : "ham");
const data = lp.Dataset.from({ features, labels });
const model = await new lp.LogisticRegression({ lambda: 1e-3 }).fit(data);
const pruned = await lp.prune(model, { strategy: "magnitude", sparsity: 0.5 });
const small = await lp.quantize(pruned, { method: "uniform", bits: 4 });
const evaluation = lp.evaluate(model, data);`,
  "lp.lossChart(model.fit)",
  "lp.weightsChart(model)",
  `lp.sparsityChart([2, 4, 6].map((nonzeros) => ({ nonzeros, accuracy: 0.7 + nonzeros / 30, logLoss: 1 / nonzeros })))`,
  "lp.comparisonChart(lp.compare({ float: model, pruned, small }, data))",
  "lp.confusionChart(evaluation)",
  "lp.rocChart({ float: evaluation, small: lp.evaluate(small, data) })",
  "lp.calibrationChart(evaluation)",
  "lp.ledgerChart(lp.ledger(small))",
  "evaluation",
  "lp.compare({ float: model, pruned, small }, data)",
];

/** A notebook of these cells for our kernel, as text. */
export function notebookOf(cells: readonly string[]): string {
  return JSON.stringify({
    cells: cells.map((source, k) => ({
      cell_type: "code",
      id: `cell-${k}`,
      metadata: {},
      execution_count: null,
      outputs: [],
      source,
    })),
    metadata: {
      kernelspec: { name: "logitpress", display_name: "TypeScript (logitpress)", language: "typescript" },
      language_info: { name: "typescript" },
    },
    nbformat: 4,
    nbformat_minor: 5,
  });
}
