import { counted, grouped, percent, significant } from "../chart/format";
import { pruningChart } from "../chart/pruning";
import type { PruningCurve } from "../prune/curve";
import type { PrunedModel } from "../prune/pruned";
import type { TableView } from "./table";
import type { ResultView } from "./views";

/** One line a sparsity, one column a strategy: the log-loss, with the best marked; the chart below. */
export function pruningCurveView(curve: PruningCurve): ResultView {
  const { strategies, points, whole, rows } = curve;
  const levels = [...new Set(points.map(({ sparsity }) => sparsity))];
  return {
    table: {
      title: `Log-loss on ${counted(rows, "row")} by sparsity and strategy`,
      columns: ["sparsity", "kept at most", ...strategies],
      words: [],
      rows: levels.map((level) => {
        const own = points.filter(({ sparsity }) => sparsity === level);
        const best = curve.best(level);
        return [
          percent(level),
          grouped(Math.max(...own.map(({ kept }) => kept))),
          ...strategies.map((strategy) => {
            const point = own.find((one) => one.strategy === strategy);
            if (point === undefined) return "";
            return `${significant(point.logLoss)}${point === best ? " *" : ""}`;
          }),
        ];
      }),
      note: `before: ${significant(whole.logLoss)} with ${counted(whole.kept, "weight")}; * least of its line`,
    },
    figures: [pruningChart(curve)],
  };
}

/** The weights of a pruned model by what they were worth, those that went among them. */
export function rankingTable(model: PrunedModel): TableView & { readonly title: string } {
  const kept = model.ranking(12, "kept");
  const removed = model.ranking(8, "removed");
  return {
    title: "What was kept and what went, by importance",
    columns: ["feature", "class", "importance", "before", "now"],
    words: [0, 1],
    rows: [...kept, ...removed].map((weight) => [
      weight.feature,
      String(weight.class),
      significant(weight.importance, 3),
      significant(weight.before),
      weight.kept ? significant(weight.weight) : "removed",
    ]),
    note: `the first ${kept.length} of ${grouped(model.pruning.kept)} kept, the first ${removed.length} of ${grouped(model.pruning.removed)} removed`,
  };
}

/** The log-loss after each round, where there was more than one. */
export function roundFacts({ pruning }: PrunedModel): [string, string][] {
  const rounds = pruning.rounds ?? [];
  const { predicted } = pruning;
  const losses = rounds.filter(({ logLoss }) => !Number.isNaN(logLoss));
  const held = rounds.filter(({ validationLogLoss }) => !Number.isNaN(validationLogLoss));
  const arrow = (values: readonly number[]) => values.map((v) => significant(v)).join(" → ");
  return [
    ...(losses.length > 0
      ? ([["log-loss by round", arrow(losses.map(({ logLoss }) => logLoss))]] as [string, string][])
      : []),
    ...(held.length > 0
      ? ([["validation log-loss", arrow(held.map((r) => r.validationLogLoss))]] as [string, string][])
      : []),
    ...(predicted === null || predicted === undefined
      ? []
      : ([["predicted rise", significant(predicted, 3)]] as [string, string][])),
  ];
}
