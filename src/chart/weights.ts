import { checkModel } from "../model/check-model";
import type { Scorer } from "../model/scorer";
import { Figure, type Trace } from "./figure";
import { grouped, significant } from "./format";
import { axisOf, layoutOf, palette } from "./theme";
import { rounded } from "./thin";

const bins = 60;

/** Histograms of the weights that are not zero, in the same bins, before and after a step. */
export function weightsChart(before: Scorer, after?: Scorer): Figure {
  const models = after === undefined ? [before] : [before, after];
  for (const model of models) checkModel(model);
  const kept = models.map((model) => model.weights.filter((w) => w !== 0));
  const reach = kept.reduce((most, ws) => ws.reduce((m, w) => Math.max(m, Math.abs(w)), most), 0) || 1;
  const width = (2 * reach) / bins;
  const centres = Array.from({ length: bins }, (_, i) => rounded((i + 0.5) * width - reach));
  const names = models.map((m, i) => nameOf(m, models[1 - i]?.stage === m.stage ? i : undefined));
  const counts = kept.map((ws) => countsOf(ws, reach));
  const most = counts.flat().reduce((a, b) => Math.max(a, b), 1);
  const log = most > 1000;
  const data = models.map(
    (_, i): Trace => ({
      type: "bar",
      name: `${names[i]} (${grouped(kept[i].length)})`,
      x: centres,
      y: counts[i],
      width: rounded(width),
      opacity: models.length > 1 ? 0.65 : 0.9,
      marker: { color: palette[i] },
      hovertemplate: "weight %{x:.3g}<br>%{y} weights<extra></extra>",
    }),
  );
  const subtitle = models
    .map((m, i) => `${names[i]}: ${grouped(kept[i].length)} of ${grouped(m.weights.length)} weights not zero`)
    .join(" · ");
  return new Figure({
    data,
    layout: layoutOf({
      title: models.length > 1 ? "Weights before and after" : "Weights",
      subtitle,
      legend: models.length > 1,
      barmode: "overlay",
      bargap: 0,
      axes: {
        xaxis: axisOf("Weight (log-odds per unit of the feature)", "linear", [-reach * 1.02, reach * 1.02]),
        yaxis: log
          ? axisOf("Number of weights (log scale)", "log", [-0.3, Math.log10(most) + 0.15])
          : axisOf("Number of weights", "linear", [0, most * 1.05], most < 8 ? { dtick: 1 } : {}),
      },
    }),
    summary: `Weights, the largest ${significant(reach, 3)} in size; ${subtitle}`,
  });
}

function nameOf(model: Scorer, place: number | undefined): string {
  return place === undefined ? model.stage : place === 0 ? "before" : "after";
}

function countsOf(weights: Float64Array, reach: number): number[] {
  const counts = new Array<number>(bins).fill(0);
  for (const w of weights) counts[Math.min(Math.floor(((w + reach) / (2 * reach)) * bins), bins - 1)]++;
  return counts;
}
