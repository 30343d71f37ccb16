import { checkShape } from "../base/shape";
import type { Confusion } from "../evaluate/confusion";
import type { Evaluation } from "../evaluate/evaluate";
import { escapeLabel } from "./escape";
import { Figure } from "./figure";
import { grouped, percent, significant } from "./format";
import { categoryAxis, layoutOf, sequential, shortTicks } from "./theme";

/** Which classes are taken for which: truth down, prediction across, coloured by the share of the true class. */
export function confusionChart(of: Evaluation | Confusion): Figure {
  const expected = "what evaluate(model, data) returns";
  checkShape(of, "evaluation", expected, {});
  const confusion = "confusion" in of ? of.confusion : of;
  checkShape(confusion, "evaluation", expected, { counts: "list", classes: "list" });
  const { classes, counts } = confusion;
  const size = classes.length;
  const names = classes.map((label) => escapeLabel(String(label)));
  const rows = classes.map((_, k) => Array.from(counts.subarray(k * size, (k + 1) * size)));
  const totals = rows.map((row) => row.reduce((a, b) => a + b, 0));
  const shares = rows.map((row, k) => row.map((count) => (totals[k] === 0 ? 0 : count / totals[k])));
  const show = (count: number) => (Number.isInteger(count) ? grouped(count) : significant(count, 3));
  const right = rows.reduce((sum, row, k) => sum + row[k], 0);
  const all = totals.reduce((a, b) => a + b, 0);
  const subtitle = `${show(right)} of ${show(all)} right (${percent(right / all)})`;
  const drawn = size <= 20;
  const short = names.some((name) => name.length > 14) ? shortTicks(names, 14) : {};
  return new Figure({
    data: [
      {
        type: "heatmap",
        x: names,
        y: names,
        z: shares,
        text: rows.map((row) => row.map(show)),
        ...(drawn ? { texttemplate: "%{text}" } : {}),
        colorscale: sequential,
        zmin: 0,
        zmax: 1,
        xgap: drawn ? 2 : 0,
        ygap: drawn ? 2 : 0,
        showscale: false,
        hovertemplate: "true %{y}, predicted %{x}<br>%{text} rows, %{z:.1%} of the class<extra></extra>",
      },
    ],
    layout: layoutOf({
      title: "Confusion",
      subtitle,
      height: Math.min(Math.max(170 + 56 * size, 300), 640),
      axes: {
        xaxis: categoryAxis("Predicted class", names, short),
        yaxis: categoryAxis("True class", names, { ...short, range: [size - 0.5, -0.5] }),
      },
    }),
    summary: `Confusion: ${subtitle}`,
  });
}
