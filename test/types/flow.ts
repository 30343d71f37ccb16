// Compiled, never run: what must type-check under TypeScript 5.0 and node10, and what must not.
import {
  type Content,
  compare,
  Dataset,
  display,
  evaluate,
  html,
  type LinearModel,
  LogisticRegression,
  load,
  type PrunedModel,
  pack,
  progress,
  prune,
  type QuantizedModel,
  quantize,
  unpack,
} from "logitpress";

export async function flow(rows: number[][], labels: string[]): Promise<number> {
  const data: Dataset = Dataset.from({ features: rows, labels });
  const { train, test } = data.split({ test: 0.25, seed: 1 });
  const model: LinearModel = await new LogisticRegression({ lambda: 1e-3 }).fit(train);
  const pruned: PrunedModel = await prune(model, { strategy: "magnitude", sparsity: 0.5 });
  const quantized: QuantizedModel = await quantize(pruned, { method: "kmeans", bits: 3 });
  const bytes: Uint8Array = pack(quantized);
  const accuracy: number = evaluate(unpack(bytes), test).accuracy;
  compare({ model, pruned, quantized, packed: await load("model.logit") }, test);

  // @ts-expect-error a quantized model can't be pruned
  await prune(quantized, { strategy: "magnitude", sparsity: 0.5 });
  // @ts-expect-error a quantized model can't be quantized again
  await quantize(quantized, { bits: 2 });
  // @ts-expect-error there is no such strategy
  await prune(model, { strategy: "largest", sparsity: 0.5 });
  // @ts-expect-error there is no such option
  new LogisticRegression({ strength: 1 });
  // @ts-expect-error a fitted model is immutable
  model.weights = new Float64Array(1);
  return accuracy;
}

export async function shown(numbers: number[], later: AsyncIterable<string>): Promise<void> {
  const bold: Content = html`<b>${numbers[0]}</b>`;
  display(bold, html("<i>1</i>"), { displayId: "place" }).update(numbers);
  for (const item of progress(numbers, { title: "numbers" })) item.toFixed(1);
  for await (const item of progress(later, { total: 3 })) item.toUpperCase();
  await new LogisticRegression().fit(Dataset.from({ features: [[1]], labels: ["a"] }), {
    onProgress: progress("fit"),
  });

  // @ts-expect-error a title has no options
  progress("fit", { total: 3 });
  // @ts-expect-error there is no such option
  progress(numbers, { count: 3 });
  // @ts-expect-error html is made of text
  html(3);
}
