import { checkShape } from "../base/shape";
import type { Comparison, Difference } from "../evaluate/compare";
import { escapeLabel, plainLabel, shortLabel } from "./escape";
import { Figure } from "./figure";
import { counted, grouped, percent, significant } from "./format";
import { axisOf, layoutOf, linearRange, palette, shortTicks } from "./theme";

/**
 * How the log-loss of each model differs from the first one's, with its 95 % interval. An interval that ends before the
 * dotted line of the margin is what the words "no loss" need.
 */
export function differenceChart(comparison: Comparison): Figure {
  checkShape(comparison, "comparison", "what compare({ name: model }, data) returns", { rows: "list" });
  const others = comparison.rows.flatMap(({ name, difference }) =>
    difference === null ? [] : [{ name: escapeLabel(name), difference }],
  );
  const names = others.map(({ name }) => name);
  const order = [...names].reverse();
  const placeOf = (i: number) => names.length - 1 - i;
  const [first] = comparison.rows;
  const margin = comparison.margin * first.evaluation.logLoss;
  const ends = others.flatMap(({ difference: { logLoss } }) => [logLoss.low, logLoss.high]);
  const upright = (x: number, color: string, text: string) => ({
    type: "scatter" as const,
    mode: "lines" as const,
    x: [x, x],
    y: [-0.5, order.length - 0.5],
    line: { color, width: 1.5, dash: "dot" as const },
    hovertemplate: `${text}<extra></extra>`,
  });
  const count = (verdict: Difference["verdict"]) =>
    others.filter(({ difference }) => difference.verdict === verdict).length;
  const subtitle =
    `against ${shortLabel(escapeLabel(first.name), 40)} (${significant(first.evaluation.logLoss)}), ` +
    `dotted margin ${percent(comparison.margin)} · no loss: ${grouped(count("no loss") + count("same"))}, ` +
    `loss: ${grouped(count("loss"))}, undecided: ${grouped(count("undecided"))}`;
  return new Figure({
    data: [
      upright(0, palette[7], "no difference"),
      upright(margin, palette[1], "margin"),
      {
        type: "scatter",
        mode: "lines",
        x: others.flatMap(({ difference: { logLoss } }) => [logLoss.low, logLoss.high, null]),
        y: names.flatMap((_, i) => [placeOf(i), placeOf(i), null]),
        line: { color: palette[0], width: 3 },
        hoverinfo: "skip",
      },
      {
        type: "scatter",
        mode: "markers",
        x: others.map(({ difference }) => difference.logLoss.estimate),
        y: names.map((_, i) => placeOf(i)),
        text: others.map(({ name, difference: d }) => {
          const { estimate, low, high } = d.logLoss;
          return `${name}: ${significant(estimate, 3)}<br>${significant(low, 3)} to ${significant(high, 3)}: ${d.verdict}<br>${counted(d.changed, "row")} changed, ${grouped(d.changeable)} could`;
        }),
        marker: { color: palette[0], size: 10 },
        hovertemplate: "%{text}<extra></extra>",
      },
    ],
    layout: layoutOf({
      title: "Rise of the log-loss",
      subtitle,
      height: Math.min(190 + 40 * names.length, 2_000),
      axes: {
        xaxis: axisOf("Rise (nats a row), 95 % interval", "linear", linearRange([...ends, 0, margin], 0.1)),
        // Places are numbers, not names, so that the dotted lines can cross the whole height.
        yaxis: axisOf("", "linear", [-0.5, order.length - 0.5], {
          ...shortTicks(order, 20),
          showgrid: false,
        }),
      },
    }),
    summary: plainLabel(`Rise of the log-loss ${subtitle}`).replace("dotted ", "").replace(" · ", ": "),
  });
}
