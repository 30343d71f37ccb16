// Compiled, never run: what must type-check under TypeScript 5.0 and node10, and what must not.
import {
  compare,
  Dataset,
  evaluate,
  type LinearModel,
  LogisticRegression,
  load,
  type PrunedModel,
  pack,
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
