import { checkShape } from "../base/shape";
import type { PrunedModel, RankedWeight } from "../prune/pruned";
import { escapeLabel, plainLabel } from "./escape";
import { Figure, type Trace } from "./figure";
import { grouped, significant } from "./format";
import { axisOf, categoryAxis, layoutOf, linearRange, logRange, palette } from "./theme";
import { rounded } from "./thin";

const mostKept = 16;
const mostRemoved = 10;
/** Beyond this ratio importances stand on a logarithmic axis. */
const wide = 30;

/** What importances are measured in, by strategy; those of others are of no unit, or of one that an option decides. */
const units: Readonly<Record<string, string>> = {
  magnitude: "size in log-odds",
  l2: "size in log-odds",
  bestSubset: "size in log-odds",
  gradient: "nats a row",
  taylor: "nats a row",
  obs: "nats a row",
};

/**
 * What the weights of a pruned model were worth by the strategy that pruned it: those kept that were worth most, and
 * those removed that came next.
 */
export function importanceChart(model: PrunedModel): Figure {
  checkShape(model, "model", "what await prune(model, { keep }) returns", {
    pruning: "object",
    ranking: "function",
  });
  const { kept, removed, strategy } = model.pruning;
  const sets = [
    { name: "kept", color: palette[0], weights: model.ranking(mostKept, "kept") },
    { name: "removed", color: palette[1], weights: model.ranking(mostRemoved, "removed") },
  ].filter(({ weights }) => weights.length > 0);
  const nameOf = ({ feature, class: label }: RankedWeight) =>
    escapeLabel(model.outputs === 1 ? feature : `${feature} · ${label}`);
  const all = sets.flatMap(({ weights }) => weights);
  const worth = all.map(({ importance }) => importance).filter((value) => value > 0);
  const log = Math.max(...worth) > wide * Math.min(...worth);
  const data = sets.map(
    ({ name, color, weights }): Trace => ({
      type: "scatter",
      mode: "markers",
      name,
      x: weights.map(({ importance }) => (log && !(importance > 0) ? null : rounded(importance))),
      y: weights.map(nameOf),
      text: weights.map(({ before, weight, kept: stays }) =>
        stays ? `${significant(before)} → ${significant(weight)}` : `${significant(before)} → 0`,
      ),
      marker: { color, size: 9 },
      hovertemplate: `%{y}, ${name}<br>importance %{x:.3g}<br>weight %{text}<extra></extra>`,
    }),
  );
  const shown = sets.map(({ name, weights }) => {
    const of = name === "kept" ? kept : removed;
    return weights.length < of ? `the first ${weights.length} of ${grouped(of)} ${name}` : `${of} ${name}`;
  });
  const unit = units[strategy];
  const titleOf = (...notes: (string | undefined)[]) => {
    const known = notes.filter((note) => note !== undefined);
    return known.length === 0 ? "Importance" : `Importance (${known.join(", ")})`;
  };
  const subtitle = `by ${strategy} · ${shown.join(" · ")}`;
  return new Figure({
    data,
    layout: layoutOf({
      title: "What weights were worth",
      subtitle,
      legend: sets.length > 1,
      height: 190 + 22 * all.length,
      axes: {
        xaxis: log
          ? axisOf(titleOf(unit, "log scale"), "log", logRange(worth))
          : axisOf(titleOf(unit), "linear", linearRange([0, ...worth])),
        yaxis: categoryAxis("", all.map(nameOf).reverse()),
      },
    }),
    summary: plainLabel(`What weights were worth: ${subtitle}`).replaceAll(" · ", ", "),
  });
}
