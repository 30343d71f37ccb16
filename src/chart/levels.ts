import { checkQuantized } from "../quantize/check-quantized";
import type { QuantizedModel } from "../quantize/quantized";
import { codeCount, plainSchemes } from "../quantize/schemes";
import { Figure, type Trace } from "./figure";
import { counted, grouped, significant } from "./format";
import { axisOf, layoutOf, palette } from "./theme";
import { rounded } from "./thin";

/** How many weights stand at each value that the codes of a quantized model decode to; values closer than a pixel share a bar. */
export function levelsChart(model: QuantizedModel): Figure {
  checkQuantized(model);
  const reach = model.weights.reduce((most, w) => Math.max(most, Math.abs(w)), 0) || 1;
  const width = reach / 200;
  const counts = new Map<number, number>();
  for (const w of model.weights) {
    if (w === 0) continue;
    const place = Math.round(w / width);
    counts.set(place, (counts.get(place) ?? 0) + 1);
  }
  const places = [...counts.keys()].sort((a, b) => a - b);
  const heights = places.map((place) => counts.get(place)!);
  const most = Math.max(1, ...heights);
  const log = most > 1000;
  const bars: Trace = {
    type: "bar",
    name: "weights",
    x: places.map((place) => rounded(place * width)),
    y: heights,
    width: rounded(2 * width),
    marker: { color: palette[0] },
    hovertemplate: "level %{x:.3g}<br>%{y} weights<extra></extra>",
  };
  const all = model.weights.length;
  const parts = plainSchemes(model.scheme).length;
  const subtitle =
    `${counted(model.scheme.bits, "bit")}, up to ${counted(codeCount(model.scheme), "level")}${parts === 1 ? "" : ` in each of ${grouped(parts)} parts`}` +
    (model.nonzeros === all
      ? ` · ${counted(all, "weight")}, none zero`
      : ` · ${grouped(all - model.nonzeros)} of ${grouped(all)} weights are zero and have no code`);
  return new Figure({
    data: [bars],
    layout: layoutOf({
      title: "Levels and how many weights have them",
      subtitle,
      bargap: 0,
      axes: {
        xaxis: axisOf("Level (log-odds per unit of the feature)", "linear", [-reach * 1.05, reach * 1.05]),
        yaxis: log
          ? axisOf("Number of weights (log scale)", "log", [-0.3, Math.log10(most) + 0.15])
          : axisOf("Number of weights", "linear", [0, most * 1.05], most < 8 ? { dtick: 1 } : {}),
      },
    }),
    summary: `Levels of ${grouped(model.nonzeros)} weights, the largest ${significant(reach, 3)} in size; ${subtitle}`,
  });
}
