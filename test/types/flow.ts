// Compiled, never run: what must type-check under TypeScript 5.0 and node10, and what must not.
import {
  type Content,
  compare,
  Dataset,
  display,
  evaluate,
  html,
  inspectFrame,
  type LinearModel,
  LogisticRegression,
  load,
  type PrunedModel,
  type PruningCurve,
  pack,
  progress,
  prune,
  pruningCurve,
  type QuantizedModel,
  quantize,
  TableEncoder,
  unpack,
  withoutUnusedFeatures,
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
  // @ts-expect-error a pruned model can't be trained on without its mask; prune with a refit instead
  new LogisticRegression({ warmStart: pruned });
  // @ts-expect-error nor can a quantized one
  new LogisticRegression({ warmStart: quantized });
  // @ts-expect-error an estimator fits data, not a model
  await new LogisticRegression().fit(pruned);
  // @ts-expect-error a pruned model has no method that trains
  pruned.fit(train);
  // @ts-expect-error its mask can't be replaced
  pruned.mask = new Uint8Array(1);
  const again: PrunedModel = await prune(pruned, { strategy: "obs", keep: 3, data: train, refit: {} });
  const small: PrunedModel = withoutUnusedFeatures(again).model;
  const bytesOf = async (one: PrunedModel) => pack(await quantize(one, { bits: 3 })).length;
  await prune(small, { maxBytes: 200, bytesOf });
  const curve: PruningCurve = await pruningCurve(model, { data: train, strategies: ["obs", "random"] });
  display(curve, again.ranking(3)[0].feature);
  // @ts-expect-error a curve needs rows
  await pruningCurve(model, { strategies: ["obs"] });
  // @ts-expect-error a curve of quantized models can't be drawn
  await pruningCurve(quantized, { data: train });
  // @ts-expect-error there is no such schedule
  await prune(model, { keep: 3, schedule: "linear" });
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

const typedTable = { age: [1, 2], city: ["a", "b"], bought: [0, 1] };
TableEncoder.fit(typedTable, { label: "bought", numeric: "age", crosses: [{ columns: ["age", "city"] }] });
// @ts-expect-error no such label
TableEncoder.fit(typedTable, { label: "sold", numeric: "age" });
// @ts-expect-error no such column
TableEncoder.fit(typedTable, { label: "bought", categorical: { column: "town" } });
// @ts-expect-error no such option
TableEncoder.fit(typedTable, { label: "bought", numerics: "age" });
// @ts-expect-error no such column of numbers
TableEncoder.fit(typedTable, { label: "bought", numeric: ["age", "aeg"] });
// @ts-expect-error no such column of text
TableEncoder.fit(typedTable, { label: "bought", text: { column: "note" } });
// @ts-expect-error no such column of dates
TableEncoder.fit(typedTable, { label: "bought", dates: "day" });
// @ts-expect-error no such column of ordered levels
TableEncoder.fit(typedTable, { label: "bought", ordinal: { column: "size", levels: ["S", "M"] } });
// @ts-expect-error no such column to cross
TableEncoder.fit(typedTable, { label: "bought", crosses: [{ columns: ["age", "town"] }] });
// @ts-expect-error no such column for the label's log-odds
TableEncoder.fit(typedTable, { label: "bought", target: "town" });
inspectFrame(typedTable, { label: "bought" }).findings.at(0);
inspectFrame(typedTable, { label: "bought" as string });
inspectFrame(typedTable);
// @ts-expect-error no such label to inspect by
inspectFrame(typedTable, { label: "sold" });
